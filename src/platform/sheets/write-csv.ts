import { once } from "node:events";
import { createWriteStream } from "node:fs";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { encodeGb18030 } from "./gb18030.ts";
import type { WriteValue } from "./write-workbook.ts";

export interface WriteCsvOptions {
  readonly header?: readonly string[];
  /** UTF-8 carries a mark by default, without which Excel takes it for the system's code page. */
  readonly encoding?: "utf-8" | "gb18030";
  readonly byteOrderMark?: boolean;
  readonly separator?: "," | "\t" | ";";
  /**
   * On by default, for files that people open: a text that a spreadsheet would run as a formula gets an apostrophe in
   * front. Off for files that programs read.
   */
  readonly guardFormulas?: boolean;
}

const BLOCK_CHARACTERS = 64 * 1024;

/** Writes rows as CSV with CRLF, as Excel does; returns their number. Numbers are written as they are: convert fen before. */
export async function writeCsv(
  target: string | Writable,
  rows: AsyncIterable<readonly WriteValue[]> | Iterable<readonly WriteValue[]>,
  options: WriteCsvOptions = {},
): Promise<number> {
  const { encoding = "utf-8", separator = ",", guardFormulas = true } = options;
  const encode = encoding === "gb18030" ? encodeGb18030 : (text: string) => Buffer.from(text);
  const out = typeof target === "string" ? createWriteStream(target) : target;
  out.on("error", () => {}); // reported by the write or the end that runs into it
  const send = async (text: string) => {
    if (out.errored) throw out.errored;
    if (!out.write(encode(text))) await once(out, "drain");
  };
  let count = 0;
  let text = encoding === "utf-8" && options.byteOrderMark !== false ? "\ufeff" : "";
  if (options.header) text += csvLine(options.header, separator, guardFormulas);
  try {
    for await (const row of rows) {
      text += csvLine(row, separator, guardFormulas);
      count++;
      if (text.length < BLOCK_CHARACTERS) continue;
      await send(text);
      text = "";
    }
    await send(text);
    const done = finished(out, { readable: false });
    out.end();
    await done;
  } catch (error) {
    out.destroy();
    throw error;
  }
  return count;
}

function csvLine(row: readonly WriteValue[], separator: string, guard: boolean): string {
  return `${row.map((value) => csvCell(value, separator, guard)).join(separator)}\r\n`;
}

function csvCell(value: WriteValue, separator: string, guard: boolean): string {
  if (value === null || value === undefined) return "";
  let text = typeof value === "boolean" ? (value ? "是" : "否") : String(value);
  if (guard && typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return text.includes('"') || text.includes(separator) || /[\r\n]/.test(text) || text.startsWith(" ")
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}
