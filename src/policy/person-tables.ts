import type { PersonTable } from "#registry";

/** Results are computed from facts, and computed again. The rows handed over for rules are registers (`sharedRegisters`). */
export const policyPersonTables: readonly PersonTable[] = [
  { table: "policy.result", column: "person_id", key: ["version_id", "row_key"], on: "derived" },
  { table: "policy.touched", column: "person_id", key: ["batch_id"], on: "derived" },
];
