import type { Explanation, Value, Way } from "#kernel";
import { formatYuan } from "../../platform/money.ts";
import type { FactField } from "#kernel/contract";
import type { Library } from "../library/library.ts";
import type { ExplanationView } from "../contract.ts";
import { toBasis } from "./views.ts";

const isList = (value: Value): value is Extract<Value, readonly unknown[]> => Array.isArray(value);

/** A fact's value as an officer reads it; null when it is missing. */
export function shownValue(field: FactField | undefined, value: Value | null): string | null {
  if (value === null) return null;
  if (typeof value === "boolean") return value ? "是" : "否";
  if (isList(value)) return value.map((one) => shownValue(field, one)).join("、");
  if (field?.type === "fen" && typeof value === "number") return `${formatYuan(value)} 元`;
  if (typeof value === "object") return `${value.value}/${value.of}`;
  return field?.codes?.[`${value}`] ?? `${value}`;
}

export function toExplanation(
  explanation: Explanation,
  ways: readonly Way[],
  fields: readonly FactField[],
  library: Library,
): ExplanationView {
  const { decision } = explanation;
  const field = (name: string) => fields.find((one) => one.name === name);
  return {
    outcome: decision.outcome,
    amount: decision.amount,
    fund: decision.fund,
    eventDate: decision.eventDate,
    notYet: decision.notYet,
    payee: explanation.payee,
    payerRegion: explanation.payerRegion,
    amountSays: explanation.amountSays,
    ended: explanation.ended,
    review: [...decision.review],
    missing: explanation.missing.map(({ label, supplier }) => ({ label, supplier })),
    missingParameters: [...decision.missingParameters],
    reasons: [...explanation.reasons],
    conditions: explanation.conditions
      .filter(({ state }) => state !== "not-asked")
      .map((condition) => ({
        id: condition.id,
        says: condition.says,
        state: condition.state,
        on: condition.state === "not-yet" ? condition.on : null,
        basis: condition.basis && toBasis(library, condition.basis),
        facts: condition.facts.map(({ name, label, value, supplier }) => ({
          label,
          value: shownValue(field(name), value),
          supplier,
        })),
      })),
    ways: ways.map((way) => ({
      changes: way.changes.map(({ name, label, from, to }) => ({
        label,
        from: shownValue(field(name), from),
        to: shownValue(field(name), to),
      })),
      outcome: way.outcome,
      amount: way.amount,
      from: way.from,
    })),
  };
}
