import type { RuleColumns } from "./columns.ts";
import { literal } from "./text.ts";

/** Functions of PostgreSQL take a hundred arguments. */
const PAIRS = 50;

/**
 * The facts that a statement reads, by FEEL name, as jsonb. Null stays: an end that has not come is an answer, and the interpreter reads
 * the snapshot as it read the facts.
 */
export function snapshot(columns: RuleColumns): string {
  const pairs = columns.readFacts().map(([name, column]) => `${literal(name)}, ${column}`);
  const objects = Array.from(
    { length: Math.ceil(pairs.length / PAIRS) },
    (_, index) => `jsonb_build_object(${pairs.slice(index * PAIRS, (index + 1) * PAIRS).join(", ")})`,
  );
  return objects.length === 1 ? objects[0]! : `(${objects.join(" || ")})`;
}
