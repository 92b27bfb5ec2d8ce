export { auditModule } from "./module.ts";
export { ProofCheck } from "./seal/proof.ts";
export { proveSubject } from "./seal/prove-subject.ts";
export { recordEntry } from "./store.ts";
