import type { Expression } from "../feel/ast.ts";
import type { PreparedCondition, PreparedMeasure } from "../rule/prepared.ts";
import { AS_OF } from "../rule/prepared.ts";
import { amountSql, type Judged } from "./amount.ts";
import { blame, guarded, type Blame } from "./blame.ts";
import { RuleColumns, type StatementOptions } from "./columns.ts";
import { expressionSql } from "./expression.ts";
import { isContested } from "../rule/limits.ts";
import { keySql, limitSql, subjectColumn, subjectSelects, type ClaimsRelation } from "./limits.ts";
import { all, any, literal } from "./text.ts";

export interface MeasureStatementOptions extends StatementOptions {
  readonly claims: ClaimsRelation;
  /**
   * Lets the rows compete for what limits leave, earliest event date first, then by key: of two placements of one person in one year,
   * one is payable. Limits over rolling months and those with `unless-same` see claims only. Costs one sort per limit.
   */
  readonly settleAmongRows?: boolean;
}

/**
 * A measure as one SELECT over its fact source. Columns: `k0…` the row's key, `claim` if the source has one, `outcome` (see
 * `MeasureOutcome`), `amount` (fen), `fund`, `event_date`, `failed`, `unknown`, `missing_facts`, `missing_parameters`,
 * `reasons`, `review` (text[]) and `not_yet`. Same meaning as `decide`, which the agreement test holds it to. No row can end it.
 *
 * Stages are fenced with OFFSET 0: PostgreSQL would otherwise write each stage's expressions anew wherever the next reads them.
 */
export function measureStatement(rule: PreparedMeasure, options: MeasureStatementOptions): string {
  const columns = new RuleColumns(rule, expressionsOf(rule), options);
  const limits = rule.limits.map((limit, index) => limitSql(limit, index, rule.source, columns, options.claims));
  const facts = [
    ...rule.source.key.map((key, index) => `${keySql(key)} AS k${index}`),
    ...subjectSelects(rule.source),
    ...(rule.source.claim ? [`${keySql(rule.source.claim)} AS claim`] : []),
    ...columns.factSelects(),
  ];
  const dates = columns.dateSelects();
  columns.computed.set(expressionSql(rule.eventDate, columns), "event_date");
  const judged = rule.conditions.map((condition, index) => conditionSql(condition, index, columns));
  for (const [index, { as }] of rule.limits.entries())
    if (as) columns.settle(as, limits[index]!.column, limits[index]!.blame);
  const amount = rule.amount && amountSql(rule.amount, columns);
  const capped = rule.limits.map(({ id }, index): Judged => ({
    id,
    column: `l${index}`,
    sql: `${limits[index]!.column} > 0`,
    blame: limits[index]!.blame,
  }));
  const parameters = columns.parameterSelects(rule.definition.region);
  const stages = new Stages(`facts AS (SELECT ${facts.join(",\n  ")}\nFROM ${columns.sourceSql()} OFFSET 0)`, "facts");
  stages.add(dates);
  stages.add(parameters);
  stages.add(
    limits.map(({ left, column }) => `${left} AS ${column}`),
    limits.map(({ join }) => join),
  );
  stages.add(amount?.tier ? [`${amount.tier} AS tier`] : []);
  stages.add([
    ...[...judged, ...capped].flatMap(({ sql, column, review, later }) => [
      `${sql} AS ${column}`,
      ...(review ? [`(${review.sql}) IS TRUE AS ${column}_review`] : []),
      ...(later ? [`${later} AS ${column}_later`] : []),
    ]),
    ...(amount ? amount.selects : []),
  ]);
  const everything = [...judged, ...capped, ...(amount ? amount.judged : [])];
  const contested = options.settleAmongRows ? rule.limits.filter((limit) => isContested(limit, rule)) : [];
  conclude(rule, everything, stages);
  for (const [index, limit] of contested.entries()) {
    const best = index === 0 ? "best" : `best_${index}`;
    const position = rule.limits.findIndex(({ id }) => id === limit.id);
    const partition = [
      `${best} = 1`,
      ...limit.per.map((name) => subjectColumn(rule.source, name)),
      ...(limit.within === "一生" ? [] : [`date_trunc('${limit.within === "自然年" ? "year" : "month"}', event_date)`]),
    ];
    const order = ["event_date", ...rule.source.key.map((_, at) => `k${at}`)];
    const place = `row_number() OVER (PARTITION BY ${partition.join(", ")} ORDER BY ${order.join(", ")})`;
    stages.add([`CASE WHEN ${best} = 1 AND ${place} > left_${position} THEN 6 ELSE ${best} END AS best_${index + 1}`]);
  }
  const taken = contested.map(({ id }, index) => ({
    name: id,
    when: `${index === 0 ? "best" : `best_${index}`} = 1 AND best_${index + 1} = 6`,
  }));
  const best = contested.length === 0 ? "best" : `best_${contested.length}`;
  return `WITH ${[...limits.map(({ cte }) => cte), ...stages.ctes].join(",\n")}
${finalSelect(rule, everything, amount !== undefined, { from: stages.last, best }, taken)}`;
}

/** The stages of the statement, each a fenced SELECT that adds columns to the one before; one without columns is left out. */
class Stages {
  readonly ctes: string[];
  last: string;
  constructor(first: string, name: string) {
    this.ctes = [first];
    this.last = name;
  }

  add(selects: readonly string[], joins: readonly string[] = []): void {
    if (selects.length === 0) return;
    const name = `stage_${this.ctes.length}`;
    const from = [`${this.last} t`, ...joins].join("\n");
    this.ctes.push(`${name} AS (SELECT t.*,\n  ${selects.join(",\n  ")}\nFROM ${from} OFFSET 0)`);
    this.last = name;
  }
}

function expressionsOf(rule: PreparedMeasure): readonly Expression[] {
  const { amount } = rule;
  const cores = rule.conditions.flatMap(({ when, core }) => [
    when,
    ...(core.kind === "time"
      ? [core.reached, core.until]
      : [core.kind === "plain" ? core.test : undefined, core.review]),
  ]);
  const sums = amount
    ? [...amount.tiers.flatMap((tier) => [tier.when, tier.amount, tier.cap]), amount.each?.count, amount.each?.atMost]
    : [];
  return [...cores, ...rule.limits.map(({ most }) => most), ...sums].filter((found) => found !== undefined);
}

function conditionSql(condition: PreparedCondition, index: number, columns: RuleColumns): Judged {
  const { id, funds, when } = condition;
  const core = coreSql(condition.core, columns);
  const common = { id, ...(funds ? { funds } : {}), column: `c${index}` };
  if (!when) return { ...common, ...core };
  const asked = expressionSql(when, columns);
  // A condition that is met is met whether it was asked or not; one that is not cannot be said to be unless it was.
  const plainlyMet = all([
    `(${core.sql})`,
    ...(core.review ? [`(${core.review.sql}) IS NOT TRUE`] : []),
    ...(core.later ? [`(${core.later}) IS NULL`] : []),
  ]);
  return {
    ...common,
    sql: `CASE ${asked} WHEN true THEN ${core.sql} WHEN false THEN true ELSE CASE WHEN ${plainlyMet} THEN true END END`,
    ...(core.review ? { review: { ...core.review, sql: `${asked} AND ${core.review.sql}` } } : {}),
    ...(core.later ? { later: `CASE WHEN ${asked} THEN ${core.later} END` } : {}),
    blame: [
      ...guarded(blame(when, columns), `(${asked}) IS NULL`),
      ...guarded(core.blame, `(${asked}) IS NOT FALSE`, `(${core.sql}) IS NULL`),
    ],
  };
}

function coreSql(
  core: PreparedCondition["core"],
  columns: RuleColumns,
): Pick<Judged, "sql" | "review" | "later" | "blame"> {
  const sql = (expression: Expression) => expressionSql(expression, columns);
  switch (core.kind) {
    case "plain": {
      const test = sql(core.test);
      const because = guarded(blame(core.test, columns), `(${test}) IS NULL`);
      if (!core.review) return { sql: test, blame: because };
      const review = sql(core.review);
      return {
        sql: `CASE ${test} WHEN true THEN true WHEN false THEN ${review} END`,
        review: { sql: `(NOT ${test} AND ${review})`, ambiguity: core.ambiguity ?? "" },
        blame: [...because, ...guarded(blame(core.review, columns), `(${test}) IS FALSE`, `(${review}) IS NULL`)],
      };
    }
    case "review": {
      const review = sql(core.review);
      return {
        sql: `CASE WHEN (${review}) IS NOT NULL THEN true END`,
        review: { sql: review, ambiguity: core.ambiguity },
        blame: guarded(blame(core.review, columns), `(${review}) IS NULL`),
      };
    }
    case "time": {
      const [reached, until] = [sql(core.reached), core.until && sql(core.until)];
      const lasts =
        until === undefined
          ? "true"
          : core.openEnded
            ? `COALESCE(${until} >= ${reached}, true)`
            : `${until} >= ${reached}`;
      const asOf = columns.special(AS_OF);
      const missing = guarded(blame(core.reached, columns), `(${reached}) IS NULL`);
      const open =
        core.openEnded === undefined && core.until ? guarded(blame(core.until, columns), `(${until}) IS NULL`) : [];
      return {
        sql: `CASE WHEN (${reached}) IS NOT NULL THEN ${lasts} END`,
        later: `CASE WHEN ${lasts} AND ${reached} > ${asOf} THEN ${reached} END`,
        blame: [...missing, ...open],
      };
    }
  }
}

/** Truth values after setting aside what only a locality's value is missing for; then the outcome for each fund; then the best. */
function conclude(rule: PreparedMeasure, judged: readonly Judged[], stages: Stages): void {
  const parametric = judged.filter(({ blame: found }) => found.some(({ kind }) => kind === "parameter"));
  const amounts = judged.filter(({ column }) => column === "amount_known" || column === "tier_fits");
  const forWant = (one: Judged) => {
    const others = one.blame.filter(({ kind }) => kind !== "parameter").map(({ guard }) => guard);
    return `((${one.column}) IS NULL AND (${any(others)}) IS NOT TRUE)`;
  };
  const asked = (fund: string) => judged.filter(({ funds }) => !funds || funds.includes(fund));
  const wants = (one: Judged) => parametric.includes(one);
  const ranked = rule.funds.map((fund) => {
    const here = asked(fund);
    const holds = all(here.map((one) => (wants(one) ? `(${one.column} OR ${one.column}_wants)` : one.column)));
    const review = here.filter((one) => one.review).map(({ column }) => `${column}_review`);
    const later = here.filter((one) => one.later).map(({ column }) => `${column}_later`);
    const cases = [
      `WHEN (${holds}) IS FALSE THEN 6`,
      `WHEN (${holds}) IS NULL THEN 5`,
      ...(review.length > 0 ? [`WHEN ${any(review)} THEN 4`] : []),
      ...(later.length > 0 ? [`WHEN GREATEST(${later.join(", ")}) IS NOT NULL THEN 3`] : []),
      ...(here.some(wants) ? [`WHEN ${any(here.filter(wants).map(({ column }) => `${column}_wants`))} THEN 2`] : []),
    ];
    return `CASE ${cases.join(" ")} ELSE 1 END`;
  });
  stages.add(amounts.map(({ sql, column }) => `${sql} AS ${column}`));
  stages.add(parametric.map((one) => `${forWant(one)} AS ${one.column}_wants`));
  const [only] = ranked;
  if (ranked.length === 1) return stages.add([`${only} AS best`, "0 AS fund_index"]);
  stages.add(ranked.map((sql, index) => `${sql} AS rank_${index}`));
  const ranks = ranked.map((_, index) => `rank_${index}`);
  const best = `LEAST(${ranks.join(", ")})`;
  const first = ranks.map((rank, index) => `WHEN ${rank} THEN ${index}`).join(" ");
  stages.add([`${best} AS best`, `CASE ${best} ${first} END AS fund_index`]);
}

const OUTCOMES = ["ELIGIBLE", "PARAM_MISSING", "NOT_YET", "REVIEW", "UNKNOWN", "NOT_ELIGIBLE"];

interface Last {
  readonly from: string;
  /** Column with the outcome after the rows have competed. */
  readonly best: string;
}

function finalSelect(
  rule: PreparedMeasure,
  judged: readonly Judged[],
  paid: boolean,
  { from, best }: Last,
  taken: readonly { readonly name: string; readonly when: string }[],
): string {
  const forFund = ({ funds }: Judged): readonly string[] =>
    funds ? [any(funds.map((fund) => `fund_index = ${rule.funds.indexOf(fund)}`))] : [];
  const wants = (one: Judged) => one.blame.some(({ kind }) => kind === "parameter");
  const array = (items: readonly { readonly name: string; readonly when: string }[]) =>
    items.length === 0
      ? "'{}'::text[]"
      : `array_remove(ARRAY[${items.map(({ name, when }) => `CASE WHEN ${when} THEN ${literal(name)} END`).join(", ")}]::text[], NULL)`;
  const failed = [
    ...judged.map((one) => ({ name: one.id, when: all([...forFund(one), `(${one.column}) IS FALSE`]) })),
    ...taken,
  ];
  const unknown = judged.map((one) => ({
    name: one.id,
    when: all([...forFund(one), `(${one.column}) IS NULL`, ...(wants(one) ? [`NOT ${one.column}_wants`] : [])]),
  }));
  const reviewed = judged.flatMap((one) =>
    one.review ? [{ name: one.review.ambiguity, when: all([...forFund(one), `${one.column}_review`]) }] : [],
  );
  const missing = (kind: Blame["kind"]) => {
    const found = judged.flatMap((one) =>
      one.blame
        .filter((each) => each.kind === kind)
        .map(({ name, guard }) => ({ name, when: all([...forFund(one), `(${one.column}) IS NULL`, guard]) })),
    );
    return [...Map.groupBy(found, ({ name }) => name)].map(([name, whens]) => ({
      name,
      when: any([...new Set(whens.map(({ when }) => when))]),
    }));
  };
  const later = judged.flatMap((one) =>
    one.later ? [`CASE WHEN ${all([...forFund(one), "true"])} THEN ${one.column}_later END`] : [],
  );
  const label = OUTCOMES.map((outcome, index) => `WHEN ${index + 1} THEN ${literal(outcome)}`).join(" ");
  const upTo = `WHEN ${paid ? `${best} = 1 AND (sum_asked > sum_cap OR over_count)` : "false"} THEN 'ELIGIBLE_UP_TO_CAP' `;
  const keys = rule.source.key.map((_, index) => `k${index}`);
  return `SELECT ${[
    ...keys,
    ...(rule.source.claim ? ["claim"] : []),
    `CASE ${upTo}ELSE CASE ${best} ${label} END END AS outcome`,
    `${paid ? `CASE WHEN ${best} = 1 THEN LEAST(sum_asked, sum_cap) END` : "NULL::bigint"} AS amount`,
    `CASE fund_index ${rule.funds.map((fund, index) => `WHEN ${index} THEN ${literal(fund)}`).join(" ")} END AS fund`,
    "event_date",
    // What settles nothing costs nothing: an eligible row has neither failed nor unknown conditions.
    `CASE WHEN ${best} < 6 THEN '{}'::text[] ELSE ${array(failed)} END AS failed`,
    `CASE WHEN ${best} < 5 THEN '{}'::text[] ELSE ${array(unknown)} END AS unknown`,
    `CASE WHEN ${best} = 1 THEN '{}'::text[] ELSE ${array(missing("fact"))} END AS missing_facts`,
    `CASE WHEN ${best} = 1 THEN '{}'::text[] ELSE ${array(missing("parameter"))} END AS missing_parameters`,
    `CASE WHEN ${best} = 1 THEN '{}'::text[] ELSE ${array(missing("reason"))} END AS reasons`,
    `${array(reviewed)} AS review`,
    `${later.length > 0 ? `GREATEST(${later.join(", ")})` : "NULL::date"} AS not_yet`,
  ].join(",\n  ")}
FROM ${from}`;
}
