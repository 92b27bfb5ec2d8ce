/** Duties whose officers look into findings: to them a finding may be given. */
export const HANDLING_DUTIES = [
  "county-clerk",
  "reviewer",
  "town-officer",
  "city-dispatcher",
  "province-dispatcher",
  "finance",
  "auditor",
] as const;
