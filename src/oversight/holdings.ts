import type { ErasureStep, Holdings } from "../platform/privacy/index.ts";

const OFFICE = "承办单位、审计与纪检";
const basis = ["duty-of-office"] as const;
/** Words of people about people; what was done, when and by which office stays. */
const emptied = "person_id = NULL, facts = '{}', subject_key = 'cleared:' || t.finding_id";
const events = (of: string): ErasureStep => ({
  table: "oversight.finding_event",
  sql: `UPDATE oversight.finding_event e SET party = NULL, note = '', file_name = NULL FROM oversight.finding t, erasing x WHERE ${of} AND e.finding_id = t.finding_id`,
});

export const oversightHoldings: Holdings = {
  title: "疑点核查",
  tables: [
    {
      table: "oversight.finding",
      title: "疑点",
      purpose: "监督资金和台账，核实并纠正",
      basis,
      period: "task",
      seenBy: OFFICE,
      end: "anonymise",
      keeps: { person: "person_id", event: "t.closed_on" },
      bookkeeping: [
        "finding_id",
        "rule_path",
        "version_id",
        "severity",
        "rows",
        "first_event_on",
        "event_on",
        "found_on",
        "seen_on",
        "holds",
        "office_region",
        "department",
        "organisation_id",
        "organisation_name",
        "decided_on",
        "closed_on",
        "closing",
      ],
      fields: {
        person_id: { label: "人员编号", derived: true, end: "erase" },
        subject_key: { label: "所指的记录", end: "erase" },
        facts: { label: "据以查出的事实", end: "erase" },
        outcome: { label: "性质" },
        decision: { label: "认定" },
      },
    },
    {
      table: "oversight.finding_event",
      title: "疑点办理经过",
      purpose: "记录听取意见和认定的经过",
      basis,
      period: "task",
      seenBy: OFFICE,
      end: "anonymise",
      bookkeeping: ["event_id", "finding_id", "act", "file_id", "business_date", "at"],
      fields: {
        party: { label: "听取何人意见", end: "erase" },
        note: { label: "意见和说明", end: "erase" },
        file_name: { label: "材料名称", end: "erase" },
      },
    },
  ],
  rules: [
    {
      id: "oversight.finding_event",
      title: "已办结疑点的办理意见",
      period: "task",
      table: "oversight.finding_event",
      event: "(SELECT f.closed_on FROM oversight.finding f WHERE f.finding_id = t.finding_id AND NOT f.holds)",
      county: "left(t.region, 6)",
      where: "(t.party IS NOT NULL OR t.note <> '' OR t.file_name IS NOT NULL)",
      set: "party = NULL, note = '', file_name = NULL",
    },
    {
      id: "oversight.finding",
      title: "已办结的疑点",
      period: "task",
      table: "oversight.finding",
      // One that is still found would come up anew.
      event: "CASE WHEN NOT t.holds THEN t.closed_on END",
      county: "left(t.region, 6)",
      where: "t.facts <> '{}'",
      set: emptied,
      person: "t.person_id",
    },
    {
      id: "oversight.material",
      title: "疑点核查材料",
      period: "task",
      table: "platform.file",
      event:
        "(SELECT max(f.closed_on) FROM oversight.finding_event e JOIN oversight.finding f ON f.finding_id = e.finding_id WHERE e.file_id = t.file_id HAVING bool_and(f.closed_on IS NOT NULL))",
      county: "left(t.region, 6)",
      where: "t.expires_at IS NULL AND t.purpose = '疑点核查材料'",
      set: "expires_at = now()",
      file: "t.key",
    },
  ],
  erasure: [
    events("t.person_id = x.old_id"),
    {
      table: "platform.file",
      files: true,
      sql: `UPDATE platform.file f SET expires_at = now() FROM oversight.finding_event e, oversight.finding t, erasing x
        WHERE t.person_id = x.old_id AND e.finding_id = t.finding_id AND f.file_id = e.file_id AND f.expires_at IS NULL RETURNING f.key AS file_key`,
    },
    {
      table: "oversight.finding",
      sql: `UPDATE oversight.finding t SET ${emptied} FROM erasing e WHERE t.person_id = e.old_id`,
    },
  ],
  holds: [
    {
      label: "疑点未办结",
      persons: "SELECT person_id FROM oversight.finding WHERE state <> 'closed' AND person_id IS NOT NULL",
    },
  ],
};
