/** What the registers let people do; the duties that carry each are named in `module.ts`. */
export const registersPermissions = {
  read: "registers.read",
  write: "registers.write",
  export: "registers.export",
} as const;
