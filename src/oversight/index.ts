/** Oversight's server door. */
export * from "./contract.ts";
export { oversightFacts } from "./facts/index.ts";
export { oversightModule } from "./module.ts";
