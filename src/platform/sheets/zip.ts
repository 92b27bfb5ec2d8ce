import { once } from "node:events";
import { crc32, createInflateRaw } from "node:zlib";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { Refusal, type Problem } from "../problem.ts";
import { refusalAsValue, sheetProblems } from "./problems.ts";

/** Something the sender should know although the file is accepted. */
export interface SheetNotice {
  readonly code: string;
  readonly message: string;
}

export interface ZipLimits {
  /** Sum of all inflated parts. A full sheet of 1,048,576 × 25 cells is about 1 GiB. */
  readonly inflatedBytes: number;
  /** Inflated to compressed, for a part larger than `ratioFloorBytes`: repetitive sheets reach 100, bombs 1,000. */
  readonly ratio: number;
  readonly ratioFloorBytes: number;
  readonly entries: number;
}

export const defaultZipLimits: ZipLimits = {
  inflatedBytes: 6 * 2 ** 30,
  ratio: 250,
  ratioFloorBytes: 32 * 2 ** 20,
  entries: 20_000,
};

export interface ZipInspection {
  readonly kind: "xlsx" | "ods";
  readonly entries: number;
  readonly inflatedBytes: number;
  readonly notices: readonly SheetNotice[];
}

const INFLATE_CHUNK = 128 * 1024;

/**
 * A zip whose directory has been checked before anything is inflated: counts, names, sizes, ratios, overlaps. What the
 * directory promises is then counted again while inflating, since a bomb lies about it.
 */
export class ZipArchive {
  readonly path: string;
  readonly parts: ReadonlyMap<string, Entry>;
  readonly inflatedBytes: number;
  readonly #zip: ZipFile;

  private constructor(path: string, zip: ZipFile, parts: ReadonlyMap<string, Entry>, inflatedBytes: number) {
    this.path = path;
    this.#zip = zip;
    this.parts = parts;
    this.inflatedBytes = inflatedBytes;
  }

  /** Throws `Refusal`. Close it afterwards. */
  static async open(path: string, limits: Partial<ZipLimits> = {}): Promise<ZipArchive> {
    const zip = await openPromise(path, { autoClose: false, validateEntrySizes: true }).catch(asRefusal);
    try {
      const checked = await readDirectory(zip, { ...defaultZipLimits, ...limits });
      return new ZipArchive(path, zip, checked.parts, checked.inflatedBytes);
    } catch (error) {
      zip.close();
      return asRefusal(error);
    }
  }

  close(): void {
    this.#zip.close();
  }

  has(name: string): boolean {
    return this.parts.has(name);
  }

  /** The inflated bytes of a part, counted and checked against size and checksum. Throws `Refusal`. */
  async *read(name: string): AsyncGenerator<Buffer, void, undefined> {
    const entry = this.parts.get(name);
    if (!entry) throw new Refusal(sheetProblems.damaged(`缺少部件 ${name}`));
    const stored = await this.#zip.openReadStreamPromise(entry, { decodeFileData: false }).catch(asRefusal);
    const inflate = entry.compressionMethod === 0 ? null : createInflateRaw({ chunkSize: INFLATE_CHUNK });
    if (inflate) {
      stored.on("error", (error) => inflate.destroy(error));
      stored.pipe(inflate);
    }
    const source = inflate ?? stored;
    let bytes = 0;
    let checksum = 0;
    try {
      for await (const chunk of source as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > entry.uncompressedSize) throw new Refusal(sheetProblems.bomb());
        checksum = crc32(chunk, checksum);
        yield chunk;
      }
    } catch (error) {
      asRefusal(error, name);
    } finally {
      stored.unpipe();
      stored.destroy();
      inflate?.destroy();
    }
    if (bytes !== entry.uncompressedSize) throw new Refusal(sheetProblems.truncated());
    if (checksum !== entry.crc32) throw new Refusal(sheetProblems.damaged(`部件 ${name} 校验不符`));
  }

  /** A small part as a whole. */
  async readWhole(name: string, limit: number): Promise<Buffer> {
    const entry = this.parts.get(name);
    if (entry && entry.uncompressedSize > limit) throw new Refusal(sheetProblems.damaged(`部件 ${name} 过大`));
    const chunks: Buffer[] = [];
    for await (const chunk of this.read(name)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /** Inflates every part once, for a reader that would trust the directory: a lying size shows here. */
  async verify(): Promise<void> {
    for (const name of this.parts.keys()) for await (const _chunk of this.read(name));
  }

  /** The part's bytes as they lie in the archive, for copying it unchanged. */
  async *readStored(entry: Entry): AsyncGenerator<Buffer, void, undefined> {
    const stored = await this.#zip.openReadStreamPromise(entry, { decodeFileData: false }).catch(asRefusal);
    try {
      yield* stored as AsyncIterable<Buffer>;
    } finally {
      if (!stored.closed) {
        stored.destroy();
        await once(stored, "close");
      }
    }
  }
}

async function readDirectory(zip: ZipFile, limits: ZipLimits) {
  if (zip.entryCount > limits.entries) throw new Refusal(sheetProblems.tooManyParts(zip.entryCount));
  const parts = new Map<string, Entry>();
  let inflatedBytes = 0;
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith("/")) continue;
    // Two parts of one name: programs differ in which they believe, so what was checked would not be what is read.
    if (parts.has(entry.fileName)) throw new Refusal(sheetProblems.damaged(`部件 ${entry.fileName} 重复`));
    if (entry.isEncrypted()) throw new Refusal(sheetProblems.encrypted());
    if (!entry.canDecodeFileData()) throw new Refusal(sheetProblems.damaged("压缩方式不受支持"));
    inflatedBytes += entry.uncompressedSize;
    const heavy = entry.uncompressedSize > limits.ratioFloorBytes;
    if (inflatedBytes > limits.inflatedBytes) throw new Refusal(sheetProblems.bomb());
    if (heavy && entry.uncompressedSize > entry.compressedSize * limits.ratio) throw new Refusal(sheetProblems.bomb());
    parts.set(entry.fileName, entry);
  }
  refuseOverlaps([...parts.values()]);
  return { parts, inflatedBytes };
}

/** Parts that share compressed bytes inflate them many times over: a bomb whose single ratios all look harmless. */
function refuseOverlaps(entries: Entry[]): void {
  entries.sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  let end = 0;
  for (const entry of entries) {
    if (entry.relativeOffsetOfLocalHeader < end) throw new Refusal(sheetProblems.bomb());
    end = entry.relativeOffsetOfLocalHeader + 30 + entry.compressedSize;
  }
}

/** yauzl and zlib speak English about bytes; the officer needs to know whether to send the file again or to save it anew. */
function asRefusal(error: unknown, part?: string): never {
  if (error instanceof Refusal) throw error;
  if (!(error instanceof Error)) throw error;
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== undefined && /^E(NOENT|ACCES|IO|MFILE|PERM|ISDIR|BADF)/.test(code)) throw error;
  const message = error.message;
  if (/end of central directory|central directory|unexpected EOF|unexpected end of file|truncated/i.test(message)) {
    throw new Refusal(sheetProblems.truncated());
  }
  if (/absolute path|invalid relative path|invalid characters in fileName/i.test(message)) {
    throw new Refusal(sheetProblems.unsafeName());
  }
  if (/encrypt/i.test(message)) throw new Refusal(sheetProblems.encrypted());
  throw new Refusal(sheetProblems.damaged(part === undefined ? "压缩结构有误" : `部件 ${part} 无法解压`));
}

/** What a zip is and what it carries besides cells, from its directory alone. */
export async function inspectZip(path: string, limits: Partial<ZipLimits> = {}): Promise<ZipInspection | Problem> {
  return refusalAsValue(async () => {
    const archive = await ZipArchive.open(path, limits);
    try {
      return await inspectArchive(archive);
    } finally {
      archive.close();
    }
  });
}

export async function inspectArchive(archive: ZipArchive): Promise<ZipInspection> {
  const names = [...archive.parts.keys()];
  return {
    kind: await kindOf(archive, names),
    entries: names.length,
    inflatedBytes: archive.inflatedBytes,
    notices: noticesOf(names),
  };
}

async function kindOf(archive: ZipArchive, names: readonly string[]): Promise<"xlsx" | "ods"> {
  if (archive.has("mimetype")) {
    const type = (await archive.readWhole("mimetype", 1024)).toString("latin1").trim();
    if (type.startsWith("application/vnd.oasis.opendocument.spreadsheet")) {
      const manifest = archive.has("META-INF/manifest.xml")
        ? (await archive.readWhole("META-INF/manifest.xml", 4 * 2 ** 20)).toString("utf8")
        : "";
      if (manifest.includes("encryption-data")) throw new Refusal(sheetProblems.encrypted());
      return "ods";
    }
    if (type.includes("opendocument")) throw new Refusal(sheetProblems.notSpreadsheet("其他类型的 OpenDocument 文档"));
  }
  if (!archive.has("[Content_Types].xml")) throw new Refusal(sheetProblems.noWorkbook());
  if (names.some((name) => /(^|\/)workbook\.bin$/i.test(name))) throw new Refusal(sheetProblems.binaryWorkbook());
  if (names.some((name) => /^word\//i.test(name))) throw new Refusal(sheetProblems.notSpreadsheet("Word 文档"));
  if (names.some((name) => /^ppt\//i.test(name)))
    throw new Refusal(sheetProblems.notSpreadsheet("PowerPoint 演示文稿"));
  return "xlsx";
}

/**
 * Macros are accepted with a notice, not refused: offices use .xlsm templates daily, and nothing here can run one.
 * Embedded files and links to other workbooks are never opened; the values saved in the cells are what is read.
 */
function noticesOf(names: readonly string[]): SheetNotice[] {
  const notices: SheetNotice[] = [];
  const add = (pattern: RegExp, code: string, message: string) => {
    if (names.some((name) => pattern.test(name))) notices.push({ code, message });
  };
  add(/(^|\/)vbaProject\.bin$/i, "macros-ignored", "文件含宏，已忽略，只读取单元格中的数据。");
  add(/(^|\/)externalLinks\//i, "external-links", "文件引用了其他工作簿，只采用保存时的数值。");
  add(/(^|\/)embeddings\/|\.(zip|rar|7z|exe|xlsx|docx)$/i, "embedded-ignored", "文件内嵌了其他文件，已忽略。");
  return notices;
}
