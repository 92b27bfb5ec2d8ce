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

/** Sees the bytes of a file one after another. */
export type ByteObserver = (bytes: Buffer, position: number) => void;

const SAMPLE = 256 * 1024;
const PASS = 2 ** 20;
const separators: readonly CsvSeparator[] = [",", "\t", ";", "|", "，"];

/**
 * How a CSV file is written. The whole file is checked for UTF-8, not a sample: a register can be plain digits for a
 * hundred thousand rows before the first Chinese name, and isUtf8 passes gigabytes a second.
 */
export function detectCsvDialect(place: FilePlace, fileName?: string): Promise<CsvDialect> {
  return withSample(place, async (file, sample) => {
    if (isUtf16(sample)) return dialectOf("utf-16le", sample, fileName);
    return dialectOf((await isWholeFileUtf8(file)) ? "utf-8" : "gb18030", sample, fileName);
  });
}

/**
 * The same, and shows the whole file on the way to an observer made for what its beginning lets expect. Null in its place where
 * the file turned out to be written otherwise, or is UTF-16.
 */
export function detectWhileObserving<T extends { readonly observe: ByteObserver }>(
  place: FilePlace,
  fileName: string,
  observer: (expected: CsvDialect) => T,
): Promise<{ dialect: CsvDialect; observed: T | null }> {
  return withSample(place, async (file, sample) => {
    if (isUtf16(sample)) return { dialect: dialectOf("utf-16le", sample, fileName), observed: null };
    const begins = isUtf8(sample.subarray(0, completeUtf8(sample, sample.length))) ? "utf-8" : "gb18030";
    const expected = dialectOf(begins, sample, fileName);
    const made = observer(expected);
    const encoding = (await isWholeFileUtf8(file, made.observe)) ? "utf-8" : "gb18030";
    return encoding === begins
      ? { dialect: expected, observed: made }
      : { dialect: dialectOf(encoding, sample, fileName), observed: null };
  });
}

async function withSample<T>(place: FilePlace, work: (file: FileReader, sample: Buffer) => Promise<T>): Promise<T> {
  const file = await openPlace(place);
  try {
    const head = Buffer.alloc(SAMPLE);
    return await work(file, head.subarray(0, await file.read(head, 0, SAMPLE, 0)));
  } finally {
    await file.close();
  }
}

function isUtf16(sample: Buffer): boolean {
  return sample[0] === 0xff && sample[1] === 0xfe;
}

function dialectOf(encoding: CsvEncoding, sample: Buffer, fileName: string | undefined): CsvDialect {
  const marked = sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf;
  const markBytes = encoding === "utf-16le" ? 2 : marked ? 3 : 0;
  const text = new TextDecoder(encoding).decode(sample.subarray(markBytes), { stream: true });
  const lineEnd = !text.includes("\n") && text.includes("\r") ? "\r" : "\n";
  return { encoding, markBytes, lineEnd, separator: detectSeparator(text, lineEnd, fileName) };
}

/** Reads on to the end only for an observer, once it is clear that it is not. */
async function isWholeFileUtf8(file: FileReader, observe?: ByteObserver): Promise<boolean> {
  const buffer = Buffer.alloc(PASS);
  let carried = 0;
  let fits = true;
  for (let position = 0; ;) {
    const bytesRead = await file.read(buffer, carried, PASS - carried, position);
    if (bytesRead === 0) return fits && isUtf8(buffer.subarray(0, carried));
    const filled = carried + bytesRead;
    observe?.(buffer.subarray(carried, filled), position);
    position += bytesRead;
    const cut = completeUtf8(buffer, filled);
    fits &&= isUtf8(buffer.subarray(0, cut));
    if (!fits && !observe) return false;
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
