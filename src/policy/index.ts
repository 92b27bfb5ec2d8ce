/** The rulebook's server door. */
export * from "./contract.ts";
export { DICTIONARIES } from "./facts/index.ts";
export { withoutRows, type FactDictionary } from "./facts/dictionary.ts";
export { rulebookFiles } from "./library/files.ts";
export { casesOf, measuresOf, readLibrary, type Library } from "./library/library.ts";
export type { BasisProblem } from "./library/bases.ts";
export { runCase, settingsOf, type MeasureCase, type MeasureCases } from "./measures/cases.ts";
export { readText } from "./texts/read.ts";
