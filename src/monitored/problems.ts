import type { Problem } from "../platform/problem.ts";
import { EXPORT_QUOTA_ROWS } from "./contract.ts";

export const monitoredProblems = {
  exportTooLarge: (rows: number): Problem => ({
    code: "monitored.export-too-large",
    status: 403,
    message: `筛选结果有 ${rows.toLocaleString("zh-CN")} 人，超过单次导出上限 ${EXPORT_QUOTA_ROWS.toLocaleString("zh-CN")} 人。请按乡镇或阶段缩小范围后分次导出。`,
  }),
} as const;
