import type { Problem } from "../problem.ts";

/** What people read beside work that stopped without an answer. */
export const taskProblems = {
  interrupted: (): Problem => ({
    code: "platform.task-interrupted",
    status: 503,
    message: "后台处理中断，系统会自动重试；若多次失败，请联系系统管理员。",
  }),
  givenUp: (): Problem => ({
    code: "platform.task-failed",
    status: 503,
    message: "后台处理多次中断，系统已停止重试。请联系系统管理员查看运行日志。",
  }),
} as const;
