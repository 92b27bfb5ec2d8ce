import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { Readable, type Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { crc32, createDeflateRaw } from "node:zlib";
import type { Entry } from "yauzl";

/** Sizes beyond this need Zip64, which nothing written here comes near: a part is at most one sheet. */
const ZIP32_LIMIT = 0xffff_fffe;
const UTF8_AND_DESCRIPTOR = 0x0808;
/** 1980-01-01: the same content makes the same file. */
const DOS_DATE = 0x21;

interface WrittenPart {
  readonly name: Buffer;
  readonly flags: number;
  readonly method: number;
  readonly checksum: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  readonly offset: number;
}

/** Writes a zip front to back to a file or any stream, one part after another; memory holds one block. */
export class ZipWriter {
  readonly #out: Writable;
  readonly #parts: WrittenPart[] = [];
  #offset = 0;

  constructor(target: string | Writable) {
    this.#out = typeof target === "string" ? createWriteStream(target) : target;
    // An error is reported by the write or the end that runs into it; without a listener it would end the process.
    this.#out.on("error", () => {});
  }

  /** Compresses a part as it comes. */
  async add(name: string, content: AsyncIterable<string | Buffer> | Iterable<string | Buffer>): Promise<void> {
    const offset = this.#offset;
    const encodedName = Buffer.from(name);
    await this.#writeHeader(encodedName, UTF8_AND_DESCRIPTOR, 8, 0, 0, 0);
    let bytes = 0;
    let checksum = 0;
    const deflate = createDeflateRaw({ level: 4 });
    const source = Readable.from(
      (async function* () {
        for await (const piece of content) {
          const block = typeof piece === "string" ? Buffer.from(piece) : piece;
          bytes += block.length;
          checksum = crc32(block, checksum);
          yield block;
        }
      })(),
      { objectMode: true, highWaterMark: 2 },
    );
    source.on("error", (error) => deflate.destroy(error));
    source.pipe(deflate);
    const start = this.#offset;
    for await (const block of deflate as AsyncIterable<Buffer>) await this.#write(block);
    const compressedBytes = this.#offset - start;
    const descriptor = Buffer.alloc(16);
    descriptor.writeUInt32LE(0x0807_4b50, 0);
    descriptor.writeUInt32LE(checksum, 4);
    descriptor.writeUInt32LE(within(compressedBytes), 8);
    descriptor.writeUInt32LE(within(bytes), 12);
    await this.#write(descriptor);
    this.#parts.push({
      name: encodedName,
      flags: UTF8_AND_DESCRIPTOR,
      method: 8,
      checksum,
      compressedBytes,
      bytes,
      offset,
    });
  }

  /** Copies a part of another zip without inflating it. */
  async copy(entry: Entry, stored: AsyncIterable<Buffer>): Promise<void> {
    const offset = this.#offset;
    const name = Buffer.from(entry.fileName);
    const method = entry.compressionMethod;
    await this.#writeHeader(name, 0x0800, method, entry.crc32, entry.compressedSize, entry.uncompressedSize);
    for await (const block of stored) await this.#write(block);
    this.#parts.push({
      name,
      flags: 0x0800,
      method,
      checksum: entry.crc32,
      compressedBytes: entry.compressedSize,
      bytes: entry.uncompressedSize,
      offset,
    });
  }

  async finish(): Promise<void> {
    const start = this.#offset;
    for (const part of this.#parts) await this.#write(directoryRecord(part));
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x0605_4b50, 0);
    end.writeUInt16LE(this.#parts.length, 8);
    end.writeUInt16LE(this.#parts.length, 10);
    end.writeUInt32LE(this.#offset - start, 12);
    end.writeUInt32LE(within(start), 16);
    await this.#write(end);
    const done = finished(this.#out, { readable: false });
    this.#out.end();
    await done;
  }

  /** Gives up: a file begun is closed, its content worthless. */
  abort(): void {
    this.#out.destroy();
  }

  async #writeHeader(
    name: Buffer,
    flags: number,
    method: number,
    checksum: number,
    compressedBytes: number,
    bytes: number,
  ): Promise<void> {
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x0403_4b50, 0);
    header.writeUInt16LE(20, 4);
    header.writeUInt16LE(flags, 6);
    header.writeUInt16LE(method, 8);
    header.writeUInt16LE(DOS_DATE, 12);
    header.writeUInt32LE(checksum, 14);
    header.writeUInt32LE(within(compressedBytes), 18);
    header.writeUInt32LE(within(bytes), 22);
    header.writeUInt16LE(name.length, 26);
    await this.#write(Buffer.concat([header, name]));
  }

  async #write(block: Buffer): Promise<void> {
    if (this.#out.errored) throw this.#out.errored;
    this.#offset += block.length;
    if (!this.#out.write(block)) await once(this.#out, "drain");
  }
}

function directoryRecord(part: WrittenPart): Buffer {
  const record = Buffer.alloc(46);
  record.writeUInt32LE(0x0201_4b50, 0);
  record.writeUInt16LE(20, 4);
  record.writeUInt16LE(20, 6);
  record.writeUInt16LE(part.flags, 8);
  record.writeUInt16LE(part.method, 10);
  record.writeUInt16LE(DOS_DATE, 14);
  record.writeUInt32LE(part.checksum, 16);
  record.writeUInt32LE(part.compressedBytes, 20);
  record.writeUInt32LE(part.bytes, 24);
  record.writeUInt16LE(part.name.length, 28);
  record.writeUInt32LE(part.offset, 42);
  return Buffer.concat([record, part.name]);
}

function within(bytes: number): number {
  if (bytes > ZIP32_LIMIT) throw new RangeError(`a zip part of ${bytes} bytes needs Zip64, which is not written`);
  return bytes;
}
