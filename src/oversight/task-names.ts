/** Names of the background work of oversight; handlers queue it. */
export const oversightTasks = {
  everything: "oversight.check-all",
  batch: "oversight.check-batch",
  persons: "oversight.check-persons",
} as const;
