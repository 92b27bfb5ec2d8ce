import type { Expression } from "../feel/ast.ts";
import type { PreparedAmount } from "../rule/prepared.ts";
import { because, blame, guarded, type Blame } from "./blame.ts";
import type { RuleColumns } from "./columns.ts";
import { expressionSql } from "./expression.ts";
import { all, boundedInteger } from "./text.ts";

/** One condition, limit or the amount in the statement: NULL while unknown, false when failed. */
export interface Judged {
  readonly id: string;
  readonly funds?: readonly string[];
  /** Column with the truth value. */
  readonly column: string;
  /** What to compute for it. */
  readonly sql: string;
  /** Holds where a person must decide. */
  readonly review?: { readonly sql: string; readonly ambiguity: string };
  /** The day on which it will hold, where that lies ahead. */
  readonly later?: string;
  readonly blame: readonly Blame[];
}

interface AmountSql {
  /** Computes the column `tier` (0: none fits; NULL: unknown which); null where the text has one tier without condition. */
  readonly tier: string | null;
  readonly selects: readonly string[];
  readonly judged: readonly Judged[];
}

/** `sum_asked` is what would be given before the cap. */
export function amountSql(amount: PreparedAmount, columns: RuleColumns): AmountSql {
  const sql = (expression: Expression) => expressionSql(expression, columns);
  const { tiers, each, factor } = amount;
  const tier = tiers.reduceRight(
    (rest, { when }, index) =>
      when ? `CASE ${sql(when)} WHEN true THEN ${index + 1} WHEN false THEN ${rest} END` : `${index + 1}`,
    "0",
  );
  const [count, most] = [each ? sql(each.count) : "1", each?.atMost ? sql(each.atMost) : null];
  const counted = most
    ? `CASE WHEN (${most}) IS NOT NULL AND (${count}) IS NOT NULL THEN LEAST(${count}, ${most}) END`
    : count;
  const unit = (expression: Expression) =>
    factor === 1 ? sql(expression) : boundedInteger(`(${sql(expression)} * 100)`);
  const asked = (expression: Expression) =>
    each ? boundedInteger(`(${unit(expression)}::numeric * (${counted}))`) : unit(expression);
  const chosen = tiers.some(({ when }) => when) ? "tier" : "1";
  const of = (write: (tier: PreparedAmount["tiers"][number]) => string) =>
    `CASE ${chosen} ${tiers.map((one, index) => `WHEN ${index + 1} THEN ${write(one)}`).join(" ")} END`;
  const reasons = tiers.flatMap((one, index) => {
    const here = `${chosen} = ${index + 1}`;
    const known = [`(${sql(one.amount)}) IS NOT NULL`, ...(each ? [`(${counted}) IS NOT NULL`] : [])];
    const whens = tiers.slice(0, index).flatMap(({ when }) => (when ? [when] : []));
    return [
      ...(one.when
        ? guarded(
            blame(one.when, columns),
            `(${sql(one.when)}) IS NULL`,
            ...whens.map((when) => `(${sql(when)}) IS FALSE`),
          )
        : []),
      ...guarded(
        [
          ...guarded(blame(one.amount, columns), `(${sql(one.amount)}) IS NULL`),
          ...(one.cap ? guarded(blame(one.cap, columns), `(${sql(one.cap)}) IS NULL`) : []),
          ...(each ? guarded(blame(each.count, columns), `(${count}) IS NULL`) : []),
          ...(each?.atMost ? guarded(blame(each.atMost, columns), `(${most}) IS NULL`) : []),
          because("overflow", all([...known, `(${asked(one.amount)}) IS NULL`])),
          ...(one.cap
            ? [because("overflow", all([`(${sql(one.cap)}) IS NOT NULL`, `(${unit(one.cap)}) IS NULL`]))]
            : []),
          because(
            "negative-amount",
            "(sum_asked < 0 OR sum_cap < 0) AND sum_asked IS NOT NULL AND sum_cap IS NOT NULL",
          ),
        ],
        here,
      ),
    ];
  });
  const isCapped = most ? `(${count}) > (${most})` : "false";
  return {
    tier: chosen === "tier" ? tier : null,
    selects: [
      `${of(({ amount: base }) => asked(base))} AS sum_asked`,
      `${of(({ amount: base, cap }) => (cap ? unit(cap) : asked(base)))} AS sum_cap`,
      `(${isCapped}) IS TRUE AS over_count`,
    ],
    judged: [
      { id: "amount-tier", column: "tier_fits", sql: `(${chosen} > 0) IS NOT FALSE`, blame: [] },
      {
        id: "amount",
        column: "amount_known",
        sql: `CASE WHEN ${chosen} = 0 OR (sum_asked >= 0 AND sum_cap >= 0) THEN true END`,
        blame: reasons,
      },
    ],
  };
}
