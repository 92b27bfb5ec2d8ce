import { existsSync, readdirSync } from "node:fs";
import { mkdir, rename, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import type { Client } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { Config } from "../../platform/config.ts";
import { addressFromUrl, connectOwner, ownerConfig, type DatabaseAddress } from "../../platform/db/database.ts";
import { migrate, migrationDigests } from "../../platform/db/migrate.ts";
import { ensureRoles } from "../../platform/db/roles.ts";
import type { FileStore } from "../../platform/files/store.ts";
import { loadKeys, type Keys } from "../../platform/keys.ts";
import type { Log } from "../../platform/log.ts";
import type { DomainModule } from "../../platform/module.ts";
import { startPostgres } from "../../platform/postgres/index.ts";
import { Refusal } from "../../platform/problem.ts";
import { embeddedAddress, migrationSets, openFiles, openOn } from "../../platform/runtime.ts";
import { prepareQueue } from "../../platform/tasks/worker.ts";
import { backupProblems } from "../problems.ts";
import type { BackupHeader, Manifest, Part, TablePart } from "./frames.ts";
import { readBackup, readHeader, type PartReader } from "./read-backup.ts";
import { setAside } from "./set-aside.ts";
import { settleRestored } from "./settle.ts";

export interface RestoreSummary {
  readonly createdAt: string;
  readonly tables: number;
  readonly rows: number;
  readonly files: number;
}

export type RestoreProgress = (stage: string, done?: number, total?: number) => Promise<void>;

/**
 * Brings a backup back into an empty installation. Nothing is written before the whole file has been read and found good, the
 * key and the version fit and the target is empty. An embedded database is built beside its place and moved there at the end;
 * on a server of one's own a mark stands until the end, without which the program does not start.
 */
export async function restoreBackup(
  config: Config,
  modules: readonly DomainModule[],
  log: Log,
  path: string,
  progress: RestoreProgress = async () => {},
): Promise<RestoreSummary> {
  const keys = loadKeys(config.keyFolder, false);
  const header = await readHeader(path, keys);
  checkVersion(header, modules);
  return config.databaseUrl ? restoreByUrl(config, config.databaseUrl) : restoreEmbedded(config);

  async function verified(): Promise<void> {
    await readBackup(path, keys, undefined, (done, total) => progress("核对备份文件", done, total));
  }

  async function restoreByUrl(target: Config, url: string): Promise<RestoreSummary> {
    const address = addressFromUrl(url);
    const owner = await connectOwner(address);
    try {
      const { rows } = await owner.query<{ held: boolean; marked: boolean }>(
        "SELECT to_regnamespace('platform') IS NOT NULL AS held, to_regclass('platform.restoring') IS NOT NULL AS marked",
      );
      if ((rows[0]!.held && !rows[0]!.marked) || hasFiles(target))
        throw new Refusal(backupProblems.notEmpty("目标数据库或数据目录"));
      await verified();
      if (rows[0]!.marked) await dropSchemas(owner);
      await owner.query("CREATE SCHEMA platform; CREATE TABLE platform.restoring ()");
    } finally {
      await owner.end();
    }
    return load(target, address);
  }

  async function restoreEmbedded(target: Config): Promise<RestoreSummary> {
    if (existsSync(join(target.dataFolder, "postgres")) || hasFiles(target))
      throw new Refusal(backupProblems.notEmpty(`数据目录 ${target.dataFolder}`));
    await verified();
    const folder = `${target.dataFolder}.restoring`;
    // What a restore that was killed has left.
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const server = await startPostgres({
      dataFolder: join(folder, "postgres"),
      ...(target.postgresBinaries ? { binaries: target.postgresBinaries } : {}),
    });
    try {
      const address = await embeddedAddress(server);
      const owner = await connectOwner(address);
      await owner.query("CREATE SCHEMA platform; CREATE TABLE platform.restoring ()");
      await owner.end();
      const summary = await load({ ...target, dataFolder: folder }, address);
      await server.stop();
      // An empty folder may have been made beforehand, with its owner and mount.
      if (existsSync(target.dataFolder)) await moveInto(folder, target.dataFolder);
      else await rename(folder, target.dataFolder);
      return summary;
    } catch (cause) {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
      throw cause;
    }
  }

  async function load(target: Config, address: DatabaseAddress): Promise<RestoreSummary> {
    await progress("建立数据结构");
    const owner = await connectOwner(address);
    let manifest: Manifest;
    try {
      await ensureRoles(owner, ownerConfig(address), keys);
      const recorded = new Set(header.migrations.map(({ domain, name }) => `${domain}/${name}`));
      await migrate(owner, migrationSets(modules), (domain, name) => recorded.has(`${domain}/${name}`));
      await prepareQueue(address);
      for (const { name, parent, bound } of header.partitions)
        await owner.query(`CREATE TABLE IF NOT EXISTS ${name} PARTITION OF ${parent} ${bound}`);
      const aside = await setAside(owner);
      manifest = await loadParts(path, keys, address, openFiles(target, keys), progress);
      await progress("建立索引");
      await aside.again((done, total) => progress("建立索引", done, total));
      for (const { name, last, called } of manifest.sequences)
        await owner.query("SELECT setval($1::regclass, $2, $3)", [name, last, called]);
      await settleRestored(owner);
      await owner.query("ANALYZE");
      // The tables are as they were; the program's own newer migrations follow like those of any upgrade.
      await owner.query("DROP TABLE platform.restoring");
    } finally {
      await owner.end();
    }
    await progress("升级到当前版本");
    const runtime = await openOn(target, address, modules, log, { demo: false, release: async () => {} });
    await runtime.close();
    const tables = manifest.parts.filter(({ name }) => !name.startsWith("file:"));
    return {
      createdAt: header.createdAt,
      tables: tables.length,
      rows: tables.reduce((sum, { rows }) => sum + rows, 0),
      files: manifest.parts.length - tables.length,
    };
  }
}

function checkVersion(header: BackupHeader, modules: readonly DomainModule[]): void {
  const ours = migrationDigests(migrationSets(modules));
  for (const { domain, name, digest } of header.migrations) {
    const here = ours.get(`${domain}/${name}`);
    if (here === undefined) throw new Refusal(backupProblems.newerVersion(`${domain}/${name}`));
    if (here !== digest) throw new Refusal(backupProblems.otherVersion(`${domain}/${name}`));
  }
}

function hasFiles(config: Config): boolean {
  const folder = join(config.dataFolder, "files");
  return config.s3 === undefined && existsSync(folder) && readdirSync(folder).length > 0;
}

async function moveInto(from: string, to: string): Promise<void> {
  for (const name of readdirSync(from)) await rename(join(from, name), join(to, name));
  await rmdir(from);
}

async function dropSchemas(owner: Client): Promise<void> {
  const { rows } = await owner.query<{ name: string }>(
    "SELECT quote_ident(nspname) AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public') AND pg_get_userbyid(nspowner) = current_user",
  );
  for (const { name } of rows) await owner.query(`DROP SCHEMA ${name} CASCADE`);
}

const FILE_LIMIT_BYTES = 64 * 1024 ** 4;

async function loadParts(
  path: string,
  keys: Keys,
  address: DatabaseAddress,
  files: FileStore,
  progress: RestoreProgress,
): Promise<Manifest> {
  const idle: Client[] = [];
  const all: Client[] = [];
  const rowsOf = new Map<string, number>();
  const connect = async () => {
    const free = idle.pop();
    if (free) return free;
    const client = await connectOwner(address);
    all.push(client);
    return client;
  };
  const receive = async (part: Part): Promise<PartReader> => {
    if ("file" in part) return fileReader(files, part.file);
    const client = await connect();
    return tableReader(client, part, (rows) => {
      rowsOf.set(part.table, rows);
      idle.push(client);
    });
  };
  try {
    const { manifest } = await readBackup(path, keys, receive, (done, total) => progress("写入数据", done, total));
    for (const { name, rows } of manifest.parts)
      if (!name.startsWith("file:") && rowsOf.get(name) !== rows)
        throw new Refusal(backupProblems.contentsDiffer(name));
    return manifest;
  } finally {
    await Promise.all(all.map((client) => client.end().catch(() => {})));
  }
}

function tableReader(client: Client, part: TablePart, ended: (rows: number) => void): PartReader {
  const target = client.query(copyFrom(`COPY ${part.table} (${part.columns.join(", ")}) FROM STDIN (FORMAT binary)`));
  let failed: Error | undefined;
  target.on("error", (cause) => (failed = cause));
  return {
    async data(block) {
      if (failed) throw failed;
      if (!target.write(block)) await Promise.race([once(target, "drain"), once(target, "close")]);
    },
    async end() {
      const done = once(target, "finish");
      target.end();
      await done;
      if (failed) throw failed;
      ended(target.rowCount);
    },
    async abort(cause) {
      target.destroy(cause);
    },
  };
}

function fileReader(files: FileStore, key: string): PartReader {
  const body = new PassThrough();
  const stored = files.put(key, body, FILE_LIMIT_BYTES);
  stored.catch(() => {}); // reported at the end
  return {
    async data(block) {
      if (!body.write(block)) await Promise.race([once(body, "drain"), stored]);
    },
    async end() {
      body.end();
      await stored;
    },
    async abort(cause) {
      body.destroy(cause);
      await stored.catch(() => {});
    },
  };
}
