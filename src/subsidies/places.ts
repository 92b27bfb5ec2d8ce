import type { RegionName } from "#registry/contract";

/** A place as screens show it. */
export const placeOf = (nameOf: (code: string) => RegionName, code: string) => ({
  code,
  name: nameOf(code).name,
  fullName: nameOf(code).fullName,
});
