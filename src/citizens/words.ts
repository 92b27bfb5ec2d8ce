/** What the telephone's pages need too: no schemas, which would weigh more than the pages. */

/** Fields of a person that may be asked to be corrected; `other` is put in words and mended by hand. */
export const correctionFields = [
  "name",
  "phone",
  "bank_account",
  "address",
  "education",
  "marital_status",
  "health",
  "labour_capacity",
  "skills",
  "job_willing",
  "training_willing",
  "desired_region",
  "desired_job",
  "other",
] as const;
export type CorrectionField = (typeof correctionFields)[number];
export const correctionFieldLabels: Record<CorrectionField, string> = {
  name: "姓名",
  phone: "联系电话",
  bank_account: "银行账号",
  address: "住址",
  education: "文化程度",
  marital_status: "婚姻状况",
  health: "健康状况",
  labour_capacity: "劳动能力",
  skills: "技能",
  job_willing: "就业意愿",
  training_willing: "培训意愿",
  desired_region: "意向地区",
  desired_job: "意向岗位",
  other: "其他（务工、参保、身份类别等）",
};

export const correctionStates = ["waiting", "accepted", "refused", "withdrawn"] as const;
export type CorrectionState = (typeof correctionStates)[number];
export const correctionStateLabels: Record<CorrectionState, string> = {
  waiting: "办理中",
  accepted: "已更正",
  refused: "未采纳",
  withdrawn: "已撤回",
};

/** Half of the thirty days in which GB/T 35273-2020, 8.7 c) asks for an answer to the person. */
export const CORRECTION_DAYS = 15;
/** 验证码 */
export const CODE_MINUTES = 5;
export const CODE_AGAIN_SECONDS = 60;

export const authorityLabels = {
  written: "书面委托书",
  witnessed: "当面口头委托（有见证人）",
  guardian: "法定监护人",
} as const;
export type Authority = keyof typeof authorityLabels;

export const memberRoleLabels = {
  "legal-representative": "法定代表人",
  manager: "管理员",
  clerk: "经办人",
} as const;
export type MemberRole = keyof typeof memberRoleLabels;

export const memberStateLabels = {
  asked: "待审核",
  invited: "待接受",
  active: "正常",
  refused: "未通过",
  ended: "已结束",
} as const;

export const linkPurposeLabels = { "bind-account": "绑定本人实名账号", correction: "提交一次更正申请" } as const;
export type LinkPurpose = keyof typeof linkPurposeLabels;
