import type { Problem } from "../platform/problem.ts";
import { EXPORT_DAILY_PERSONS, EXPORT_DIRECT_PERSONS, EXPORT_DIRECT_ROWS, EXPORT_MOST_ROWS } from "./contract.ts";

const number = (rows: number) => rows.toLocaleString("en-US");

/** The screen offers to ask a second officer when it meets this code. */
export const NEEDS_APPROVAL = "exports.needs-approval";

const needsApproval = (message: string, rows: number): Problem => ({
  code: NEEDS_APPROVAL,
  status: 422,
  message: `${message}，须由第二人审批后下载。可提交导出申请，或缩小范围后分次导出。`,
  details: { rows },
});

export const exportProblems = {
  manyPersons: (rows: number) =>
    needsApproval(`筛选结果有 ${number(rows)} 人，超过直接导出的上限 ${number(EXPORT_DIRECT_PERSONS)} 人`, rows),
  manyRows: (rows: number) =>
    needsApproval(`筛选结果有 ${number(rows)} 条，超过直接导出的上限 ${number(EXPORT_DIRECT_ROWS)} 条`, rows),
  dailyQuota: (rows: number, taken: number) =>
    needsApproval(
      `您今天已导出 ${number(taken)} 人，加上本次 ${number(rows)} 人超过每日 ${number(EXPORT_DAILY_PERSONS)} 人的额度`,
      rows,
    ),
  unmasked: (rows: number) => needsApproval("含完整证件号码、电话和银行账号的名单", rows),
  tooLarge: (rows: number): Problem => ({
    code: "exports.too-large",
    status: 422,
    message: `筛选结果有 ${number(rows)} 条，超过单次导出的上限 ${number(EXPORT_MOST_ROWS)} 条。请按县、乡镇或类别缩小范围后分次导出。`,
    details: { rows },
  }),
  nothing: (): Problem => ({
    code: "exports.nothing",
    status: 422,
    message: "筛选结果没有数据，无须申请。请更改筛选条件后重试。",
  }),
  notAList: (): Problem => ({
    code: "exports.not-a-list",
    status: 422,
    message: "没有这种可导出的列表，请刷新页面后重试。",
    path: ["route"],
  }),
  notPermittedNow: (title: string): Problem => ({
    code: "exports.not-permitted-now",
    status: 403,
    message: `您现在的职责不包含导出“${title}”，如需办理请联系本单位系统管理员。`,
  }),
  otherState: (state: string): Problem => ({
    code: "exports.other-state",
    status: 409,
    message: `这份导出${state}，不能再这样办理。请刷新页面查看最新状态。`,
  }),
  ownRequest: (): Problem => ({
    code: "exports.own-request",
    status: 403,
    message: "不能审批自己的导出申请，请由本单位或上级的另一位审批人办理。",
  }),
  reasonMissing: (): Problem => ({
    code: "exports.reason-missing",
    status: 422,
    message: "不批准时请写明理由，至少 2 个字。",
    path: ["note"],
  }),
  expired: (): Problem => ({
    code: "exports.expired",
    status: 409,
    message: "批准已过期，文件不能再下载。如仍需要，请重新申请。",
  }),
  takenOut: (): Problem => ({
    code: "exports.taken-out",
    status: 409,
    message: "这份导出已下载满次数。如仍需要，请重新申请。",
  }),
  grown: (asked: number, now: number): Problem => ({
    code: "exports.grown",
    status: 409,
    message: `批准时有 ${number(asked)} 条，现在有 ${number(now)} 条，多出一成以上。请按现在的条数重新申请。`,
  }),
} as const;
