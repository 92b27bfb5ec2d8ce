import type { ClientBase } from "pg";
import { daysSinceEpoch } from "../dates/index.ts";
import { CopyStream } from "./copy-writer.ts";

/** Types of columns that can be written in COPY's binary format. */
type BinaryType = "text" | "date" | "bigint" | "smallint" | "boolean" | "uuid" | "bytea" | "uuid[]" | "bigint[]";

interface BinaryColumn {
  readonly name: string;
  readonly type: BinaryType;
}

/**
 * A value as text writes it: dates as `YYYY-MM-DD`, numbers in decimal, booleans as `t` and `f`, uuids as 32 hexadecimal
 * digits. Bytes are taken for the binary format of their type, which is how bytea and arrays come. Null is NULL.
 */
export type BinaryValue = string | Uint8Array | null;

const CHUNK_BYTES = 512 * 1024;
/** Signature, flags without a meaning of ours, and no extension of the header. */
const HEADER = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
/** A column count of -1 ends the rows. */
const TRAILER = Buffer.from([0xff, 0xff]);
/** Length of NULL. */
const NULL_LENGTH = -1;
/** Dates are counted from 2000-01-01. */
const DAYS_TO_2000 = 10_957;
/** Of values other than texts and bytes. */
const LONGEST_FIXED = 16;
const UUID_BYTES = 16;
/** Value of a hexadecimal digit by its character code. */
const HEX = Uint8Array.from({ length: 128 }, (_, code) => Number.parseInt(String.fromCharCode(code), 16) || 0);
/** Of an own loop over the characters: longer texts are cheaper to encode by a call to the engine. */
const SHORT_TEXT = 64;

/**
 * Writes rows in COPY's binary format, which spares the server the reading of dates, numbers, hashes and envelopes: of wide
 * rows a third of the cost of a COPY. A value that is not of its column's type is a mistake of the program, and refused by
 * the server with the whole COPY.
 */
export class BinaryCopyWriter {
  readonly #stream: CopyStream;
  readonly #types: readonly BinaryType[];
  #bytes = Buffer.allocUnsafe(2 * CHUNK_BYTES);
  #at = 0;

  constructor(client: ClientBase, table: string, columns: readonly BinaryColumn[]) {
    const names = columns.map((column) => column.name);
    this.#types = columns.map((column) => column.type);
    this.#stream = new CopyStream(client, table, names, "binary");
    this.#at = HEADER.copy(this.#bytes);
  }

  add(values: readonly BinaryValue[]): void {
    const types = this.#types;
    let bytes = this.#roomFor(2);
    let at = this.#at;
    bytes[at++] = types.length >> 8;
    bytes[at++] = types.length & 0xff;
    for (let i = 0; i < types.length; i++) {
      const value = values[i] ?? null;
      this.#at = at;
      bytes = this.#roomFor(4 + (value === null ? 0 : Math.max(LONGEST_FIXED, 3 * value.length)));
      const start = at + 4;
      const end = value === null ? start : writeValue(bytes, start, types[i]!, value);
      writeInt32(bytes, at, value === null ? NULL_LENGTH : end - start);
      at = end;
    }
    this.#at = at;
  }

  /** Call between batches of rows: hands over full chunks. */
  async flush(): Promise<void> {
    this.#stream.throwFailure();
    if (this.#at >= CHUNK_BYTES) await this.#handOver();
  }

  async finish(): Promise<void> {
    this.#at += TRAILER.copy(this.#roomFor(TRAILER.length), this.#at);
    await this.#handOver();
    await this.#stream.finish();
  }

  abort(): Promise<void> {
    return this.#stream.abort();
  }

  async #handOver(): Promise<void> {
    await this.#stream.write(this.#bytes.subarray(0, this.#at));
    // The same bytes again: memory outside the heap, newly had for each chunk, made the collector walk the whole heap for it.
    this.#at = 0;
  }

  /** The buffer, with at least so many bytes free. */
  #roomFor(count: number): Buffer {
    if (this.#at + count > this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes.subarray(0, this.#at)], 2 * (this.#bytes.length + count));
    return this.#bytes;
  }
}

/** Writes the value without its length and gives the place after it. */
function writeValue(bytes: Buffer, at: number, type: BinaryType, value: string | Uint8Array): number {
  if (typeof value !== "string") {
    bytes.set(value, at);
    return at + value.length;
  }
  switch (type) {
    case "text":
      return value.length <= SHORT_TEXT ? writeShort(bytes, at, value) : at + bytes.write(value, at);
    case "uuid":
      return writeUuid(bytes, at, value);
    case "date":
      writeInt32(bytes, at, daysSinceEpoch(value) - DAYS_TO_2000);
      return at + 4;
    case "bigint":
      // Up to 15 digits a number is exact, and a tenth of the cost.
      return value.length > 15 ? bytes.writeBigInt64BE(BigInt(value), at) : writeInteger(bytes, at, Number(value));
    case "smallint":
      return bytes.writeInt16BE(Number(value), at);
    case "boolean":
      bytes[at] = value === "t" ? 1 : 0;
      return at + 1;
    case "bytea":
    case "uuid[]":
    case "bigint[]":
      throw new TypeError(`${type} is written from bytes`);
  }
}

function writeInteger(bytes: Buffer, at: number, value: number): number {
  writeInt32(bytes, at, Math.floor(value / 2 ** 32));
  writeInt32(bytes, at + 4, value >>> 0);
  return at + 8;
}

// Byte by byte: a call of Buffer's own methods for each of forty columns costs several times the storing.
function writeInt32(bytes: Buffer, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = (value >>> 16) & 0xff;
  bytes[at + 2] = (value >>> 8) & 0xff;
  bytes[at + 3] = value & 0xff;
}

function writeUuid(bytes: Buffer, at: number, hex: string): number {
  for (let i = 0; i < UUID_BYTES; i++)
    bytes[at + i] = (HEX[hex.charCodeAt(2 * i)]! << 4) | HEX[hex.charCodeAt(2 * i + 1)]!;
  return at + UUID_BYTES;
}

/** UTF-8 of a short text: a call to the engine for each of thirty cells costs more than its characters. */
function writeShort(bytes: Buffer, start: number, text: string): number {
  let at = start;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes[at++] = unit;
    else if (unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff)) {
      bytes[at] = 0xe0 | (unit >> 12);
      bytes[at + 1] = 0x80 | ((unit >> 6) & 0x3f);
      bytes[at + 2] = 0x80 | (unit & 0x3f);
      at += 3;
    } else return start + bytes.write(text, start);
  }
  return at;
}
