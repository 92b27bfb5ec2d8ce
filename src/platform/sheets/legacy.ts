import { stat } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { Refusal } from "../problem.ts";
import type { CellRange, SheetRow } from "./cells.ts";
import type { LegacyReply, LegacyRequest, LegacyWorkbook } from "./legacy-messages.ts";
import { sheetProblems } from "./problems.ts";
import {
  type LegacyLimits,
  type OpenSheetsOptions,
  type ReadRowsOptions,
  RowBatcher,
  type SheetEnd,
  type SheetInfo,
  type SheetSource,
} from "./source.ts";
import type { SheetNotice } from "./zip.ts";

/** An .xls holds 65,536 rows a sheet; 64 MiB is several such sheets full. */
export const defaultLegacyLimits: LegacyLimits = {
  fileBytes: 64 * 2 ** 20,
  inflatedBytes: 512 * 2 ** 20,
  heapMegabytes: 1536,
  seconds: 120,
};

/** A workbook that a worker thread holds whole, handed over in batches. */
export class LegacySource implements SheetSource {
  readonly format: LegacyWorkbook["format"];
  readonly sheets: readonly SheetInfo[];
  readonly notices: readonly SheetNotice[];
  readonly #merges: readonly CellRange[][];
  readonly #thread: LegacyThread;

  private constructor(
    format: LegacyWorkbook["format"],
    opened: LegacyReply & { kind: "opened" },
    notices: readonly SheetNotice[],
    thread: LegacyThread,
  ) {
    this.format = format;
    this.sheets = opened.sheets;
    this.notices = notices;
    this.#merges = opened.merges;
    this.#thread = thread;
  }

  static async open(
    workbook: LegacyWorkbook,
    options: OpenSheetsOptions,
    notices: readonly SheetNotice[],
  ): Promise<LegacySource> {
    const limits = { ...defaultLegacyLimits, ...options.legacy };
    const { size } = await stat(workbook.path);
    if (size > limits.fileBytes) {
      throw new Refusal(sheetProblems.tooLarge(`旧格式 ${Math.floor(limits.fileBytes / 2 ** 20)} MB`));
    }
    const thread = new LegacyThread(workbook, limits);
    const opened = await thread.ask(null);
    if (opened.kind !== "opened") throw new Refusal(sheetProblems.unreadable());
    return new LegacySource(workbook.format, opened, notices, thread);
  }

  async *rows(sheetIndex: number, options: ReadRowsOptions = {}): AsyncGenerator<SheetRow[], SheetEnd, undefined> {
    if (!this.sheets[sheetIndex]) throw new Refusal(sheetProblems.unknownSheet(sheetIndex));
    const out = new RowBatcher(options);
    for (let from = 0; from >= 0;) {
      const reply = await this.#thread.ask({ sheet: sheetIndex, from, count: out.batchRows });
      if (reply.kind !== "rows") throw new Refusal(sheetProblems.unreadable());
      for (const row of reply.rows) out.push(row);
      if (reply.next < 0) out.trailingEmptyRows = Math.max(0, from + reply.emptyRows + reply.rows.length - out.lastRow);
      options.onProgress?.(reply.progress);
      while (out.pending) yield out.take();
      from = reply.next;
    }
    return out.end();
  }

  async mergedRanges(sheetIndex: number): Promise<readonly CellRange[]> {
    const merges = this.#merges[sheetIndex];
    if (!merges) throw new Refusal(sheetProblems.unknownSheet(sheetIndex));
    return merges;
  }

  close(): Promise<void> {
    return this.#thread.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** One question at a time; whatever goes wrong in the thread becomes a refusal of the question under way. */
class LegacyThread {
  readonly #worker: Worker;
  readonly #seconds: number;
  #settle: { resolve: (reply: LegacyReply) => void; reject: (error: Error) => void } | null = null;
  #failure: Error | null = null;

  constructor(workbook: LegacyWorkbook, limits: LegacyLimits) {
    this.#seconds = limits.seconds;
    this.#worker = new Worker(new URL("./legacy-worker.ts", import.meta.url), {
      workerData: workbook,
      resourceLimits: { maxOldGenerationSizeMb: limits.heapMegabytes },
      stdout: true,
      stderr: true,
    });
    // The library prints about records it does not know, which is no news to anyone.
    this.#worker.stdout.resume();
    this.#worker.stderr.resume();
    this.#worker.on("message", (reply: LegacyReply) => {
      if (reply.kind === "refused") this.#fail(new Refusal(reply.problem));
      else this.#settle?.resolve(reply);
    });
    this.#worker.on("error", (error: NodeJS.ErrnoException) => {
      const heavy = error.code === "ERR_WORKER_OUT_OF_MEMORY";
      this.#fail(heavy ? new Refusal(sheetProblems.legacyTooHeavy()) : error);
    });
    this.#worker.on("exit", () => this.#fail(new Refusal(sheetProblems.damaged("表格内容无法解析"))));
  }

  /** null waits for the workbook to be open. */
  async ask(request: LegacyRequest | null): Promise<LegacyReply> {
    if (this.#failure) throw this.#failure;
    this.#worker.ref();
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<LegacyReply>((resolve, reject) => {
        this.#settle = { resolve, reject };
        timer = setTimeout(
          () => this.#fail(new Refusal(sheetProblems.legacyTooSlow(this.#seconds))),
          this.#seconds * 1000,
        );
        if (request) this.#worker.postMessage(request);
      });
    } finally {
      clearTimeout(timer);
      this.#settle = null;
      // Between questions the thread must not keep the process alive, should the caller forget to close.
      this.#worker.unref();
    }
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#settle?.reject(this.#failure);
    void this.#worker.terminate();
  }
}
