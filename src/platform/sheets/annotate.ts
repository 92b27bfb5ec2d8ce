import { unlink } from "node:fs/promises";
import { Refusal, type Problem } from "../problem.ts";
import { hasOwnComments, mergeComments, mergeVml } from "./annotate-comments.ts";
import { SheetRewriter } from "./annotate-sheet.ts";
import { StylePatch } from "./annotate-styles.ts";
import { CELL_TEXT_LIMIT, SHEET_COLUMN_LIMIT, SHEET_ROW_LIMIT } from "./cells.ts";
import {
  type CellNote,
  commentsContentType,
  commentsRelationship,
  commentsXml,
  shapeBlocks,
  vmlContentType,
  vmlRelationship,
  vmlXml,
} from "./comment-parts.ts";
import { refusalAsValue, sheetProblems } from "./problems.ts";
import type { MarkSeverity } from "./write-cells.ts";
import { readRelationships, readWorkbook, relationshipsPart, type XlsxWorkbook } from "./xlsx-workbook.ts";
import { ZipWriter } from "./zip-writer.ts";
import { inspectArchive, ZipArchive, type ZipLimits } from "./zip.ts";

export interface CellMark {
  /** Place in `SheetSource.sheets`. */
  readonly sheet: number;
  /** 1-based, as rows are numbered by the reader. */
  readonly row: number;
  readonly column: number;
  readonly message: string;
  readonly severity: MarkSeverity;
}

export interface AnnotatedWorkbook {
  /** Cells coloured. */
  readonly cells: number;
  readonly comments: number;
}

export interface AnnotateOptions {
  readonly zipLimits?: Partial<ZipLimits>;
}

const SMALL_PART = 64 * 2 ** 20;
/** Far above the shape blocks of other programs, which count from 1 by sheet. */
const FIRST_BLOCK = 400;

interface SheetPlan {
  readonly part: string;
  readonly marks: Map<number, Map<number, MarkSeverity>>;
  readonly notes: CellNote[];
}

/**
 * Gives the same .xlsx back with cells coloured and commented. Parts that need no change are copied as compressed bytes;
 * of the others only the places in question are. A load and save through exceljs was tried first and dropped: for 50,000
 * rows × 30 columns it took 6 times as long and 1.7 GB, and it drops what it does not know. Marks and comments of an earlier
 * round are taken away, so that a mended file comes back with what is still wrong and nothing else.
 */
export function annotateWorkbook(
  sourcePath: string,
  outPath: string,
  marks: AsyncIterable<CellMark> | Iterable<CellMark>,
  options: AnnotateOptions = {},
): Promise<AnnotatedWorkbook | Problem> {
  return refusalAsValue(async () => {
    const archive = await ZipArchive.open(sourcePath, options.zipLimits).catch((error: unknown) => {
      throw error instanceof Refusal ? new Refusal(sheetProblems.cannotAnnotate()) : error;
    });
    try {
      if ((await inspectArchive(archive)).kind !== "xlsx") throw new Refusal(sheetProblems.cannotAnnotate());
      const zip = new ZipWriter(outPath);
      try {
        const result = await new Annotation(archive, zip, await readWorkbook(archive)).run(marks);
        await zip.finish();
        return result;
      } catch (error) {
        zip.abort();
        await unlink(outPath).catch(() => {});
        throw error;
      }
    } finally {
      archive.close();
    }
  });
}

class Annotation {
  readonly #archive: ZipArchive;
  readonly #zip: ZipWriter;
  readonly #workbook: XlsxWorkbook;
  readonly #rewritten = new Set<string>();
  readonly #newContentTypes: string[] = [];
  #nextBlock = FIRST_BLOCK;

  constructor(archive: ZipArchive, zip: ZipWriter, workbook: XlsxWorkbook) {
    this.#archive = archive;
    this.#zip = zip;
    this.#workbook = workbook;
  }

  async run(marks: AsyncIterable<CellMark> | Iterable<CellMark>): Promise<AnnotatedWorkbook> {
    const stylesPart = this.#workbook.stylesPart;
    if (stylesPart === null) throw new Refusal(sheetProblems.cannotAnnotate());
    const plans = await this.#plan(marks);
    const styles = new StylePatch(await this.#text(stylesPart));
    for (const plan of plans) await this.#annotateSheet(plan, styles);
    await this.#write(stylesPart, [styles.finish()]);
    if (this.#newContentTypes.length > 0) await this.#writeContentTypes();
    for (const [name, entry] of this.#archive.parts) {
      if (!this.#rewritten.has(name)) await this.#zip.copy(entry, this.#archive.readStored(entry));
    }
    const cellsOf = (plan: SheetPlan) => [...plan.marks.values()].reduce((sum, row) => sum + row.size, 0);
    return {
      cells: plans.reduce((sum, plan) => sum + cellsOf(plan), 0),
      comments: plans.reduce((sum, plan) => sum + plan.notes.length, 0),
    };
  }

  async #plan(marks: AsyncIterable<CellMark> | Iterable<CellMark>): Promise<SheetPlan[]> {
    const plans = this.#workbook.sheets.map(({ part }) => ({
      part,
      marks: new Map<number, Map<number, MarkSeverity>>(),
      messages: new Map<number, Map<number, string>>(),
    }));
    for await (const { sheet, row, column, severity, message } of marks) {
      const plan = plans[sheet];
      if (!plan) throw new Refusal(sheetProblems.unknownSheet(sheet));
      if (row < 1 || row > SHEET_ROW_LIMIT || column < 1 || column > SHEET_COLUMN_LIMIT) {
        throw new RangeError(`mark outside the sheet: row ${row}, column ${column}`);
      }
      const cells = childOf(plan.marks, row);
      if (cells.get(column) !== "error") cells.set(column, severity);
      const texts = childOf(plan.messages, row);
      const before = texts.get(column);
      if (message !== "" && before !== message) {
        texts.set(column, before === undefined ? message : `${before}\n${message}`.slice(0, CELL_TEXT_LIMIT));
      }
    }
    return plans.map(({ part, marks: cells, messages }) => ({ part, marks: cells, notes: notesOf(messages) }));
  }

  async #annotateSheet({ part, marks, notes }: SheetPlan, styles: StylePatch): Promise<void> {
    const relations = await readRelationships(this.#archive, part);
    const comments = relations.find(({ type }) => type === commentsRelationship)?.target ?? null;
    const oldComments = comments !== null && this.#archive.has(comments) ? await this.#text(comments) : null;
    const stale = oldComments !== null && hasOwnComments(oldComments);
    if (marks.size === 0 && !styles.hasOldMarks && !stale) return;
    const newId = freeName("rIdCheck", (name) => relations.some(({ id }) => id === name));
    const wantsDrawing = notes.length > 0 && oldComments === null;
    const rewriter = new SheetRewriter(part, marks, styles, wantsDrawing ? `${newId}d` : null);
    await this.#write(part, this.#rewrite(part, rewriter));
    const drawing = relations.find(({ id }) => id === rewriter.drawingId)?.target ?? null;
    if (oldComments !== null && comments !== null) {
      const merged = mergeComments(oldComments, notes);
      await this.#write(comments, [merged.xml]);
      if (drawing === null) return;
      const vml = mergeVml(
        await this.#text(drawing),
        merged.added,
        merged.removed,
        this.#takeBlocks(merged.added.length),
      );
      await this.#write(drawing, [vml]);
    } else if (notes.length > 0) {
      await this.#addComments(part, notes, drawing, newId);
    }
  }

  async *#rewrite(part: string, rewriter: SheetRewriter): AsyncGenerator<string> {
    let first = true;
    for await (const chunk of this.#archive.read(part)) {
      if (first && chunk[0] === 0xff) throw new Refusal(sheetProblems.cannotAnnotate()); // UTF-16
      first = false;
      const text = rewriter.push(chunk);
      if (text !== "") yield text;
    }
    yield rewriter.push(null);
  }

  /** `drawing` is one the sheet already has for other boxes, such as form controls. */
  async #addComments(part: string, notes: readonly CellNote[], drawing: string | null, newId: string): Promise<void> {
    const taken = (name: string) => this.#archive.has(name) || this.#rewritten.has(name);
    const comments = `${freeName("xl/comments", (name) => taken(`${name}.xml`))}.xml`;
    await this.#write(comments, commentsXml(notes));
    this.#newContentTypes.push(`<Override PartName="/${comments}" ContentType="${commentsContentType}"/>`);
    const added: [string, string, string][] = [[`${newId}c`, commentsRelationship, `/${comments}`]];
    const block = this.#takeBlocks(notes.length);
    if (drawing !== null) {
      await this.#write(drawing, [mergeVml(await this.#text(drawing), notes, [], block)]);
    } else {
      const vml = `${freeName("xl/drawings/vmlDrawing", (name) => taken(`${name}.vml`))}.vml`;
      await this.#write(vml, vmlXml(notes, notes.length, block));
      added.push([`${newId}d`, vmlRelationship, `/${vml}`]);
    }
    await this.#addRelationships(part, added);
  }

  async #addRelationships(part: string, added: readonly [string, string, string][]): Promise<void> {
    const name = relationshipsPart(part);
    const empty = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>`;
    const xml = this.#archive.has(name) ? await this.#text(name) : empty;
    const depth = part.split("/").length - 2;
    await this.#write(name, [
      appendTo(xml, "Relationships", (p) =>
        added.map(([id, type, target]) => {
          // Relative, as Excel writes them: some readers take a leading slash for a part of the name.
          const relative = "../".repeat(depth) + target.slice("/xl/".length);
          return `<${p}Relationship Id="${id}" Type="${type}" Target="${relative}"/>`;
        }),
      ),
    ]);
  }

  async #writeContentTypes(): Promise<void> {
    const name = "[Content_Types].xml";
    const xml = await this.#text(name);
    const known = /Extension\s*=\s*["']vml["']/i.test(xml);
    await this.#write(name, [
      appendTo(xml, "Types", (p) => [
        known ? "" : `<${p}Default Extension="vml" ContentType="${vmlContentType}"/>`,
        ...this.#newContentTypes.map((element) => element.replace("<", `<${p}`)),
      ]),
    ]);
  }

  #takeBlocks(count: number): number {
    const first = this.#nextBlock;
    this.#nextBlock += shapeBlocks(count, 0).length;
    return first;
  }

  async #text(part: string): Promise<string> {
    return (await this.#archive.readWhole(part, SMALL_PART)).toString("utf8");
  }

  async #write(part: string, content: AsyncIterable<string> | Iterable<string>): Promise<void> {
    if (this.#rewritten.has(part)) throw new Refusal(sheetProblems.cannotAnnotate()); // two sheets share a part
    this.#rewritten.add(part);
    await this.#zip.add(part, content);
  }
}

function childOf<V>(rows: Map<number, Map<number, V>>, row: number): Map<number, V> {
  let cells = rows.get(row);
  if (!cells) rows.set(row, (cells = new Map()));
  return cells;
}

function notesOf(messages: ReadonlyMap<number, ReadonlyMap<number, string>>): CellNote[] {
  const rows = [...messages].sort(([a], [b]) => a - b);
  return rows.flatMap(([row, cells]) =>
    [...cells].sort(([a], [b]) => a - b).map(([column, text]) => ({ row, column, text })),
  );
}

function freeName(stem: string, taken: (name: string) => boolean): string {
  for (let number = 1; ; number++) if (!taken(stem + number)) return stem + number;
}

/** Puts elements at the end of the root, in the root's own prefix. */
function appendTo(xml: string, root: string, elements: (prefix: string) => readonly string[]): string {
  const open = new RegExp(`<((?:[\\w.-]+:)?)${root}(?:\\s[^>]*)?>`).exec(xml);
  if (!open) throw new Refusal(sheetProblems.cannotAnnotate());
  const added = elements(open[1]!).join("");
  if (open[0].endsWith("/>")) return xml.replace(open[0], `${open[0].slice(0, -2)}>${added}</${open[1]}${root}>`);
  const end = xml.lastIndexOf(`</${open[1]}${root}>`);
  return xml.slice(0, end) + added + xml.slice(end);
}
