import type { RegistryEntity } from "#registry";
import { nextSources, type ChangeFacts } from "../compare/change.ts";
import type { ComparedColumn } from "../compare/person-columns.ts";

/** Facts of the batch that every statement of an apply needs, as SQL literals. */
export interface ApplyFacts extends ChangeFacts {
  /** Business date on which the values were obtained, quoted. */
  readonly recordedOn: string;
  readonly assessed: string;
  /** SQL: the difference of the assessed row `a` is to be adopted. */
  readonly adopted: string;
}

/** SQL: nothing speaks against adopting; `left_out` holds what an officer set aside, if anything. */
export function adoptedSql(leftOut: boolean): string {
  return `NOT a.blocked${leftOut ? " AND NOT EXISTS (SELECT 1 FROM left_out x WHERE x.difference_id = a.difference_id)" : ""}`;
}

/** Writes of the adopted columns among `columns`: column → SQL of the new value. A column written by two fields is written once. */
export function writesOf(
  columns: readonly ComparedColumn[],
  adopt: string,
): { column: string; next: (held: string) => string }[] {
  const byColumn = new Map<string, { fields: string[]; value: string }>();
  for (const column of columns) {
    for (const write of column.writes) {
      const known = byColumn.get(write.column);
      if (known) known.fields.push(column.field);
      else byColumn.set(write.column, { fields: [column.field], value: write.value });
    }
  }
  return [...byColumn].map(([column, { fields, value }]) => ({
    column,
    next: (held) =>
      `CASE WHEN ${adopt} && ARRAY[${fields.map((field) => `'${field}'`).join(", ")}] THEN ${value} ELSE ${held}.${column} END`,
  }));
}

/** INSERT into registry.change for rows about to be updated. `alias` is the assessed row's name in `from`. */
export function logChangesSql(
  entity: RegistryEntity,
  facts: ApplyFacts,
  parts: { alias?: string; key: string; before: string; after: string; home: string; from: string },
): string {
  const row = parts.alias ?? "a";
  return `INSERT INTO registry.change (person_id, entity, entity_key, act, before, after, batch_id, source, reason, home_region)
    SELECT ${row}.person_id, '${entity}', ${parts.key}, 'update', ${parts.before}, ${parts.after}, ${facts.batchId}, ${facts.source}, coalesce(${row}.reason, ''), ${parts.home} FROM ${parts.from}`;
}

/** SQL assignments of an UPDATE whose target alias is `alias`. */
export function assignments(
  columns: readonly ComparedColumn[],
  alias: string,
  adopt: string,
  facts: ApplyFacts,
): string {
  const values = writesOf(columns, adopt).map(({ column, next }) => `${column} = ${next(alias)}`);
  return [
    ...values,
    `version = ${alias}.version + 1`,
    `batch_id = ${facts.batchId}`,
    `cell_sources = ${nextSources(alias, adopt, facts)}`,
  ].join(", ");
}
