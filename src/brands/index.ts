/** What others may ask of labour brands on the server: registers, facts for rules, rows for a demo. */
export { brandsFacts } from "./facts.ts";
export { brandsModule } from "./module.ts";
export { brandsRegisters } from "./registers.ts";
export { synthesizeBrands } from "./synthesize.ts";
export { brandsPayees } from "./payees.ts";
