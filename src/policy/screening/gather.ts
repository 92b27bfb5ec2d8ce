import { divisionPrefix, type PreparedMeasure } from "#kernel";
import type { SqlRunner } from "../../platform/db/database.ts";
import { decisionsSql, factRowsSql, type OfficeClaims, type ScreeningScope } from "./statement.ts";
import { quoteLiteral } from "./text.ts";

/**
 * What several measures of one source read is gathered once, into temporary tables of the transaction: the rows of the source in scope, and the
 * claims that their limits count. The statement of each measure is then short, quickly planned, and reads its own division's rows only.
 */

const FACTS = "gathered_fact";
const CLAIMS = "gathered_claim";

export interface Question {
  readonly scope: ScreeningScope;
  readonly asOf: string;
}

/** SQL of type boolean over the source's rows: those that the rule may be about. Any other row it refuses for want of jurisdiction. */
function isOwn({ source, regionFact, definition }: PreparedMeasure): string {
  const column = source.fields.find(({ name }) => name === regionFact)!.column;
  return `(${column} IS NULL OR starts_with(${column}, ${quoteLiteral(divisionPrefix(definition.region))}))`;
}

/**
 * Gathers the rows of the source that all rules share. Returns how many there are, and by rule how many of them lie in its division or in
 * none.
 */
export async function gatherFacts(
  run: SqlRunner,
  rules: readonly [PreparedMeasure, ...PreparedMeasure[]],
  question: Question,
): Promise<{ readonly all: number; readonly own: readonly number[] }> {
  await run.query(`CREATE TEMP TABLE ${FACTS} ON COMMIT DROP AS ${factRowsSql(rules[0].source, question)}`);
  const counts = rules.map((rule, index) => `count(*) FILTER (WHERE ${isOwn(rule)}) AS own_${index}`);
  const counted = await run.query<Record<string, string>>(
    `SELECT count(*) AS total, ${counts.join(", ")} FROM ${FACTS}`,
  );
  const row = counted.rows[0]!;
  return { all: Number(row["total"]), own: rules.map((_, index) => Number(row[`own_${index}`])) };
}

/** Gathers the claims that the limits of these rules count; of persons in scope only, where all of the limits are theirs. */
export async function gatherClaims(
  run: SqlRunner,
  rules: readonly PreparedMeasure[],
  claims: OfficeClaims,
  { scope }: Question,
): Promise<void> {
  const limits = rules.flatMap((rule) =>
    rule.limits.map((limit) => ({
      key: limit.key,
      per: limit.per,
      names: [...limit.per, ...(limit.unlessSame ? [limit.unlessSame] : [])],
      subjects: rule.source.subjects,
    })),
  );
  if (limits.length === 0) return;
  const counted = new Set(limits.flatMap(({ names }) => names));
  const subjects = Object.entries(claims.subjects).filter(([name]) => counted.has(name));
  const person = subjects.find(([name]) =>
    limits.every((limit) => limit.per.includes(name) && limit.subjects[name]?.column === "person_id"),
  );
  const bounds = [
    `c.benefit_key IN (${[...new Set(limits.map(({ key }) => quoteLiteral(key)))].join(", ")})`,
    ...(person && scope.kind === "persons" ? [`c."${person[1]}" IN (SELECT person_id FROM ${scope.table})`] : []),
  ];
  await run.query(`CREATE TEMP TABLE ${CLAIMS} ON COMMIT DROP AS
    SELECT c.benefit_key, c.event_date, c.months${subjects.map(([, column]) => `, c."${column}"`).join("")} FROM (${claims.sql}) c WHERE ${bounds.join(" AND ")}`);
}

/** Statements by rule: the same for every scope, and long enough that writing them takes a while. */
const written = new WeakMap<PreparedMeasure, { readonly asOf: string; readonly sql: string }>();

/** `decisionsSql` over what was gathered. */
export function gatheredDecisionsSql(rule: PreparedMeasure, claims: OfficeClaims, asOf: string): string {
  const known = written.get(rule);
  if (known?.asOf === asOf) return known.sql;
  const sql = decisionsSql(
    { ...rule, source: { ...rule.source, sql: `SELECT * FROM ${FACTS} WHERE ${isOwn(rule)}` } },
    { ...claims, sql: `SELECT * FROM ${CLAIMS}` },
    { scope: { kind: "whole" }, asOf },
  );
  written.set(rule, { asOf, sql });
  return sql;
}
