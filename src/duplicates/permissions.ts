/** What may be done with duplicates; the duties that carry each are named in `module.ts`. Seeing and judging pairs goes with 比对. */
export const duplicatesPermissions = {
  merge: "duplicates.merge",
  transfer: "duplicates.transfer",
} as const;
