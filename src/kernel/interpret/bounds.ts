import { namesIn } from "../feel/ast.ts";
import { readFact } from "../facts/source.ts";
import type { Level, ParameterValue } from "../format/types.ts";
import { PROPOSED, type PreparedCheck, type PreparedMeasure } from "../rule/prepared.ts";
import { RuleEnvironment } from "../runtime/environment.ts";
import { divisionPrefix } from "../runtime/functions.ts";
import type { Scalar } from "../values/types.ts";
import { evaluate } from "./evaluate.ts";
import { factPlans, parameterPlans } from "./plan.ts";

export type SettingRefusal =
  | { readonly code: "unknown-parameter" }
  | { readonly code: "not-open"; readonly level: Level }
  | { readonly code: "outside"; readonly region: string }
  | { readonly code: "wrong-type" }
  /** The bounds do not hold on this day, or cannot be checked because a value they need is not set. */
  | { readonly code: "out-of-bounds" | "bounds-unknown"; readonly on: string };

export const levelOf = (region: string): Level =>
  (["省", "市", "县"] as const)[divisionPrefix(region).length / 2 - 1] ?? "县";

/**
 * Whether a locality may set a parameter to a value. Bounds are checked on the value's first day and again on each later day of its
 * window on which another parameter changes: a minimum wage that rises must not leave an allowance below its half.
 */
export function refusalOf(
  rule: PreparedMeasure | PreparedCheck,
  name: string,
  value: ParameterValue & { readonly region: string },
): SettingRefusal | null {
  const parameter = rule.parameters.find((one) => one.name === name);
  if (!parameter) return { code: "unknown-parameter" };
  const { region } = rule.definition;
  const level = levelOf(value.region);
  if (!parameter.openTo.includes(level)) return { code: "not-open", level };
  if (!value.region.startsWith(divisionPrefix(region))) return { code: "outside", region };
  const isRate = typeof value.value === "object" && parameter.kind === "rate" && value.value.of > 0;
  if (!isRate && readFact({ kind: parameter.kind }, value.value) === null) return { code: "wrong-type" };
  if (!parameter.bounds) return null;
  const others = namesIn(parameter.bounds, "parameter");
  const days = [
    value.from,
    ...rule.parameters
      .filter((one) => others.includes(one.name))
      .flatMap(({ values }) => values.map(({ from }) => from)),
  ].filter((day) => day >= value.from && day <= (value.to ?? "9999-12-31"));
  for (const on of [...new Set(days)].toSorted()) {
    const plan = {
      regionFact: rule.regionFact,
      facts: factPlans(rule.source),
      eventDate: () => on,
      parameters: parameterPlans(rule.parameters, region),
    };
    const environment = new RuleEnvironment(plan, { [rule.regionFact]: value.region }, { asOf: on });
    const held = evaluate(parameter.bounds, environment, { [PROPOSED]: value.value as Scalar });
    if (held === false) return { code: "out-of-bounds", on };
    if (held !== true) return { code: "bounds-unknown", on };
  }
  return null;
}
