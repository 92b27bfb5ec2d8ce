import type { Problem } from "../platform/problem.ts";

export const oversightProblems = {
  changedMeanwhile: (): Problem => ({
    code: "oversight.changed-meanwhile",
    status: 409,
    message: "这件疑点刚有人办理过，请刷新后再办。",
  }),
  notPossible: (act: string, state: string): Problem => ({
    code: "oversight.not-possible",
    status: 409,
    message: `这件疑点现在是“${state}”，不能${act}。`,
  }),
  unheard: (hear: readonly string[]): Problem => ({
    code: "oversight.unheard",
    status: 409,
    message: `还没有听取意见（${hear.join("、")}），不能认定。请先“听取意见”。`,
  }),
  someGone: (count: number): Problem => ({
    code: "oversight.some-gone",
    status: 409,
    message: `所选疑点中有 ${count} 件已办结、已认定或不在您的辖区，请刷新列表后重选。`,
  }),
  handlerUnknown: (): Problem => ({
    code: "oversight.handler-unknown",
    status: 422,
    message: "没有这位承办人，或其辖区不含所选疑点。请从名单里选择。",
    path: ["officerId"],
  }),
  organisationUnknown: (): Problem => ({
    code: "oversight.organisation-unknown",
    status: 422,
    message: "没有这个单位。请从名单里选择。",
    path: ["organisationId"],
  }),
  checkUnknown: (check: string): Problem => ({
    code: "oversight.check-unknown",
    status: 404,
    message: `没有核查规则“${check}”。用规则编号（如 two-posts）或目录编号（如 E-HN-09）。`,
  }),
};
