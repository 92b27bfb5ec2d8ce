/** What other domains may ask of the registers, on the server. Everything of the contract besides. */
export * from "./contract.ts";
export { checkDefinitions, registersModule } from "./module.ts";
