export { type AnnotatedWorkbook, type AnnotateOptions, annotateWorkbook, type CellMark } from "./annotate.ts";
export { cellText, errorText, hasFullWidth, isNumeric, readYesNo, saysNothing, tidy } from "./cell-text.ts";
export * from "./cells.ts";
export { type CsvDialect, type CsvEncoding, type CsvSeparator, detectCsvDialect } from "./csv-dialect.ts";
export { type CsvRange } from "./csv-blocks.ts";
export { planCsvRanges, surveyCsv } from "./csv-ranges.ts";
export { type CsvChunk, readCsvChunks } from "./csv.ts";
export { detectFormat, HEAD_BYTES } from "./detect.ts";
export { isReadInPlace, openSheets } from "./open.ts";
export { isProblem } from "./problems.ts";
export { readDate, readDateText, type DateReading } from "./read-date.ts";
export { headRows, lineText, readTableRows, type TableMapping, type TableRow } from "./read-table.ts";
export { findTableLayout, normaliseHeader, type HeaderWords, type TableLayout } from "./table-layout.ts";
export type {
  LegacyLimits,
  LineLook,
  OpenSheetsOptions,
  ReadRowsOptions,
  SheetEnd,
  SheetFormat,
  SheetInfo,
  SheetSource,
} from "./source.ts";
export { inspectZip, type SheetNotice, type ZipInspection, type ZipLimits } from "./zip.ts";
export { encodeGb18030 } from "./gb18030.ts";
export type { MarkSeverity } from "./write-cells.ts";
export { writeCsv, type WriteCsvOptions } from "./write-csv.ts";
export {
  writeWorkbook,
  type MarkedRow,
  type WriteColumn,
  type WriteKind,
  type WriteMark,
  type WriteRow,
  type WriteSheet,
  type WriteValue,
  type WrittenWorkbook,
} from "./write-workbook.ts";
export { workbookBody, XLSX } from "./workbook-body.ts";
