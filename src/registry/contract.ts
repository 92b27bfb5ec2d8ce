/** What the screen and other domains may know of the registry: shapes, words and routes. Pure. */
export * from "./permissions.ts";
export * from "./sources.ts";
export * from "./fields.ts";
export * from "./masks.ts";
export * from "./regions/contract.ts";
export * from "./persons/contract.ts";
export * from "./persons/page-contract.ts";
export * from "./households/contract.ts";
export * from "./employers/contract.ts";
export * from "./comparisons/contract.ts";
export { DIVISION_LEVEL_LABELS, DIVISION_LEVELS, isWithin, levelOfCode, parentCode } from "./divisions/division.ts";
export type { DivisionCode, DivisionLevel } from "./divisions/division.ts";
export type { Dictionary } from "./dictionaries/dictionary.ts";
export { householdType, monitoringKind, personCategory } from "./dictionaries/assistance.ts";
export { employmentChannel, employmentForm, industry, occupation, workplaceScope } from "./dictionaries/employment.ts";
export { ethnicity } from "./dictionaries/ethnicity.ts";
export { education, health, labourCapacity, maritalStatus, sex } from "./dictionaries/person.ts";
export { disabilityGrade, disabilityKind } from "./dictionaries/disability.ts";
