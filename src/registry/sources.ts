/**
 * Where a fact comes from. The numbers are stored in every row and never change meaning; `prepare` writes them to
 * registry.source. Which source is believed for which field is data: `authority.ts`.
 */
export const sourceCodes = [
  "officer",
  "assisted-list",
  "work-ledger",
  "post-roster",
  "social-insurance",
  "payroll",
  "contract-filing",
  "village-visit",
  "other",
  "transfer",
] as const;
export type SourceCode = (typeof sourceCodes)[number];

export const sourceNumbers: Record<SourceCode, number> = {
  officer: 1,
  "assisted-list": 2,
  "work-ledger": 3,
  "post-roster": 4,
  "social-insurance": 5,
  payroll: 6,
  "contract-filing": 7,
  "village-visit": 8,
  other: 9,
  transfer: 10,
};

export const sourceLabels: Record<SourceCode, string> = {
  officer: "经办录入",
  "assisted-list": "脱贫人口名单",
  "work-ledger": "务工情况台账",
  "post-roster": "公益性岗位花名册",
  "social-insurance": "社保参保",
  payroll: "工资表",
  "contract-filing": "合同备案",
  "village-visit": "村级走访",
  other: "其他台账",
  transfer: "迁移导入",
};

const byNumber = new Map(sourceCodes.map((code) => [sourceNumbers[code], code]));

/** `其他来源` for a number that a later version may have written. */
export function sourceLabel(source: number): string {
  const code = byNumber.get(source);
  return code === undefined ? "其他来源" : sourceLabels[code];
}
