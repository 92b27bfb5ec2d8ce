/** The server door of startups: what they tell rules and what offices hand over about them. */
export { startupsFacts } from "./facts.ts";
export { startupsModule } from "./module.ts";
export { startupsRegisters } from "./registers.ts";
export { synthesizeStartups } from "./synthesize.ts";
export { startupsPayees } from "./payees.ts";
