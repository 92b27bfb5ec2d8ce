/**
 * A problem is a refusal as data: what is wrong, where, and how to mend it, in a Chinese sentence an officer can act on.
 * Domains make them with named factories in their `problems.ts`; nothing else builds one.
 */
export interface Problem {
  /** Stable machine word, `domain.what`, e.g. `ledger.batch-closed`. */
  readonly code: string;
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 422 | 423 | 429 | 503;
  /** Chinese sentence: what happened and how to mend it. */
  readonly message: string;
  /** Path of the faulty field in the input, when there is one. */
  readonly path?: readonly (string | number)[];
  readonly details?: Readonly<Record<string, unknown>>;
  /** Seconds after which it may be tried again: sent as `Retry-After`. */
  readonly retryAfter?: number;
}

/** Carries a problem out of a transaction, which rolls back. Caught once, by the action runner, and turned back into data. */
export class Refusal extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.name = "Refusal";
    this.problem = problem;
  }
}

export function refuse(problem: Problem): never {
  throw new Refusal(problem);
}

export const platformProblems = {
  notFound: (what: string): Problem => ({
    code: "platform.not-found",
    status: 404,
    message: `没有找到${what}，可能已被删除，或不在您的管辖范围内。`,
  }),
  invalidInput: (message: string, path: readonly (string | number)[]): Problem => ({
    code: "platform.invalid-input",
    status: 422,
    message,
    path,
  }),
  notSignedIn: (): Problem => ({
    code: "platform.not-signed-in",
    status: 401,
    message: "登录已失效，请重新登录后再操作。",
  }),
  notPermitted: (act: string): Problem => ({
    code: "platform.not-permitted",
    status: 403,
    message: `您的职责不包含“${act}”，如需办理请联系本单位系统管理员。`,
  }),
  outOfScope: (): Problem => ({ code: "platform.out-of-scope", status: 403, message: "所选区域不在您的管辖范围内。" }),
  forged: (): Problem => ({ code: "platform.csrf", status: 403, message: "页面已过期，请刷新后重试。" }),
  tooMany: (seconds: number): Problem => ({
    code: "platform.too-many",
    status: 429,
    message: `操作过于频繁，请 ${seconds} 秒后再试。`,
    retryAfter: seconds,
  }),
  tooLarge: (limit: string): Problem => ({
    code: "platform.too-large",
    status: 413,
    message: `提交的内容超过上限（${limit}）。`,
  }),
  fileGone: (): Problem => ({
    code: "platform.file-gone",
    status: 409,
    message: "文件的原件已不在：保存期限已满并已清除，或没有随备份恢复。需要时请向报送单位重新索取。",
  }),
  busy: (seconds: number): Problem => ({
    code: "platform.busy",
    status: 503,
    message: `系统繁忙，本次操作未执行，请 ${seconds} 秒后重试。`,
    retryAfter: seconds,
  }),
  tooSlow: (): Problem => ({
    code: "platform.too-slow",
    status: 503,
    message: "这次查询用时过长，已中止，没有改动任何数据。请缩小区域、日期或条件后重试；仍不行请联系系统管理员。",
  }),
  wrongState: (message: string): Problem => ({ code: "platform.wrong-state", status: 409, message }),
} as const;
