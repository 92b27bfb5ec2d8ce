import { once } from "node:events";
import type { ClientBase } from "pg";
import { from as copyFrom, type CopyStreamQuery } from "pg-copy-streams";

const CHUNK_CHARACTERS = 512 * 1024;

/** Writes lines of COPY text into a table, in chunks large enough for the driver, with back pressure. */
export class CopyWriter {
  readonly #stream: CopyStreamQuery;
  #pending = "";
  #failure: Error | undefined;

  constructor(client: ClientBase, table: string, columns: readonly string[]) {
    this.#stream = client.query(copyFrom(`COPY ${table} (${columns.join(", ")}) FROM STDIN`));
    this.#stream.on("error", (cause: Error) => {
      this.#failure = cause;
    });
  }

  /** One row; values must hold no tab, newline or bare backslash. Null is NULL. */
  add(values: readonly (string | null)[]): void {
    let line = this.#pending;
    for (let i = 0; i < values.length; i++) line += (i === 0 ? "" : "\t") + (values[i] ?? "\\N");
    this.#pending = `${line}\n`;
  }

  /** Call between batches of rows: hands over full chunks and waits when the server is slower than the file. */
  async flush(force = false): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (!force && this.#pending.length < CHUNK_CHARACTERS) return;
    const chunk = Buffer.from(this.#pending);
    this.#pending = "";
    if (chunk.length > 0 && !this.#stream.write(chunk)) await once(this.#stream, "drain");
  }

  async finish(): Promise<void> {
    await this.flush(true);
    const done = once(this.#stream, "finish");
    this.#stream.end();
    await done;
    if (this.#failure) throw this.#failure;
  }

  /** Ends the copying without its rows. A connection left in the middle of a COPY would never answer anybody again. */
  async abort(): Promise<void> {
    if (this.#failure || this.#stream.destroyed || this.#stream.writableFinished) return;
    const closed = new Promise<void>((resolve) => this.#stream.once("close", () => resolve()));
    this.#stream.destroy(new Error("copying was given up"));
    await closed;
  }
}

/** Text for a COPY value that may hold anything. */
export function copyText(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\t", " ").replaceAll("\n", " ").replaceAll("\r", " ");
}
