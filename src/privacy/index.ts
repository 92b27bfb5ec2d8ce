export { privacyModule } from "./module.ts";
export { privacyPersonTables } from "./person-tables.ts";
