import {
  decideTogether,
  explainMeasure,
  waysToEligible,
  type Claim,
  type Decision,
  type Explanation,
  type Facts,
  type FactSource,
  type PreparedMeasure,
  type Question,
  type Way,
} from "#kernel";
import { runnerOf, type SqlRunner, type Tx } from "../../platform/db/database.ts";
import type { LoadedMeasure } from "../versions/rulebook.ts";
import { factRowsSql, ROW_REGION, type OfficeClaims, type ScreeningScope } from "./statement.ts";
import { quoteLiteral } from "./text.ts";

/** One possible claim of a person, with every reason. */
export interface Entitlement {
  readonly measure: LoadedMeasure;
  readonly rowKey: string;
  readonly region: string | null;
  /** What registers hold of the row, without anything that was only stated. */
  readonly facts: Facts;
  /** Numbers of the source's subjects. */
  readonly subjects: NonNullable<Question["subjects"]>;
  readonly explanation: Explanation;
  /** 差什么: empty when the person is entitled, or nothing that can change would help. */
  readonly ways: readonly Way[];
}

type Row = Readonly<Record<string, unknown>>;

interface AskedRow {
  readonly row: Row;
  readonly held: Facts;
  readonly question: Question;
}

/** Facts of a source's row by their FEEL names; the driver gives bigint as text. */
export function factsOfRow(source: FactSource, row: Row): Facts {
  return Object.fromEntries(
    source.fields.map(({ name, column, type }) => {
      const value = row[column];
      const known = value === null || value === undefined ? null : value;
      return [name, known !== null && (type === "integer" || type === "fen") ? Number(known) : known];
    }),
  ) as Facts;
}

/** Ids and other keys: text, or numbers that fit. */
const text = (value: unknown): string | null =>
  typeof value === "string" ? value : typeof value === "number" || typeof value === "boolean" ? `${value}` : null;

/** Claims paid or approved that limits of the measure count for these rows' subjects. */
async function claimsOf(
  run: SqlRunner,
  rule: PreparedMeasure,
  relation: OfficeClaims,
  rows: readonly Row[],
): Promise<readonly Claim[]> {
  const keys = [...new Set(rule.limits.map(({ key }) => key))];
  if (keys.length === 0 || rows.length === 0) return [];
  const subjects = Object.entries(rule.source.subjects).filter(([name]) => relation.subjects[name]);
  const wanted = subjects.flatMap(([name, { column }]) => {
    const ids = [...new Set(rows.flatMap((row) => text(row[column]) ?? []))];
    return ids.length === 0 ? [] : [`c."${relation.subjects[name]}"::text IN (${ids.map(quoteLiteral).join(", ")})`];
  });
  if (wanted.length === 0) return [];
  const found = await run.query<Row & { benefit_key: string; event_date: string; months: number | null }>(
    `SELECT * FROM (${relation.sql}) c WHERE c.benefit_key IN (${keys.map(quoteLiteral).join(", ")}) AND (${wanted.join(" OR ")})`,
  );
  return found.rows.map((row) => ({
    key: row.benefit_key,
    date: row.event_date,
    ...(row.months === null ? {} : { months: Number(row.months) }),
    subjects: Object.fromEntries(Object.entries(relation.subjects).map(([name, column]) => [name, text(row[column])])),
  }));
}

const rowKeyOf = ({ source }: PreparedMeasure, row: Row): string =>
  source.key.map(({ column }) => text(row[column]) ?? "").join("|");

/** Rows that no claim has been made of: what became of the others stands with their claims. */
async function unclaimed(
  run: SqlRunner,
  rule: PreparedMeasure,
  { made }: OfficeClaims,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  if (made === undefined || rows.length === 0) return rows;
  const keys = rows.map((row) => quoteLiteral(rowKeyOf(rule, row)));
  const found = await run.query<{ row_key: string }>(
    `SELECT made.row_key FROM (${made}) made WHERE made.rule_path = ${quoteLiteral(rule.definition.file)} AND made.row_key IN (${keys.join(", ")})`,
  );
  const claimed = new Set(found.rows.map(({ row_key }) => row_key));
  return claimed.size === 0 ? rows : rows.filter((row) => !claimed.has(rowKeyOf(rule, row)));
}

/**
 * What the measures say of rows in scope, each row with its explanation; rows of one measure compete for what its limits leave. For
 * one person or a few: it reads every row and decides in this process.
 */
export async function explainRows(
  tx: Tx,
  measures: readonly LoadedMeasure[],
  claims: OfficeClaims,
  options: {
    readonly scope: ScreeningScope;
    readonly asOf: (measure: LoadedMeasure) => string;
    /** What an applicant states, by the names of facts: it fills what no register holds, and never stands before what one does. */
    readonly stated?: Facts;
  },
): Promise<readonly Entitlement[]> {
  const run = runnerOf(tx);
  const found: Entitlement[] = [];
  const rowsOf = new Map<string, readonly Row[]>();
  for (const measure of measures) {
    const { rule } = measure;
    if (!rule) continue;
    const asOf = options.asOf(measure);
    const cached = `${rule.source.name} ${asOf}`;
    const all = rowsOf.get(cached) ?? (await run.query(factRowsSql(rule.source, { scope: options.scope, asOf }))).rows;
    rowsOf.set(cached, all);
    const rows = await unclaimed(run, rule, claims, all);
    if (rows.length === 0) continue;
    const paid = await claimsOf(run, rule, claims, rows);
    const asked = rows.map((row): AskedRow => {
      const held = factsOfRow(rule.source, row);
      return {
        row,
        held,
        question: {
          facts: options.stated ? filled(held, options.stated) : held,
          subjects: Object.fromEntries(
            Object.entries(rule.source.subjects).map(([name, { column }]) => [name, text(row[column])]),
          ),
          claims: paid,
          asOf,
        },
      };
    });
    const decisions = decideTogether(
      rule,
      asked.map(({ question }) => question),
    );
    for (const [index, one] of asked.entries()) found.push(explained(measure, rule, one, decisions[index]!));
  }
  return found;
}

/** Facts with what is only stated in the place of what is missing. */
function filled(held: Facts, stated: Facts): Facts {
  const missing = Object.entries(stated).filter(([name]) => held[name] === null);
  return missing.length === 0 ? held : { ...held, ...Object.fromEntries(missing) };
}

function explained(
  measure: LoadedMeasure,
  rule: PreparedMeasure,
  { row, held, question }: AskedRow,
  decision: Decision,
): Entitlement {
  const alone = explainMeasure(rule, question);
  // Alone it may be payable and beside its siblings not: the limit says so then.
  const states = new Map(decision.conditions.map((one) => [one.id, one]));
  const explanation: Explanation = {
    ...alone,
    decision,
    conditions: alone.conditions.map((one) => ({ ...one, ...states.get(one.id) })),
  };
  return {
    measure,
    rowKey: rowKeyOf(rule, row),
    region: text(row[ROW_REGION.column]),
    facts: held,
    subjects: question.subjects ?? {},
    explanation,
    ways: decision.outcome === "NOT_ELIGIBLE" || decision.outcome === "NOT_YET" ? waysToEligible(rule, question) : [],
  };
}

/** Rows that concern the person at all: those of another province's rule only say that it is not his. */
export const isConcerned = ({ explanation }: Entitlement): boolean =>
  !explanation.decision.failed.includes("jurisdiction");
