/** What subsidies let people do; the duties that carry each are named in `module.ts`. */
export const subsidiesPermissions = {
  read: "subsidies.read",
  /** Takes claims in, confirms for the payee at the counter, examines. */
  handle: "subsidies.handle",
  /** Approves, refuses, sends back. */
  approve: "subsidies.approve",
  /** Agrees to large amounts after the approval. */
  endorse: "subsidies.endorse",
  /** Records what documents put at the office's disposal. */
  funds: "subsidies.funds",
  /** Builds batches, writes the bank's file, takes in its answer. */
  pay: "subsidies.pay",
  /** Releases a batch that somebody else built. */
  release: "subsidies.release",
  /** Sets terms, amounts and days by the office's own document. */
  settings: "subsidies.settings",
  /** Records what audits found, and closes what another has put right. */
  inspect: "subsidies.inspect",
  /** Says how it was put right, with what shows it. */
  rectify: "subsidies.rectify",
  export: "subsidies.export",
} as const;
