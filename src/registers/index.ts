/** What other domains may ask of the registers, on the server. Everything of the contract besides. */
export * from "./contract.ts";
export { registerAsOfSql, registersMark } from "./as-of.ts";
export { checkDefinitions, registersModule } from "./module.ts";
export { registersHeld } from "./holdings.ts";
