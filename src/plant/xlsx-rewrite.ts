import { columnName } from "../platform/sheets/index.ts";
import { readWorkbook } from "../platform/sheets/xlsx-workbook.ts";
import { encodeXml } from "../platform/sheets/xml-text.ts";
import { ZipArchive } from "../platform/sheets/zip.ts";
import { ZipWriter } from "../platform/sheets/zip-writer.ts";
import type { CellEdit, SheetEdits } from "./edits.ts";

/** Copies a workbook; only the sheets with edits are unpacked, and in them only the rows in question are changed. */
export async function rewriteXlsx(
  path: string,
  outPath: string,
  sheets: ReadonlyMap<number, SheetEdits>,
): Promise<void> {
  const archive = await ZipArchive.open(path);
  try {
    const workbook = await readWorkbook(archive);
    const edits = new Map([...sheets].map(([index, sheetEdits]) => [workbook.sheets[index]!.part, sheetEdits]));
    const zip = new ZipWriter(outPath);
    for (const [name, entry] of archive.parts) {
      const sheet = edits.get(name);
      if (sheet === undefined) await zip.copy(entry, archive.readStored(entry));
      else await zip.add(name, rewriteSheet(archive.read(name), sheet));
    }
    await zip.finish();
  } finally {
    archive.close();
  }
}

const ROW_END = "</row>";
const BATCH = 1 << 18;

/** The sheet's XML with its rows edited, row by row as it streams past. Rows of other spellings than Excel's, WPS's and ours (a prefix, single quotes) are refused. */
async function* rewriteSheet(xml: AsyncIterable<Buffer>, { rows, copies }: SheetEdits): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8");
  const copied = new Set(copies.map(({ of }) => of));
  const held = new Map<number, string>();
  const missing = new Set(rows.keys());
  let rest = "";
  let out = "";
  let inserted = 0;
  const shiftOf = (row: number) => copies.filter(({ after }) => after < row).length;

  const onRow = (row: string): string => {
    const number = rowNumber(row);
    if (number === null) return row;
    const edit = rows.get(number);
    missing.delete(number);
    let written = moved(edit === undefined ? row : edited(row, number, edit.cells), inserted);
    if (copied.has(number)) held.set(number, row);
    for (let copy = copies[inserted]; copy !== undefined && copy.after === number; copy = copies[inserted]) {
      inserted++;
      const original = held.get(copy.of)!;
      written += moved(edited(original, copy.of, copy.cells), number + inserted - copy.of);
    }
    return written;
  };

  for await (const chunk of xml) {
    rest += decoder.decode(chunk, { stream: true });
    let start = 0;
    for (let end = rest.indexOf(ROW_END); end >= 0; end = rest.indexOf(ROW_END, start)) {
      const from = rest.lastIndexOf("<row", end);
      if (from < start) throw new Error("a row of the sheet does not begin where it ends");
      out += between(rest.slice(start, from), inserted, copies.length) + onRow(rest.slice(from, end + ROW_END.length));
      start = end + ROW_END.length;
    }
    rest = rest.slice(start);
    if (out.length >= BATCH) {
      yield out;
      out = "";
    }
  }
  if (missing.size > 0 || inserted < copies.length)
    throw new Error(`rows ${[...missing].join(", ")} are not in the sheet`);
  yield out + withMovedMerges(rest + decoder.decode(), shiftOf);
}

function rowNumber(row: string): number | null {
  const match = /^<row\b[^>]*?\br="(\d+)"/.exec(row);
  return match ? Number(match[1]) : null;
}

/** `by` rows further down; what formulas say is left as it is, as nobody reads it. */
function moved(row: string, by: number): string {
  if (by === 0) return row;
  return row
    .replace(/^(<row\b[^>]*?\br=")(\d+)/, (_, head: string, n: string) => head + (Number(n) + by))
    .replaceAll(/(<c\b[^>]*?\br="[A-Z]+)(\d+)/g, (_, head: string, n: string) => head + (Number(n) + by));
}

function edited(row: string, number: number, edits: readonly CellEdit[]): string {
  return edits.reduce((text, { column, value }) => {
    const at = `${columnName(column + 1)}${number}`;
    const cell = new RegExp(`<c\\b[^>]*?\\br="${at}"[^>]*?(?:/>|>.*?</c>)`, "s");
    const found = cell.exec(text)?.[0];
    if (found === undefined) throw new Error(`cell ${at} is not in the sheet`);
    const style = /\bs="\d+"/.exec(found)?.[0];
    return text.replace(cell, () => cellXml(at, style, value));
  }, row);
}

/** A number gets no style of the cell before it: in a column formatted as text it would look like one. */
function cellXml(at: string, style: string | undefined, value: string | number | null): string {
  if (typeof value === "number") return `<c r="${at}"><v>${value}</v></c>`;
  const start = `<c r="${at}"${style === undefined ? "" : ` ${style}`}`;
  return value === null
    ? `${start}/>`
    : `${start} t="inlineStr"><is><t xml:space="preserve">${encodeXml(value)}</t></is></c>`;
}

/** What stands before a row: at first the head of the sheet, later empty rows, which have no end of their own. */
function between(text: string, inserted: number, copies: number): string {
  if (copies === 0 || text === "") return text;
  const withRows = text.replaceAll(/<row\b[^>]*\/>/g, (row) => moved(row, inserted));
  return withRows.replace(
    /(<dimension ref="[A-Z]+\d+:[A-Z]+)(\d+)/,
    (_, before: string, last: string) => before + (Number(last) + copies),
  );
}

/** Merged cells below a row put in move with it. They stand after the rows. */
function withMovedMerges(tail: string, shiftOf: (row: number) => number): string {
  return tail.replaceAll(
    /(<mergeCell ref=")([^"]+)/g,
    (_, head: string, ref: string) =>
      head + ref.replaceAll(/\d+/g, (row) => String(Number(row) + shiftOf(Number(row)))),
  );
}
