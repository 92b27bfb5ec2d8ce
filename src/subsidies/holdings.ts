import { registersHeld } from "#registers";
import type { HeldTable, Holdings } from "../platform/privacy/index.ts";
import { subsidiesRegisters } from "./registers.ts";

const seenBy = "发放地的经办、复核、财政和审计人员";
const money = {
  basis: ["duty-of-office", "subsidies", "accounts"],
  period: "money",
  seenBy,
  end: "anonymise",
} as const;

const tables: readonly HeldTable[] = [
  {
    ...money,
    table: "subsidies.claim",
    title: "补贴件",
    purpose: "受理、审核、公示和发放补贴，核对不重复享受",
    bookkeeping: [
      "claim_id",
      "number",
      "way",
      "handling",
      "rule_path",
      "rule_id",
      "version_id",
      "title",
      "fund",
      "payee_subject",
      "payee_kind",
      "payee_id",
      "payee_key",
      "payee_employer_id",
      "items",
      "persons",
      "state",
      "received_on",
      "due_on",
      "fund_line_id",
      "accepted_by",
      "checked_by",
      "approved_by",
      "endorsed_by",
      "decided_on",
      "paid_on",
    ],
    keeps: { person: "payee_person_id", event: "coalesce(t.paid_on, t.received_on)" },
    fields: {
      payee_person_id: { label: "人员编号", derived: true },
      payee_name: { label: "收款人", end: "erase" },
      amount_fen: { label: "补贴金额" },
      agent: { label: "代办人和凭据", end: "erase" },
    },
  },
  {
    ...money,
    table: "subsidies.claim_item",
    title: "补贴件明细",
    purpose: "说明每一项补贴因谁、因何而发",
    bookkeeping: [
      "item_id",
      "claim_id",
      "rule_path",
      "row_key",
      "employer_id",
      "workshop_id",
      "brand_id",
      "employment_id",
      "benefit_keys",
      "live",
      "dropped",
    ],
    keeps: { person: "person_id", event: "t.event_date" },
    fields: {
      person_id: { label: "人员编号", derived: true },
      event_date: { label: "所属日期" },
      months: { label: "月数" },
      amount_fen: { label: "金额" },
      facts: { label: "审核所依据的事实", end: "erase" },
    },
  },
  {
    ...money,
    table: "subsidies.payment",
    title: "发放明细",
    purpose: "把补贴付到本人账户并对账",
    bookkeeping: [
      "payment_id",
      "batch_id",
      "claim_id",
      "fund_line_id",
      "line",
      "bank",
      "of_person",
      "state",
      "bank_reference",
      "answered_on",
      "reason",
    ],
    fields: {
      payee_name: { label: "账户名称", end: "erase" },
      secret: { label: "银行账号（加密）", sensitive: "account", sealed: true, end: "erase" },
      account_mask: { label: "银行账号（遮盖）", sensitive: "account", derived: true, end: "erase" },
      account_hash: { label: "银行账号的摘要", sensitive: "account", derived: true },
      amount_fen: { label: "金额" },
    },
  },
  {
    ...money,
    table: "subsidies.payee_account",
    title: "单位收款账户",
    purpose: "把补贴付给单位",
    bookkeeping: ["payee_key", "bank", "set_by_name", "set_at"],
    fields: {
      holder: { label: "账户名称" },
      secret: { label: "银行账号（加密）", sensitive: "account", sealed: true },
      account_mask: { label: "银行账号（遮盖）", sensitive: "account", derived: true },
      account_hash: { label: "银行账号的摘要", sensitive: "account", derived: true },
    },
  },
  {
    ...money,
    table: "subsidies.publication_line",
    title: "公示名单",
    purpose: "公开补贴发放，接受监督",
    bookkeeping: ["publication_id", "line", "claim_id", "persons", "taken_out"],
    fields: {
      village: { label: "村（社区）" },
      payee_name: { label: "收款人", end: "erase" },
      identity_mask: { label: "证件号码（遮盖）", sensitive: "identity", derived: true, end: "erase" },
      amount_fen: { label: "金额" },
    },
  },
];

const asked = {
  basis: ["own-request", "subsidies", "duty-of-office"],
  period: "money",
  seenBy: "受理地和办理地的经办、复核和审计人员",
  end: "erase",
} as const;
const applications: readonly HeldTable[] = [
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

const ofPayee = "FROM subsidies.claim c, erasing e WHERE c.payee_person_id = e.old_id AND c.claim_id = t.claim_id";
/** What was paid stays, of nobody any more. */
const erasure: Holdings["erasure"] = [
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
  {
    table: "subsidies.payment",
    when: "first",
    sql: `UPDATE subsidies.payment t SET payee_name = '', account_mask = '', secret = '' ${ofPayee}`,
  },
  {
    table: "subsidies.publication_line",
    when: "first",
    sql: `UPDATE subsidies.publication_line t SET payee_name = '', identity_mask = '' ${ofPayee}`,
  },
  {
    table: "subsidies.claim",
    sql: "UPDATE subsidies.claim t SET payee_person_id = e.new_id, payee_name = '', agent = NULL FROM erasing e WHERE t.payee_person_id = e.old_id",
  },
  {
    table: "subsidies.claim_item",
    sql: "UPDATE subsidies.claim_item t SET person_id = e.new_id, facts = '{}' FROM erasing e WHERE t.person_id = e.old_id",
  },
];

const registers = registersHeld("补贴", subsidiesRegisters, {
  "past-benefits": {
    basis: ["duty-of-office", "subsidies", "accounts"],
    period: "money",
    event: "coalesce(t.paid_on, t.event_date)",
    purpose: "限次、限期、不重复享受的核对，资金监督",
  },
  "work-training": {
    basis: ["duty-of-office", "subsidies", "accounts"],
    period: "money",
    event: "t.month_from",
    purpose: "审核以工代训补贴",
  },
  "insurance-reviews": {
    basis: ["duty-of-office", "subsidies", "accounts"],
    period: "money",
    event: "t.decided_on",
    purpose: "审核社会保险补贴",
  },
});

/** What this domain holds of people: claims, payments and published lists beside its registers, in the field register (字段台账). */
export const subsidiesHoldings: Holdings = {
  ...registers,
  tables: [...registers.tables, ...tables, ...applications],
  aside: {
    "subsidies.fund_line": "资金额度，不含个人",
    "subsidies.setting": "办理设定，不含个人",
    "subsidies.claim_level": "分级审批，只记经办人员",
    "subsidies.fund_target": "绩效目标，不含个人",
    "subsidies.fund_settlement": "结转、收回，不含个人",
    "subsidies.inspection_item": "检查问题，按单位登记，不写个人",
  },
  files: [...(registers.files ?? []), { table: "subsidies.application_file", column: "key" }],
  erasure: [...(registers.erasure ?? []), ...(erasure ?? [])],
};
