import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Refusal } from "../problem.ts";
import { CELL_TEXT_LIMIT } from "./cells.ts";
import { sheetProblems } from "./problems.ts";
import { decodeEscapes } from "./xml-text.ts";
import { eachToken, type XmlReader } from "./xml.ts";
import type { ZipArchive } from "./zip.ts";

const BLOCK = 256 * 1024;
/** What is fetched from disk at once: enough for the neighbours, little enough for a file that jumps about. */
const PAGE = 8 * 1024;
const PAGES = 2048;
const OFFSETS_PER_SEGMENT = 2 ** 18;
/** Decoded strings kept for repeated values (sex, village, employer); slots are overwritten, never searched. */
const RECENT = 2 ** 14;

/**
 * The texts of a workbook, by number. A full sheet of persons has millions of different ones: as JavaScript strings they
 * would take gigabytes, so they lie as UTF-8 in blocks, and blocks beyond the memory limit lie in a temporary file. Sheets
 * refer to strings roughly in the order of first use, so little is fetched twice. What grows with the file is 4 bytes per
 * different text.
 */
export class SharedStrings {
  #count = 0;
  /** Position of each string, in the sequence of all blocks. */
  readonly #offsets: Uint32Array[] = [];
  readonly #resident = new Map<number, Buffer>();
  readonly #residentLimit: number;
  #writing = Buffer.allocUnsafe(BLOCK);
  #writingBlock = 0;
  #used = 0;
  #spill: { readonly folder: string; readonly file: number } | null = null;
  readonly #pages = new Map<number, Buffer>();
  readonly #recentIndex = new Int32Array(RECENT).fill(-1);
  readonly #recentText: string[] = Array.from({ length: RECENT }, () => "");

  constructor(memoryBytes: number) {
    this.#residentLimit = Math.max(4, Math.floor(memoryBytes / BLOCK));
  }

  get count(): number {
    return this.#count;
  }

  /** True once blocks have been moved to disk. */
  get spilled(): boolean {
    return this.#spill !== null;
  }

  add(text: string): void {
    // A string never crosses a block: at 32,767 characters it fits into one with room to spare.
    const most = text.length * 3 + 3;
    if (this.#used + most > BLOCK) this.#closeBlock();
    const segment = Math.floor(this.#count / OFFSETS_PER_SEGMENT);
    const offsets = (this.#offsets[segment] ??= new Uint32Array(OFFSETS_PER_SEGMENT));
    const position = this.#writingBlock * BLOCK + this.#used;
    if (position > 0xffff_ffff) throw new Refusal(sheetProblems.tooLarge("文字总量 4 GB"));
    offsets[this.#count % OFFSETS_PER_SEGMENT] = position;
    const bytes = this.#writing.write(text, this.#used + 3, "utf8");
    this.#writing.writeUIntLE(bytes, this.#used, 3);
    this.#used += bytes + 3;
    this.#count++;
  }

  /** undefined where the workbook refers to a string it does not have. */
  get(index: number): string | undefined {
    if (!(index >= 0 && index < this.#count)) return undefined;
    const slot = index % RECENT;
    if (this.#recentIndex[slot] === index) return this.#recentText[slot];
    const position = this.#offsets[Math.floor(index / OFFSETS_PER_SEGMENT)]![index % OFFSETS_PER_SEGMENT]!;
    const blockNumber = Math.floor(position / BLOCK);
    const block = blockNumber === this.#writingBlock ? this.#writing : this.#resident.get(blockNumber);
    const text = block ? textAt(block, position % BLOCK) : this.#spilledText(position);
    this.#recentIndex[slot] = index;
    this.#recentText[slot] = text;
    return text;
  }

  close(): void {
    if (!this.#spill) return;
    closeSync(this.#spill.file);
    rmSync(this.#spill.folder, { recursive: true, force: true });
    this.#spill = null;
  }

  #closeBlock(): void {
    this.#keep(this.#writingBlock, this.#writing);
    this.#writing = Buffer.allocUnsafe(BLOCK);
    this.#writingBlock++;
    this.#used = 0;
  }

  #spilledText(position: number): string {
    const number = Math.floor(position / PAGE);
    const start = position % PAGE;
    let page = this.#pages.get(number);
    if (!page) {
      page = this.#readSpill(number * PAGE, PAGE);
      if (this.#pages.size >= PAGES) this.#pages.delete(this.#pages.keys().next().value!);
      this.#pages.set(number, page);
    }
    if (start + 3 <= PAGE && start + 3 + page.readUIntLE(start, 3) <= PAGE) return textAt(page, start);
    const bytes = this.#readSpill(position, 3).readUIntLE(0, 3);
    return textAt(this.#readSpill(position, 3 + bytes), 0);
  }

  #readSpill(position: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafeSlow(length);
    readSync(this.#spill!.file, bytes, 0, length, position);
    return bytes;
  }

  /** Oldest out first, to the place in the file that its number gives. */
  #keep(number: number, block: Buffer): void {
    if (this.#resident.size >= this.#residentLimit) {
      const [oldest, content] = this.#resident.entries().next().value!;
      this.#resident.delete(oldest);
      this.#spill ??= openSpill();
      writeSync(this.#spill.file, content, 0, BLOCK, oldest * BLOCK);
    }
    this.#resident.set(number, block);
  }
}

function textAt(bytes: Buffer, start: number): string {
  return bytes.toString("utf8", start + 3, start + 3 + bytes.readUIntLE(start, 3));
}

/** Persons' data: readable by the owner only. Unlinked at once where the system allows, so that a crash leaves nothing. */
function openSpill(): { folder: string; file: number } {
  const folder = mkdtempSync(join(tmpdir(), "wengang-sheet-"));
  const path = join(folder, "strings");
  const file = openSync(path, "wx+", 0o600);
  if (process.platform !== "win32") rmSync(folder, { recursive: true, force: true });
  return { folder, file };
}

export async function readSharedStrings(
  archive: ZipArchive,
  part: string,
  memoryBytes: number,
): Promise<SharedStrings> {
  const strings = new SharedStrings(memoryBytes);
  const item = new TextCollector("共享字符串");
  try {
    await eachToken(part, archive.read(part), (token, xml) => {
      if (token === "open" && xml.name === "si" && xml.selfClosing) strings.add("");
      else if (token === "open" && xml.name === "si") item.start();
      else if (token === "close" && xml.name === "si") strings.add(item.finish());
      else item.take(token, xml);
    });
  } catch (error) {
    strings.close();
    throw error;
  }
  return strings;
}

/** Joins the runs of a rich text and drops the phonetic ones; used for shared and for inline strings alike. */
export class TextCollector {
  readonly #where: string;
  #text = "";
  #inText = false;
  #preserve = false;
  #phoneticDepth = 0;
  #run = "";

  constructor(where: string) {
    this.#where = where;
  }

  start(): void {
    this.#text = "";
    this.#inText = false;
    this.#phoneticDepth = 0;
  }

  take(token: "open" | "close" | "text", xml: XmlReader): void {
    if (token === "text") {
      if (!this.#inText) return;
      const added = xml.value();
      this.#run = this.#run === "" ? added : this.#run + added;
      if (this.#run.length > CELL_TEXT_LIMIT) throw new Refusal(sheetProblems.longText(this.#where));
    } else if (xml.name === "t") {
      if (token === "open" && !xml.selfClosing && this.#phoneticDepth === 0) {
        this.#inText = true;
        this.#run = "";
        this.#preserve = xml.attribute("space") === "preserve";
      } else if (token === "close" && this.#inText) {
        this.#inText = false;
        this.#append(this.#preserve ? this.#run : trimXmlSpace(this.#run));
      }
    } else if (xml.name === "rPh" && !xml.selfClosing) {
      this.#phoneticDepth += token === "open" ? 1 : -1;
    }
  }

  finish(): string {
    return decodeEscapes(this.#text);
  }

  #append(run: string): void {
    this.#text = this.#text === "" ? run : this.#text + run;
    if (this.#text.length > CELL_TEXT_LIMIT) throw new Refusal(sheetProblems.longText(this.#where));
  }
}

/** Without xml:space="preserve" Excel drops the space around a text: pretty-printed files are full of it. */
function trimXmlSpace(text: string): string {
  const first = text.charCodeAt(0);
  const last = text.charCodeAt(text.length - 1);
  return first <= 32 || last <= 32 ? text.replaceAll(/^[ \t\r\n]+|[ \t\r\n]+$/g, "") : text;
}
