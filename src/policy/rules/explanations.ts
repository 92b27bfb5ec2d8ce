import type { Explanation, Value, Way } from "#kernel";
import { formatYuan } from "../../platform/money.ts";
import type { FactField } from "#kernel/contract";
import type { Library } from "../library/library.ts";
import type { ExplanationView } from "../contract.ts";
import { toBasis } from "./views.ts";

const isList = (value: Value): value is Extract<Value, readonly unknown[]> => Array.isArray(value);

/** A division's code → its name; the code itself where nobody can say. */
export type DivisionName = (code: string) => string;

export const isDivision = (field: FactField | undefined): boolean =>
  field !== undefined && /(^|_)(county|township|region)$/.test(field.column) && !field.codes;

/** Codes of divisions that an explanation and its ways show, for looking up their names. */
export function divisionsIn(
  explanation: Explanation,
  ways: readonly Way[],
  fields: readonly FactField[],
): readonly string[] {
  const divisions = new Set(fields.filter(isDivision).map(({ name }) => name));
  const facts = explanation.conditions.flatMap((condition) =>
    condition.facts.map(({ name, value }) => ({ name, values: [value] })),
  );
  const changes = ways.flatMap((way) => way.changes.map(({ name, from, to }) => ({ name, values: [from, to] })));
  return [...facts, ...changes].flatMap(({ name, values }) =>
    divisions.has(name) ? values.filter((value) => typeof value === "string") : [],
  );
}

/** A fact's value as an officer reads it; null when it is missing. */
export function shownValue(
  field: FactField | undefined,
  value: Value | null,
  nameOf: DivisionName = (code) => code,
): string | null {
  if (value === null) return null;
  if (typeof value === "string" && isDivision(field)) return nameOf(value);
  if (typeof value === "boolean") return value ? "是" : "否";
  if (isList(value)) return value.map((one) => shownValue(field, one, nameOf)).join("、");
  if (field?.type === "fen" && typeof value === "number") return `${formatYuan(value)} 元`;
  if (typeof value === "object") return `${value.value}/${value.of}`;
  return field?.codes?.[`${value}`] ?? `${value}`;
}

export function toExplanation(
  explanation: Explanation,
  ways: readonly Way[],
  fields: readonly FactField[],
  library: Library,
  nameOf?: DivisionName,
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
          value: shownValue(field(name), value, nameOf),
          supplier,
        })),
      })),
    ways: ways.map((way) => ({
      changes: way.changes.map(({ name, label, from, to }) => ({
        label,
        from: shownValue(field(name), from, nameOf),
        to: shownValue(field(name), to, nameOf),
      })),
      outcome: way.outcome,
      amount: way.amount,
      from: way.from,
    })),
  };
}
