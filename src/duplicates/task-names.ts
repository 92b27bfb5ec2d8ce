/** Names of the background work of this domain; handlers queue them. */
export const duplicatesTasks = {
  match: "duplicates.match",
  matchBatch: "duplicates.match-batch",
  merge: "duplicates.merge",
  unmerge: "duplicates.unmerge",
  transfer: "duplicates.transfer",
  escalate: "duplicates.escalate",
} as const;

/** Everything that changes persons runs one after the other. */
export const DUPLICATES_QUEUE = "duplicates";
