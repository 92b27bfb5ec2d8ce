import type { Expression } from "../feel/ast.ts";
import { fieldType, type FactSource } from "../facts/source.ts";
import { hintsOf, valuesOf, type Hints } from "../rule/hints.ts";
import { orderedValues } from "../rule/parameters.ts";
import type { PreparedMeasure, PreparedParameter } from "../rule/prepared.ts";
import type { RuleEnvironment } from "../runtime/environment.ts";
import type { ChangeablePlan, Compute, FactPlan, MeasurePlan, ParameterPlan } from "../runtime/plan.ts";
import { evaluate } from "./evaluate.ts";

/** The plan of a measure whose expressions walk their syntax trees. */
export function planOf(rule: PreparedMeasure): MeasurePlan {
  const { definition, amount } = rule;
  const hints = hintsOf(rule);
  return {
    id: definition.id,
    region: definition.region,
    title: definition.title,
    monthly: definition.grain === "month",
    regionFact: rule.regionFact,
    facts: factPlans(rule.source),
    eventDate: compute(rule.eventDate),
    ...optional("testDate", rule.testDate),
    conditions: rule.conditions.map(({ id, says, funds, when, core }) => ({
      id,
      says,
      ...(funds ? { funds } : {}),
      ...optional("when", when),
      ...(core.kind === "time"
        ? { reached: compute(core.reached), ...optional("until", core.until), openEnded: core.openEnded }
        : { ...optional("review", core.review), ambiguity: core.ambiguity }),
      ...(core.kind === "plain" ? { test: compute(core.test) } : {}),
    })),
    limits: rule.limits.map(({ most, ...limit }) => ({ ...limit, ...optional("most", most) })),
    ...(amount
      ? {
          amount: {
            factor: amount.factor,
            tiers: amount.tiers.map((tier) => ({
              amount: compute(tier.amount),
              ...optional("when", tier.when),
              ...optional("cap", tier.cap),
            })),
            ...(amount.each
              ? {
                  each: {
                    unit: amount.each.unit,
                    count: compute(amount.each.count),
                    ...optional("atMost", amount.each.atMost),
                  },
                }
              : {}),
          },
        }
      : {}),
    parameters: parameterPlans(rule.parameters, definition.region),
    funds: rule.funds,
    changeable: changeablePlans(hints),
    hints: Object.fromEntries(
      Object.entries(hints.conditions).map(([id, { reads, near }]) => [id, { reads, near: near.map(compute) }]),
    ),
    moves: hints.moves,
    numbers: hints.numbers,
    dates: hints.dates,
  };
}

export const changeablePlans = ({ changeable }: Hints): Readonly<Record<string, ChangeablePlan>> =>
  Object.fromEntries(
    changeable.map((field) => {
      const values = valuesOf(field);
      const by = field.changes === "by-time" ? "by-time" : "by-person";
      const plan = {
        label: field.label,
        by,
        ...(values ? { values } : {}),
        ...(field.openEnded ? { openEnded: true } : {}),
      };
      return [field.name, plan as ChangeablePlan];
    }),
  );

export const factPlans = (source: FactSource): Readonly<Record<string, FactPlan>> =>
  Object.fromEntries(source.fields.map((field) => [field.name, fieldType(field)]));

export const parameterPlans = (
  parameters: readonly PreparedParameter[],
  region: string,
): Readonly<Record<string, ParameterPlan>> =>
  Object.fromEntries(
    parameters.map(({ name, by, values }) => [name, { ...optional("by", by), values: orderedValues(values, region) }]),
  );

/** Every environment of ours carries the way months are counted; `Environment` hides it from rules written out as JavaScript. */
export const compute =
  (expression: Expression): Compute =>
  (environment) =>
    evaluate(expression, environment as RuleEnvironment);

function optional<K extends string>(key: K, expression: Expression | undefined): { readonly [P in K]?: Compute } {
  return expression ? ({ [key]: compute(expression) } as { [P in K]: Compute }) : {};
}
