/** What others may ask of carriers and relief projects on the server: registers, facts for rules, rows for a demo. */
export { carriersFacts } from "./facts.ts";
export { carriersModule } from "./module.ts";
export { carriersRegisters } from "./registers.ts";
export { synthesizeCarriers } from "./synthesize.ts";
export { workshopsAsOfSql } from "./workshops.ts";
export { carriersPayees } from "./payees.ts";
