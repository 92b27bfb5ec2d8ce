import type { Expression, Test } from "../feel/ast.ts";
import type { MonthCounting } from "../values/dates.ts";
import type { ScalarKind, ValueType } from "../values/types.ts";
import { functionSql, memberSql, type FunctionSql, type RateSql } from "./functions.ts";
import { all, bind, boundedInteger, dateLiteral, integerLiteral, literal } from "./text.ts";

/** Where names stand in the statement. */
export interface Columns {
  fact(name: string): string;
  special(name: string): string;
  parameter(name: string): string;
  rate(name: string): RateSql;
  readonly monthCounting: MonthCounting;
  /** Expressions already computed, by their SQL: the event date is often a condition's date as well. */
  readonly computed: ReadonlyMap<string, string>;
}

const SQL_TYPES: Record<ScalarKind, string> = {
  text: "text",
  integer: "bigint",
  fen: "bigint",
  boolean: "boolean",
  date: "date",
  rate: "bigint",
};
export const sqlType = (type: ValueType): string =>
  type.kind === "list" ? `${SQL_TYPES[type.of ?? "text"]}[]` : SQL_TYPES[type.kind];

/** A written value. */
export function constant(type: ValueType, value: unknown): string {
  if (type.kind === "date") return dateLiteral(String(value));
  if (type.kind === "boolean") return String(value);
  if (type.kind === "text") return `(${literal(String(value))}::text COLLATE "C")`;
  return integerLiteral(Number(value));
}

/** `AND` and `OR` of operands that must all be known: SQL's own would answer although one is missing. */
const strictly = (conditions: readonly string[], operator: "&" | "|"): string =>
  conditions.length === 1
    ? conditions[0]!
    : `(${conditions.map((condition) => `(${condition})::int`).join(` ${operator} `)})::boolean`;

/**
 * An expression as SQL with NULL for unknown. Kleene's operators are SQL's own; comparisons and arithmetic are strict in SQL as they are
 * here; what is strict here and lenient there (`BETWEEN`, `IN`, `LEAST`, an empty list) is written out.
 */
export function expressionSql(expression: Expression, columns: Columns): string {
  const sql = emit(expression, columns).sql;
  return columns.computed.get(sql) ?? sql;
}

/** With the reasons for which it may be NULL although all of its parts are known. */
export function emit(node: Expression, columns: Columns): FunctionSql {
  const of = (part: Expression) => expressionSql(part, columns);
  switch (node.op) {
    case "literal":
      return { sql: constant(node.type, node.value) };
    case "name":
      return { sql: nameSql(node, columns) };
    case "list":
      return { sql: listSql(node.items.map(of), node.type) };
    case "negate":
      return { sql: `(- ${of(node.value)})` };
    case "arithmetic": {
      const [a, b] = [of(node.left), of(node.right)];
      // A sum of two integers of ours fits bigint, a product need not.
      const wide = node.operator === "*" ? `${a}::numeric * ${b}` : `${a} ${node.operator} ${b}`;
      return { sql: boundedInteger(`(${wide})`), partial: [{ reason: "overflow" }] };
    }
    case "compare":
      return { sql: `(${of(node.left)} ${node.operator === "!=" ? "<>" : node.operator} ${of(node.right)})` };
    case "in":
      return { sql: inSql(of(node.value), node.tests, of) };
    case "and":
    case "or":
      return { sql: `(${node.items.map(of).join(node.op === "and" ? " AND " : " OR ")})` };
    case "not":
      return { sql: `(NOT ${of(node.value)})` };
    case "known":
      return { sql: `(${of(node.value)} IS NOT NULL)` };
    case "if":
      return {
        sql: `CASE ${of(node.condition)} WHEN true THEN ${of(node.whenTrue)} WHEN false THEN ${of(node.whenFalse)} END`,
      };
    case "some":
    case "every":
      return { sql: quantifiedSql(node, columns) };
    case "call":
      return callSql(node, columns);
  }
}

function nameSql(node: Expression & { op: "name" }, columns: Columns): string {
  switch (node.kind) {
    case "fact":
      return columns.fact(node.name);
    case "special":
      return columns.special(node.name);
    case "parameter":
      return columns.parameter(node.name);
    case "local":
      return localColumn(node.name);
  }
}

export const localColumn = (variable: string): string => `"x ${variable.replaceAll('"', '""')}".v`;
const localTable = (variable: string): string => `"x ${variable.replaceAll('"', '""')}"(v)`;

/** The elements of a list as rows, under the name of a quantifier's variable. */
export const elements = (variable: string, list: string): string => `unnest(${list}) AS ${localTable(variable)}`;

function listSql(items: readonly string[], type: ValueType): string {
  return bind(items, (...known) => {
    const array = `ARRAY[${known.join(", ")}]::${sqlType(type)}`;
    return `CASE WHEN ${all(known.map((item) => `${item} IS NOT NULL`))} THEN ${array} END`;
  });
}

/**
 * Strict over all operands: `x in [lo..hi]` is unknown as soon as one bound is. Where the tests are literals only, SQL's own operators
 * say the same and are left alone.
 */
function inSql(value: string, tests: readonly Test<Expression>[], of: (part: Expression) => string): string {
  const isLiteral = (test: Test<Expression>) =>
    test.kind === "range"
      ? test.low.op === "literal" && test.high.op === "literal"
      : test.kind !== "member" && test.value.op === "literal";
  return bind([value], (x) => {
    const equal = tests.flatMap((test) => (test.kind === "equals" && isLiteral(test) ? [of(test.value)] : []));
    const written = tests
      .filter((test) => !(test.kind === "equals" && isLiteral(test)))
      .map((test) => testSql(x, test, of));
    const conditions = [...(equal.length > 0 ? [`${x} IN (${equal.join(", ")})`] : []), ...written];
    if (tests.every(isLiteral)) return conditions.length === 1 ? `(${conditions[0]})` : `(${conditions.join(" OR ")})`;
    return strictly(conditions, "|");
  });
}

function testSql(x: string, test: Test<Expression>, of: (part: Expression) => string): string {
  switch (test.kind) {
    case "equals":
      return `${x} = ${of(test.value)}`;
    case "compares":
      return `${x} ${test.operator} ${of(test.value)}`;
    case "range": {
      const low = `${x} ${test.lowIncluded ? ">=" : ">"} ${of(test.low)}`;
      const high = `${x} ${test.highIncluded ? "<=" : "<"} ${of(test.high)}`;
      const literals = test.low.op === "literal" && test.high.op === "literal";
      return literals ? `(${low} AND ${high})` : strictly([low, high], "&");
    }
    case "member":
      return memberSql(x, of(test.list));
  }
}

function quantifiedSql(node: Expression & { op: "some" | "every" }, columns: Columns): string {
  const [list, holds] = [expressionSql(node.list, columns), expressionSql(node.satisfies, columns)];
  const settled = node.op === "some" ? "bool_or(q)" : "NOT bool_and(q)";
  const outcome = `CASE WHEN ${settled} THEN ${node.op === "some"} WHEN bool_or(q IS NULL) THEN NULL ELSE ${node.op === "every"} END`;
  return bind(
    [list],
    (items) =>
      `CASE WHEN ${items} IS NOT NULL THEN (SELECT ${outcome} FROM (SELECT ${holds} AS q FROM ${elements(node.variable, items)}) t) END`,
  );
}

function callSql(node: Expression & { op: "call" }, columns: Columns): FunctionSql {
  const last = node.args.at(-1);
  const takesRate = ["按比例", "上浮", "比例不低于", "比例不高于"].includes(node.function);
  const rate = takesRate && last ? rateSql(last, columns) : null;
  const args = (rate ? node.args.slice(0, -1) : node.args).map((arg) => expressionSql(arg, columns));
  return functionSql(node.function, args, rate, node.args[0]?.type.kind === "list", columns.monthCounting);
}

/** A rate is a parameter, or a whole percentage. */
function rateSql(node: Expression, columns: Columns): RateSql {
  if (node.type.kind !== "rate") return { value: expressionSql(node, columns), of: "100::bigint" };
  if (node.op !== "name") throw new Error("a rate is always a parameter");
  return columns.rate(node.name);
}
