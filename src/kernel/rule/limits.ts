import type { PreparedMeasure } from "./prepared.ts";

/**
 * The subjects in which two rows must agree to compete for what limits leave: those that every limit counts by. Rows that agree in none
 * of them cannot touch each other's limits; where limits have no subject in common, all rows of the measure may.
 */
export function rivalSubjects({ limits }: Pick<PreparedMeasure, "limits">): readonly string[] {
  const [first, ...others] = limits.map(({ per }) => per);
  return (first ?? []).filter((name) => others.every((per) => per.includes(name)));
}
