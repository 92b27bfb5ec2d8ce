/** Names of the rulebook's background work; handlers queue them. */
export const policyTasks = {
  screenAll: "policy.screen-all",
  screenBatch: "policy.screen-batch",
  screenPersons: "policy.screen-persons",
  screenRule: "policy.screen-rule",
  gate: "policy.gate",
  simulate: "policy.simulate",
} as const;

/** Everything is to be screened anew; whose request it is, is added. */
export const SCREEN_ALL = {
  name: policyTasks.screenAll,
  payload: {},
  subject: "policy.screening",
  queue: "policy",
} as const;
