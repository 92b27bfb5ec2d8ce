import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import yauzl from "yauzl";
import { createGate } from "#identity";
import { problemAnswer, runAct } from "../../src/platform/http/run-action.ts";
import type { Caller, DomainModule, DownloadBody, Handler, Services, UploadedFile } from "../../src/platform/module.ts";
import { Refusal } from "../../src/platform/problem.ts";
import { isProblem, openSheets } from "../../src/platform/sheets/index.ts";

export interface Answer {
  readonly outcome: "done" | "refused";
  /** Everything that would reach the screen or the file, as one text. */
  readonly text: string;
}

/** Asks as the server does, below HTTP: input checked, permission, transaction under the caller's sight, audit, output checked. */
export async function ask(
  services: Services,
  modules: readonly DomainModule[],
  handler: Handler,
  caller: Caller,
  input: unknown,
  upload?: string,
): Promise<Answer> {
  const { route } = handler;
  const file = route.kind === "upload" ? await store(services, upload ?? "") : undefined;
  try {
    const result = await runAct(services, createGate(modules), {
      handler,
      caller,
      input,
      request: { ip: "10.0.0.1", userAgent: "test" },
      ...(file ? { file } : {}),
    });
    const said =
      route.kind === "download" ? await textOf(result as DownloadBody) : JSON.stringify(route.output.parse(result));
    return { outcome: "done", text: said };
  } catch (cause) {
    if (cause instanceof Refusal) return { outcome: "refused", text: JSON.stringify(problemAnswer(cause.problem)) };
    throw new Error(
      `${caller.name} asked ${route.method} ${route.path} ${JSON.stringify(input)}: ${(cause as Error).message}`,
      { cause },
    );
  }
}

let stored = 0;

async function store(services: Services, content: string): Promise<UploadedFile> {
  stored += 1;
  const key = `upload/scope-new-${stored}`;
  return {
    fileId: "",
    key,
    name: "5月台账.csv",
    fields: {},
    ...(await services.files.put(key, Readable.from([Buffer.from(content)]), 1e6)),
  };
}

/** A PDF's own account of when it was written, and its number made of it. */
const WRITTEN_AT = /\/ID \[[^\]]*\]|\(D:\d{14}Z\)/g;

/** The parts of a document, but the one that says when it was written. */
async function partsOf(bytes: Buffer): Promise<string> {
  const parts: string[] = [];
  const file = await yauzl.fromBufferPromise(bytes);
  for await (const entry of file.eachEntry())
    if (entry.fileName !== "docProps/core.xml")
      parts.push(entry.fileName, await text(await file.openReadStreamPromise(entry)));
  return parts.join("\n");
}

/** The name of the file and every cell in it. */
async function textOf({ fileName, mediaType, body }: DownloadBody): Promise<string> {
  const bytes = typeof body === "string" ? Buffer.from(body) : Buffer.isBuffer(body) ? body : await buffer(body);
  if (mediaType.includes("wordprocessing")) return `${fileName}\n${await partsOf(bytes)}`;
  if (!mediaType.includes("spreadsheet")) return `${fileName}\n${bytes.toString("utf8").replaceAll(WRITTEN_AT, "")}`;
  const folder = await mkdtemp(join(tmpdir(), "wengang-scope-"));
  try {
    const path = join(folder, "export.xlsx");
    await writeFile(path, bytes);
    const opened = await openSheets(path);
    // A demo file of this world is a text that calls itself a workbook.
    if (isProblem(opened)) return `${fileName}\n${bytes.toString("utf8")}`;
    await using source = opened;
    const lines = [fileName];
    for (const sheet of source.sheets) {
      lines.push(sheet.name);
      for await (const batch of source.rows(sheet.index, {})) for (const row of batch) lines.push(JSON.stringify(row));
    }
    return lines.join("\n");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
