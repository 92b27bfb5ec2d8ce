import type { FieldAuthority, RegistryEntity } from "#registry";
import type { ComparedColumn } from "./person-columns.ts";

/** Sources are numbered from 1; this many have a place in the rank arrays below. */
const SOURCES = 32;

/** SQL: nothing for a reader to see. */
export const NO_CELLS = "'[]'::jsonb";

/** SQL: the claim differs from what is held and says something. */
export function differsSql(column: ComparedColumn): string {
  return `(${column.differs ?? `${column.claim} IS NOT NULL AND ${column.claim} IS DISTINCT FROM ${column.held}`})`;
}

/** SQL: what is held comes from a source that is believed before the claiming one, so a person must compare the two. */
export function disputedSql(
  column: ComparedColumn,
  entity: RegistryEntity,
  alias: string,
  claimedSource: number,
  authority: FieldAuthority,
): string {
  const ranks = Array.from({ length: SOURCES }, (_, index) => authority.rank(entity, column.field, index + 1));
  const rank = authority.rank(entity, column.field, claimedSource);
  if (ranks.every((held) => held >= rank)) return "false";
  const heldSource = `coalesce((${alias}.cell_sources->>'${column.field}')::int, ${alias}.source)`;
  // A cell with a source of its own was stated even where it is empty: somebody has cleared it, or said that work goes on.
  return `((${column.held} IS NOT NULL OR coalesce(${alias}.cell_sources ? '${column.field}', false)) AND (ARRAY[${ranks.join(",")}])[${heldSource}] < ${rank})`;
}

/** SQL array of the names of the columns for which `test` holds. */
export function namesWhere(columns: readonly ComparedColumn[], test: (column: ComparedColumn) => string): string {
  if (columns.length === 0) return "ARRAY[]::text[]";
  return `array_remove(ARRAY[${columns.map((column) => `CASE WHEN ${test(column)} THEN '${column.field}' END`).join(", ")}]::text[], NULL)`;
}

/**
 * SQL jsonb array of the cells a reader sees: entity, field, held and claimed value, where the held one comes from, and
 * whether it will be adopted or becomes a comparison task. `adopt` and `dispute` are the names computed by `namesWhere`.
 */
export function cellsSql(
  entity: RegistryEntity,
  alias: string,
  columns: readonly ComparedColumn[],
  adopt: string,
  dispute: string,
): string {
  const cell = (column: ComparedColumn) =>
    `CASE WHEN '${column.field}' = ANY(${adopt}) OR '${column.field}' = ANY(${dispute}) THEN jsonb_build_object(
      'entity', '${entity}', 'field', '${column.field}', 'held', ${column.shownHeld}, 'claimed', ${column.shownClaim},
      'source', coalesce((${alias}.cell_sources->>'${column.field}')::int, ${alias}.source),
      'act', CASE WHEN '${column.field}' = ANY(${adopt}) THEN 'adopt' ELSE 'task' END) END`;
  const shown = columns.filter((column) => !column.silent);
  // Few of the cells differ in any row: one array of what there is costs a third of joining one array a cell.
  return shown.length === 0
    ? "'[]'::jsonb"
    : `to_jsonb(array_remove(ARRAY[${shown.map(cell).join(", ")}]::jsonb[], NULL))`;
}

export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function quoteList(texts: readonly string[]): string {
  return texts.map(quote).join(", ");
}

/** SQL: a region code lies in one of the covered regions. */
export function coveredSql(column: string, coverage: readonly string[]): string {
  return `(${coverage.map((code) => `(${column} >= ${quote(code)} AND ${column} < ${quote(`${code}:`)})`).join(" OR ")})`;
}
