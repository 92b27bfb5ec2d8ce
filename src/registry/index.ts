/** What other domains may ask of the registry, on the server. Everything of the contract besides. */
export * from "./contract.ts";
export * from "./dictionaries/index.ts";
export {
  codeAtLevel,
  idPrefixCountyName,
  idPrefixKnown,
  idPrefixPrecision,
  loadDivisions,
  loadSampleAliases,
  parseDivisionCode,
  type Division,
  type DivisionAlias,
  type DivisionMatch,
  type DivisionMatcher,
  type DivisionResolver,
  type ResolverOptions,
  type WorkplaceMatch,
  type WorkplaceResolver,
} from "./divisions/index.ts";
export {
  categoriesAsOfSql,
  cutHistory,
  employerNamesAsOfSql,
  employmentAsOfSql,
  joinHistory,
  LATEST,
  markBatch,
  personsAsOfSql,
} from "./as-of.ts";
export { fieldAuthority, type FieldAuthority } from "./authority.ts";
export { employerKey, normaliseEmployerName } from "./employers/names.ts";
export { employerSeen, linkEmployersByOwnName, shortEmployers, type ShortEmployer } from "./employers/store.ts";
export { maskColumnOf } from "./holdings.ts";
export type { HelpSource } from "./help-sources.ts";
export { registryPersonTables, type PersonTable } from "./person-tables.ts";
export { personKnownTo, shortPersons, type ShortPerson } from "./persons/short-store.ts";
export {
  asUuid,
  bankAccountHash,
  bigintOfHash,
  identityHash,
  newPersonId,
  openPersonSecret,
  phoneHash,
  phoneTail,
  sealPersonSecret,
  type PersonSecret,
} from "./numbers.ts";
export {
  continuousSpellsSql,
  countySql,
  isInCategorySql,
  personFacts,
  personFactsSql,
  type ContinuousSpellsOptions,
  type PersonFact,
  type PersonFactsOptions,
} from "./facts-sql.ts";
export {
  loadRegionIndex,
  regionNames,
  regionsByCode,
  regionsMark,
  regionsUnder,
  type RegionIndex,
} from "./regions/store.ts";
export { narrow, sees, within, type Scope } from "./scope.ts";
export { drawSql, fillCounties, type SyntheticScope } from "./synthetic.ts";
export { registryModule } from "./module.ts";
export { countToVerify, findPersonIdsByHash, regionsWithPersons } from "./persons/counts-store.ts";
export { comparisonCounts, raiseComparison } from "./comparisons/store.ts";
export { ownerFor, type Owner } from "./comparisons/owners.ts";
export { swapIdentities } from "./cells/swap.ts";
export { editPersonCells, personCells } from "./persons/edit.ts";
export { personPageOf } from "./persons/page.ts";
