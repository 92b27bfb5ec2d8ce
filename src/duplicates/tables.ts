import type { RegisterDefinition } from "#registers/contract";
import { registryFields, type PersonTable } from "#registry";

/** A register's own table may say more of itself than its definition does: that money was paid because of its rows. */
export interface PaidRegister {
  readonly register: string;
  readonly paidOnce?: readonly string[];
}

/** Every register whose rows name a person, as tables that follow him. Registers that share a table are one. */
export function registerPersonTables(
  definitions: readonly RegisterDefinition[],
  paid: readonly PaidRegister[],
): PersonTable[] {
  const tables = new Map<string, PersonTable>();
  for (const { name, table, id, title, columns, shared } of definitions) {
    const person = columns.find(({ type }) => type === "person");
    if (!person) continue;
    const money = paid.find(({ register }) => register === name);
    tables.set(table, {
      table,
      column: person.column,
      key: [id],
      on: "move",
      register: shared ? { by: shared.by } : { name },
      title: shared ? "其他部门提供的记录" : title,
      labels: shared ? {} : Object.fromEntries(columns.map(({ column, label }) => [column, label])),
      ...(money ? { money: true as const, ...(money.paidOnce ? { paidOnce: money.paidOnce } : {}) } : {}),
    });
  }
  return [...tables.values()];
}

/** Columns' names in the office's words; bookkeeping columns have none. */
export function labelOf({ entity, labels }: PersonTable, column: string): string | undefined {
  return entity ? registryFields[entity][column]?.label : labels?.[column];
}
