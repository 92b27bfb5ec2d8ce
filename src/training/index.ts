/** The server door of training: what it tells rules and what offices hand over about it. */
export { trainingFacts } from "./facts.ts";
export { trainingHelps } from "./helps.ts";
export { trainingModule } from "./module.ts";
export { trainingRegisters } from "./registers.ts";
export { synthesizeTraining } from "./synthesize.ts";
export { trainingPayees } from "./payees.ts";
