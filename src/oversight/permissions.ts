/** What oversight lets people do; the duties that carry each are named in `module.ts`. */
export const oversightPermissions = {
  read: "oversight.read",
  /** Gives findings to officers and offices. */
  assign: "oversight.assign",
  /** Hears those concerned, keeps notes and evidence. */
  handle: "oversight.handle",
  /** Decides, closes and reopens. */
  decide: "oversight.decide",
  export: "oversight.export",
  /** Has the checks asked at once. */
  run: "oversight.run",
} as const;
