import type { Problem } from "../platform/problem.ts";

export const auditProblems = {
  exportTooLarge: (limit: number): Problem => ({
    code: "audit.export-too-large",
    status: 422,
    message: `符合条件的记录超过一次导出的上限 ${limit.toLocaleString("en-US")} 条，请缩小时间范围后分次导出。`,
    path: ["from"],
  }),
  daysReversed: (): Problem => ({
    code: "audit.days-reversed",
    status: 422,
    message: "结束日期早于开始日期，请更正后重新查询。",
    path: ["to"],
  }),
  verifying: (): Problem => ({
    code: "audit.verifying",
    status: 409,
    message: "核验正在进行，请等它完成后查看结果。",
  }),
  keyNeeded: (): Problem => ({
    code: "audit.key-needed",
    status: 422,
    message:
      "离线核验需要公钥：请用 --key 指明密钥目录中的 audit-ed25519.pub（或 audit-sm2.pub），公钥应从文件来源以外的途径取得。",
  }),
  tampered: (problems: readonly string[]): Problem => ({
    code: "audit.tampered",
    status: 409,
    message: `核验未通过：\n${problems.join("\n")}\n请保全现场，并从备份和先前取走的每日摘要中查明原因。`,
    details: { problems },
  }),
} as const;
