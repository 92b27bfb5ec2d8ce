import type { HeldField, HeldTable, Holdings, RetentionRule } from "../platform/privacy/index.ts";

const WORKER = "仅后台处理";
const basis = ["duty-of-office", "work-ledger"] as const;
const name: HeldField = { label: "姓名", blank: "'（已清除）'" };
const mask: HeldField = { label: "证件号码（脱敏）", sensitive: "identity", mask: "identity", blank: "''" };
const home: HeldField = { label: "户籍地", end: "anonymise" };
const lineKey: HeldField = { label: "证件号码的摘要", sensitive: "identity", derived: true };

const table = (
  name: string,
  title: string,
  purpose: string,
  fields: HeldTable["fields"],
  more: Partial<HeldTable> = {},
): HeldTable => ({
  table: `ledger.${name}`,
  title,
  purpose,
  basis,
  period: "batch",
  seenBy: "接收台账的经办部门",
  end: "erase",
  fields,
  ...more,
});

const tables: readonly HeldTable[] = [
  table(
    "difference",
    "比对差异",
    "让经办人逐条决定台账是否采用",
    {
      person_id: { label: "人员编号", derived: true },
      line_key: lineKey,
      name,
      identity_mask: mask,
      home_region: home,
      cells: { label: "现有与报来的各项", sensitive: "health" },
      new_category: { label: "新增人员的类别" },
      new_spell: { label: "新增人员的务工经历" },
    },
    { bookkeeping: ["difference_id", "kind", "reason", "row_no", "sheet", "new_person", "decision"] },
  ),
  table(
    "line",
    "台账最近所报",
    "下月台账只比对有变化的行",
    {
      person_id: { label: "人员编号", derived: true },
      line_key: lineKey,
      home_region: home,
      row_hash: { label: "整行的摘要", derived: true },
      month: { label: "所属月份" },
      missing_since: { label: "未再报送起" },
      text_hash: { label: "原文的摘要", derived: true },
    },
    { period: "person", seenBy: WORKER, bookkeeping: ["kind"] },
  ),
  table(
    "line_before",
    "台账此前所报",
    "批次可以整批撤销",
    {
      line_key: lineKey,
      row_hash: { label: "此前的行摘要", derived: true },
      text_hash: { label: "此前的原文摘要", derived: true },
      month: { label: "此前的台账月份" },
      missing_since: { label: "此前的未再报送起" },
    },
    { seenBy: WORKER, bookkeeping: ["kind", "latest_batch"] },
  ),
  table(
    "fault",
    "待修和已修单元格",
    "让经办人和移交单位改正台账",
    {
      name: { label: "姓名" },
      region: { label: "所在地" },
      birth_date: { label: "出生日期" },
      value_mask: { label: "原值（脱敏）", sensitive: "identity", mask: "identity" },
      suggestion: { label: "建议值（脱敏）", sensitive: "identity", mask: "identity" },
      suggestion_secret: { label: "建议值（加密）", sensitive: "identity" },
      message: { label: "问题" },
    },
    { bookkeeping: ["sheet", "row_no", "field", "code", "severity", "column_no"] },
  ),
  table(
    "repair",
    "改正的单元格",
    "重新校验时沿用已改正的内容",
    { value_secret: { label: "改正后的内容（加密）", sensitive: "identity" } },
    { bookkeeping: ["sheet", "row_no", "field", "repaired_by", "repaired_at"] },
  ),
];

const FINAL = "('applied', 'undone', 'refused', 'discarded')";
const settled = `(SELECT b.business_date FROM ledger.batch b WHERE b.batch_id = t.batch_id AND b.state IN ${FINAL})`;
const county = "(SELECT left(b.region, 6) FROM ledger.batch b WHERE b.batch_id = t.batch_id)";
const ofBatch = (name: string, title: string, person?: string): RetentionRule => ({
  id: `ledger.${name}`,
  title,
  period: "batch",
  table: `ledger.${name}`,
  event: settled,
  county,
  batch: "t.batch_id",
  ...(person ? { person } : {}),
});

export const ledgerHoldings: Holdings = {
  title: "台账",
  tables,
  rules: [
    ofBatch("difference", "批次的比对明细", "t.person_id"),
    ofBatch("fault", "批次的问题单元格"),
    ofBatch("repair", "批次的改正内容"),
    ofBatch("line_before", "批次撤销所需的此前摘要"),
    {
      id: "ledger.original",
      title: "台账原件和修改件",
      period: "upload",
      table: "platform.file",
      event: "(t.stored_at AT TIME ZONE 'Asia/Shanghai')::date",
      county: "left(t.region, 6)",
      where: `t.expires_at IS NULL AND t.purpose IN ('台账原件', '台账修改件') AND NOT EXISTS (SELECT FROM ledger.batch b WHERE b.file_id = t.file_id AND b.state NOT IN ${FINAL})`,
      // The row stays: batches name it. Its bytes go.
      set: "expires_at = now()",
      batch: "(SELECT min(b.batch_id) FROM ledger.batch b WHERE b.file_id = t.file_id)",
      file: "t.key",
    },
  ],
  erasure: [
    {
      table: "ledger.line_before",
      sql: "DELETE FROM ledger.line_before t USING ledger.line l, erasing e WHERE l.person_id = e.old_id AND t.line_key = l.line_key",
    },
    {
      table: "ledger.fault",
      sql: "DELETE FROM ledger.fault t USING ledger.difference d, erasing e WHERE d.person_id = e.old_id AND t.batch_id = d.batch_id AND t.sheet = d.sheet AND t.row_no = d.row_no",
    },
    {
      table: "ledger.repair",
      sql: "DELETE FROM ledger.repair t USING ledger.difference d, erasing e WHERE d.person_id = e.old_id AND t.batch_id = d.batch_id AND t.sheet = d.sheet AND t.row_no = d.row_no",
    },
    {
      table: "platform.file",
      files: true,
      // Originals in which he is known to stand: nothing is lost by it, the batch is settled and its counts stay.
      sql: `UPDATE platform.file f SET expires_at = now() FROM ledger.batch b WHERE b.file_id = f.file_id AND f.expires_at IS NULL AND b.state IN ${FINAL}
        AND b.batch_id IN (SELECT d.batch_id FROM ledger.difference d JOIN erasing e ON e.old_id = d.person_id UNION SELECT l.batch_id FROM ledger.line l JOIN erasing e ON e.old_id = l.person_id)
        RETURNING f.key AS file_key`,
    },
    {
      table: "ledger.difference",
      sql: `UPDATE ledger.difference t SET person_id = e.new_id, line_key = '00000000-0000-0000-0000-000000000000', name = '（已清除）', identity_mask = '', cells = '[]', new_category = NULL, new_spell = NULL
        FROM erasing e WHERE t.person_id = e.old_id`,
    },
    { table: "ledger.line", sql: "DELETE FROM ledger.line t USING erasing e WHERE t.person_id = e.old_id" },
  ],
  holds: [
    {
      label: "台账批次未办结",
      persons: `SELECT d.person_id FROM ledger.difference d JOIN ledger.batch b ON b.batch_id = d.batch_id WHERE b.state NOT IN ${FINAL}`,
      batches: `SELECT batch_id FROM ledger.batch WHERE state NOT IN ${FINAL}`,
    },
  ],
};
