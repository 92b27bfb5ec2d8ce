import { once } from "node:events";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import type { FileStore } from "../../platform/files/store.ts";

/**
 * The numbers of a batch's rows (identity, phone, account), in file order, encrypted in the file store. The staging table
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

export function vaultKey(batchId: string): string {
  return `vault/batch-${batchId}`;
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

export async function* readVault(files: FileStore, key: string): AsyncGenerator<VaultRow> {
  const lines = createInterface({ input: await files.read(key), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) {
    const [sheet, rowNo, identity, phone, bankAccount] = line.split("\t") as [string, string, string, string, string];
    yield {
      sheet: Number(sheet),
      rowNo: Number(rowNo),
      identity,
      phone: phone || null,
      bankAccount: bankAccount || null,
    };
  }
}
