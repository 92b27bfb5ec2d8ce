import { open } from "node:fs/promises";
import { basename } from "node:path";
import { Refusal, type Problem } from "../problem.ts";
import { CsvSource } from "./csv.ts";
import { detectFormat, HEAD_BYTES } from "./detect.ts";
import { defaultLegacyLimits, LegacySource } from "./legacy.ts";
import { isOle, readOleNames } from "./ole.ts";
import { refusalAsValue, sheetProblems } from "./problems.ts";
import type { OpenSheetsOptions, SheetSource } from "./source.ts";
import { XlsxSource } from "./xlsx.ts";
import { inspectArchive, ZipArchive } from "./zip.ts";

/**
 * Opens a spreadsheet of any supported format, or says why not. The format is found from the content; `fileName` is the
 * name the sender gave it. Refusals that show only while rows are read are thrown there, as `Refusal`.
 */
export function openSheets(path: string, options: OpenSheetsOptions = {}): Promise<SheetSource | Problem> {
  return refusalAsValue(() => openByContent(path, options));
}

async function openByContent(path: string, options: OpenSheetsOptions): Promise<SheetSource> {
  const fileName = options.fileName ?? basename(path);
  const head = await readHead(path);
  const format = detectFormat(head, fileName);
  if (typeof format !== "string") throw new Refusal(format);
  switch (format) {
    case "csv":
      return CsvSource.open(path, { ...options, fileName });
    case "xls":
      if (isOle(head)) await refuseOtherOle(path);
      return LegacySource.open({ path, format }, options, []);
    case "html":
      return LegacySource.open({ path, format }, options, []);
    case "xlsx":
    case "ods":
      return openZip(path, options);
  }
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function refuseOtherOle(path: string): Promise<void> {
  const names = await readOleNames(path);
  if (names === null) throw new Refusal(sheetProblems.truncated());
  if (names.includes("EncryptedPackage")) throw new Refusal(sheetProblems.encrypted());
  if (names.includes("WordDocument")) throw new Refusal(sheetProblems.notSpreadsheet("Word 文档"));
  if (names.includes("PowerPoint Document")) throw new Refusal(sheetProblems.notSpreadsheet("PowerPoint 演示文稿"));
  if (!names.some((name) => name === "Workbook" || name === "Book")) throw new Refusal(sheetProblems.unreadable());
}

async function openZip(path: string, options: OpenSheetsOptions): Promise<SheetSource> {
  const archive = await ZipArchive.open(path, options.zipLimits);
  try {
    const inspection = await inspectArchive(archive);
    if (inspection.kind === "xlsx") return await XlsxSource.open(archive, inspection.notices, options);
    const limit = options.legacy?.inflatedBytes ?? defaultLegacyLimits.inflatedBytes;
    if (inspection.inflatedBytes > limit) {
      throw new Refusal(sheetProblems.tooLarge(`ODS 解压后 ${Math.floor(limit / 2 ** 20)} MB`));
    }
    await archive.verify();
    archive.close();
    return await LegacySource.open({ path, format: "ods" }, options, inspection.notices);
  } catch (error) {
    archive.close();
    throw error;
  }
}
