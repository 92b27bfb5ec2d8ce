import { checkStatement, type FactSource, type PreparedCheck } from "#kernel";
import type { SqlRunner } from "../../platform/db/database.ts";
import { placeholders, ROW_PERSON, ROW_REGION, type ScreeningScope } from "../screening/statement.ts";
import { quoteLiteral } from "../screening/text.ts";

/** What a check answers that somebody must look into; the others are counted. */
const FOUND = "('VIOLATION', 'WARNING', 'SUSPECTED')";

/** Things that belong to one person: rows of one of them all lie within a scope of persons. */
const OF_ONE_PERSON = [
  "person_id",
  "placement_id",
  "employment_id",
  "past_benefit_id",
  "introduction_id",
  "signing_id",
];

/** The subjects by which rows are one finding, at the end of the row's own key, with its owners. */
function withSubjects(rule: PreparedCheck): PreparedCheck {
  const { source, definition } = rule;
  const per = definition.per.map((subject) => source.subjects[subject]!);
  return { ...rule, source: { ...source, key: [...source.key, ...per, ROW_REGION, ROW_PERSON] } };
}

/**
 * SELECT of the findings of a check over a scope, one per subject: `subject_key` and `person_id` (which stands beside the key and not in it, so
 * that a finding goes where the person's facts go when two records are made one), `region`, `outcome`, `event_on` and `facts` of the latest row, `rows` and `first_event_on` of all; and, where nothing was found, rows of `outcome` alone for counting.
 */
function judgedSql(rule: PreparedCheck, options: { readonly scope: ScreeningScope; readonly asOf: string }): string {
  const { source, definition } = rule;
  const subjects = definition.per.map((name) => source.subjects[name]!);
  const isBeside = ({ column }: { readonly column: string }) => isOfPersons(rule) && column === "person_id";
  const own = source.key.map((key, index) => (isBeside(key) ? `'*'` : `d.k${index}`));
  const all = subjects.map((_, index) => `d.k${source.key.length + index}`);
  const per = subjects.map((subject, index) => (isBeside(subject) ? `'*'` : all[index]!));
  const [region, person] = [source.key.length + all.length, source.key.length + all.length + 1];
  const whole = `concat_ws('|', ${own.join(", ")})`;
  // A row that lacks one of the subjects is a finding of its own.
  const subject =
    per.length === 0
      ? whole
      : `CASE WHEN num_nulls(${all.join(", ")}) = 0 THEN concat_ws('|', ${per.join(", ")}) ELSE '#' || ${whole} END`;
  const statement = checkStatement(withSubjects(rule), {
    placeholders: placeholders(options.scope, options.asOf),
    asOf: `${quoteLiteral(options.asOf)}::date`,
    withFacts: true,
  });
  return `SELECT ${subject} AS subject_key, ${whole} AS row_key, d.k${region} AS region, ${isOfPersons(rule) ? `d.k${person}` : "NULL::bigint"} AS person_id, d.outcome, d.event_date, d.facts
  FROM (${statement}) d`;
}

export interface CheckCount {
  readonly outcome: string;
  readonly rows: number;
}

/**
 * Judges every row in scope into the temporary tables `judged_count` (county, outcome, rows) and `found` (see `judgedSql`) of this
 * transaction. Returns how the rows came out.
 */
export async function judgeRows(
  run: SqlRunner,
  rule: PreparedCheck,
  options: { readonly scope: ScreeningScope; readonly asOf: string },
): Promise<readonly CheckCount[]> {
  await run.query("DROP TABLE IF EXISTS judged, judged_count, found");
  // What is in order is counted and not kept: of most checks that is nearly everything.
  await run.query(`CREATE TEMP TABLE judged ON COMMIT DROP AS SELECT subject_key, row_key, region, person_id, outcome, event_date,
      CASE WHEN outcome IN ${FOUND} THEN facts END AS facts FROM (${judgedSql(rule, options)}) j WHERE outcome <> 'NOT_APPLICABLE'`);
  await run.query(`CREATE TEMP TABLE judged_count ON COMMIT DROP AS
    SELECT left(region, 6) AS county, outcome, count(*) AS rows FROM judged WHERE region IS NOT NULL GROUP BY 1, 2`);
  await run.query(`CREATE TEMP TABLE found ON COMMIT DROP AS
    SELECT DISTINCT ON (subject_key, person_id) subject_key, region, person_id, outcome, event_date AS event_on, facts,
      count(*) OVER subject AS rows, min(event_date) OVER subject AS first_event_on
    FROM judged WHERE outcome IN ${FOUND} AND region IS NOT NULL WINDOW subject AS (PARTITION BY subject_key, person_id)
    ORDER BY subject_key, person_id, event_date DESC, row_key`);
  const counted = await run.query<{ outcome: string; rows: string }>(
    "SELECT outcome, sum(rows) AS rows FROM judged_count GROUP BY outcome ORDER BY outcome",
  );
  return counted.rows.map(({ outcome, rows }) => ({ outcome, rows: Number(rows) }));
}

/** Whether what a batch touched of persons is all that the check needs to see: else it waits for the night. */
export function isOfPersons({ source, definition }: PreparedCheck): boolean {
  const columns = (definition.per.length === 0 ? Object.keys(source.subjects) : definition.per).map(
    (subject) => source.subjects[subject]!.column,
  );
  const isPersonal = (of: FactSource) => Object.values(of.subjects).some(({ column }) => column === "person_id");
  const one = (column: string) => OF_ONE_PERSON.includes(column);
  return isPersonal(source) && (definition.per.length === 0 || columns.some(one));
}
