import type { FilePlace } from "../files/place.ts";
import { Refusal } from "../problem.ts";
import { decoderOf, linesBeforeFault, readCsvBlocks, type CsvRange } from "./csv-blocks.ts";
import type { CsvDialect } from "./csv-dialect.ts";
import { CsvSplitter } from "./csv-splitter.ts";
import { sheetProblems } from "./problems.ts";
import type { LineLook } from "./source.ts";

/** `sep=;`, which Excel takes as a word to itself. */
export const SEPARATOR_LINE = /^sep=.\r?[\n\r]/;

export interface CsvRecord {
  /** 1-based, as Excel would show it. */
  readonly number: number;
  readonly cells: string[];
  readonly mark: string | undefined;
}

const QUOTE = 34;
const RETURN = 13;

/**
 * Records block by block, after `look` has seen the bytes of each line that holds no quote. What it passes over is not even
 * decoded, which is what makes a table quick to read of which nearly every line is known. Not for UTF-16.
 */
export async function* readCsvLines(
  place: FilePlace,
  dialect: CsvDialect,
  range: CsvRange | undefined,
  look: LineLook,
): AsyncGenerator<{ records: CsvRecord[]; bytes: number }, void, undefined> {
  const lines = new LineReader(dialect, range, look);
  for await (const { bytes, last, first, read } of readCsvBlocks(place, dialect, range, () => lines.line))
    yield { records: lines.read(bytes, last, first), bytes: read };
}

class LineReader {
  readonly #dialect: CsvDialect;
  readonly #look: LineLook;
  readonly #splitter: CsvSplitter;
  readonly #decode: (bytes: Buffer) => string | null;
  readonly #lineEnd: number;
  #record: number;
  #line: number;
  #records: CsvRecord[] = [];
  /** Lines seen and to be read, side by side in the block: where they begin, and what was said of each. */
  #runStart = -1;
  #runMarks: (string | undefined)[] = [];

  constructor(dialect: CsvDialect, range: CsvRange | undefined, look: LineLook) {
    this.#dialect = dialect;
    this.#look = look;
    this.#splitter = new CsvSplitter(dialect.separator, dialect.lineEnd);
    this.#decode = decoderOf(dialect.encoding);
    this.#lineEnd = dialect.lineEnd === "\n" ? 10 : 13;
    this.#record = range?.firstRecord ?? 1;
    this.#line = range?.firstLine ?? 1;
  }

  get line(): number {
    return this.#line;
  }

  read(bytes: Buffer, last: boolean, first: boolean): CsvRecord[] {
    this.#records = [];
    const splitter = this.#splitter;
    let at = first ? separatorLine(bytes) : 0;
    let quote = bytes.indexOf(QUOTE, at);
    while (at < bytes.length) {
      const found = bytes.indexOf(this.#lineEnd, at);
      const next = found < 0 ? bytes.length : found + 1;
      if (quote >= 0 && quote < at) quote = bytes.indexOf(QUOTE, at);
      if (splitter.open || (quote >= 0 && quote < next)) {
        this.#endRun(bytes, at);
        this.#quoted(bytes.subarray(at, next), last && next === bytes.length);
      } else {
        const end = found < 0 ? bytes.length : found;
        this.#plain(bytes, at, end > at && bytes[end - 1] === RETURN ? end - 1 : end);
      }
      at = next;
    }
    this.#endRun(bytes, bytes.length);
    return this.#records;
  }

  #plain(bytes: Buffer, start: number, end: number): void {
    const mark = this.#look(bytes, start, end, this.#record + this.#runMarks.length);
    if (mark === null) {
      this.#endRun(bytes, start);
      this.#record++;
      this.#line++;
      return;
    }
    if (this.#runStart < 0) this.#runStart = start;
    this.#runMarks.push(mark);
  }

  /** Decodes the lines of the run at once: one call a line would cost more than the splitting. */
  #endRun(bytes: Buffer, end: number): void {
    if (this.#runStart < 0) return;
    const run = bytes.subarray(this.#runStart, end);
    const text = this.#decode(run);
    if (text === null) throw new Refusal(sheetProblems.undecodable(this.#line + linesBeforeFault(run, this.#dialect)));
    const texts = text.split(this.#dialect.lineEnd);
    const marks = this.#runMarks;
    for (let i = 0; i < marks.length; i++) {
      const line = texts[i]!;
      const plain = line.charCodeAt(line.length - 1) === RETURN ? line.slice(0, -1) : line;
      this.#records.push({ number: this.#record++, cells: plain.split(this.#dialect.separator), mark: marks[i] });
    }
    this.#line += marks.length;
    this.#runStart = -1;
    this.#runMarks = [];
  }

  /** A line with a quote, or one within a quoted cell: only the splitter knows where its record ends. */
  #quoted(bytes: Buffer, last: boolean): void {
    const text = this.#decode(bytes);
    if (text === null) throw new Refusal(sheetProblems.undecodable(this.#line));
    if (!this.#splitter.open) this.#splitter.line = this.#line;
    for (const cells of this.#splitter.push(text, last))
      this.#records.push({ number: this.#record++, cells, mark: undefined });
    this.#line++;
  }
}

function separatorLine(bytes: Buffer): number {
  const head = bytes.subarray(0, 8).toString("latin1");
  return SEPARATOR_LINE.exec(head)?.[0].length ?? 0;
}
