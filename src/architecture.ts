/**
 * Who may know whom, as data; `architecture.test.ts` enforces it. A part knows the parts named beside it and those that
 * they stand on must be named too: nothing is inherited. The way back is an event in the outbox.
 */
export const parts = {
  kernel: [],
  platform: [],
  ui: ["platform"],
  exports: ["platform", "ui"],
  registry: ["platform", "ui", "exports"],
  audit: ["platform", "ui", "registry"],
  identity: ["platform", "ui", "registry", "audit"],
  backup: ["platform", "ui", "registry", "audit", "identity"],
  operations: ["platform", "ui"],
  registers: ["platform", "ui", "exports", "registry", "audit", "identity"],
  policy: ["kernel", "platform", "ui", "exports", "registry", "audit", "identity", "registers"],
  jobs: ["kernel", "platform", "registry", "registers", "policy"],
  carriers: ["kernel", "platform", "registry", "registers", "policy"],
  brands: ["kernel", "platform", "registry", "registers", "policy"],
  "welfare-posts": ["kernel", "platform", "registry", "registers", "policy"],
  training: ["kernel", "platform", "registry", "registers", "policy"],
  startups: ["kernel", "platform", "registry", "registers", "policy"],
  subsidies: ["kernel", "platform", "ui", "exports", "registry", "audit", "identity", "registers", "policy"],
  oversight: ["kernel", "platform", "ui", "exports", "registry", "audit", "identity", "registers", "policy"],
  ledger: ["platform", "ui", "exports", "registry", "audit", "identity"],
  duplicates: ["platform", "ui", "registry", "audit", "identity", "registers", "ledger"],
  monitored: ["platform", "ui", "exports", "registry"],
  privacy: ["platform", "ui", "exports", "registry", "audit", "policy"],
  citizens: [
    "kernel",
    "platform",
    "ui",
    "registry",
    "audit",
    "identity",
    "policy",
    "exports",
    "registers",
    "privacy",
    "subsidies",
  ],
  months: ["platform", "ui", "registry", "audit", "identity", "registers", "ledger", "carriers", "welfare-posts"],
  workbench: ["platform", "ui", "registry", "ledger", "months", "subsidies"],
  plant: ["platform"],
  synth: ["platform", "ui", "registry", "audit", "identity", "ledger", "plant"],
} as const satisfies Record<string, readonly string[]>;
export type Part = keyof typeof parts;

/** The doors of the program and the composition root: they know every module. */
export const doors = ["app.ts", "server.ts", "worker.ts", "cli.ts", "web.tsx", "architecture.ts"] as const;

/** Longest file; beyond it a file holds more than one concept. Generated files, and tests, which are tables of cases, are exempt. */
export const MAX_LINES = 420;
