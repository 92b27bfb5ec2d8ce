import type { Problem } from "../../platform/problem.ts";

export const recoveryProblems = {
  replyTooShort: (days: number): Problem => ({
    code: "subsidies.reply-too-short",
    status: 422,
    message: `陈述申辩期不少于 ${days} 个工作日（按立案那天的办理设定）。请改长。`,
    path: ["replyDays"],
  }),
  tooManyInstalments: (most: number): Problem => ({
    code: "subsidies.too-many-instalments",
    status: 422,
    message: `最多分 ${most} 期（按立案那天的办理设定）。请减少期数。`,
    path: ["instalments"],
  }),
};
