import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import type { Client } from "pg";
import { projectRoot, readConfig, type Config } from "../config.ts";
import { addressFromUrl, connectOwner, type DatabaseAddress } from "../db/database.ts";
import { createLog, type Log } from "../log.ts";
import type { DomainModule } from "../module.ts";
import { startPostgres, type PostgresServer } from "../postgres/index.ts";
import { createDatabase, openOn, type Runtime } from "../runtime.ts";
import { locks } from "../db/locks.ts";

/**
 * Tests run on a real server: one throw-away cluster for the whole run, one migrated template per set of modules, and a
 * copy of it per test file. `WENGANG_TEST_DATABASE_URL` puts them on another server instead.
 */
export async function startTestServer(): Promise<{ address: DatabaseAddress; release(): Promise<void> }> {
  const url = process.env["WENGANG_TEST_DATABASE_URL"];
  if (url) return { address: addressFromUrl(url), release: async () => {} };
  const server: PostgresServer = await startPostgres({
    dataFolder: join(
      projectRoot,
      ".cache",
      `test-postgres-${process.env["WENGANG_POSTGRES_BIN"] ? "system" : "embedded"}`,
    ),
    durable: false,
    settings: { max_connections: "200" },
  });
  const { host, port, user, password } = server.connection;
  return { address: { host, port, database: "postgres", owner: { user, password } }, release: () => server.stop() };
}

/** All test databases of a cluster share its roles, whose passwords come from the key; hence one key for all tests. */
const TEST_MASTER_KEY = createHash("sha256").update("wengang test key, protects nothing").digest("hex");

export interface TestRuntime extends Runtime {
  readonly address: DatabaseAddress;
  /** A connection as the owner, which row security does not bind: to arrange and to look behind the scenes. */
  owner(): Promise<Client>;
}

export interface TestOptions {
  readonly businessDate?: string;
  readonly demo?: boolean;
  readonly config?: Partial<Config>;
  /** Where spans go; without it none is recorded. */
  readonly spans?: SpanProcessor;
  readonly log?: Log;
}

/** A running installation of its own for one test file. Close it in `afterAll`. */
export async function testRuntime(modules: readonly DomainModule[], options: TestOptions = {}): Promise<TestRuntime> {
  const server = await startTestServer();
  const folder = mkdtempSync(join(tmpdir(), "wengang-test-"));
  const config = { ...testConfig(folder, options.businessDate ?? "2025-06-18"), ...options.config };
  const template = await ensureTemplate(server.address, modules, config);
  const database = `test_${process.pid}_${Date.now().toString(36)}_${Math.floor(performance.now() * 1000).toString(36)}`;
  await createDatabase(server.address, database, template);
  const address = { ...server.address, database };
  if (options.demo) await markDemo(address);
  const owners: Client[] = [];
  const runtime = await openOn(config, address, modules, options.log ?? createLog("silent"), {
    demo: options.demo ?? false,
    release: async () => {},
    ...(options.spans ? { spans: options.spans } : {}),
  });
  return {
    ...runtime,
    address,
    async owner() {
      const client = await connectOwner(address);
      owners.push(client);
      return client;
    },
    async close() {
      await Promise.all(owners.map((client) => client.end()));
      await runtime.close();
      const admin = await connectOwner(server.address);
      await admin.query(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
      await admin.end();
      rmSync(folder, { recursive: true, force: true });
      await server.release();
    },
  };
}

/** The template is no demo; a copy of it may be one. */
async function markDemo(address: DatabaseAddress): Promise<void> {
  const owner = await connectOwner(address);
  await owner.query("UPDATE platform.installation SET demo = true");
  await owner.end();
}

export function testConfig(folder: string, businessDate?: string): Config {
  const keyFolder = join(folder, "keys");
  mkdirSync(keyFolder, { recursive: true });
  writeFileSync(join(keyFolder, "master.key"), `${TEST_MASTER_KEY}\n`, { mode: 0o600 });
  return readConfig({
    PORT: "0",
    WENGANG_DATA: join(folder, "data"),
    WENGANG_KEYS: keyFolder,
    WENGANG_LOG: "silent",
    // Tests change rows behind the program's back.
    WENGANG_FIGURES_SECONDS: "0",
    // Server and test share one event loop: how late it is says nothing of the server.
    WENGANG_LATE_MS: "3600000",
    ...(businessDate ? { WENGANG_DATE: businessDate } : {}),
  });
}

/** Migrates once per state of the migrations; several test processes may ask at the same time. */
async function ensureTemplate(
  server: DatabaseAddress,
  modules: readonly DomainModule[],
  config: Config,
): Promise<string> {
  const digest = createHash("sha256").update(`${config.postgresBinaries ?? ""}${TEST_MASTER_KEY}`);
  for (const folder of [
    join(import.meta.dirname, "../migrations"),
    ...modules.flatMap((module) => module.migrations ?? []),
  ]) {
    for (const name of readdirSync(folder).toSorted()) digest.update(name).update(readFileSync(join(folder, name)));
  }
  for (const module of modules) digest.update(module.edition?.() ?? "");
  const name = `template_${modules.map((module) => module.name[0]).join("")}_${digest.digest("hex").slice(0, 16)}`;
  const admin = await connectOwner(server);
  try {
    await admin.query("SELECT pg_advisory_lock($1)", [locks.testTemplates]);
    const ready = await admin.query("SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate", [name]);
    if (ready.rowCount === 0) {
      await admin.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
      await createDatabase(server, name);
      const runtime = await openOn(config, { ...server, database: name }, modules, createLog("silent"), {
        demo: false,
        release: async () => {},
      });
      await runtime.close();
      await admin.query(`ALTER DATABASE "${name}" WITH IS_TEMPLATE true`);
    }
  } finally {
    await admin.query("SELECT pg_advisory_unlock($1)", [locks.testTemplates]);
    await admin.end();
  }
  return name;
}
