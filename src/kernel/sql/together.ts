import { rivalSubjects } from "../rule/limits.ts";
import { EVENT_DATE, type PreparedMeasure } from "../rule/prepared.ts";
import { defineAmount, type AmountSql } from "./amount.ts";
import type { RuleColumns } from "./columns.ts";
import { bucketOf, isRolling, subjectColumn, type LimitSql } from "./limits.ts";
import type { Stages } from "./stages.ts";
import { all } from "./text.ts";

export interface Rivals {
  /** Common table expressions, the last of which is recursive, to stand after the stages so far. */
  readonly ctes: readonly string[];
  /** The stages that follow: what the first ones knew, and what was taken before each row. */
  readonly stages: Stages;
  /** What is left of each limit after those before. */
  readonly left: readonly string[];
  readonly amount: AmountSql | undefined;
}

/**
 * Lets the rows of a scope compete for what limits leave (see `decideTogether`). Rows that would be eligible alone take their turns, in
 * all groups of rivals at once: the state of a group is the list of what has been taken, as arrays; each turn judges one more row of
 * every group against it. Then every row is judged anew by what was taken before it. Rows without rivals are not touched.
 */
export function settleRivals(
  rule: PreparedMeasure,
  limits: readonly LimitSql[],
  columns: RuleColumns,
  first: Stages,
  alone: { readonly best: string; readonly left: readonly string[]; readonly amount: AmountSql | undefined },
): Rivals {
  const { source } = rule;
  const common = rivalSubjects(rule);
  const own = (name: string) => subjectColumn(source, name);
  const group = common.map(own);
  const partition = group.length === 0 ? "" : `PARTITION BY ${group.join(", ")} `;
  const event = columns.special(EVENT_DATE);
  const order = [event, ...source.key.map((_, index) => `k${index}`)].join(", ");
  first.define("place", `row_number() OVER (${partition}ORDER BY ${order})`);
  first.define("rivals", `count(*) OVER (${partition.trim()})`);
  const others = [
    ...new Set(rule.limits.flatMap(({ per, unlessSame }) => [...per, ...(unlessSame ? [unlessSame] : [])])),
  ].filter((name) => !common.includes(name));
  const monthly = rule.definition.grain === "month" ? "1" : "NULL";
  /** What a row that is taken adds to each array of the state. */
  const adds = (amount: AmountSql | undefined) => [
    { array: "t_days", adds: event },
    { array: "t_months", adds: `(${amount?.months ?? monthly})::bigint` },
    { array: "t_places", adds: "place" },
    ...others.map((name) => ({ array: `t_${own(name)}`, adds: own(name) })),
  ];
  const arrays = adds(alone.amount).map(({ array }) => array);
  const as = rule.limits.some((limit) => limit.as);
  const judge = (stages: Stages, prefix: string) => {
    const left = limits.map((limit, index) =>
      stages.define(
        `${prefix}left_${index}`,
        leftSql(limit, index, alone.left[index]!, { own, common, others, arrays, event }),
      ),
    );
    for (const [index, limit] of limits.entries())
      if (limit.limit.as) columns.settle(limit.limit.as, left[index]!, limit.blame);
    const amount = as && rule.amount ? defineAmount(rule.amount, columns, stages, prefix) : alone.amount;
    return { left, amount };
  };
  const { ctes, last } = first.ctes();
  const tie = (a: string, b: string) => all(group.map((column) => `${a}.${column} = ${b}.${column}`));
  const rival = `rival AS (SELECT row_number() OVER (${partition}ORDER BY place) AS turn, count(*) OVER (${partition.trim()}) AS turns, t.*
FROM ${last} t WHERE rivals > 1 AND ${alone.best} = 1)`;
  const step = first.continued(
    `SELECT r.*, ${arrays.map((array) => `w.${array}`).join(", ")} FROM turn w JOIN rival r ON ${all([tie("w", "r"), "r.turn = w.turn + 1"])}`,
    arrays,
    "",
  );
  const here = judge(step, "turn_");
  const taken = step.define(
    "is_taken",
    all([
      ...here.left.map((left) => `${left} > 0`),
      ...(as ? (here.amount?.judged ?? []).map((one) => one.column) : []),
    ]),
  );
  const carried = ["turn", "turns", ...group];
  const turn = `turn AS (SELECT ${[...carried, ...adds(alone.amount).map((one) => `ARRAY[${one.adds}] AS ${one.array}`)].join(", ")} FROM rival WHERE turn = 1
UNION ALL SELECT ${[...carried, ...adds(here.amount).map((one) => `CASE WHEN ${taken} THEN ${one.array} || ${one.adds} ELSE ${one.array} END`)].join(", ")}
FROM ${step.nested()})`;
  const stages = first.continued(
    `SELECT t.*, ${arrays.map((array) => `w.${array}`).join(", ")} FROM ${last} t LEFT JOIN turn w ON ${all(["t.rivals > 1", "w.turn = w.turns", tie("t", "w")])}`,
    arrays,
    "settled",
  );
  return { ctes: [...ctes, rival, turn], stages, ...judge(stages, "settled_") };
}

interface Taken {
  readonly own: (name: string) => string;
  readonly common: readonly string[];
  readonly others: readonly string[];
  readonly arrays: readonly string[];
  readonly event: string;
}

/** What is left of a limit when those before have taken theirs: `left` less what they took, years being counted once each. */
function leftSql({ limit, most, known }: LimitSql, index: number, left: string, taken: Taken): string {
  const { own, common, others, arrays, event } = taken;
  const bucket = limit.counts === "years" ? null : bucketOf(limit.within, "o.day");
  const conditions = [
    "o.at < place",
    ...limit.per.filter((name) => !common.includes(name)).map((name) => `o.of_${own(name)} = ${own(name)}`),
    ...(limit.unlessSame ? [`o.of_${own(limit.unlessSame)} IS DISTINCT FROM ${own(limit.unlessSame)}`] : []),
    ...(bucket ? [`${bucket} = ${bucketOf(limit.within, event)}`] : []),
    ...(limit.within === "滚动12个月" ? [isRolling("o.day", event)] : []),
  ];
  // None of these names is a column of the row: an unqualified name would mean the inner one.
  const names = ["day", "spent", "at", ...others.map((name) => `of_${own(name)}`)];
  const rows = `unnest(${arrays.join(", ")}) AS o(${names.join(", ")}) WHERE ${all(conditions)}`;
  if (limit.counts === "years") {
    const years = `SELECT unnest(years_${index}) UNION SELECT date_part('year', o.day) FROM ${rows}`;
    const used = `(SELECT count(*) FROM (${years}) AS y(year) WHERE y.year <> date_part('year', ${event}))`;
    return `CASE WHEN t_days IS NULL THEN ${left} WHEN ${known} THEN GREATEST(0, ${most} - ${used})::bigint END`;
  }
  const used = `(SELECT ${limit.counts === "months" ? "COALESCE(sum(o.spent), 0)" : "count(*)"} FROM ${rows})`;
  return `CASE WHEN t_days IS NULL THEN ${left} WHEN ${left} IS NOT NULL THEN GREATEST(0, ${left} - ${used})::bigint END`;
}
