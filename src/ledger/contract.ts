/** What the screen and other domains may know of the ledger: words, shapes and routes. Pure. */
export * from "./vocabulary-contract.ts";
export * from "./handover-contract.ts";
export {
  batchCounts,
  batchSummary,
  confirmMapping,
  downloadMarked,
  faultRow,
  getBatch,
  getMapping,
  ledgerPermissions,
  listBatches,
  listFaultCounts,
  listFaults,
  receiveBatch,
  repairCells,
  sheetMapping,
  uploadMended,
  type BatchCounts,
  type BatchSummary,
  type SheetMapping,
} from "./batch-contract.ts";
export * from "./difference-contract.ts";
