import { sql, type RawBuilder } from "kysely";
import { platformProblems, refuse } from "../platform/problem.ts";

/**
 * The first wall (trust.md): the prefix of region codes whose rows a query may touch; "" is the whole installation, null
 * nothing. Every store function takes one and puts it into its WHERE, whatever row security does besides.
 */
export type Scope = string | null;

/** Sorts after every digit in the "C" order of codes, so that `prefix + this` ends a subtree's range. */
export const AFTER_DIGITS = ":";

/** SQL: the column's region lies in the scope. A range, which an index serves; row security's own function is not one. */
export function within(column: string, scope: Scope): RawBuilder<boolean> {
  if (scope === null) return sql<boolean>`false`;
  if (scope === "") return sql<boolean>`true`;
  return sql<boolean>`(${sql.ref(column)} >= ${scope} AND ${sql.ref(column)} < ${scope + AFTER_DIGITS})`;
}

export function sees(scope: Scope, region: string): boolean {
  return scope !== null && region.startsWith(scope);
}

/** The scope narrowed to a region that a filter asks for; a region around the scope leaves it as it is, one beside it is refused. */
export function narrow(scope: Scope, region: string | undefined): Scope {
  if (scope === null || region === undefined) return scope;
  if (region.startsWith(scope)) return region;
  if (scope.startsWith(region)) return scope;
  return refuse(platformProblems.outOfScope());
}
