/** What others may ask of jobs on the server: its registers, the facts that rules ask of them, and how they are filled for a demo. */
export { jobsFacts } from "./facts.ts";
export { jobsHelps } from "./helps.ts";
export { jobsModule } from "./module.ts";
export { jobsRegisters } from "./registers.ts";
export { synthesizeJobs } from "./synthesize.ts";
export { jobsPayees } from "./payees.ts";
