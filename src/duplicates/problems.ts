import type { Problem } from "../platform/problem.ts";

export const duplicatesProblems = {
  thresholdsUnfit: (): Problem => ({
    code: "duplicates.thresholds-unfit",
    status: 422,
    message: "分数线应为 1 至 100 的整数，且下线不高于上线。",
  }),
  pairGone: (count: number): Problem => ({
    code: "duplicates.pair-gone",
    status: 409,
    message: `所选疑似重复中有 ${count} 项已被处理、撤回，或不在您的管辖范围内。请刷新后重新选择。`,
  }),
  notBothHere: (): Problem => ({
    code: "duplicates.not-both-here",
    status: 409,
    message: "另一份档案在外县，本县不能单方合并。请申请跨县转移，由对方县同意后办理。",
  }),
  notOfPair: (): Problem => ({
    code: "duplicates.not-of-pair",
    status: 422,
    message: "保留的档案不是这一对中的一份，请刷新后重新选择。",
    path: ["survivorId"],
  }),
  notSwapped: (): Problem => ({
    code: "duplicates.not-swapped",
    status: 409,
    message: "这两人的证件号码互换后并不相符，可能已被更正。请刷新后核对。",
  }),
  fieldUnknown: (field: string): Problem => ({
    code: "duplicates.field-unknown",
    status: 422,
    message: `“${field}”不是可以选择的字段，请刷新后重新选择。`,
    path: ["cells"],
  }),
  sameOfficer: (): Problem => ({
    code: "duplicates.same-officer",
    status: 403,
    message: "本次合并由您提出，须由另一名经办人员复核。",
  }),
  mergeState: (words: string): Problem => ({
    code: "duplicates.merge-state",
    status: 409,
    message: `该合并当前为“${words}”，不能办理此操作。请刷新后查看。`,
  }),
  recordGone: (): Problem => ({
    code: "duplicates.record-gone",
    status: 409,
    message: "两份档案中有一份已不在登记库（批次撤销或已并入他人），未作任何改动。请刷新疑似重复列表。",
  }),
  laterMerge: (): Problem => ({
    code: "duplicates.later-merge",
    status: 409,
    message: "此人合并之后又与另一份档案合并过，请先撤销后一次合并，再撤销这一次。",
  }),
  sameCounty: (): Problem => ({
    code: "duplicates.same-county",
    status: 409,
    message: "两份档案在同一县，请直接合并，不需跨县转移。",
  }),
  notCounty: (): Problem => ({
    code: "duplicates.not-county",
    status: 403,
    message: "跨县转移由县级经办人员提出，请用县级账号办理。",
  }),
  numberUnread: (): Problem => ({
    code: "duplicates.number-unread",
    status: 422,
    message: "证件号码不符合规则，请按证件逐位核对后填写。",
    path: ["number"],
  }),
  nobodyFound: (): Problem => ({
    code: "duplicates.nobody-found",
    status: 404,
    message: "各县登记库中没有姓名与证件号码都相符的人。请核对后再查，或按新增人员登记。",
    path: ["number"],
  }),
  alreadyHere: (): Problem => ({
    code: "duplicates.already-here",
    status: 409,
    message: "此人户籍已登记在本县，可在“人员与家庭”中查到，不需申请迁入。",
    path: ["number"],
  }),
  alreadyRequested: (): Problem => ({
    code: "duplicates.already-requested",
    status: 409,
    message: "此人已有一件跨县转移正在办理，请等待办结，或先撤回原申请。",
  }),
  transferState: (words: string): Problem => ({
    code: "duplicates.transfer-state",
    status: 409,
    message: `该申请当前为“${words}”，不能办理此操作。请刷新后查看。`,
  }),
  notYours: (who: string): Problem => ({
    code: "duplicates.not-yours",
    status: 403,
    message: `此操作由${who}办理。`,
  }),
  regionElsewhere: (): Problem => ({
    code: "duplicates.region-elsewhere",
    status: 422,
    message: "迁入地须是本县的村（社区），请重新选择。",
    path: ["region"],
  }),
} as const;
