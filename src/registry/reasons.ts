/**
 * Why a ledger and the registry differ, one code each. Kept with what was changed and with comparison tasks, hence here;
 * the ledger's comparison decides which applies.
 */
export const reasonCodes = [
  "N1",
  "N2",
  "N3",
  "C1",
  "C2",
  "C3",
  "C4",
  "C5",
  "C6",
  "C7",
  "C8",
  "V1",
  "V2",
  "R1",
  "R2",
  "M1",
  "M2",
  "M3",
  "X1",
  "X2",
  "X3",
  "X4",
  "X5",
  "X6",
] as const;
export type ReasonCode = (typeof reasonCodes)[number];
export const reasonLabels: Record<ReasonCode, string> = {
  N1: "首次务工",
  N2: "新识别人员",
  N3: "新增记录",
  C1: "换单位",
  C2: "就业地点",
  C3: "工资",
  C4: "联系方式",
  C5: "起止时间",
  C6: "意愿与技能",
  C7: "基本信息",
  C8: "补录经历",
  V1: "本月未报",
  V2: "移出名单",
  R1: "间断返回",
  R2: "恢复上报",
  M1: "村划调整",
  M2: "转移就业地",
  M3: "跨村迁移",
  X1: "户籍在外县",
  X2: "两源不符",
  X3: "时间重叠",
  X4: "缺结束时间",
  X5: "证号归属不清",
  X6: "他处已报",
};

/** A code's name; what an officer wrote himself stays as it is. */
export function reasonWords(reason: string): string {
  const code = reasonCodes.find((one) => one === reason);
  return code ? reasonLabels[code] : reason;
}
