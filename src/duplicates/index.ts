/** The server door of duplicates. */
export * from "./contract.ts";
export { allPersonTables, duplicatesModule, type DuplicatesOptions } from "./module.ts";
