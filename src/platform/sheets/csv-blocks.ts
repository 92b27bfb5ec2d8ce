import { openPlace, type FilePlace } from "../files/place.ts";
import { Refusal } from "../problem.ts";
import type { CsvDialect, CsvEncoding } from "./csv-dialect.ts";
import { sheetProblems } from "./problems.ts";

const BLOCK = 256 * 1024;
/** Bytes a single line may have. */
const LINE_LIMIT = 16 * 2 ** 20;

/** A part of a CSV file that begins and ends between two records; see `planCsvRanges`. */
export interface CsvRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** 1-based number of the record that begins at `start`. */
  readonly firstRecord: number;
  /** 1-based physical line, for messages. */
  readonly firstLine: number;
}

export interface CsvBlock {
  /** Whole lines. The bytes are those of the next block once that is asked for. */
  readonly bytes: Buffer;
  readonly last: boolean;
  /** The file begins here. */
  readonly first: boolean;
  /** Bytes of the range read so far. */
  readonly read: number;
}

/** The bytes of a file or range, cut after line ends, in blocks of about a quarter of a megabyte. `line` names the one reached. */
export async function* readCsvBlocks(
  place: FilePlace,
  dialect: CsvDialect,
  range: CsvRange | undefined,
  line: () => number,
): AsyncGenerator<CsvBlock, void, undefined> {
  const start = range?.start ?? 0;
  const file = await openPlace(place);
  try {
    const size = range?.end ?? file.size;
    let position = Math.max(start, start === 0 ? dialect.markBytes : 0);
    let buffer = Buffer.allocUnsafe(BLOCK);
    let carried = 0;
    for (let first = start === 0; position < size || carried > 0;) {
      const bytesRead = await file.read(buffer, carried, Math.min(buffer.length - carried, size - position), position);
      position += bytesRead;
      const last = bytesRead === 0 || position >= size;
      const filled = carried + bytesRead;
      const cut = last ? filled : afterLastLine(buffer.subarray(0, filled), dialect);
      if (cut === 0) {
        if (filled >= LINE_LIMIT) throw new Refusal(sheetProblems.longRow(line()));
        buffer = Buffer.concat([buffer.subarray(0, filled)], buffer.length * 2);
        carried = filled;
        continue;
      }
      yield { bytes: buffer.subarray(0, cut), last, first, read: position - start };
      first = false;
      buffer.copy(buffer, 0, cut, filled);
      carried = filled - cut;
      if (last) return;
    }
  } finally {
    await file.close();
  }
}

/**
 * Where the last whole line of a chunk ends. Cut there, a chunk decodes by itself into one flat string of whole lines;
 * joining the leftovers of one with the next would cost a third of the speed.
 */
function afterLastLine(chunk: Buffer, { encoding, lineEnd }: CsvDialect): number {
  const mark = lineEnd === "\n" ? 10 : 13;
  if (encoding !== "utf-16le") return chunk.lastIndexOf(mark) + 1;
  for (let at = (chunk.length & ~1) - 2; at >= 0; at -= 2) {
    if (chunk[at] === mark && chunk[at + 1] === 0) return at + 2;
  }
  return 0;
}

/** Bytes to text; null for what is no text in the encoding. */
type Decode = (bytes: Buffer) => string | null;

export function decoderOf(encoding: CsvEncoding): Decode {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  return (bytes) => {
    try {
      const text = decoder.decode(bytes);
      // No text has a NUL, and no database takes one: something binary, or UTF-16 without its mark.
      return text.includes("\0") ? null : text;
    } catch {
      return null;
    }
  };
}

/** A line end is never part of another character, so each line can be tried by itself. */
export function linesBeforeFault(bytes: Buffer, { encoding, lineEnd }: CsvDialect): number {
  const mark = lineEnd === "\n" ? 10 : 13;
  const decode = decoderOf(encoding);
  let lines = 0;
  for (let at = 0; encoding !== "utf-16le"; lines++) {
    const end = bytes.indexOf(mark, at) + 1;
    if (decode(end > 0 ? bytes.subarray(at, end) : bytes.subarray(at)) === null || end === 0) return lines;
    at = end;
  }
  return 0;
}
