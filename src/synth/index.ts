/** The synthetic province, for demo, tests and benches. */
export { synthModule } from "./module.ts";
export { loadSyntheticRegistry } from "./demo/load-registry.ts";
export { dayOf, Population, type PopulationOptions, type Standing } from "./population.ts";
export {
  differences,
  summariseDifferences,
  type Difference,
  type DifferenceKind,
  type DifferenceSummary,
} from "./differences.ts";
export { formKinds, type FormKind } from "./forms.ts";
export { writeForeignPersons, writeRenamedVillages, type AliasRow } from "./plant-parameters.ts";
export {
  employerRows,
  personRecords,
  type AccessRow,
  type CategoryRow,
  type ContractRow,
  type EmployerRow,
  type EmploymentRow,
  type HouseholdRow,
  type InsuranceMonthRow,
  type PersonRecord,
  type PersonRow,
  type RegistryOptions,
  type WageMonthRow,
} from "./registry-rows.ts";
export type { DivisionRow } from "./territory.ts";
export {
  createPopulation,
  fileFormats,
  sizes,
  writeProvince,
  type FileFormat,
  type PopulationSize,
  type ProvinceOptions,
  type Size,
  type WrittenFile,
  type WrittenProvince,
} from "./write-province.ts";
