import type { RegionName } from "#registry/contract";
import { platformProblems, refuse } from "../platform/problem.ts";

/** A place as screens show it. */
export const placeOf = (nameOf: (code: string) => RegionName, code: string) => ({
  code,
  name: nameOf(code).name,
  fullName: nameOf(code).fullName,
});

export const COUNTY_DIGITS = 6;

/** The county, city or province in whose name an officer writes; whoever answers for a part of a county does not. */
export const officeOf = (region: string | null): string =>
  region !== null && region.length <= COUNTY_DIGITS ? region : refuse(platformProblems.outOfScope());
