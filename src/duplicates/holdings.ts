import type { Holdings } from "../platform/privacy/index.ts";

const OFFICE = "两条记录各自所在县的经办人员";
const basis = ["duty-of-office"] as const;
const SETTLED = "('done', 'rejected', 'undone', 'failed')";
const day = "(t.decided_at AT TIME ZONE 'Asia/Shanghai')::date";

export const duplicatesHoldings: Holdings = {
  title: "疑似重复与跨县转移",
  tables: [
    {
      table: "duplicates.side",
      title: "疑似重复的一方",
      purpose: "一人一档，不重复享受",
      basis,
      period: "task",
      seenBy: OFFICE,
      end: "anonymise",
      bookkeeping: ["pair_id", "owner_id", "owner_name", "owner_office", "owned_since"],
      fields: { person_id: { label: "人员编号", derived: true }, other_county: { label: "另一方所在县" } },
    },
    {
      table: "duplicates.merge",
      title: "合并",
      purpose: "两条记录合为一条，可以撤销",
      basis,
      period: "task",
      seenBy: OFFICE,
      end: "anonymise",
      bookkeeping: [
        "merge_id",
        "pair_id",
        "why_second",
        "proposed_by",
        "proposed_by_name",
        "proposed_at",
        "decision_note",
        "undone_by",
        "undone_by_name",
        "undone_at",
        "undo_note",
        "counts",
        "business_date",
      ],
      fields: {
        survivor_id: { label: "保留的记录", derived: true },
        loser_id: { label: "并入的记录", derived: true },
        loser_name: { label: "并入记录的姓名", end: "erase" },
        loser_mask: { label: "并入记录的证件号码（脱敏）", sensitive: "identity", mask: "identity", end: "erase" },
        loser_home: { label: "并入记录的户籍地" },
        cells: { label: "各项取自哪条" },
        note: { label: "合并理由", end: "erase" },
      },
    },
    {
      table: "duplicates.merge_row",
      title: "合并前后的行",
      purpose: "合并可以撤销",
      basis,
      period: "task",
      seenBy: "仅后台处理",
      end: "erase",
      bookkeeping: ["merge_id", "row_no", "way", "table_name", "act"],
      fields: {
        old_row: { label: "合并前的行", sensitive: "identity" },
        new_row: { label: "合并后的行", sensitive: "identity" },
      },
    },
    {
      table: "duplicates.transfer",
      title: "跨县转移",
      purpose: "迁移人员的档案随人转移",
      basis,
      period: "task",
      seenBy: "两县经办人员及上级",
      end: "erase",
      bookkeeping: [
        "transfer_id",
        "kind",
        "asking_county",
        "asked_county",
        "keeps",
        "pair_id",
        "asked_by",
        "asked_by_name",
        "asked_by_office",
        "asked_on",
        "escalated_on",
        "answered_by",
        "answered_by_name",
        "answered_by_office",
        "answered_on",
      ],
      fields: {
        number_hash: { label: "证件号码的摘要", sensitive: "identity", derived: true },
        to_region: { label: "新户籍地" },
        reason: { label: "转移理由" },
        answer: { label: "答复" },
        effect: { label: "结果" },
      },
    },
    {
      table: "duplicates.contact",
      title: "县级联系人",
      purpose: "跨县核实时找得到人",
      basis,
      period: "office",
      seenBy: "各县经办人员",
      end: "archive",
      bookkeeping: ["county", "office", "changed_by_name", "changed_at"],
      fields: { person_name: { label: "联系人姓名" }, phone: { label: "办公电话" } },
    },
  ],
  aside: { "duplicates.pair": "只有两条记录的编号摘要和理由代码" },
  rules: [
    {
      id: "duplicates.merge_row",
      title: "合并前后的整行",
      period: "task",
      table: "duplicates.merge_row",
      event: `(SELECT coalesce(m.undone_at, m.decided_at, m.proposed_at)::date FROM duplicates.merge m WHERE m.merge_id = t.merge_id AND m.state IN ${SETTLED})`,
      county: "(SELECT left(m.loser_home, 6) FROM duplicates.merge m WHERE m.merge_id = t.merge_id)",
    },
    {
      id: "duplicates.merge",
      title: "合并记录里的姓名和号码",
      period: "task",
      table: "duplicates.merge",
      event: `CASE WHEN t.state IN ${SETTLED} THEN coalesce(${day}, t.business_date) END`,
      county: "left(t.loser_home, 6)",
      where: "t.loser_name <> '（已清除）'",
      set: "loser_name = '（已清除）', loser_mask = '', note = '', cells = '{}'",
    },
    {
      id: "duplicates.transfer",
      title: "已办结的跨县转移",
      period: "task",
      table: "duplicates.transfer",
      event:
        "CASE WHEN t.state IN ('done', 'refused', 'withdrawn', 'failed') THEN coalesce(t.answered_on, t.asked_on) END",
      county: "t.asking_county",
    },
  ],
  erasure: [
    {
      table: "duplicates.merge_row",
      sql: "DELETE FROM duplicates.merge_row t USING duplicates.merge m, erasing e WHERE t.merge_id = m.merge_id AND e.old_id IN (m.survivor_id, m.loser_id)",
    },
    {
      table: "duplicates.transfer",
      sql: "DELETE FROM duplicates.transfer t USING registry.person_key k, erasing e WHERE k.person_id = e.old_id AND t.number_hash = k.key_hash",
    },
    {
      table: "duplicates.merge",
      sql: `UPDATE duplicates.merge t SET survivor_id = coalesce(s.new_id, t.survivor_id), loser_id = coalesce(l.new_id, t.loser_id),
        loser_name = '（已清除）', loser_mask = '', note = '', cells = '{}'
        FROM duplicates.merge m LEFT JOIN erasing s ON s.old_id = m.survivor_id LEFT JOIN erasing l ON l.old_id = m.loser_id
        WHERE t.merge_id = m.merge_id AND (s.new_id IS NOT NULL OR l.new_id IS NOT NULL)`,
    },
    {
      table: "duplicates.side",
      sql: "UPDATE duplicates.side t SET person_id = e.new_id FROM erasing e WHERE t.person_id = e.old_id",
    },
  ],
  holds: [
    {
      label: "疑似重复、合并或转移未办结",
      persons: `SELECT s.person_id FROM duplicates.side s JOIN duplicates.pair p USING (pair_id) WHERE p.state IN ('open', 'merging', 'transferring')
        UNION SELECT unnest(ARRAY[m.survivor_id, m.loser_id]) FROM duplicates.merge m WHERE m.state IN ('proposed', 'working', 'undoing')
        UNION SELECT k.person_id FROM duplicates.transfer t JOIN registry.person_key k ON k.key_hash = t.number_hash WHERE t.state IN ('requested', 'escalated', 'consented')`,
    },
  ],
};
