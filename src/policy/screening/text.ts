/** SQL literal of a text. */
export const quoteLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const AFTER_DIGITS = ":";

/** SQL: the column's code lies under the prefix. A range, which an index serves. "" is the whole installation. */
export function regionPredicate(column: string, prefix: string): string {
  if (!/^\d{0,12}$/.test(prefix)) throw new Error(`not a region prefix: ${prefix}`);
  return prefix === "" ? "true" : `(${column} >= '${prefix}' AND ${column} < '${prefix}${AFTER_DIGITS}')`;
}
