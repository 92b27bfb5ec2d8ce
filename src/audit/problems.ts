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
} as const;
