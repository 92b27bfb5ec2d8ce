import type { Expression } from "../feel/ast.ts";
import { EVENT_DATE, type PreparedMeasure } from "../rule/prepared.ts";
import { defineAmount, type AmountSql, type Judged } from "./amount.ts";
import type { Blame } from "./blame.ts";
import { RuleColumns, type StatementOptions } from "./columns.ts";
import { defineBest, defineFund, OUTCOMES, REFUSED, UNDECIDED, withWants } from "./conclude.ts";
import { defineCondition } from "./conditions.ts";
import { keySql, limitSql, subjectSelects, type ClaimsRelation, type LimitSql } from "./limits.ts";
import { snapshot } from "./snapshot.ts";
import { Stages } from "./stages.ts";
import { all, any, literal, namesWhere } from "./text.ts";
import { settleRivals } from "./together.ts";

export interface MeasureStatementOptions extends StatementOptions {
  readonly claims: ClaimsRelation;
  /**
   * Lets the rows compete for what limits leave, earliest event date first, then by key: of two placements of one person in one year,
   * one is payable. Costs a sort, and a step for every rival that one person has.
   */
  readonly settleAmongRows?: boolean;
  /**
   * Adds the column `facts`: what the rule read of the row, by FEEL name, so that a stored answer says what it was decided on. Null where it
   * refuses: refusals are counted, not kept, and gathering the facts of a row costs more than deciding it.
   */
  readonly withFacts?: boolean;
}

/**
 * A measure as one SELECT over its fact source. Columns: `k0…` the row's key, `claim` if the source has one, `outcome` (see
 * `MeasureOutcome`), `amount` (fen), `months`, `fund`, `event_date`, `failed`, `unknown`, `missing_facts`, `missing_parameters`,
 * `reasons`, `review` (text[]), `not_yet`, and `facts` (jsonb) if asked for. Same meaning as `decide`, which the agreement test holds it
 * to. No row can end it.
 */
export function measureStatement(rule: PreparedMeasure, options: MeasureStatementOptions): string {
  const { source, definition } = rule;
  const columns = new RuleColumns(rule, expressionsOf(rule), options);
  const selects = [
    ...source.key.map((key, index) => `${keySql(key)} AS k${index}`),
    ...subjectSelects(source),
    ...(source.claim ? [`${keySql(source.claim)} AS claim`] : []),
    ...columns.factSelects(),
  ];
  const names = selects.map((select) => /\w+$/.exec(select)![0]);
  const stages = new Stages(`SELECT ${selects.join(",\n  ")}\nFROM ${columns.sourceSql()}`, names);
  columns.defineNames(stages, definition.region);
  const limits = rule.limits.map((limit, index) => limitSql(limit, index, source, columns, options.claims));
  const settles = options.settleAmongRows === true && limits.length > 0;
  const left = limits.map((limit, index) => defineLimit(limit, index, stages, settles));
  for (const [index, { as }] of rule.limits.entries())
    if (as) columns.settle(as, left[index]!.column, limits[index]!.blame);
  columns.share(testsOf(rule), sumsOf(rule), stages);
  const conditions = rule.conditions.map((condition, index) =>
    withWants(defineCondition(condition, index, columns, stages)),
  );
  const amount = rule.amount && defineAmount(rule.amount, columns, stages);
  const judgedWith = (lefts: readonly string[], paid: AmountSql | undefined): readonly Judged[] => [
    ...conditions,
    ...limits.map(({ limit, blame }, index) => withWants({ id: limit.id, column: lefts[index]!, blame })),
    ...(paid?.judged ?? []).map(withWants),
  ];
  const judged = judgedWith(
    left.map(({ met }) => met),
    amount,
  );
  const best = defineBest(rule, judged, stages);
  const ctes = limits.map(({ cte }) => cte);
  if (!settles) return write(ctes, finish(rule, judged, amount, best, stages, columns, options));
  const alone = { best: best.best, left: left.map(({ column }) => column), amount };
  const rivals = settleRivals(rule, limits, columns, stages, alone);
  const again = judgedWith(
    rivals.left.map((column) => `(${column} > 0)`),
    rivals.amount,
  );
  const settled = defineBest(rule, again, rivals.stages, "settled_");
  return write(
    [...ctes, ...rivals.ctes],
    finish(rule, again, rivals.amount, settled, rivals.stages, columns, options),
    true,
  );
}

interface Finished {
  readonly ctes: readonly string[];
  readonly select: string;
}

const write = (before: readonly string[], { ctes, select }: Finished, recursive = false): string =>
  `WITH ${recursive ? "RECURSIVE " : ""}${[...before, ...ctes].join(",\n")}\n${select}`;

/** What is left, where somebody asks for it; else only whether anything is. */
function defineLimit(limit: LimitSql, index: number, stages: Stages, settles: boolean) {
  const { known, most, used, join } = limit;
  const isYears = limit.limit.counts === "years";
  if (isYears) stages.define(`years_${index}`, limit.years, join);
  const own = isYears ? used.replaceAll(limit.years, `years_${index}`) : used;
  const from = isYears ? undefined : join;
  if (!settles && !limit.limit.as) {
    const met = stages.define(`l${index}`, `CASE WHEN ${known} THEN ${own} < ${most} END`, from);
    return { column: met, met };
  }
  const column = stages.define(
    `left_${index}`,
    `CASE WHEN ${known} THEN GREATEST(0, ${most} - ${own})::bigint END`,
    from,
  );
  return { column, met: `(${column} > 0)` };
}

function expressionsOf(rule: PreparedMeasure): readonly Expression[] {
  return [...testsOf(rule), ...sumsOf(rule), ...rule.limits.flatMap(({ most }) => (most ? [most] : []))];
}

/** What conditions are made of. */
function testsOf({ conditions }: PreparedMeasure): readonly Expression[] {
  const cores = conditions.flatMap(({ when, core }) => [
    when,
    ...(core.kind === "time"
      ? [core.reached, core.until]
      : [core.kind === "plain" ? core.test : undefined, core.review]),
  ]);
  return cores.filter((found) => found !== undefined);
}

/** What the amount is made of. */
function sumsOf({ amount }: PreparedMeasure): readonly Expression[] {
  const sums = amount
    ? [...amount.tiers.flatMap((tier) => [tier.when, tier.amount, tier.cap]), amount.each?.count, amount.each?.atMost]
    : [];
  return sums.filter((found) => found !== undefined);
}

function finish(
  rule: PreparedMeasure,
  judged: readonly Judged[],
  amount: AmountSql | undefined,
  ranked: ReturnType<typeof defineBest>,
  stages: Stages,
  columns: RuleColumns,
  { withFacts }: MeasureStatementOptions,
): Finished {
  const { best } = ranked;
  const fund = defineFund(rule, judged, ranked, stages);
  const gaps = stages.define("gaps", any(judged.map(({ column }) => `${column} IS NULL`)));
  const forFund = ({ funds }: Judged): readonly string[] =>
    funds && rule.funds.length > 1 ? [any(funds.map((name) => `${fund} = ${rule.funds.indexOf(name)}`))] : [];
  const failed = judged.map((one) => ({ name: one.id, when: all([...forFund(one), `${one.column} IS FALSE`]) }));
  const unknown = judged.map((one) => ({
    name: one.id,
    when: all([...forFund(one), `${one.column} IS NULL`, ...(one.wants ? [`NOT ${one.wants}`] : [])]),
  }));
  const reviewed = judged.flatMap((one) =>
    one.review ? [{ name: one.review.ambiguity, when: all([...forFund(one), one.review.column]) }] : [],
  );
  const missing = (kind: Blame["kind"]) => {
    const found = judged.flatMap((one) =>
      one.blame
        .filter((each) => each.kind === kind)
        .map(({ name, guard }) => ({ name, when: all([...forFund(one), `${one.column} IS NULL`, guard]) })),
    );
    return [...Map.groupBy(found, ({ name }) => name)].map(([name, whens]) => ({
      name,
      when: any([...new Set(whens.map(({ when }) => when))]),
    }));
  };
  // What settles nothing costs nothing: lists are made only where they hold something.
  const where = (condition: string, list: string) =>
    list === "'{}'::text[]" ? list : `CASE WHEN ${condition} THEN ${list} ELSE '{}'::text[] END`;
  const later = judged.flatMap((one) =>
    one.later ? [`CASE WHEN ${all([...forFund(one), "true"])} THEN ${one.later} END`] : [],
  );
  const label = OUTCOMES.map((outcome, index) => `WHEN ${index + 1} THEN ${literal(outcome)}`).join(" ");
  const upTo = amount && amount.isCapped !== "false";
  const months = amount?.months ?? (rule.definition.grain === "month" ? "1" : null);
  const funds = rule.funds.map((name, index) => `WHEN ${index} THEN ${literal(name)}`).join(" ");
  const { ctes, last } = stages.ctes();
  const selects = [
    ...rule.source.key.map((_, index) => `k${index}`),
    ...(rule.source.claim ? ["claim"] : []),
    `CASE ${best} ${upTo ? `WHEN 1 THEN CASE WHEN ${amount.isCapped} THEN 'ELIGIBLE_UP_TO_CAP' ELSE 'ELIGIBLE' END ` : ""}${label} END AS outcome`,
    `${amount ? `CASE WHEN ${best} = 1 THEN ${amount.fen} END` : "NULL::bigint"} AS amount`,
    `${months ? `CASE WHEN ${best} = 1 THEN (${months})::bigint END` : "NULL::bigint"} AS months`,
    `${rule.funds.length === 1 ? literal(rule.funds[0]!) : `CASE ${fund} ${funds} END`} AS fund`,
    `${columns.special(EVENT_DATE)} AS event_date`,
    `${where(`${best} = ${REFUSED}`, namesWhere(failed))} AS failed`,
    `${where(`${gaps} AND ${best} >= ${UNDECIDED}`, namesWhere(unknown))} AS unknown`,
    `${where(gaps, namesWhere(missing("fact")))} AS missing_facts`,
    `${where(gaps, namesWhere(missing("parameter")))} AS missing_parameters`,
    `${where(gaps, namesWhere(missing("reason")))} AS reasons`,
    `${namesWhere(reviewed)} AS review`,
    `${later.length > 1 ? `GREATEST(${later.join(", ")})` : (later[0] ?? "NULL::date")} AS not_yet`,
    ...(withFacts ? [`CASE WHEN ${best} <> ${REFUSED} THEN ${snapshot(columns)} END AS facts`] : []),
  ];
  return { ctes, select: `SELECT ${selects.join(",\n  ")}\nFROM ${last}` };
}
