import type { PersonTable } from "#registry";

/** What was found and decided of two records names both as they were. */
export const duplicatesPersonTables: readonly PersonTable[] = [
  { table: "duplicates.side", column: "person_id", key: ["pair_id"], on: "history" },
  { table: "duplicates.merge", column: "survivor_id", key: ["merge_id"], on: "history" },
  { table: "duplicates.merge", column: "loser_id", key: ["merge_id"], on: "history" },
];
