import { callerByLogin, createGate } from "#identity";
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { OutputOf, RequestOf, Route } from "../platform/contract.ts";
import { runAct } from "../platform/http/run-action.ts";
import type { DomainModule } from "../platform/module.ts";
import { drainQueue } from "../platform/tasks/worker.ts";
import type { TestRuntime } from "../platform/testing/index.ts";
import { applyBatch, getBatch, receiveBatch, type BatchSummary, type LedgerKind } from "./contract.ts";

export const HUAYUAN = "433124";

/** An office with one clerk (`clerk`) and one reviewer (`reviewer`) in a county. */
export async function addOffice(runtime: TestRuntime, region = HUAYUAN, suffix = ""): Promise<void> {
  const worker = runtime.database.worker;
  const organisation = await sql<{ organisation_id: string }>`INSERT INTO identity.organisation (name, department, region) VALUES (${`人社局${region}`}, 'human-resources', ${region}) RETURNING organisation_id`.execute(worker);
  for (const [login, name, duty] of [["clerk", "向经办", "county-clerk"], ["reviewer", "龙复核", "reviewer"]] as const) {
    await sql`INSERT INTO identity.officer (login, name, organisation_id, organisation_region, region, duties, password_hash) VALUES (${login + suffix}, ${name}, ${organisation.rows[0]!.organisation_id}, ${region}, ${region}, ARRAY[${duty}], '$argon2id$none')`.execute(worker);
  }
}

/** The acts of the screen, without HTTP: the same handlers, permissions, scope and audit. */
export class Office {
  readonly runtime: TestRuntime;
  readonly #modules: readonly DomainModule[];

  constructor(runtime: TestRuntime, modules: readonly DomainModule[]) {
    this.runtime = runtime;
    this.#modules = modules;
  }

  async act<R extends Route>(route: R, input: RequestOf<R>, as = "clerk", filePath?: string): Promise<OutputOf<R>> {
    const { runtime } = this;
    const handler = this.#modules.flatMap((module) => module.handlers ?? []).find((one) => one.route === route);
    if (!handler) throw new Error(`no handler for ${route.path}`);
    const caller = await callerByLogin(runtime, this.#modules, as);
    const key = `upload/${randomUUID()}`;
    const file = filePath ? { fileId: "", key, name: basename(filePath), fields: {}, ...(await runtime.files.put(key, createReadStream(filePath), 2 ** 40)) } : undefined;
    return route.output.parse(await runAct(runtime, createGate(this.#modules), { handler, caller, input, request: { ip: "", userAgent: "" }, ...(file ? { file } : {}) })) as OutputOf<R>;
  }

  drain(): Promise<void> {
    return drainQueue(this.runtime, this.#modules);
  }

  /** Receives a file and works until it is compared (or refused). */
  async receive(path: string, month: string, kind: LedgerKind = "work-ledger", more: Partial<RequestOf<typeof receiveBatch>> = {}, as = "clerk"): Promise<BatchSummary> {
    const { batchId } = await this.act(receiveBatch, { kind, month, sender: "县农业农村局", ...more }, as, path);
    await this.drain();
    return this.act(getBatch, { batchId }, as);
  }

  async apply(batchId: string, as = "clerk"): Promise<BatchSummary> {
    await this.act(applyBatch, { batchId }, as);
    await this.drain();
    return this.act(getBatch, { batchId }, as);
  }
}

/** A file in a folder of its own that is removed with `release`. */
export function temporaryFile(name: string, content: string | Uint8Array): { path: string; release(): void } {
  const folder = mkdtempSync(join(tmpdir(), "wengang-ledger-"));
  const path = join(folder, name);
  writeFileSync(path, content);
  return { path, release: () => rmSync(folder, { recursive: true, force: true }) };
}
