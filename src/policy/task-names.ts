/** Names of the rulebook's background work; handlers queue them. */
export const policyTasks = {
  screenAll: "policy.screen-all",
  screenBatch: "policy.screen-batch",
  screenRule: "policy.screen-rule",
  gate: "policy.gate",
  simulate: "policy.simulate",
} as const;
