import { Unknown } from "../values/unknown.ts";
import type { Outcome } from "./operators.ts";

/** How one condition or limit stands for one subject. */
export type ConditionState =
  | { readonly state: "met" }
  /** Did not apply: its `when` is false. */
  | { readonly state: "not-asked" }
  | { readonly state: "failed" }
  | { readonly state: "unknown"; readonly missing: Unknown }
  | { readonly state: "parameter-missing"; readonly missing: Unknown }
  | { readonly state: "review"; readonly ambiguity: string }
  | { readonly state: "not-yet"; readonly on: string };

/** What a truth value means for a condition; an unknown for want of a locality's value only is told apart. */
export function stateOf(outcome: Outcome): ConditionState {
  if (!(outcome instanceof Unknown)) return { state: outcome === true ? "met" : "failed" };
  return { state: outcome.onlyParameters ? "parameter-missing" : "unknown", missing: outcome };
}
