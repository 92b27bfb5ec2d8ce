/**
 * Numbers of advisory locks: each purpose its own, or two that have nothing to do with one another wait for each other. `history` and
 * `seals` are said in migrations too, by number.
 */
export const locks = {
  /** Held while migrations run; whoever needs the tables to stay as they are takes it shared. */
  migrations: 7_146_002,
  /** One start at a time migrates and fills. */
  start: 7_146_040,
  demoAccounts: 7_146_041,
  demoData: 7_146_042,
  testTemplates: 7_146_003,
  testRoles: 7_146_001,
  /** Seed of the names under which workers show that they live. */
  presence: 7_146_030,
  /** Writers of history take it shared, a closing month alone (platform/migrations/0003-history.sql). */
  history: 7_146_031,
  /** Writers of the log take turns (audit/migrations/0002-seals.sql). */
  seals: 7_146_021,
  digests: 7_146_022,
  backup: 7_146_033,
  backupRequests: 7_146_032,
  /** One apply or undo of a ledger at a time. */
  ledgerApply: 7_146_020,
  /** With the register's hash. */
  registerImport: 7_146_023,
  /** With the version's number. */
  screening: 7_146_024,
  /** With the version's number. */
  checking: 7_146_025,
  /** Approvals and intakes take turns where they could promise the same entitlement twice. */
  claiming: 7_146_034,
  /** Recalculations take turns: each holds the open differences against what it finds. */
  recalculating: 7_146_035,
  retention: 7_146_051,
  retentionRequests: 7_146_052,
  retentionSettings: 7_146_053,
} as const;
