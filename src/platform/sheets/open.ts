import { basename } from "node:path";
import { openPlace, type FilePlace } from "../files/place.ts";
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
 * name the sender gave it. Refusals that show only while rows are read are thrown there, as `Refusal`. A sealed file must be
 * one that `isReadInPlace`.
 */
export function openSheets(place: FilePlace, options: OpenSheetsOptions = {}): Promise<SheetSource | Problem> {
  return refusalAsValue(() => openByContent(place, options));
}

/** Whether its rows can be read from a sealed file; a workbook's cannot, nor can what is refused be told apart here. */
export async function isReadInPlace(place: FilePlace, fileName: string): Promise<boolean> {
  return detectFormat(await readHead(place), fileName) === "csv";
}

async function openByContent(place: FilePlace, options: OpenSheetsOptions): Promise<SheetSource> {
  const path = typeof place === "string" ? place : place.path;
  const fileName = options.fileName ?? basename(path);
  const head = await readHead(place);
  const format = detectFormat(head, fileName);
  if (typeof format !== "string") throw new Refusal(format);
  if (format === "csv") return CsvSource.open(place, { ...options, fileName });
  if (typeof place !== "string") throw new TypeError(`a sealed ${format} cannot be read in place`);
  switch (format) {
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

async function readHead(place: FilePlace): Promise<Buffer> {
  const file = await openPlace(place);
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return head.subarray(0, await file.read(head, 0, HEAD_BYTES, 0));
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
