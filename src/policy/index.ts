/** The rulebook's server door. */
export * from "./contract.ts";
export { readText } from "./texts/read.ts";
