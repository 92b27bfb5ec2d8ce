import type { Expression } from "../feel/ast.ts";
import type { PreparedAmount } from "../rule/prepared.ts";
import { because, blame, guarded, type Blame } from "./blame.ts";
import type { RuleColumns } from "./columns.ts";
import { expressionSql } from "./expression.ts";
import type { Stages } from "./stages.ts";
import { all, any, boundedInteger } from "./text.ts";

/** One condition, limit or the amount in the statement: NULL while unknown, false when failed. */
export interface Judged {
  readonly id: string;
  readonly funds?: readonly string[];
  /** Column with the truth value, or what is as cheap to write again. */
  readonly column: string;
  /** Holds where a person must decide. */
  readonly review?: { readonly column: string; readonly ambiguity: string };
  /** The day on which it will hold, where that lies ahead. */
  readonly later?: string;
  /** Holds where it is unknown only for want of a locality's value; absent where that cannot be. */
  readonly wants?: string;
  readonly blame: readonly Blame[];
}

/** The amount's columns, under names that begin with `prefix`. */
export interface AmountSql {
  /** Fen, where it is known. */
  readonly fen: string;
  readonly isCapped: string;
  /** Months paid for; null where the amount is not by months. */
  readonly months: string | null;
  readonly judged: readonly Judged[];
}

export function defineAmount(amount: PreparedAmount, columns: RuleColumns, stages: Stages, prefix = ""): AmountSql {
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
  // Zero: no tier fits; NULL: it is unknown which does. A text with one tier and no condition has no such column.
  const chosen = tiers.some(({ when }) => when) ? stages.define(`${prefix}tier`, tier) : null;
  const isChosen = (index: number) => (chosen ? [`${chosen} = ${index + 1}`] : []);
  const of = (write: (tier: PreparedAmount["tiers"][number]) => string) =>
    chosen
      ? `CASE ${chosen} ${tiers.map((one, index) => `WHEN ${index + 1} THEN ${write(one)}`).join(" ")} END`
      : write(tiers[0]!);
  const total = stages.define(
    `${prefix}asked`,
    of(({ amount: base }) => asked(base)),
  );
  const cap = tiers.some((one) => one.cap)
    ? stages.define(
        `${prefix}cap`,
        of((one) => (one.cap ? unit(one.cap) : asked(one.amount))),
      )
    : null;
  const sums = [total, ...(cap ? [cap] : [])];
  const reasons = tiers.flatMap((one, index) => {
    const known = [`(${sql(one.amount)}) IS NOT NULL`, ...(each ? [`(${counted}) IS NOT NULL`] : [])];
    const whens = tiers.slice(0, index).flatMap(({ when }) => (when ? [when] : []));
    const canOverflow = each !== undefined || factor !== 1;
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
          ...(canOverflow ? [because("overflow", all([...known, `(${asked(one.amount)}) IS NULL`]))] : []),
          ...(one.cap && factor !== 1
            ? [because("overflow", all([`(${sql(one.cap)}) IS NOT NULL`, `(${unit(one.cap)}) IS NULL`]))]
            : []),
          because(
            "negative-amount",
            all([any(sums.map((sum) => `${sum} < 0`)), ...sums.map((sum) => `${sum} IS NOT NULL`)]),
          ),
        ],
        ...isChosen(index),
      ),
    ];
  });
  const isKnown = all(sums.map((sum) => `${sum} >= 0`));
  const over = [...(cap ? [`${total} > ${cap}`] : []), ...(most ? [`(${count}) > (${most})`] : [])];
  return {
    fen: cap ? `LEAST(${total}, ${cap})` : total,
    isCapped: any(over),
    months: each?.unit === "月" ? counted : null,
    judged: [
      ...(chosen ? [{ id: "amount-tier", column: `((${chosen} > 0) IS NOT FALSE)`, blame: [] }] : []),
      {
        id: "amount",
        column: `(CASE WHEN ${chosen ? `${chosen} = 0 OR ` : ""}${isKnown} THEN true END)`,
        blame: reasons,
      },
    ],
  };
}
