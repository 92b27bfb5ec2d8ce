import type { PersonTable } from "#registry";

/** What tables last said follows the person, so that next month's speaks of him; what a batch found was so at its time. */
export const ledgerPersonTables: readonly PersonTable[] = [
  { table: "ledger.line", column: "person_id", key: ["kind", "line_key"], on: "move", number: "line_key" },
  { table: "ledger.difference", column: "person_id", key: ["batch_id", "difference_id"], on: "history" },
];
