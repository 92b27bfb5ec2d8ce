import type { Holdings } from "../platform/privacy/index.ts";

/** Officers are people too. Their accounts are not erased: their names stand in what they answer for. */
export const identityHoldings: Holdings = {
  title: "工作人员",
  tables: [
    {
      table: "identity.officer",
      title: "工作人员账号",
      purpose: "登录、授权，经办行为可以追溯到人",
      basis: ["duty-of-office", "security"],
      period: "office",
      seenBy: "所辖系统管理员、安全管理员",
      end: "archive",
      bookkeeping: [
        "officer_id",
        "organisation_id",
        "organisation_region",
        "active",
        "approved",
        "created_at",
        "demo",
        "failed_attempts",
        "last_lock",
        "locked",
        "locked_until",
        "locks",
        "must_change_password",
      ],
      fields: {
        login: { label: "登录名" },
        name: { label: "姓名" },
        duties: { label: "职责" },
        password_hash: { label: "口令的摘要", derived: true },
        password_set_at: { label: "口令设定时间" },
        last_sign_in: { label: "最后登录" },
      },
    },
  ],
  aside: {
    "identity.second_factor": "动态口令的密钥，不是关于个人的事实；随账号",
    "identity.single_sign_on_attempt": "十分钟内有效的登录跳转，不含个人",
  },
};
