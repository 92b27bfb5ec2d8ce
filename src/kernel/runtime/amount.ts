import { Unknown } from "../values/unknown.ts";
import { compare, multiply, strict } from "./operators.ts";
import type { RuleEnvironment } from "./environment.ts";
import type { AmountPlan } from "./plan.ts";

export type Amount =
  /** `fen` is null for a measure without an amount. `capped`: more was asked for than the text allows. `months` are paid for. */
  | { readonly state: "computed"; readonly fen: number | null; readonly capped: boolean; readonly months?: number }
  /** No tier of the text fits. */
  | { readonly state: "no-tier" }
  | { readonly state: "unknown"; readonly missing: Unknown };

const unknown = (missing: Unknown): Amount => ({ state: "unknown", missing });

export function amountOf(plan: AmountPlan | undefined, environment: RuleEnvironment): Amount {
  if (!plan) return { state: "computed", fen: null, capped: false };
  for (const tier of plan.tiers) {
    const fits = tier.when?.(environment) ?? true;
    if (fits instanceof Unknown) return unknown(fits);
    if (fits === true) return amountOfTier(plan, tier, environment);
  }
  return { state: "no-tier" };
}

function amountOfTier(plan: AmountPlan, tier: AmountPlan["tiers"][number], environment: RuleEnvironment): Amount {
  const count = plan.each?.count(environment) ?? 1;
  const most = plan.each?.atMost?.(environment) ?? count;
  const counted = strict([count, most], (asked, allowed) => Math.min(asked as number, allowed as number));
  const asked = multiply(multiply(tier.amount(environment), plan.factor), counted);
  const cap = tier.cap ? multiply(tier.cap(environment), plan.factor) : asked;
  const missing = [asked, cap].filter((value) => value instanceof Unknown);
  if (missing.length > 0) return unknown(Unknown.of(missing));
  const fen = Math.min(asked as number, cap as number);
  if (fen < 0) return unknown(Unknown.because("negative-amount"));
  return {
    state: "computed",
    fen,
    capped: compare(">", asked, cap) === true || compare(">", count, most) === true,
    ...(plan.each?.unit === "月" ? { months: counted as number } : {}),
  };
}
