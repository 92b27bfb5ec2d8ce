import { createDecipheriv, createHmac, timingSafeEqual, type Decipheriv } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import { platformProblems, refuse } from "../problem.ts";
import { damagedFile, IV_BYTES, MAC_BYTES } from "./cipher.ts";

/** A file as `encryptStream` writes it, found whole by `findSealed`. Plain data: it can be handed to a thread. */
export interface SealedFile {
  readonly path: string;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

/** A file on this machine: the path of a plain one, or one that is deciphered where it is read. */
export type FilePlace = string | SealedFile;

/** Plain bytes by their places. One read at a time. */
export interface FileReader {
  /** Plain bytes in all. */
  readonly size: number;
  /** Reads up to `length` bytes from `position` into `into` at `at`, and gives their number; 0 at the end. */
  read(into: Buffer, at: number, length: number, position: number): Promise<number>;
  close(): Promise<void>;
}

/** Refuses where the file has gone since its place was given. */
export async function openPlace(place: FilePlace): Promise<FileReader> {
  const file = await open(typeof place === "string" ? place : place.path).catch((cause: NodeJS.ErrnoException) =>
    cause.code === "ENOENT" && typeof place !== "string" ? refuse(platformProblems.fileGone()) : Promise.reject(cause),
  );
  const { size } = await file.stat();
  if (typeof place !== "string") return new SealedReader(file, place, size - IV_BYTES - MAC_BYTES);
  return {
    size,
    read: async (into, at, length, position) => (await file.read(into, at, length, position)).bytesRead,
    close: () => file.close(),
  };
}

/** Plain bytes in all. */
export async function sizeOf(place: FilePlace): Promise<number> {
  const file = await openPlace(place);
  await file.close();
  return file.size;
}

const PASS = 4 * 2 ** 20;

/** Reads the whole of a sealed file once; throws unless it is undamaged, so that what is deciphered of it later is what was stored. */
export async function findSealed(path: string, key: Buffer): Promise<SealedFile> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size < IV_BYTES + MAC_BYTES) throw damagedFile();
    const mac = createHmac("sha256", key);
    const buffer = Buffer.allocUnsafe(PASS);
    const iv = Buffer.alloc(IV_BYTES);
    await file.read(iv, 0, IV_BYTES, 0);
    for (let position = 0; position < size - MAC_BYTES;) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(PASS, size - MAC_BYTES - position), position);
      if (bytesRead === 0) throw damagedFile();
      mac.update(buffer.subarray(0, bytesRead));
      position += bytesRead;
    }
    const trailer = Buffer.alloc(MAC_BYTES);
    await file.read(trailer, 0, MAC_BYTES, size - MAC_BYTES);
    if (!timingSafeEqual(trailer, mac.digest())) throw damagedFile();
    return { path, key, iv };
  } finally {
    await file.close();
  }
}

const BLOCK = 16;
const COUNTERS = 1n << 128n;

class SealedReader implements FileReader {
  readonly size: number;
  readonly #file: FileHandle;
  readonly #sealed: SealedFile;
  #decipher: Decipheriv | undefined;
  /** Where `#decipher` goes on. */
  #next = -1;

  constructor(file: FileHandle, sealed: SealedFile, size: number) {
    this.#file = file;
    this.#sealed = sealed;
    this.size = size;
  }

  async read(into: Buffer, at: number, length: number, position: number): Promise<number> {
    const wanted = Math.max(0, Math.min(length, this.size - position));
    if (wanted === 0) return 0;
    const { bytesRead } = await this.#file.read(into, at, wanted, IV_BYTES + position);
    if (this.#next !== position) this.#decipher = decipherFrom(this.#sealed, position);
    for (let from = at; from < at + bytesRead; from += SLICE)
      this.#decipherSlice(into, from, Math.min(from + SLICE, at + bytesRead));
    this.#next = position + bytesRead;
    return bytesRead;
  }

  #decipherSlice(bytes: Buffer, from: number, to: number): void {
    const slice = bytes.subarray(from, to);
    const plain = this.#decipher!.update(slice);
    plain.copy(slice);
    giveBack(plain);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** Small enough that what is given back is had again without the system's help. */
const SLICE = 128 * 1024;

/**
 * Frees the memory of bytes that nobody else has; a slice of a larger block is left alone. Left to the collector, a file's
 * worth of it makes the heap be walked again and again, which costs more than deciphering. (Node.js 20 cannot.)
 */
function giveBack(bytes: Buffer): void {
  const memory = bytes.buffer as Partial<Pick<ArrayBuffer, "transfer">>;
  if (bytes.buffer.byteLength === bytes.length) memory.transfer?.(0);
}

/** AES-CTR can be entered at any block: its counter is the first one and the number of the block. */
function decipherFrom({ key, iv }: SealedFile, position: number): Decipheriv {
  const counter = (BigInt(`0x${Buffer.from(iv).toString("hex")}`) + BigInt(Math.floor(position / BLOCK))) % COUNTERS;
  const decipher = createDecipheriv(
    "aes-256-ctr",
    key,
    Buffer.from(counter.toString(16).padStart(2 * BLOCK, "0"), "hex"),
  );
  decipher.update(Buffer.alloc(position % BLOCK));
  return decipher;
}
