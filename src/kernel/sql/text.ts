/** SQL as text. Values of rules become literals: they come from checked rules, never from a request. */
import { MAX_INTEGER } from "../values/types.ts";

export const literal = (text: string): string =>
  text.includes("\\") ? `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'` : `'${text.replaceAll("'", "''")}'`;
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const dateLiteral = (day: string): string => `DATE '${day}'`;
/** Numbers wide enough that adding and doubling them never leaves bigint. */
export const integerLiteral = (value: number): string => (value < 0 ? `(${value}::bigint)` : `${value}::bigint`);

export const all = (conditions: readonly string[]): string =>
  conditions.length === 0 ? "true" : conditions.length === 1 ? conditions[0]! : `(${conditions.join(" AND ")})`;
export const any = (conditions: readonly string[]): string =>
  conditions.length === 0 ? "false" : conditions.length === 1 ? conditions[0]! : `(${conditions.join(" OR ")})`;

/**
 * A number as a rule's integer, NULL beyond its range. Neither `LEAST` nor `GREATEST` minds a NULL, and the operand is written once, so
 * that nested arithmetic does not grow twofold at every level.
 */
export const boundedInteger = (number: string): string =>
  `NULLIF(GREATEST(NULLIF(LEAST(${number}, ${MAX_INTEGER + 1}), ${MAX_INTEGER + 1}), -${MAX_INTEGER + 1}), -${MAX_INTEGER + 1})::bigint`;

/** A date up to the year 9999, NULL beyond. */
export const boundedAbove = (date: string): string => `NULLIF(LEAST(${date}, DATE '10000-01-01'), DATE '10000-01-01')`;

/** A date of the years 1 to 9999, NULL beyond. */
export const boundedDate = (date: string): string =>
  `NULLIF(GREATEST(${boundedAbove(date)}, DATE '0001-12-31 BC'), DATE '0001-12-31 BC')`;

/**
 * A list of those names whose `when` holds. Arrays of one are chained, NULL where a name is left out, which is far cheaper than making
 * an array of all names and removing the holes.
 */
export function namesWhere(items: readonly { readonly name: string; readonly when: string }[]): string {
  if (items.length === 0) return "'{}'::text[]";
  const each = items.map(({ name, when }) => `CASE WHEN ${when} THEN ARRAY[${literal(name)}] END`);
  return `COALESCE(${each.join(" || ")}, '{}'::text[])`;
}

/** True when an expression may be written several times: a column, a literal, nothing that takes time. */
const isSimple = (sql: string): boolean =>
  /^[\w."$]+$|^DATE '[^']+'$|^\(?-?\d+(::bigint)?\)?$|^\('[^']*'::text COLLATE "C"\)$/.test(sql);

/** Open names of bindings that are still being written; the finished text holds `b1`, `b2`… only, whatever was compiled before. */
let open = 0;

/** Binds what is not simple to a name, so that `build` may write it several times and it is computed once. */
export function bind(args: readonly string[], build: (...names: string[]) => string): string {
  const names = args.map((arg) => (isSimple(arg) ? arg : null));
  if (names.every((name) => name !== null)) return build(...(names as string[]));
  open += 1;
  const draft = `binding_${open}_`;
  const body = build(...names.map((name, index) => name ?? `${draft}.v${index}`));
  open -= 1;
  const columns = args.flatMap((arg, index) => (names[index] === null ? [`${arg} AS v${index}`] : []));
  const inner = `${body} FROM (SELECT ${columns.join(", ")} OFFSET 0) `;
  const deepest = Math.max(0, ...[...inner.matchAll(/\bb(\d+)\.v\d/g)].map((match) => Number(match[1])));
  const table = `b${deepest + 1}`;
  return `(SELECT ${inner.replaceAll(draft, table)}${table})`;
}
