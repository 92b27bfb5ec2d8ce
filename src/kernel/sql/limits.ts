import type { PreparedLimit } from "../rule/prepared.ts";
import type { FactSource, KeyColumn } from "../facts/source.ts";
import { EVENT_DATE } from "../rule/prepared.ts";
import { blame, guarded, type Blame } from "./blame.ts";
import type { RuleColumns } from "./columns.ts";
import { expressionSql } from "./expression.ts";
import type { Join } from "./stages.ts";
import { all, identifier, literal } from "./text.ts";

/** The claims that limits count: paid or approved, of every county and payee, without those that are being decided. */
export interface ClaimsRelation {
  /** SELECT with `benefit_key text, event_date date, months integer` and one column for each subject below. */
  readonly sql: string;
  /** Subject, e.g. 劳动者 → its column. */
  readonly subjects: Readonly<Record<string, string>>;
}

export interface LimitSql {
  readonly limit: PreparedLimit;
  /** A common table expression with what was used, one row per those whom the limit counts; empty without claims. */
  readonly cte: string;
  readonly join: Join;
  /** Holds where it can be said what is left. */
  readonly known: string;
  /** How much there is, and how much of it the claims have used. */
  readonly most: string;
  readonly used: string;
  /** Of limits in years: the years with a claim. */
  readonly years: string;
  readonly blame: readonly Blame[];
}

/** The window of a day, for windows that are parts of the calendar; in numbers, which neither a time zone nor a locale touches. */
export const bucketOf = (within: PreparedLimit["within"], day: string): string | null => {
  if (within === "自然年") return `date_part('year', ${day})`;
  if (within === "自然月") return `(date_part('year', ${day}) * 12 + date_part('month', ${day}))`;
  return null;
};

/** Twelve rolling months end on the event date (see `isWithin`). */
export const isRolling = (day: string, event: string): string =>
  `${day} <= ${event} AND ${day} > (${event} - interval '12 months')::date`;

/** One limit as a hash join: claims are gathered once per person and window, never searched row by row. */
export function limitSql(
  limit: PreparedLimit,
  index: number,
  source: FactSource,
  columns: RuleColumns,
  claims: ClaimsRelation,
): LimitSql {
  const table = `limit_${index}`;
  const event = columns.special(EVENT_DATE);
  const subject = (name: string): string => {
    const found = claims.subjects[name];
    if (!found) throw new Error(`claims have no column for ${name}`);
    return `c.${identifier(found)}`;
  };
  const bucket = limit.counts === "years" ? null : bucketOf(limit.within, "c.event_date");
  const per = limit.per.map((name, position) => ({
    claim: subject(name),
    own: subjectColumn(source, name),
    as: `of${position}`,
  }));
  const selects = [
    ...per.map(({ claim, as }) => `${claim} AS ${as}`),
    ...(bucket ? [`${bucket} AS bucket`] : []),
    "count(*) AS n",
    "sum(COALESCE(c.months, 0)) AS months",
    ...(limit.counts === "years" ? ["array_agg(DISTINCT date_part('year', c.event_date)) AS years"] : []),
    ...(limit.within === "滚动12个月"
      ? ["array_agg(c.event_date) AS dates", "array_agg(COALESCE(c.months, 0)) AS each_months"]
      : []),
    ...(limit.unlessSame ? [`array_agg(${subject(limit.unlessSame)}) AS others`] : []),
  ];
  const grouped = [...per.map(({ claim }) => claim), ...(bucket ? [bucket] : [])];
  const matches = [
    ...per.map(({ own, as }) => `${table}.${as} = ${own}`),
    ...(bucket ? [`${table}.bucket = ${bucketOf(limit.within, event)}`] : []),
  ];
  const subjects = [...limit.per, ...(limit.unlessSame ? [limit.unlessSame] : [])].map((name) => ({
    name,
    own: subjectColumn(source, name),
  }));
  const dated = limit.counts === "years" || limit.within !== "一生";
  const most = limit.most ? expressionSql(limit.most, columns) : "1::bigint";
  return {
    limit,
    cte: `${table} AS (SELECT ${selects.join(", ")} FROM (${claims.sql}) c WHERE c.benefit_key = ${literal(limit.key)} GROUP BY ${grouped.join(", ")})`,
    join: { table, on: all(matches) },
    known: all([
      ...subjects.map(({ own }) => `${own} IS NOT NULL`),
      ...(dated ? [`${event} IS NOT NULL`] : []),
      ...(limit.most && limit.most.op !== "literal" ? [`(${most}) IS NOT NULL`] : []),
    ]),
    most,
    used: `COALESCE(${usedSql(limit, table, source, event)}, 0)`,
    years: `${table}.years`,
    blame: [
      ...subjects.map(({ name, own }): Blame => ({ kind: "fact", name, guard: `${own} IS NULL` })),
      ...(dated ? guarded(columns.blameSpecial(EVENT_DATE), `${event} IS NULL`) : []),
      ...(limit.most ? guarded(blame(limit.most, columns), `(${most}) IS NULL`) : []),
    ],
  };
}

function usedSql(limit: PreparedLimit, table: string, source: FactSource, event: string): string {
  if (limit.counts === "years") return `cardinality(array_remove(${table}.years, date_part('year', ${event})))`;
  const other = limit.unlessSame ? `o.other IS DISTINCT FROM ${subjectColumn(source, limit.unlessSame)}` : "true";
  if (limit.within === "滚动12个月") {
    const arrays = `${table}.dates, ${table}.each_months${limit.unlessSame ? `, ${table}.others` : ""}`;
    const rows = `unnest(${arrays}) AS o(day, months${limit.unlessSame ? ", other" : ""})`;
    return `(SELECT ${limit.counts === "months" ? "sum(o.months)" : "count(*)"} FROM ${rows} WHERE ${isRolling("o.day", event)} AND ${other})`;
  }
  if (limit.unlessSame) return `(SELECT count(*) FROM unnest(${table}.others) AS o(other) WHERE ${other})`;
  return limit.counts === "months" ? `${table}.months` : `${table}.n`;
}

/** The column of the statement that identifies a subject. */
export const subjectColumn = (source: FactSource, name: string): string =>
  `u${Object.keys(source.subjects).indexOf(name)}`;

export const subjectSelects = (source: FactSource): readonly string[] =>
  Object.entries(source.subjects).map(([name, key]) => `${keySql(key)} AS ${subjectColumn(source, name)}`);

export const keySql = ({ column, type }: KeyColumn): string => `s.${identifier(column)}::${type}`;
