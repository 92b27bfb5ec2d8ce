import { parts, type Expression } from "../feel/ast.ts";
import { readFact, type FactField, type Facts } from "../facts/source.ts";
import type { PreparedCondition, PreparedMeasure } from "../rule/prepared.ts";
import { decide, type Decision, type MeasureOutcome, type Question } from "../runtime/decide.ts";
import { addDays } from "../values/dates.ts";
import type { Scalar, Value } from "../values/types.ts";
import { expressionsOf, factsOf } from "./explain.ts";
import { planOf } from "./plan.ts";

export interface FactChange {
  readonly name: string;
  readonly label: string;
  readonly from: Value | null;
  readonly to: Value | null;
  readonly by: "by-person" | "by-time";
}

/** 差什么: what would have to change, and what it would bring. */
export interface Way {
  /** Fewest first; empty when nothing but time is wanting. */
  readonly changes: readonly FactChange[];
  readonly outcome: MeasureOutcome;
  /** Fen, when it is already known. */
  readonly amount: number | null;
  /** The day from which it holds; null for at once. */
  readonly from: string | null;
}

/** Not the money yet, but nothing left that the person could do. */
const GOOD: readonly MeasureOutcome[] = ["ELIGIBLE", "ELIGIBLE_UP_TO_CAP", "PARAM_MISSING", "NOT_YET"];
const MOST_CHANGES = 3;

/**
 * The smallest sets of changes that make a measure come true, over facts that the dictionary lets a person change or time bring; all
 * sets of the smallest size that suffices, at most `most` of them. Empty when no such set of three exists: then nothing is
 * promised. Values are tried that the failed conditions themselves name, and those on either side of them.
 */
export function waysToEligible(rule: PreparedMeasure, question: Question, most = 5): readonly Way[] {
  const plan = planOf(rule);
  const now = decide(plan, question);
  if (now.outcome === "NOT_YET") return [{ changes: [], outcome: now.outcome, amount: now.amount, from: now.notYet }];
  if (now.outcome !== "NOT_ELIGIBLE" || now.unknown.length > 0) return [];
  const failed = rule.conditions.filter(({ id }) => now.failed.includes(id));
  const changeable = rule.source.fields.filter(
    ({ name, changes }) => changes !== "fixed" && failed.some((condition) => factsOf(condition).includes(name)),
  );
  const candidates = changeable.flatMap((field) =>
    candidatesFor(field, failed, question.facts).map((to): FactChange => ({
      name: field.name,
      label: field.label,
      from: current(field, question.facts),
      to,
      by: field.changes === "by-time" ? "by-time" : "by-person",
    })),
  );
  for (let size = 1; size <= MOST_CHANGES; size++) {
    const ways: Way[] = [];
    for (const changes of choose(candidates, size)) {
      const facts = { ...question.facts, ...Object.fromEntries(changes.map(({ name, to }) => [name, to])) };
      const { outcome, amount, notYet }: Decision = decide(plan, { ...question, facts });
      if (GOOD.includes(outcome)) ways.push({ changes, outcome, amount, from: notYet });
      if (ways.length === most) break;
    }
    if (ways.length > 0) return ways.toSorted((a, b) => (a.from ?? "").localeCompare(b.from ?? ""));
  }
  return [];
}

const current = (field: FactField, facts: Facts): Value | null =>
  readFact({ kind: field.type, ...(field.of ? { of: field.of } : {}) }, facts[field.name]);

/** Values that could make a difference: those given for the field, its codes, and what the failed conditions compare it with. */
function candidatesFor(
  field: FactField,
  failed: readonly PreparedCondition[],
  facts: Facts,
): readonly (Value | null)[] {
  const given =
    field.candidates ?? (field.codes ? Object.keys(field.codes) : field.type === "boolean" ? [true, false] : null);
  const values: readonly (Value | null)[] = given ?? failed.flatMap((condition) => named(field, condition, facts));
  const open = field.openEnded ? [null] : [];
  const now = current(field, facts);
  return [...new Set([...open, ...values])].filter((value) => value !== now);
}

function named(field: FactField, condition: PreparedCondition, facts: Facts): readonly Scalar[] {
  const found = expressionsOf(condition).flatMap((expression) => valuesIn(expression, field, facts));
  if (field.type === "date")
    return found
      .flatMap((day) => [day, addDays(String(day), 1), addDays(String(day), -1)])
      .filter((day) => day !== null);
  if (field.type !== "integer" && field.type !== "fen") return found;
  return found.flatMap((number) => [number, Number(number) + 1, Number(number) - 1]);
}

function valuesIn(expression: Expression, field: FactField, facts: Facts): readonly Scalar[] {
  const inside = parts(expression).flatMap((part) => valuesIn(part, field, facts));
  if (expression.op === "literal" && expression.type.kind === field.type) return [expression.value, ...inside];
  if (expression.op !== "name" || expression.kind !== "fact" || expression.type.kind !== field.type) return inside;
  const value = readFact(expression.type, facts[expression.name]);
  return typeof value === "string" || typeof value === "number" ? [value, ...inside] : inside;
}

/** Sets of so many changes, each of another fact. */
function* choose(
  from: readonly FactChange[],
  size: number,
  chosen: readonly FactChange[] = [],
): Generator<readonly FactChange[]> {
  if (chosen.length === size) {
    yield chosen;
    return;
  }
  for (const [index, change] of from.entries())
    if (!chosen.some(({ name }) => name === change.name))
      yield* choose(from.slice(index + 1), size, [...chosen, change]);
}
