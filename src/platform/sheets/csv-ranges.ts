import { openPlace, sizeOf, type FilePlace } from "../files/place.ts";
import type { CsvRange } from "./csv-blocks.ts";
import { detectWhileObserving, type CsvDialect } from "./csv-dialect.ts";

const PASS = 2 ** 20;

/** How a CSV file is written, and its ranges as `planCsvRanges` gives them, for one look at the file where possible. */
export async function surveyCsv(
  place: FilePlace,
  fileName: string,
  parts: number,
  leastBytes?: number,
): Promise<{ dialect: CsvDialect; ranges: CsvRange[] }> {
  const size = await sizeOf(place);
  const { dialect, observed } = await detectWhileObserving(
    place,
    fileName,
    (expected) => new BorderFinder(expected, Math.ceil(size / parts)),
  );
  const ranges =
    observed && isDivisible(dialect, size, parts, leastBytes) && !observed.declaresSeparator
      ? observed.ranges(size)
      : await planCsvRanges(place, dialect, parts, leastBytes);
  return { dialect, ranges };
}

/**
 * Divides a file into about `parts` ranges of like size for parallel reading. A place after a line end is a border only
 * outside quotes, so all quotes of the file are followed; no character of UTF-8 or GB18030 contains the bytes of a quote,
 * a comma or a line end. UTF-16 files and files smaller than `leastBytes` come back as one range.
 */
export async function planCsvRanges(
  place: FilePlace,
  dialect: CsvDialect,
  parts: number,
  leastBytes?: number,
): Promise<CsvRange[]> {
  const file = await openPlace(place);
  try {
    const { size } = file;
    const whole: CsvRange = { start: 0, end: size, firstRecord: 1, firstLine: 1 };
    if (!isDivisible(dialect, size, parts, leastBytes)) return [whole];
    const borders = new BorderFinder(dialect, Math.ceil(size / parts));
    const buffer = Buffer.allocUnsafe(PASS);
    for (let position = 0; position < size;) {
      const bytesRead = await file.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) break;
      borders.observe(buffer.subarray(0, bytesRead), position);
      if (borders.declaresSeparator) return [whole];
      position += bytesRead;
    }
    return borders.ranges(size);
  } finally {
    await file.close();
  }
}

const LEAST_BYTES = 256 * 1024;

function isDivisible(dialect: CsvDialect, size: number, parts: number, leastBytes = LEAST_BYTES): boolean {
  return parts > 1 && dialect.encoding !== "utf-16le" && size >= leastBytes;
}

/** Follows quotes and line ends through the bytes, and notes a border at the first record after every `step` bytes. */
class BorderFinder {
  readonly #step: number;
  readonly #lineEnd: number;
  readonly #separator: Buffer;
  readonly #markBytes: number;
  readonly #starts: Omit<CsvRange, "end">[] = [];
  #quoted = false;
  #record = 1;
  #line = 1;
  /** The last bytes seen, to tell whether a quote stands at the start of a cell. */
  #before: Buffer = Buffer.from("\n");
  /** Inside quotes a quote was the last byte of a chunk: the next byte tells whether it was escaped. */
  #pendingClose = false;
  /** The file begins with Excel's `sep=;`, which is no record. */
  declaresSeparator = false;

  constructor(dialect: CsvDialect, step: number) {
    this.#step = step;
    this.#lineEnd = dialect.lineEnd === "\n" ? 10 : 13;
    this.#separator = encodedSeparator(dialect);
    this.#markBytes = dialect.markBytes;
    this.#starts.push({ start: 0, firstRecord: 1, firstLine: 1 });
  }

  readonly observe = (chunk: Buffer, position: number): void => {
    if (position === 0)
      this.declaresSeparator = chunk
        .subarray(this.#markBytes, this.#markBytes + 8)
        .toString("latin1")
        .startsWith("sep=");
    let at = position === 0 ? this.#markBytes : 0;
    if (this.#pendingClose) {
      this.#pendingClose = false;
      if (chunk[0] === 34) at = 1;
      else this.#quoted = false;
    }
    let quote = chunk.indexOf(34, at);
    while (at < chunk.length) {
      if (this.#quoted) {
        const close = chunk.indexOf(34, at);
        this.#countLines(chunk, at, close < 0 ? chunk.length : close);
        if (close < 0) break;
        if (close + 1 === chunk.length) {
          this.#pendingClose = true;
          break;
        }
        if (chunk[close + 1] === 34) at = close + 2;
        else {
          this.#quoted = false;
          at = close + 1;
        }
        continue;
      }
      if (quote >= 0 && quote < at) quote = chunk.indexOf(34, at);
      const end = chunk.indexOf(this.#lineEnd, at);
      if (quote >= 0 && (end < 0 || quote < end)) {
        this.#quoted = this.#startsCell(chunk, quote, position === 0 ? this.#markBytes : 0);
        at = quote + 1;
        continue;
      }
      if (end < 0) break;
      this.#record++;
      this.#line++;
      at = end + 1;
      this.#noteBorder(position + at);
    }
    this.#before = Buffer.from(chunk.subarray(-8));
  };

  ranges(size: number): CsvRange[] {
    const starts = this.#starts.filter(({ start }) => start < size);
    return starts.map((range, index) => ({ ...range, end: starts[index + 1]?.start ?? size }));
  }

  #noteBorder(offset: number): void {
    if (offset < this.#starts.length * this.#step) return;
    this.#starts.push({ start: offset, firstRecord: this.#record, firstLine: this.#line });
  }

  #startsCell(chunk: Buffer, quote: number, first: number): boolean {
    if (quote === first && first > 0) return true;
    const length = this.#separator.length;
    const before =
      quote >= length ? chunk.subarray(quote - length, quote) : Buffer.concat([this.#before, chunk.subarray(0, quote)]);
    return before.at(-1) === this.#lineEnd || before.subarray(-length).equals(this.#separator);
  }

  #countLines(chunk: Buffer, from: number, to: number): void {
    for (let at = chunk.indexOf(this.#lineEnd, from); at >= 0 && at < to; at = chunk.indexOf(this.#lineEnd, at + 1)) {
      this.#line++;
    }
  }
}

function encodedSeparator({ separator, encoding }: CsvDialect): Buffer {
  if (separator !== "，") return Buffer.from(separator);
  return encoding === "utf-8" ? Buffer.from("，") : Buffer.from([0xa3, 0xac]);
}
