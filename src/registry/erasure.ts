import type { ErasureStep, Holdings, RetentionRule } from "../platform/privacy/index.ts";

/** Stands for a text that may not be empty and whose words are gone. */
const cleared = "'（已清除）'";
const county = "left(t.home_region, 6)";
const monthEnd = "(t.month + interval '1 month' - interval '1 day')::date";
const gone = (entity: string, title: string, event: string, key: string): RetentionRule => ({
  id: `registry.${entity}`,
  title,
  period: "reported",
  table: `registry.${entity}`,
  event,
  county,
  person: "t.person_id",
  history: { entity, key },
});

/** Rows whose own time is over. */
export const rules: readonly RetentionRule[] = [
  {
    id: "registry.employment",
    title: "已结束的务工经历",
    period: "spell",
    table: "registry.employment",
    event: "t.end_date",
    county,
    where: `t.employer_name <> ${cleared}`,
    // What months count stays: when, where, in which form, and the digest of the employer's name.
    set: `employer_name = ${cleared}, end_reason = NULL, channel = NULL, industry = NULL, occupation = NULL, monthly_wage_fen = NULL`,
    person: "t.person_id",
    history: { entity: "employment", key: "jsonb_build_object('employment_id', t.employment_id::text)" },
  },
  {
    id: "registry.person_category",
    title: "已退出类别的说明",
    period: "category",
    table: "registry.person_category",
    event: "t.valid_to",
    county,
    where: "t.detail IS NOT NULL",
    set: "detail = NULL",
    person: "t.person_id",
    history: {
      entity: "person_category",
      key: "jsonb_build_object('category', t.category, 'valid_from', t.valid_from::text)",
    },
  },
  gone(
    "contract",
    "已终止的劳动合同备案",
    "t.end_date",
    "jsonb_build_object('employer_key', t.employer_key::text, 'start_date', t.start_date::text)",
  ),
  gone(
    "insurance_month",
    "参保缴费记录",
    monthEnd,
    "jsonb_build_object('month', t.month::text, 'kind', t.kind, 'employer_key', t.employer_key::text)",
  ),
  gone(
    "wage_month",
    "工资发放记录",
    monthEnd,
    "jsonb_build_object('month', t.month::text, 'employer_key', t.employer_key::text)",
  ),
  gone("other_record", "其他台账记录", monthEnd, "jsonb_build_object('title', t.title, 'month', t.month::text)"),
  {
    id: "registry.comparison",
    title: "已办结的比对任务",
    period: "task",
    table: "registry.comparison",
    event: "(t.decided_at AT TIME ZONE 'Asia/Shanghai')::date",
    county,
    where: "t.state <> 'open'",
    person: "t.person_id",
  },
];

const remove = (table: string): ErasureStep => ({
  table: `registry.${table}`,
  sql: `DELETE FROM registry.${table} t USING erasing e WHERE t.person_id = e.old_id`,
});

/** A person's shell keeps what closed months count: his home's village and the state he was in; his number is a new one, by chance. */
const shell: ErasureStep = {
  table: "registry.person",
  when: "first",
  sql: `INSERT INTO registry.person (person_id, name, identity_mask, home_region, life_state, secret, recorded_on, source, created_batch)
    SELECT e.new_id, ${cleared}, '', p.home_region, p.life_state, e.empty_secret, p.recorded_on, p.source, p.created_batch
    FROM registry.person p JOIN erasing e ON e.old_id = p.person_id`,
};
const EMPLOYMENT =
  "employment_id, employer_key, work_region, start_date, start_precision, end_date, end_precision, previous_end, form, home_region, recorded_on, source, created_batch";
const CATEGORY =
  "category, valid_from, valid_from_precision, valid_to, home_region, recorded_on, source, created_batch";

/** How persons are let go of. */
export const erasure: readonly ErasureStep[] = [
  shell,
  {
    table: "registry.employment",
    sql: `WITH gone AS (DELETE FROM registry.employment t USING erasing e WHERE t.person_id = e.old_id RETURNING t.*, e.new_id)
      INSERT INTO registry.employment (person_id, employer_name, ${EMPLOYMENT}) SELECT new_id, ${cleared}, ${EMPLOYMENT} FROM gone`,
  },
  {
    table: "registry.person_category",
    sql: `WITH gone AS (DELETE FROM registry.person_category t USING erasing e WHERE t.person_id = e.old_id RETURNING t.*, e.new_id)
      INSERT INTO registry.person_category (person_id, ${CATEGORY}) SELECT new_id, ${CATEGORY} FROM gone`,
  },
  ...[
    "person_access",
    "person_to_verify",
    "contract",
    "insurance_month",
    "wage_month",
    "other_record",
    "comparison",
  ].map(remove),
  {
    table: "registry.household",
    sql: `UPDATE registry.household h SET head_name = NULL FROM erasing e JOIN registry.person p ON p.person_id = e.old_id
      WHERE h.household_id = p.household_id AND h.head_name = p.name`,
  },
  {
    table: "registry.household",
    when: "last",
    // Of whom nobody is left.
    sql: `DELETE FROM registry.household h USING erasing e, registry.person p WHERE p.person_id = e.old_id AND h.household_id = p.household_id
      AND NOT EXISTS (SELECT FROM registry.person o WHERE o.household_id = h.household_id AND o.person_id NOT IN (SELECT old_id FROM erasing))`,
  },
  { ...remove("person_key"), when: "last" },
  {
    table: "registry.person",
    when: "last",
    sql: "DELETE FROM registry.person t USING erasing e WHERE t.person_id = e.old_id",
  },
  // After the rows themselves: what their triggers noted of this is not history.
  {
    table: "registry.change",
    when: "last",
    counts: true,
    sql: "SELECT registry.forget_persons(array_agg(old_id), array_agg(new_id)) AS n FROM erasing",
  },
  // Whoever asked for it may still have been here; nobody is from now on. That he was, months know.
  {
    table: "registry.person",
    when: "last",
    sql: "UPDATE registry.person t SET life_state = 'moved' FROM erasing e WHERE t.person_id = e.new_id AND t.life_state = 'active'",
  },
];

/** What goes when a consent is taken back: the words, and what the history says of them. */
export const withdrawals: NonNullable<Holdings["withdrawals"]> = [
  {
    kind: "health",
    table: "registry.change",
    counts: true,
    sql: "SELECT registry.forget_cells(array_agg(person_id), ARRAY['health', 'labour_capacity']) AS n FROM withdrawn",
  },
  {
    kind: "health",
    table: "registry.person",
    sql: `UPDATE registry.person t SET health = NULL, labour_capacity = NULL, cell_sources = t.cell_sources - ARRAY['health', 'labour_capacity'], version = version + 1
        FROM withdrawn w WHERE t.person_id = w.person_id AND (t.health IS NOT NULL OR t.labour_capacity IS NOT NULL)`,
  },
  {
    kind: "disability",
    table: "registry.change",
    counts: true,
    sql: `SELECT registry.forget_rows('person_category', array_agg(t.person_id), array_agg(jsonb_build_object('category', t.category, 'valid_from', t.valid_from::text))) AS n
        FROM registry.person_category t JOIN withdrawn w USING (person_id) WHERE t.category = 'disabled-rural' AND t.detail IS NOT NULL`,
  },
  {
    kind: "disability",
    table: "registry.person_category",
    sql: `UPDATE registry.person_category t SET detail = NULL, version = version + 1 FROM withdrawn w
        WHERE t.person_id = w.person_id AND t.category = 'disabled-rural' AND t.detail IS NOT NULL`,
  },
];
