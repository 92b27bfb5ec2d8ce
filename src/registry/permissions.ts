/** What the registry lets people do; the duties that carry each are named in `module.ts`. */
export const registryPermissions = {
  read: "registry.read",
  edit: "registry.edit",
  unmask: "registry.unmask",
  export: "registry.export",
  compare: "registry.compare",
  employers: "registry.employers",
} as const;
