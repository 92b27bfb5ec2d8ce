import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { constants, zstdCompress } from "node:zlib";
import type { Client } from "pg";
import { to as copyTo } from "pg-copy-streams";
import { connectOwner } from "../../platform/db/database.ts";
import type { Services } from "../../platform/module.ts";
import { Refusal } from "../../platform/problem.ts";
import { backupProblems } from "../problems.ts";
import { migrationsOf, partitionsOf, sequencesOf, tablesToKeep, type TableToKeep } from "./catalogue.ts";
import { frameHead, frameKinds, type BackupHeader, type Manifest, type Part, type PartEnd } from "./frames.ts";
import { newSalt, SealedWriter } from "./sealed-file.ts";
import { locks } from "../../platform/db/locks.ts";

/** Plain bytes that are compressed as one block. */
const BLOCK_BYTES = 1024 ** 2;
/** Tables read at the same time. */
const LANES = 3;
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export interface BackupSummary {
  readonly path: string;
  readonly bytes: number;
  readonly tables: number;
  readonly rows: number;
  readonly files: number;
  /** Files that a table names and the store does not have. */
  readonly missing: readonly string[];
  readonly createdAt: string;
}

export interface BackupHooks {
  /** Bytes of tables and files read, of how many. */
  readonly onProgress?: (done: number, total: number) => Promise<void>;
  /** Called when the moment of the backup is fixed; the snapshot can be looked through until this returns and beyond. */
  readonly onSnapshot?: (snapshot: string) => Promise<void>;
  readonly signal?: AbortSignal;
}

export const backupKeyOf = (keys: Services["keys"]) => Buffer.from(keys.derive("backup"), "hex");

/**
 * Writes the whole installation, as it is at one moment, to one encrypted file: every table in one snapshot read over several
 * connections, numbers given out, files of the store. Nobody waits for it. The file has its name only when it is whole.
 */
export async function writeBackup(
  services: Pick<Services, "database" | "keys" | "files">,
  path: string,
  hooks: BackupHooks = {},
): Promise<BackupSummary> {
  if (existsSync(path)) throw new Refusal(backupProblems.fileExists(path));
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const partial = `${path}.partial`;
  const { address } = services.database;
  const main = await connectOwner(address);
  const lanes: Client[] = [];
  let writer: SealedWriter | undefined;
  try {
    // One at a time, and none while tables are being rebuilt by an upgrade.
    const alone = await main.query<{ alone: boolean }>("SELECT pg_try_advisory_lock($1) AS alone", [locks.backup]);
    if (!alone.rows[0]!.alone) throw new Refusal(backupProblems.running());
    await main.query("SELECT pg_advisory_lock_shared($1)", [locks.migrations]);
    await rm(partial, { force: true });
    await main.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const snapshot = (await main.query<{ id: string }>("SELECT pg_export_snapshot() AS id")).rows[0]!.id;
    await hooks.onSnapshot?.(snapshot);
    const tables = await tablesToKeep(main);
    // A month of the audit log that is archived meanwhile waits until its table has been read.
    await main.query(`LOCK TABLE ${tables.map(({ name }) => name).join(", ")} IN ACCESS SHARE MODE`);
    const { rows: fileRows } = await main.query<{ key: string; bytes: string }>(
      "SELECT key, bytes FROM platform.file ORDER BY file_id",
    );
    const header: BackupHeader = {
      format: "wengang-backup-1",
      salt: newSalt(),
      key: services.keys.fingerprint,
      createdAt: new Date().toISOString(),
      postgres: Number((await main.query("SHOW server_version_num")).rows[0].server_version_num),
      migrations: await migrationsOf(main),
      partitions: await partitionsOf(main),
    };
    writer = await SealedWriter.create(partial, backupKeyOf(services.keys), { ...header });
    const total =
      tables.reduce((sum, { bytes }) => sum + bytes, 0) + fileRows.reduce((sum, { bytes }) => sum + Number(bytes), 0);
    const parts = new PartWriter(writer, total, hooks);
    const waiting = [...tables];
    const readTables = async () => {
      const lane = await connectOwner(address);
      lanes.push(lane);
      await lane.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      await lane.query(`SET TRANSACTION SNAPSHOT '${snapshot}'`);
      // The same rows in the same order every time, so that two backups of the same data say the same.
      await lane.query("SET LOCAL synchronize_seqscans = off");
      for (let table = waiting.shift(); table !== undefined; table = waiting.shift())
        await copyTable(lane, parts, table);
    };
    await allSettled(Array.from({ length: Math.min(LANES, tables.length) }, readTables));
    const missing: string[] = [];
    for (const { key } of fileRows) if (!(await copyFile(services, parts, key))) missing.push(key);
    const manifest: Manifest = {
      parts: parts.ended,
      sequences: await sequencesOf(main),
      finishedAt: new Date().toISOString(),
    };
    await parts.frame(frameKinds.manifest, 0, Buffer.from(JSON.stringify(manifest)));
    const bytes = await writer.finish();
    await rename(partial, path);
    await syncFolder(dirname(path));
    const { createdAt } = header;
    const rows = parts.ended.reduce((sum, part) => sum + part.rows, 0);
    return { path, bytes, tables: tables.length, rows, files: fileRows.length - missing.length, missing, createdAt };
  } catch (cause) {
    await writer?.abort();
    await rm(partial, { force: true });
    throw cause;
  } finally {
    await Promise.all([main, ...lanes].map((client) => client.end().catch(() => {})));
  }
}

async function copyTable(lane: Client, parts: PartWriter, { name, columns }: TableToKeep): Promise<void> {
  // Under the snapshot; as a query, because COPY of a table by its name refuses partitions and obeys no row policies.
  const source = lane.query(copyTo(`COPY (SELECT ${columns.join(", ")} FROM ONLY ${name}) TO STDOUT (FORMAT binary)`));
  await parts.add({ table: name, columns }, source, () => source.rowCount);
}

async function copyFile({ files }: Pick<Services, "files">, parts: PartWriter, key: string): Promise<boolean> {
  let body: Readable;
  try {
    body = await files.read(key);
    await new Promise<void>((resolve, reject) => {
      body.once("error", reject);
      body.once("readable", resolve);
      body.once("end", resolve);
    });
  } catch {
    return false;
  }
  await parts.add({ file: key }, body, () => 0);
  return true;
}

class PartWriter {
  readonly ended: (PartEnd & { name: string })[] = [];
  readonly #writer: SealedWriter;
  readonly #total: number;
  readonly #hooks: BackupHooks;
  #next = 0;
  #done = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(writer: SealedWriter, total: number, hooks: BackupHooks) {
    this.#writer = writer;
    this.#total = total;
    this.#hooks = hooks;
  }

  async add(part: Part, source: AsyncIterable<Buffer>, rows: () => number): Promise<void> {
    const stream = this.#next++ % 0x10000;
    await this.frame(frameKinds.open, stream, Buffer.from(JSON.stringify(part)));
    const digest = createHash("sha256");
    let [bytes, held, heldBytes] = [0, [] as Buffer[], 0];
    let compressing: Promise<Buffer> | undefined;
    const flush = async () => {
      // The block before is written while this one is compressed in a thread.
      const ready = await compressing;
      compressing = heldBytes > 0 ? promisify(zstdCompress)(Buffer.concat(held, heldBytes), LEVEL) : undefined;
      compressing?.catch(() => {}); // reported by whoever awaits it
      [held, heldBytes] = [[], 0];
      if (ready) await this.frame(frameKinds.data, stream, ready);
    };
    for await (const piece of source) {
      this.#hooks.signal?.throwIfAborted();
      digest.update(piece);
      held.push(piece);
      bytes += piece.length;
      heldBytes += piece.length;
      this.#done += piece.length;
      if (heldBytes < BLOCK_BYTES) continue;
      await flush();
      await this.#hooks.onProgress?.(Math.min(this.#done, this.#total), this.#total);
    }
    await flush();
    await flush();
    const end: PartEnd = { rows: rows(), bytes, sha256: digest.digest("hex") };
    await this.frame(frameKinds.close, stream, Buffer.from(JSON.stringify(end)));
    this.ended.push({ name: "table" in part ? part.table : `file:${part.file}`, ...end });
  }

  /** Whole frames one after another, whichever stream they are of. */
  frame(kind: (typeof frameKinds)[keyof typeof frameKinds], stream: number, payload: Buffer): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writer.write(frameHead(kind, stream, payload.length), payload));
    return this.#writing;
  }
}

/** Waits for all of them before it throws the first fault: connections are not ended under those still reading. */
export async function allSettled(work: readonly Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) if (result.status === "rejected") throw result.reason;
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path);
  await folder.sync();
  await folder.close();
}
