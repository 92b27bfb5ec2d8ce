import { isUtf8 } from "node:buffer";
import { openPlace, type FilePlace, type FileReader } from "../files/place.ts";

export type CsvEncoding = "utf-8" | "gb18030" | "utf-16le";
export type CsvSeparator = "," | "\t" | ";" | "，" | "|";

export interface CsvDialect {
  readonly encoding: CsvEncoding;
  readonly separator: CsvSeparator;
  /** Bytes of the byte order mark to pass over. */
  readonly markBytes: number;
  /** "\r" only in files of very old Macs; "\n" covers "\r\n". */
  readonly lineEnd: "\n" | "\r";
}

const SAMPLE = 256 * 1024;
const PASS = 4 * 2 ** 20;
const separators: readonly CsvSeparator[] = [",", "\t", ";", "|", "，"];

/**
 * How a CSV file is written. The whole file is checked for UTF-8, not a sample: a register can be plain digits for a
 * hundred thousand rows before the first Chinese name, and isUtf8 passes gigabytes a second.
 */
export async function detectCsvDialect(place: FilePlace, fileName?: string): Promise<CsvDialect> {
  const file = await openPlace(place);
  try {
    const head = Buffer.alloc(SAMPLE);
    const sample = head.subarray(0, await file.read(head, 0, SAMPLE, 0));
    const { encoding, markBytes } = await detectEncoding(file, sample);
    const text = new TextDecoder(encoding).decode(sample.subarray(markBytes), { stream: true });
    const lineEnd = !text.includes("\n") && text.includes("\r") ? "\r" : "\n";
    return { encoding, markBytes, lineEnd, separator: detectSeparator(text, lineEnd, fileName) };
  } finally {
    await file.close();
  }
}

async function detectEncoding(file: FileReader, sample: Buffer): Promise<{ encoding: CsvEncoding; markBytes: number }> {
  if (sample[0] === 0xff && sample[1] === 0xfe) return { encoding: "utf-16le", markBytes: 2 };
  const markBytes = sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf ? 3 : 0;
  return { encoding: (await isWholeFileUtf8(file)) ? "utf-8" : "gb18030", markBytes };
}

async function isWholeFileUtf8(file: FileReader): Promise<boolean> {
  const buffer = Buffer.alloc(PASS);
  let carried = 0;
  for (let position = 0; ;) {
    const bytesRead = await file.read(buffer, carried, PASS - carried, position);
    if (bytesRead === 0) return isUtf8(buffer.subarray(0, carried));
    position += bytesRead;
    const filled = carried + bytesRead;
    const cut = completeUtf8(buffer, filled);
    if (!isUtf8(buffer.subarray(0, cut))) return false;
    buffer.copy(buffer, 0, cut, filled);
    carried = filled - cut;
  }
}

/** Where the last whole character ends: a chunk may stop inside one. */
function completeUtf8(buffer: Buffer, end: number): number {
  for (let back = 1; back <= 3 && back <= end; back++) {
    const byte = buffer[end - back]!;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? end - back : end;
    if (byte < 0x80) return end;
  }
  return end;
}

/**
 * The separator whose number per line is steadiest. Title lines and notes have none of it, so lines are weighed by how
 * many agree, times how many columns they agree on. Counting leaves out quoted text.
 */
export function detectSeparator(text: string, lineEnd: "\n" | "\r", fileName?: string): CsvSeparator {
  const declared = /^sep=(.)\r?[\n\r]/.exec(text)?.[1];
  const known = separators.find((separator) => separator === declared);
  if (known) return known;
  const lines = text
    .replaceAll(/"[^"]*"/g, "")
    .split(lineEnd)
    .slice(0, 200)
    .filter((line) => line.trim() !== "");
  let best: CsvSeparator = fileName?.toLowerCase().endsWith(".tsv") ? "\t" : ",";
  let bestScore = 0;
  for (const separator of separators) {
    const agreeing = new Map<number, number>();
    for (const line of lines) {
      const count = line.split(separator).length - 1;
      if (count > 0) agreeing.set(count, (agreeing.get(count) ?? 0) + 1);
    }
    const score = Math.max(0, ...[...agreeing].map(([count, agree]) => agree * agree * count));
    if (score > bestScore) {
      best = separator;
      bestScore = score;
    }
  }
  return best;
}
