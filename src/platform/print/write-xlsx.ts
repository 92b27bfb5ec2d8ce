import { PassThrough } from "node:stream";
import { writeWorkbook, type WriteSheet } from "../sheets/index.ts";
import type { PrintedDocument, PrintedTable } from "./document.ts";

/** A sheet for each table and list, its title and what it counts above the header; the last sheet says where the figures come from. */
export async function writeXlsx(document: PrintedDocument, more: readonly WriteSheet[] = []): Promise<Buffer> {
  const target = new PassThrough();
  const chunks: Buffer[] = [];
  target.on("data", (chunk: Buffer) => chunks.push(chunk));
  const explained = [
    ...document.heads,
    ...document.remarks,
    ...document.sources,
    document.signatures.join("　　"),
    document.watermark,
  ];
  await writeWorkbook(target, {
    sheets: [
      ...[...document.tables, ...document.lists].map((table) => sheetOf(document, table)),
      {
        name: "说明",
        columns: [{ header: document.title, kind: "text", width: 100 }],
        rows: explained.map((line) => [line]),
      },
      ...more,
    ],
  });
  return Buffer.concat(chunks);
}

function sheetOf(document: PrintedDocument, table: PrintedTable): WriteSheet {
  return {
    name: table.title.replace(/^[一二三附]+[、　]/, ""),
    // One line above the table; what else there is to say would be cut off there, and stands in the last sheet.
    titleLine: [document.title, table.title, document.heads[0] ?? ""].filter((part) => part !== "").join("　"),
    footer: document.watermark,
    columns: table.columns.map(({ label, kind, width }) => ({ header: label, kind, width: width + 2 })),
    rows: table.rows,
  };
}
