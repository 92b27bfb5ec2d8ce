import type { HeldTable, Holdings } from "../../platform/privacy/index.ts";

const asked = {
  basis: ["own-request", "subsidies", "duty-of-office"],
  period: "money",
  seenBy: "受理地和办理地的经办、复核和审计人员",
  end: "erase",
} as const;
const tables: readonly HeldTable[] = [
  {
    ...asked,
    table: "subsidies.application",
    title: "补贴申请",
    purpose: "受理本人或代办人提出的补贴申请",
    bookkeeping: [
      "application_id",
      "number",
      "pays_region",
      "bundle",
      "subject",
      "employer_id",
      "way",
      "mandate_id",
      "account_id",
      "taken_by",
      "taken_by_name",
      "declared",
      "begun_on",
      "written_at",
      "submitted_on",
      "answered_on",
      "answered_by_name",
    ],
    keeps: { person: "person_id", event: "coalesce(t.submitted_on, t.begun_on)" },
    fields: {
      person_id: { label: "人员编号", derived: true },
      applicant_name: { label: "申请人" },
      identity_mask: { label: "证件号码（遮盖）", sensitive: "identity", derived: true },
      identity_hash: { label: "证件号码的摘要", sensitive: "identity", derived: true },
      secret: { label: "证件号码（加密）", sensitive: "identity", sealed: true },
      agent: { label: "代办人和凭据" },
      answer: { label: "答复" },
    },
  },
  {
    ...asked,
    table: "subsidies.application_line",
    title: "申请事项",
    purpose: "逐项办理申请",
    bookkeeping: ["line_id", "application_id", "rule_path", "rule_id", "title", "claim_ids"],
    fields: { why: { label: "等候或不予的理由" } },
  },
  {
    ...asked,
    table: "subsidies.application_statement",
    title: "申请人承诺的情况",
    purpose: "没有登记的情况由申请人承诺，审核时核实",
    bookkeeping: ["application_id", "fact", "label", "checked", "checked_by_name"],
    fields: {
      value: { label: "承诺的情况" },
      shown: { label: "承诺的情况（文字）" },
      reason: { label: "核实情况" },
    },
  },
  {
    ...asked,
    table: "subsidies.application_file",
    title: "申请材料",
    purpose: "证明申请的情况",
    bookkeeping: [
      "file_id",
      "application_id",
      "material",
      "bytes",
      "sha256",
      "media_type",
      "added_by_name",
      "added_at",
    ],
    fields: { key: { label: "材料（加密保存）" }, name: { label: "文件名" } },
  },
];

const WRITTEN_ON = "(a.written_at AT TIME ZONE 'Asia/Shanghai')::date";
const DRAFT_OF_FILE = "FROM subsidies.application a WHERE a.application_id = t.application_id AND a.state = 'draft'";

/** What applicants say and bring. */
export const applicationHoldings = {
  tables,
  files: [{ table: "subsidies.application_file", column: "key" }],
  // Nobody handed it in: it is no record of money. Files before the draft that names them; lines and statements go with it.
  rules: [
    {
      id: "subsidies.draft-file",
      title: "没有提交的申请草稿的材料",
      period: "draft",
      table: "subsidies.application_file",
      event: `(SELECT ${WRITTEN_ON} ${DRAFT_OF_FILE})`,
      county: `(SELECT left(a.region, 6) ${DRAFT_OF_FILE})`,
      person: `(SELECT a.person_id ${DRAFT_OF_FILE})`,
      file: "t.key",
    },
    {
      id: "subsidies.draft",
      title: "没有提交的申请草稿",
      period: "draft",
      table: "subsidies.application",
      event: WRITTEN_ON.replace("a.", "t."),
      county: "left(t.region, 6)",
      where: "t.state = 'draft'",
      person: "t.person_id",
    },
  ],
  erasure: [
    {
      table: "subsidies.application_file",
      when: "first",
      files: true,
      sql: "DELETE FROM subsidies.application_file t USING subsidies.application a, erasing e WHERE a.application_id = t.application_id AND a.person_id = e.old_id RETURNING t.key AS file_key",
    },
    {
      table: "subsidies.application",
      when: "first",
      sql: "DELETE FROM subsidies.application t USING erasing e WHERE t.person_id = e.old_id",
    },
  ],
} as const satisfies Partial<Holdings>;
