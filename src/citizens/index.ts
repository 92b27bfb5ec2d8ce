export { citizensModule } from "./module.ts";
export { citizensPersonTables } from "./person-tables.ts";
export { findMandate } from "./mandates.ts";
