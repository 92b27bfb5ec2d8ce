/** What the rulebook lets people do; the duties that carry each are named in `module.ts`. */
export const policyPermissions = {
  /** Rules, versions and parameters with their reasons. */
  read: "policy.read",
  /** Results of screenings and persons' entitlements in one's own area. */
  results: "policy.results",
  draft: "policy.draft",
  publish: "policy.publish",
  settings: "policy.settings",
  simulate: "policy.simulate",
} as const;
