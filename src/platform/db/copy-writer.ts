import { once } from "node:events";
import type { ClientBase } from "pg";
import { from as copyFrom, type CopyStreamQuery } from "pg-copy-streams";

const CHUNK_CHARACTERS = 512 * 1024;

/** One COPY into a table as a stream of bytes, with back pressure; what the bytes are is the writers' business. */
export class CopyStream {
  readonly #stream: CopyStreamQuery;
  #failure: Error | undefined;

  constructor(client: ClientBase, table: string, columns: readonly string[], format: "text" | "binary") {
    this.#stream = client.query(copyFrom(`COPY ${table} (${columns.join(", ")}) FROM STDIN (FORMAT ${format})`));
    this.#stream.on("error", (cause: Error) => {
      this.#failure = cause;
    });
  }

  /**
   * Waits when the server is slower than the file; throws what it refused. A chunk larger than the stream holds back (16 KB) has
   * left the program when this is fulfilled, and may be written over; a smaller one is the stream's from now on.
   */
  async write(chunk: Buffer): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (chunk.length > 0 && !this.#stream.write(chunk)) await once(this.#stream, "drain");
  }

  throwFailure(): void {
    if (this.#failure) throw this.#failure;
  }

  async finish(): Promise<void> {
    const done = once(this.#stream, "finish");
    this.#stream.end();
    await done;
    this.throwFailure();
  }

  /** Ends the copying without its rows. A connection left in the middle of a COPY would never answer anybody again. */
  async abort(): Promise<void> {
    if (this.#failure || this.#stream.destroyed || this.#stream.writableFinished) return;
    const closed = new Promise<void>((resolve) => this.#stream.once("close", () => resolve()));
    this.#stream.destroy(new Error("copying was given up"));
    await closed;
  }
}

/** Writes lines of COPY text into a table, in chunks large enough for the driver. */
export class CopyWriter {
  readonly #stream: CopyStream;
  #pending = "";

  constructor(client: ClientBase, table: string, columns: readonly string[]) {
    this.#stream = new CopyStream(client, table, columns, "text");
  }

  /** One row; values must hold no tab, newline or bare backslash. Null is NULL. */
  add(values: readonly (string | null)[]): void {
    let line = this.#pending;
    for (let i = 0; i < values.length; i++) line += (i === 0 ? "" : "\t") + (values[i] ?? "\\N");
    this.#pending = `${line}\n`;
  }

  /** Call between batches of rows: hands over full chunks. */
  async flush(force = false): Promise<void> {
    this.#stream.throwFailure();
    if (!force && this.#pending.length < CHUNK_CHARACTERS) return;
    const chunk = Buffer.from(this.#pending);
    this.#pending = "";
    await this.#stream.write(chunk);
  }

  async finish(): Promise<void> {
    await this.flush(true);
    await this.#stream.finish();
  }

  abort(): Promise<void> {
    return this.#stream.abort();
  }
}

/** Text for a COPY value that may hold anything. */
export function copyText(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\t", " ").replaceAll("\n", " ").replaceAll("\r", " ");
}
