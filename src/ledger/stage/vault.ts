import { once } from "node:events";
import { PassThrough } from "node:stream";
import type { FileStore } from "../../platform/files/store.ts";

/**
 * The numbers of a part of a batch (identity, phone, account), in file order, encrypted in the file store. The staging table
 * holds only hashes and masks; envelopes are made from here for the few rows that are new or changed.
 */
export interface VaultRow {
  readonly sheet: number;
  readonly rowNo: number;
  readonly identity: string;
  readonly phone: string | null;
  readonly bankAccount: string | null;
}

const LIMIT_BYTES = 64 * 1024 ** 3;
const CHUNK_CHARACTERS = 256 * 1024;

export function vaultKey(batchId: string, part: number): string {
  return `vault/batch-${batchId}-${part}`;
}

export class VaultWriter {
  readonly #stream = new PassThrough();
  readonly #stored: Promise<unknown>;
  #failure: unknown;
  #pending = "";

  constructor(files: FileStore, key: string) {
    this.#stored = files.put(key, this.#stream, LIMIT_BYTES).catch((cause: unknown) => {
      this.#failure = cause;
    });
  }

  add(sheet: number, rowNo: number, identity: string, phone: string | null, bankAccount: string | null): void {
    this.#pending += `${sheet}\t${rowNo}\t${identity}\t${phone ?? ""}\t${bankAccount ?? ""}\n`;
  }

  async flush(force = false): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (!force && this.#pending.length < CHUNK_CHARACTERS) return;
    const chunk = this.#pending;
    this.#pending = "";
    if (chunk !== "" && !this.#stream.write(chunk)) await once(this.#stream, "drain");
  }

  async finish(): Promise<void> {
    await this.flush(true);
    this.#stream.end();
    await this.#stored;
    if (this.#failure) throw this.#failure;
  }

  /** Gives the vault up; nothing of it stays in the store. */
  async abort(): Promise<void> {
    this.#stream.destroy(new Error("the batch was given up"));
    await this.#stored;
  }
}

/** Walks a vault forward, from one wanted row to the next. */
export class VaultReader {
  readonly #blocks: AsyncIterator<Buffer>;
  #text = "";
  #at = 0;
  readonly #name: string;
  readonly #decoder = new TextDecoder();

  constructor(files: FileStore, key: string) {
    this.#name = key;
    this.#blocks = open(files, key);
  }

  /** The row if it lies in what has been read; the ordinary case costs no promise. Rows before it are passed over. */
  next(sheet: number, rowNo: number): VaultRow | null {
    const wanted = `${sheet}\t${rowNo}\t`;
    for (;;) {
      const end = this.#text.indexOf("\n", this.#at);
      if (end < 0) return null;
      const start = this.#at;
      this.#at = end + 1;
      if (this.#text.startsWith(wanted, start)) return parseRow(this.#text.slice(start, end));
    }
  }

  async find(sheet: number, rowNo: number): Promise<VaultRow> {
    for (;;) {
      const row = this.next(sheet, rowNo);
      if (row) return row;
      const block = await this.#blocks.next();
      if (block.done) throw new Error(`${this.#name} ends before row ${sheet}:${rowNo}`);
      this.#text = this.#text.slice(this.#at) + this.#decoder.decode(block.value, { stream: true });
      this.#at = 0;
    }
  }

  async close(): Promise<void> {
    await this.#blocks.return?.();
  }
}

async function* open(files: FileStore, key: string): AsyncGenerator<Buffer> {
  for await (const block of await files.read(key)) yield block as Buffer;
}

function parseRow(line: string): VaultRow {
  const [sheet, rowNo, identity, phone, bankAccount] = line.split("\t") as [string, string, string, string, string];
  return {
    sheet: Number(sheet),
    rowNo: Number(rowNo),
    identity,
    phone: phone || null,
    bankAccount: bankAccount || null,
  };
}
