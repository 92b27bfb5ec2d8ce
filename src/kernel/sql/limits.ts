import type { PreparedLimit } from "../rule/prepared.ts";
import type { FactSource, KeyColumn } from "../facts/source.ts";
import { blame, guarded, type Blame } from "./blame.ts";
import type { RuleColumns } from "./columns.ts";
import { expressionSql } from "./expression.ts";
import { all, identifier, literal } from "./text.ts";

/** The claims that limits count: paid or approved, of every county and payee, without those that are being decided. */
export interface ClaimsRelation {
  /** SELECT with `benefit_key text, event_date date, months integer` and one column for each subject below. */
  readonly sql: string;
  /** Subject, e.g. 劳动者 → its column. */
  readonly subjects: Readonly<Record<string, string>>;
}

export interface LimitSql {
  /** A common table expression with what was used, one row per those whom the limit counts; empty without claims. */
  readonly cte: string;
  readonly join: string;
  /** What is left, bigint, NULL for unknown. */
  readonly left: string;
  readonly column: string;
  readonly blame: readonly Blame[];
}

const bucketOf = { 自然年: "year", 自然月: "month" } as const;

/** One limit as a hash join: claims are gathered once per person and window, never searched row by row. */
export function limitSql(
  limit: PreparedLimit,
  index: number,
  source: FactSource,
  columns: RuleColumns,
  claims: ClaimsRelation,
): LimitSql {
  const [table, column] = [`limit_${index}`, `left_${index}`];
  const subject = (name: string): string => {
    const found = claims.subjects[name];
    if (!found) throw new Error(`claims have no column for ${name}`);
    return `c.${identifier(found)}`;
  };
  const bucket =
    limit.counts === "years" || limit.within === "一生" || limit.within === "滚动12个月"
      ? null
      : bucketOf[limit.within];
  const month = (date: string) => `date_trunc('${bucket}', ${date})::date`;
  const per = limit.per.map((name, position) => ({
    claim: subject(name),
    own: subjectColumn(source, name),
    as: `k${position}`,
  }));
  const grouped = [...per.map(({ claim }) => claim), ...(bucket ? [month("c.event_date")] : [])];
  const selects = [
    ...per.map(({ claim, as }) => `${claim} AS ${as}`),
    ...(bucket ? [`${month("c.event_date")} AS bucket`] : []),
    "count(*) AS n",
    "sum(COALESCE(c.months, 0)) AS months",
    ...(limit.counts === "years" ? ["array_agg(DISTINCT date_part('year', c.event_date)) AS years"] : []),
    ...(limit.within === "滚动12个月"
      ? ["array_agg(c.event_date) AS dates", "array_agg(COALESCE(c.months, 0)) AS each_months"]
      : []),
    ...(limit.unlessSame ? [`array_agg(${subject(limit.unlessSame)}) AS others`] : []),
  ];
  const matches = [
    ...per.map(({ own, as }) => `${table}.${as} = ${own}`),
    ...(bucket ? [`${table}.bucket = ${month("event_date")}`] : []),
  ];
  const subjects = [...limit.per, ...(limit.unlessSame ? [limit.unlessSame] : [])].map((name) => ({
    name,
    own: subjectColumn(source, name),
  }));
  const dated = limit.counts === "years" || limit.within !== "一生";
  const most = limit.most ? expressionSql(limit.most, columns) : "1";
  const present = [
    ...subjects.map(({ own }) => `${own} IS NOT NULL`),
    ...(dated ? ["event_date IS NOT NULL"] : []),
    ...(limit.most ? [`(${most}) IS NOT NULL`] : []),
  ];
  return {
    cte: `${table} AS (SELECT ${selects.join(", ")} FROM (${claims.sql}) c WHERE c.benefit_key = ${literal(limit.key)} GROUP BY ${grouped.join(", ")})`,
    join: `LEFT JOIN ${table} ON ${all(matches)}`,
    left: `CASE WHEN ${all(present)} THEN GREATEST(0, ${most} - COALESCE(${usedSql(limit, table, source)}, 0))::bigint END`,
    column,
    blame: [
      ...subjects.map(({ name, own }): Blame => ({ kind: "fact", name, guard: `${own} IS NULL` })),
      ...(dated ? guarded(columns.blameSpecial("事件日"), "event_date IS NULL") : []),
      ...(limit.most ? guarded(blame(limit.most, columns), `(${most}) IS NULL`) : []),
    ],
  };
}

function usedSql(limit: PreparedLimit, table: string, source: FactSource): string {
  if (limit.counts === "years") return `cardinality(array_remove(${table}.years, date_part('year', event_date)))`;
  const other = limit.unlessSame ? `o.other IS DISTINCT FROM ${subjectColumn(source, limit.unlessSame)}` : "true";
  if (limit.within === "滚动12个月") {
    const arrays = `${table}.dates, ${table}.each_months${limit.unlessSame ? `, ${table}.others` : ""}`;
    const rows = `unnest(${arrays}) AS o(day, months${limit.unlessSame ? ", other" : ""})`;
    const window = "o.day <= event_date AND o.day > (event_date - interval '12 months')::date";
    return `(SELECT ${limit.counts === "months" ? "sum(o.months)" : "count(*)"} FROM ${rows} WHERE ${window} AND ${other})`;
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
