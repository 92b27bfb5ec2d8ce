import type { PrintedDocument } from "./document.ts";
import { writeDocx } from "./write-docx.ts";
import { writePdf } from "./write-pdf.ts";
import { writeXlsx } from "./write-xlsx.ts";

export { int, money, text, type PrintedColumn, type PrintedDocument, type PrintedTable } from "./document.ts";
export { writeXlsx } from "./write-xlsx.ts";
export { writePdf } from "./write-pdf.ts";

export const printFormats = ["xlsx", "docx", "pdf"] as const;
export type PrintFormat = (typeof printFormats)[number];

export const printMedia = {
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  pdf: "application/pdf",
} as const satisfies Record<PrintFormat, string>;

const writers: Record<PrintFormat, (document: PrintedDocument) => Promise<Buffer>> = {
  xlsx: (document) => writeXlsx(document),
  docx: writeDocx,
  pdf: (document) => writePdf(document),
};

/** A document as the file that was asked for. */
export const printDocument = (document: PrintedDocument, format: PrintFormat): Promise<Buffer> =>
  writers[format](document);
