import type { Expression } from "../feel/ast.ts";
import { parts } from "../feel/ast.ts";
import type { Reason } from "../values/unknown.ts";
import { elements, emit, expressionSql, type Columns } from "./expression.ts";
import { all } from "./text.ts";

/** One thing that is missing, and where: `guard` holds in the rows in which it is to blame for the NULL. */
export interface Blame {
  readonly kind: "fact" | "parameter" | "reason";
  readonly name: string;
  readonly guard: string;
}

export interface BlameColumns extends Columns {
  /** What an unknown of that special or parameter, itself NULL, is to blame on. */
  special(name: string): string;
  blameSpecial(name: string): readonly Blame[];
  blameParameter(name: string): readonly Blame[];
}

const isNull = (sql: string) => `(${sql}) IS NULL`;

export const guarded = (blames: readonly Blame[], ...guards: readonly string[]): readonly Blame[] =>
  blames.map((blame) => ({ ...blame, guard: all([...guards, blame.guard]) }));

/**
 * Expressions that are NULL wherever one of those to blame is: nothing need be asked of them again. `and`, `or` and quantifiers can be
 * known although a part is not.
 */
const isStrict = ({ op }: Expression): boolean => !["and", "or", "some", "every"].includes(op);

/** What is to blame in rows where the expression is NULL: the same facts the three-valued operators collect. */
export function blame(node: Expression, columns: BlameColumns): readonly Blame[] {
  const sql = (part: Expression) => expressionSql(part, columns);
  const whenNull = (part: Expression) =>
    isStrict(part) ? blame(part, columns) : guarded(blame(part, columns), isNull(sql(part)));
  switch (node.op) {
    case "literal":
    case "known":
      return [];
    case "name":
      return blameName(node, columns);
    case "if":
      return [
        ...whenNull(node.condition),
        ...guarded(whenNull(node.whenTrue), `(${sql(node.condition)}) IS TRUE`),
        ...guarded(whenNull(node.whenFalse), `(${sql(node.condition)}) IS FALSE`),
      ];
    case "some":
    case "every": {
      const rows = elements(node.variable, sql(node.list));
      const inside = blame(node.satisfies, columns).map((found) => ({
        ...found,
        guard: `EXISTS (SELECT 1 FROM ${rows} WHERE ${all([isNull(sql(node.satisfies)), found.guard])})`,
      }));
      return [...whenNull(node.list), ...guarded(inside, `(${sql(node.list)}) IS NOT NULL`)];
    }
    case "and":
    case "or":
      return node.items.flatMap(whenNull);
    case "arithmetic":
    case "call":
    case "compare":
    case "in":
    case "list":
    case "negate":
    case "not": {
      const operands = parts(node);
      const present = operands.map((operand) => `(${sql(operand)}) IS NOT NULL`);
      const reasons = (emit(node, columns).partial ?? []).map(({ reason, when }) =>
        because(reason, all([isNull(sql(node)), ...present, ...(when ? [when] : [])])),
      );
      return [...operands.flatMap(whenNull), ...reasons];
    }
  }
}

export const because = (reason: Reason, guard: string): Blame => ({ kind: "reason", name: reason, guard });

function blameName(node: Expression & { op: "name" }, columns: BlameColumns): readonly Blame[] {
  switch (node.kind) {
    case "fact":
      return [{ kind: "fact", name: node.name, guard: `${columns.fact(node.name)} IS NULL` }];
    case "parameter":
      return guarded(columns.blameParameter(node.name), `${columns.parameter(node.name)} IS NULL`);
    case "special":
      return guarded(columns.blameSpecial(node.name), `${columns.special(node.name)} IS NULL`);
    case "local":
      return [];
  }
}
