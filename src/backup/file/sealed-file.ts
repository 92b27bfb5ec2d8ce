import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import { Refusal } from "../../platform/problem.ts";
import { backupProblems } from "../problems.ts";

/**
 * The encrypted file: mark, header in clear, then chunks in the STREAM construction that `age` uses (AES-256-GCM, the chunk's
 * number and a mark of the last one in the nonce): a chunk changed, moved, doubled or left out does not open, nor does a file
 * cut short or made longer. The file has a key of its own, derived from the backup key, a salt and the header, so that a changed
 * header opens nothing either.
 */
const MARK = Buffer.from("WENGANG-BACKUP-1");
const CHUNK_BYTES = 256 * 1024;
const TAG_BYTES = 16;
const MOST_HEADER_BYTES = 16 * 1024 ** 2;

export interface SealedHeader {
  readonly salt: string;
  readonly [field: string]: unknown;
}

function fileKey(key: Buffer, salt: string, head: Buffer): Buffer {
  const info = Buffer.concat([Buffer.from("wengang-backup"), createHash("sha256").update(head).digest()]);
  return Buffer.from(hkdfSync("sha256", key, Buffer.from(salt, "hex"), info, 32));
}

function nonceOf(chunk: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(chunk), 3);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

export const newSalt = () => randomBytes(32).toString("hex");

/** Writes front to back. `write` waits for the disk, so that nothing piles up in memory. */
export class SealedWriter {
  readonly #file: FileHandle;
  readonly #key: Buffer;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #chunk = 0;
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(file: FileHandle, key: Buffer) {
    this.#file = file;
    this.#key = key;
  }

  /** The file must not be there yet. */
  static async create(path: string, key: Buffer, header: SealedHeader): Promise<SealedWriter> {
    const text = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    const head = Buffer.concat([MARK, length, text]);
    const file = await open(path, "wx", 0o600);
    await file.write(head);
    return new SealedWriter(file, fileKey(key, header.salt, head));
  }

  /** Pieces of one call stay together. */
  async write(...pieces: Buffer[]): Promise<void> {
    for (const piece of pieces) {
      this.#held.push(piece);
      this.#heldBytes += piece.length;
    }
    // The last chunk is marked, so that one is always kept back.
    if (this.#heldBytes > CHUNK_BYTES) await this.#put(this.#takeChunks());
  }

  async finish(): Promise<number> {
    await this.#put(this.#seal(Buffer.concat(this.#held), true));
    await this.#file.sync();
    const { size } = await this.#file.stat();
    await this.#file.close();
    return size;
  }

  async abort(): Promise<void> {
    await this.#writing.catch(() => {});
    await this.#file.close().catch(() => {});
  }

  #takeChunks(): Buffer {
    const bytes = Buffer.concat(this.#held);
    const whole = Math.floor((bytes.length - 1) / CHUNK_BYTES);
    const sealed: Buffer[] = [];
    for (let n = 0; n < whole; n++)
      sealed.push(this.#seal(bytes.subarray(n * CHUNK_BYTES, (n + 1) * CHUNK_BYTES), false));
    const rest = Buffer.from(bytes.subarray(whole * CHUNK_BYTES));
    this.#held = [rest];
    this.#heldBytes = rest.length;
    return Buffer.concat(sealed);
  }

  #seal(plain: Buffer, last: boolean): Buffer {
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonceOf(this.#chunk++, last));
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  #put(bytes: Buffer): Promise<unknown> {
    // One after another, in the order in which the chunks were numbered; appended, hence without a position.
    this.#writing = this.#writing.then(() => this.#file.write(bytes));
    return this.#writing;
  }
}

export interface OpenedFile {
  readonly header: SealedHeader;
  readonly bytes: number;
  /** Plain pieces, each checked before it is handed over. `key` is asked for the header. Refuses at the first chunk that does not fit. */
  read(key: Buffer): AsyncGenerator<Buffer>;
  close(): Promise<void>;
}

export async function openSealedFile(path: string): Promise<OpenedFile> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const front = await readExactly(file, 0, MARK.length + 4);
    if (front === null || !front.subarray(0, MARK.length).equals(MARK))
      throw new Refusal(backupProblems.notABackup(path));
    const length = front.readUInt32BE(MARK.length);
    const text = length > MOST_HEADER_BYTES ? null : await readExactly(file, front.length, length);
    const header = text === null ? null : parseHeader(text);
    if (text === null || header === null) throw new Refusal(backupProblems.damaged(path));
    const head = Buffer.concat([front, text]);
    return {
      header,
      bytes: size,
      read: (key) => readChunks(file, path, size, head.length, fileKey(key, header.salt, head)),
      close: () => file.close(),
    };
  } catch (cause) {
    await file.close();
    throw cause;
  }
}

function parseHeader(text: Buffer): SealedHeader | null {
  try {
    const header = JSON.parse(text.toString("utf8")) as SealedHeader;
    return typeof header.salt === "string" && /^[0-9a-f]{64}$/.test(header.salt) ? header : null;
  } catch {
    return null;
  }
}

async function* readChunks(
  file: FileHandle,
  path: string,
  size: number,
  start: number,
  key: Buffer,
): AsyncGenerator<Buffer> {
  const sealedBytes = CHUNK_BYTES + TAG_BYTES;
  for (let chunk = 0, at = start; ; chunk++) {
    const length = Math.min(sealedBytes, size - at);
    const last = at + length >= size;
    const sealed = length < TAG_BYTES ? null : await readExactly(file, at, length);
    if (sealed === null) throw new Refusal(backupProblems.damaged(path));
    const decipher = createDecipheriv("aes-256-gcm", key, nonceOf(chunk, last));
    decipher.setAuthTag(sealed.subarray(length - TAG_BYTES));
    const plain = decipher.update(sealed.subarray(0, length - TAG_BYTES));
    try {
      decipher.final();
    } catch {
      throw new Refusal(backupProblems.damaged(path));
    }
    yield plain;
    at += length;
    if (last) return;
  }
}

async function readExactly(file: FileHandle, at: number, length: number): Promise<Buffer | null> {
  const bytes = Buffer.allocUnsafe(length);
  let got = 0;
  while (got < length) {
    const { bytesRead } = await file.read(bytes, got, length - got, at + got);
    if (bytesRead === 0) return null;
    got += bytesRead;
  }
  return bytes;
}
