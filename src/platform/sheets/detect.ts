import type { Problem } from "../problem.ts";
import { isOle } from "./ole.ts";
import { sheetProblems } from "./problems.ts";
import type { SheetFormat } from "./source.ts";

/** How many bytes of the file `detectFormat` wants; fewer are fine when the file has no more. */
export const HEAD_BYTES = 64 * 1024;

const signatures: readonly (readonly [Buffer, string])[] = [
  [Buffer.from([0xff, 0xd8, 0xff]), "JPEG 图片"],
  [Buffer.from("89504e470d0a1a0a", "hex"), "PNG 图片"],
  [Buffer.from("GIF8"), "GIF 图片"],
  [Buffer.from("BM"), "BMP 图片"],
  [Buffer.from("%PDF"), "PDF 文档"],
  [Buffer.from("Rar!"), "RAR 压缩包"],
  [Buffer.from("377abcaf271c", "hex"), "7z 压缩包"],
  [Buffer.from([0x1f, 0x8b]), "gzip 压缩包"],
  [Buffer.from("{\\rtf"), "RTF 文档"],
  [Buffer.from("MZ"), "可执行程序"],
  [Buffer.from("SQLite format 3"), "数据库文件"],
];
/** These two begin like a text could: `BM` and `MZ` count only when the rest is no text either. */
const weakSignatures = new Set(["BMP 图片", "可执行程序"]);

/**
 * What a file is by its content; the name decides only where contents look alike, since offices rename freely.
 * A zip is called by its likeliest kind here, `inspectZip` looks inside.
 */
export function detectFormat(head: Buffer, fileName: string): SheetFormat | Problem {
  if (head.length === 0) return sheetProblems.empty();
  const binary = isBinary(head);
  for (const [signature, kind] of signatures) {
    if (!head.subarray(0, signature.length).equals(signature)) continue;
    if (!weakSignatures.has(kind) || binary) return sheetProblems.notSpreadsheet(kind);
  }
  if (head.subarray(0, 2).toString("latin1") === "PK" && binary) return zipFormat(head, fileName);
  if (isOle(head)) {
    return head.includes(Buffer.from("EncryptedPackage", "utf16le")) ? sheetProblems.encrypted() : "xls";
  }
  if (isBareWorkbook(head)) return "xls";
  if (binary) return sheetProblems.unreadable();
  const text = textStart(head);
  if (text.trim() === "" && head.length < HEAD_BYTES) return sheetProblems.empty();
  if (/^mime-version:/i.test(text.trimStart())) return sheetProblems.notSpreadsheet("网页归档文件（MHT）");
  return isMarkup(text) ? "html" : "csv";
}

function zipFormat(head: Buffer, fileName: string): SheetFormat | Problem {
  const signature = head.readUInt16BE(2);
  if (head.length < 30 || (signature !== 0x0304 && signature !== 0x0506)) return sheetProblems.truncated();
  const start = head.subarray(0, 200).toString("latin1");
  if (start.includes("opendocument.spreadsheet") || /\.(ods|ots)$/i.test(fileName)) return "ods";
  return "xlsx";
}

/** Excel 2 to 4 wrote the workbook stream without a container. */
function isBareWorkbook(head: Buffer): boolean {
  return head[0] === 0x09 && [0x00, 0x02, 0x04, 0x08].includes(head[1] ?? -1) && [4, 6, 8, 16].includes(head[2] ?? -1);
}

/** NUL bytes occur in every binary format and, but for UTF-16 with its mark, in no text. */
function isBinary(head: Buffer): boolean {
  if (head[0] === 0xff && head[1] === 0xfe) return false;
  let control = 0;
  for (const byte of head.subarray(0, 4096)) {
    if (byte === 0) return true;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) control++;
  }
  return control > 8;
}

function textStart(head: Buffer): string {
  const wide = head[0] === 0xff && head[1] === 0xfe;
  return head
    .subarray(0, 4096)
    .toString(wide ? "utf16le" : "latin1")
    .replace(/^(\ufeff|\u00ef\u00bb\u00bf)/, "");
}

/** Web pages and XML 2003 workbooks saved under the name .xls, as many reporting systems export them. */
function isMarkup(text: string): boolean {
  const start = text.trimStart().slice(0, 1000);
  return (
    /^<(!doctype\s+html|html|head|meta|table|body|style|div)\b/i.test(start) ||
    (/^<(\?xml|\?mso|!--)/i.test(start) && /<(\w+:)?(html|table|Workbook)\b/i.test(text))
  );
}
