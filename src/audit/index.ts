export { auditModule } from "./module.ts";
export { recordEntry, type NewAuditEntry } from "./store.ts";
