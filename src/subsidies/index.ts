/** The server door of subsidies: what was paid before, and what the registry's registers say to rules about subsidies. */
export * from "./contract.ts";
export { claims } from "./counted-claims.ts";
export { subsidiesDemoModule } from "./demo/module.ts";
export { moneyDutiesOf, type MoneyDuty } from "./duties.ts";
export { subsidiesFacts } from "./facts.ts";
export { subsidiesModule } from "./module.ts";
export { subsidiesPersonTables } from "./person-tables.ts";
export { subsidiesRegisters } from "./registers.ts";
export { synthesizeSubsidies } from "./synthesize.ts";
