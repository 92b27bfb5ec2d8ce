import { explainCheck, type ExplainedFact, type Facts, type PreparedCheck } from "#kernel";
import type { z } from "zod";
import type { checkExplanation } from "../checks-contract.ts";
import type { Library } from "../library/library.ts";
import { isDivision, shownValue, type DivisionName } from "../rules/explanations.ts";
import { toBasis } from "../rules/views.ts";

/** Codes of divisions that a finding's facts show, for looking up their names. */
export function divisionsOfFacts({ source }: PreparedCheck, facts: Facts): readonly string[] {
  return source.fields.flatMap((field) => {
    const value = facts[field.name];
    return isDivision(field) && typeof value === "string" ? [value] : [];
  });
}

/** A finding on the facts that were kept of it, for the screen. */
export function toCheckExplanation(
  rule: PreparedCheck,
  facts: Facts,
  asOf: string,
  library: Library,
  nameOf: DivisionName,
): z.output<typeof checkExplanation> {
  const field = (name: string) => rule.source.fields.find((one) => one.name === name);
  const show = ({ name, value }: ExplainedFact) => shownValue(field(name), value, nameOf);
  const { conditions, unless, message } = explainCheck(rule, facts, { asOf }, (fact) => show(fact) ?? "");
  const shown = (condition: (typeof conditions)[number]) => ({
    id: condition.id,
    says: condition.says,
    state: condition.state,
    basis: condition.basis && toBasis(library, condition.basis),
    facts: condition.facts.map((fact) => ({ label: fact.label, value: show(fact), supplier: fact.supplier })),
  });
  return { message, conditions: conditions.map(shown), unless: unless && shown(unless) };
}
