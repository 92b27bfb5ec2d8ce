export {
  codeAtLevel,
  DIVISION_LEVEL_LABELS,
  DIVISION_LEVELS,
  isWithin,
  levelOfCode,
  parentCode,
  parseDivisionCode,
} from "./division.ts";
export type { Division, DivisionCode, DivisionLevel } from "./division.ts";
export { loadDivisions } from "./load.ts";
export { loadSampleAliases, parseAliases } from "./aliases.ts";
export type { DivisionAlias } from "./aliases.ts";
export { divisionMatcher } from "./matcher.ts";
export type { DivisionMatch, DivisionMatcher, DivisionResolver, ResolverOptions } from "./matcher.ts";
export type { WorkplaceMatch, WorkplaceResolver } from "./workplaces.ts";
export { idPrefixCountyName, idPrefixKnown, idPrefixPrecision } from "./id-prefixes.ts";
export type { IdPrefixPrecision } from "./id-prefixes.ts";
