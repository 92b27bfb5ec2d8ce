/** What other domains may ask of the ledger, on the server. */
export * from "./contract.ts";
export { vanishApproval } from "./handlers/batches.ts";
export { ledgerModule } from "./module.ts";
export { listBatchRows, type BatchRow } from "./store.ts";
export { closeLedgerMonth, reopenLedgerMonth } from "./months.ts";
