import type { Problem } from "../platform/problem.ts";

export const privacyProblems = {
  notTheProvince: (): Problem => ({
    code: "privacy.not-the-province",
    status: 403,
    message: "保存期限按省统一，请由省级安全管理员提出、系统管理员批准。",
  }),
  fixedPeriod: (label: string): Problem => ({
    code: "privacy.fixed-period",
    status: 422,
    message: `“${label}”的期限由程序按规定固定，不能另设。`,
  }),
  waiting: (): Problem => ({
    code: "privacy.waiting",
    status: 409,
    message: "这一类数据已有待批准的期限，请先批准、退回或撤回，再提出新的。",
  }),
  own: (): Problem => ({
    code: "privacy.own",
    status: 403,
    message: "期限须由另一位管理员批准，不能批准自己提出的。",
  }),
  settled: (): Problem => ({
    code: "privacy.settled",
    status: 409,
    message: "这一项已经办理过，请刷新页面查看结果。",
  }),
  reasonMissing: (): Problem => ({
    code: "privacy.reason-missing",
    status: 422,
    message: "不批准时请写明理由，至少 4 个字。",
  }),
  previewFirst: (): Problem => ({
    code: "privacy.preview-first",
    status: 409,
    message: "请先预览：批准之前须看过按这个期限将清除多少数据。",
  }),
  running: (): Problem => ({
    code: "privacy.running",
    status: 409,
    message: "清除或预览正在进行，请等它完成后再试。",
  }),
  stillKept: (until: string | null, titles: string): Problem => ({
    code: "privacy.still-kept",
    status: 409,
    message: until
      ? `依法还须保存到 ${until}（${titles}），不能同意删除。请选择“不同意”，并把这个日期告诉本人。`
      : `还有没有结束的事项（${titles}），不能同意删除。请选择“不同意”，并说明理由。`,
  }),
  held: (labels: string): Problem => ({
    code: "privacy.held",
    status: 409,
    message: `${labels}，须先办结才能删除。`,
  }),
  asked: (): Problem => ({
    code: "privacy.asked",
    status: 409,
    message: "您已经申请过，正在办理；可以先撤回再重新提交。",
  }),
  needsRealName: (): Problem => ({
    code: "privacy.needs-real-name",
    status: 403,
    message: "请先完成实名核验，并切换为本人，再办理。",
  }),
} as const;
