export { auditModule } from "./module.ts";
export { recordEntry } from "./store.ts";
