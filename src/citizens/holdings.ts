import type { HeldField, HeldTable, Holdings } from "../platform/privacy/index.ts";

const basis = ["own-request", "security"] as const;
const OFFICE = "本人；户籍地经办人员";
const person: HeldField = { label: "人员编号", derived: true };
const home: HeldField = { label: "户籍地" };
const phoneMask: HeldField = { label: "手机号（脱敏）", mask: "phone" };
const phoneHash: HeldField = { label: "手机号的摘要", derived: true };
const evidence: HeldTable["fields"] = {
  evidence_key: { label: "证明材料（加密文件）" },
  evidence_name: { label: "证明材料的名称" },
};
const day = (column: string) => `(t.${column} AT TIME ZONE 'Asia/Shanghai')::date`;
const table = (
  name: string,
  title: string,
  purpose: string,
  more: Omit<Partial<HeldTable>, "fields"> & { readonly fields: HeldTable["fields"] },
): HeldTable => ({
  table: `citizens.${name}`,
  title,
  purpose,
  basis,
  period: "evidence",
  seenBy: OFFICE,
  end: "erase",
  ...more,
});

export const citizensHoldings: Holdings = {
  title: "群众和企业账号",
  tables: [
    table("account", "群众账号", "本人查看、更正自己的信息", {
      period: "account",
      seenBy: "本人",
      bookkeeping: ["account_id", "bound_at", "bound_by", "locked", "created_at"],
      fields: {
        phone_hash: phoneHash,
        phone_mask: phoneMask,
        person_id: person,
        name: { label: "姓名" },
        home_region: home,
        last_sign_in: { label: "最后登录" },
      },
    }),
    table("sms_code", "短信验证码", "确认手机号是本人的", {
      period: "code",
      seenBy: "无人",
      bookkeeping: ["sent_at", "guesses"],
      fields: { phone_hash: phoneHash, code_hash: { label: "验证码的摘要", derived: true } },
    }),
    table("message", "短信发件箱", "把验证码交给短信服务", {
      period: "code",
      seenBy: "无人",
      bookkeeping: ["message_id", "purpose", "written_at", "sent_at", "attempts"],
      fields: { content: { label: "号码和内容（加密）" } },
    }),
    table("link", "一次性链接", "没有智能手机或换了号码的人也能办理", {
      period: "link",
      bookkeeping: [
        "link_id",
        "purpose",
        "issued_by",
        "issued_by_name",
        "issued_at",
        "expires_at",
        "used_at",
        "used_by",
        "revoked_at",
      ],
      fields: {
        token_hash: { label: "链接的摘要", derived: true },
        person_id: person,
        home_region: home,
        reason: { label: "发放理由" },
      },
    }),
    table("mandate", "代办授权", "由工作人员代办的凭据", {
      bookkeeping: ["mandate_id", "authority", "authorised_on", "valid_from", "recorded_at", "revoked_by"],
      fields: {
        person_id: person,
        home_region: home,
        valid_to: { label: "有效期至" },
        revoked_at: { label: "撤销时间" },
        note: { label: "说明" },
        ...evidence,
      },
    }),
    table("correction", "更正申请", "改正登记有误的信息", {
      bookkeeping: ["correction_id", "field", "account_id", "mandate_id", "link_id", "asked_at"],
      fields: {
        person_id: person,
        home_region: home,
        held: { label: "原来登记的" },
        proposed: { label: "应当是的", sensitive: "health" },
        secret: { label: "应当是的号码（加密）", sensitive: "identity" },
        reason: { label: "理由" },
        answer: { label: "答复" },
        ...evidence,
      },
    }),
    table("member", "企业账号成员", "企业由有权的人办理", {
      period: "account",
      seenBy: "企业、企业所在地经办人员",
      bookkeeping: [
        "member_id",
        "employer_id",
        "employer_name",
        "account_id",
        "role",
        "asked_at",
        "invited_by",
        "answer",
        "ended_at",
      ],
      fields: { phone_hash: phoneHash, phone_mask: phoneMask, name: { label: "姓名" }, ...evidence },
    }),
  ],
  rules: [
    {
      id: "citizens.sms_code",
      title: "用过和过期的验证码",
      period: "code",
      table: "citizens.sms_code",
      event: day("sent_at"),
      county: "''",
    },
    {
      id: "citizens.message",
      title: "过期短信的内容",
      period: "code",
      table: "citizens.message",
      event: day("written_at"),
      county: "''",
      where: "t.content IS NOT NULL",
      set: "content = NULL",
    },
    {
      id: "citizens.correction",
      title: "已答复的更正申请和证明材料",
      period: "evidence",
      table: "citizens.correction",
      event: `coalesce(${day("decided_at")}, ${day("asked_at")})`,
      county: "left(t.home_region, 6)",
      where: "t.state <> 'waiting'",
      person: "t.person_id",
      file: "t.evidence_key",
    },
    {
      id: "citizens.mandate",
      title: "已到期或撤销的代办授权和证明材料",
      period: "evidence",
      table: "citizens.mandate",
      event: `least(t.valid_to, ${day("revoked_at")})`,
      county: "left(t.home_region, 6)",
      where: "NOT EXISTS (SELECT FROM citizens.correction c WHERE c.mandate_id = t.mandate_id)",
      person: "t.person_id",
      file: "t.evidence_key",
    },
    {
      id: "citizens.link",
      title: "已到期的一次性链接",
      period: "link",
      table: "citizens.link",
      event: day("expires_at"),
      county: "left(t.home_region, 6)",
      where: "NOT EXISTS (SELECT FROM citizens.correction c WHERE c.link_id = t.link_id)",
    },
    {
      id: "citizens.member",
      title: "已结束的企业成员",
      period: "account",
      table: "citizens.member",
      event: `CASE WHEN t.state IN ('refused', 'ended') THEN coalesce(${day("ended_at")}, ${day("decided_at")}, ${day("asked_at")}) END`,
      county: "left(t.region, 6)",
      where: "NOT EXISTS (SELECT FROM citizens.member m WHERE m.invited_by = t.member_id)",
      file: "t.evidence_key",
    },
    {
      id: "citizens.account",
      title: "长期不用的群众账号",
      period: "account",
      table: "citizens.account",
      event: `coalesce(${day("last_sign_in")}, ${day("created_at")})`,
      county: "left(t.home_region, 6)",
      where: `NOT EXISTS (SELECT FROM citizens.session s WHERE s.account_id = t.account_id) AND NOT EXISTS (SELECT FROM citizens.member m WHERE m.account_id = t.account_id)
        AND NOT EXISTS (SELECT FROM citizens.correction c WHERE c.account_id = t.account_id) AND NOT EXISTS (SELECT FROM citizens.link l WHERE l.used_by = t.account_id)`,
      person: "t.person_id",
    },
  ],
  erasure: [
    {
      table: "citizens.correction",
      files: true,
      sql: "DELETE FROM citizens.correction t USING erasing e WHERE t.person_id = e.old_id RETURNING t.evidence_key AS file_key",
    },
    {
      table: "citizens.mandate",
      files: true,
      sql: "DELETE FROM citizens.mandate t USING erasing e WHERE t.person_id = e.old_id RETURNING t.evidence_key AS file_key",
    },
    { table: "citizens.link", sql: "DELETE FROM citizens.link t USING erasing e WHERE t.person_id = e.old_id" },
    {
      table: "citizens.session",
      sql: "DELETE FROM citizens.session s USING citizens.account t, erasing e WHERE t.person_id = e.old_id AND s.account_id = t.account_id",
    },
    {
      table: "citizens.account",
      sql: "UPDATE citizens.account t SET person_id = NULL, name = NULL, bound_at = NULL, bound_by = NULL, home_region = '' FROM erasing e WHERE t.person_id = e.old_id",
    },
  ],
  holds: [{ label: "更正申请未答复", persons: "SELECT person_id FROM citizens.correction WHERE state = 'waiting'" }],
  files: [
    { table: "citizens.mandate", column: "evidence_key" },
    { table: "citizens.correction", column: "evidence_key" },
    { table: "citizens.member", column: "evidence_key" },
  ],
};
