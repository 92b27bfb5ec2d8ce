import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Client, ClientBase } from "pg";
import { Temporal } from "temporal-polyfill";
import { programVersion, type Config } from "./config.ts";
import {
  addressFromUrl,
  connectOwner,
  openDatabase,
  ownerConfig,
  type Database,
  type DatabaseAddress,
} from "./db/database.ts";
import { migrate, migrationNames, prepareOnce } from "./db/migrate.ts";
import { ensureRoles, letOwnerRead } from "./db/roles.ts";
import { localFileStore } from "./files/local.ts";
import { s3FileStore } from "./files/s3.ts";
import type { FileStore } from "./files/store.ts";
import { InstanceBeat, type InstanceRole } from "./instance.ts";
import { loadKeys, type Keys } from "./keys.ts";
import { RecentFigures } from "./load/recent-figures.ts";
import { createLog, type Log } from "./log.ts";
import type { HeldField } from "./privacy/index.ts";
import type { BatchOrigin, DomainModule, Services } from "./module.ts";
import { addInstallationGauges } from "./telemetry/installation-gauges.ts";
import { createTelemetry } from "./telemetry/index.ts";
import { addProcessGauges } from "./telemetry/process-gauges.ts";
import { SlowStatements } from "./telemetry/slow-statements.ts";
import { createQueryWatch } from "./telemetry/watch-queries.ts";
import { startPostgres, type PostgresServer } from "./postgres/index.ts";
import { prepareQueue } from "./tasks/worker.ts";
import { locks } from "./db/locks.ts";

export interface Runtime extends Services {
  /** Says to the others that this process takes no more work. */
  stopping(): Promise<void>;
  /** Closes connections and lets go of the embedded server; its last user stops it. */
  close(): Promise<void>;
}

/** server and worker show that they live and serve metrics; a command comes and goes. */
export type ProcessRole = InstanceRole | "command";

/** Opens the installation for one process: database (embedded or by URL), roles, migrations, keys, files. */
export async function openRuntime(
  config: Config,
  modules: readonly DomainModule[],
  options: { demo?: boolean; role?: ProcessRole } = {},
): Promise<Runtime> {
  const log = createLog(config.logLevel);
  const embedded = config.databaseUrl
    ? undefined
    : await startPostgres({
        dataFolder: join(config.dataFolder, "postgres"),
        ...(config.postgresBinaries ? { binaries: config.postgresBinaries } : {}),
      });
  try {
    const address = embedded ? await embeddedAddress(embedded) : addressFromUrl(config.databaseUrl!);
    return await openOn(config, address, modules, log, {
      demo: options.demo ?? false,
      role: options.role ?? "command",
      release: async () => embedded?.stop(),
    });
  } catch (cause) {
    await embedded?.stop();
    throw cause;
  }
}

interface OpenOptions {
  readonly demo: boolean;
  readonly role?: ProcessRole;
  /** Another end of the spans, for tests. */
  readonly spans?: SpanProcessor;
  release(): Promise<void>;
}

export const DATABASE_NAME = "wengang";

export async function embeddedAddress(server: PostgresServer): Promise<DatabaseAddress> {
  const { host, port, user, password } = server.connection;
  const address = { host, port, database: DATABASE_NAME, owner: { user, password } };
  await createDatabase({ ...address, database: "postgres" }, DATABASE_NAME);
  return address;
}

/** Creates a database that does not exist yet. `template` copies another one, which nobody may be using. */
export async function createDatabase(address: DatabaseAddress, name: string, template?: string): Promise<void> {
  const owner = await connectOwner(address);
  try {
    const known = await owner.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    if (known.rowCount === 0)
      await owner
        .query(`CREATE DATABASE "${name}"${template ? ` TEMPLATE "${template}" STRATEGY FILE_COPY` : ""}`)
        .catch((cause: { code?: string }) => {
          // Another program that starts at the same time was faster: the database is there (duplicate_database, or its unique index).
          if (template !== undefined || !["42P04", "23505"].includes(cause.code ?? "")) throw cause;
        });
  } finally {
    await owner.end();
  }
}

export async function openOn(
  config: Config,
  address: DatabaseAddress,
  modules: readonly DomainModule[],
  log: Log,
  options: OpenOptions,
): Promise<Runtime> {
  const owner = await connectOwner(address);
  try {
    // Of several programs that start on one database, one migrates and fills it; the others wait, and find it done.
    await owner.query("SELECT pg_advisory_lock($1)", [locks.start]);
    return await openLocked(config, address, modules, log, owner, options);
  } finally {
    await owner.end();
  }
}

async function openLocked(
  config: Config,
  address: DatabaseAddress,
  modules: readonly DomainModule[],
  log: Log,
  owner: Client,
  options: OpenOptions,
): Promise<Runtime> {
  await refuseHalfRestored(owner);
  const known = await knownFingerprint(owner);
  const keys = loadKeys(config.keyFolder, known === null);
  if (known !== null && known !== keys.fingerprint) {
    throw new Error(
      `主密钥与数据不符（数据 ${known}，密钥 ${keys.fingerprint}）。为避免数据无法解密，已拒绝启动；请换回原来的密钥。`,
    );
  }
  await ensureRoles(owner, ownerConfig(address), keys);
  await migrate(owner, migrationSets(modules));
  await letOwnerRead(owner);
  await matchKeyVersions(owner, keys);
  await prepareOnce(owner, "queue", migrationNames(migrationSets(modules)), () => prepareQueue(address));
  // The fixed date of a demo stays with its data; WENGANG_DATE overrides it for one process only.
  await owner.query(
    "INSERT INTO platform.installation (key_fingerprint, demo, business_dates) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    [keys.fingerprint, options.demo, options.demo ? DEMO_DATES : {}],
  );
  const { rows } = await owner.query<{ demo: boolean; business_dates: BusinessDates }>(
    "SELECT demo, business_dates FROM platform.installation",
  );
  const installation = rows[0]!;
  const { role = "command" } = options;
  const instance = randomUUID();
  const telemetry = createTelemetry({
    role,
    version: programVersion,
    instance,
    log,
    ...(options.spans ? { spans: options.spans } : {}),
  });
  const slow = new SlowStatements({ limitMs: config.slowMs, log, telemetry, instance });
  const database: Database = openDatabase(address, keys, log, {
    size: config.databaseConnections,
    watch: createQueryWatch(telemetry, slow),
    instance,
  });
  const { pools } = database;
  const beat = role === "command" ? undefined : new InstanceBeat(instance, role, pools.worker, log);
  const files = openFiles(config, keys);
  const fixedDates = config.businessDate ? { "": config.businessDate } : installation.business_dates;
  const heldFields = new Map<string, HeldField>(
    modules
      .flatMap(({ holdings }) => holdings?.tables ?? [])
      .flatMap(({ table, fields }) =>
        Object.entries(fields).map(([name, field]) => [`${table}.${name}`, field] as const),
      ),
  );
  const services: Services = {
    config,
    log,
    keys,
    database,
    files,
    telemetry,
    figures: new RecentFigures(config.figuresMs),
    refused: (cause, routeClass) => beat?.refused(cause, routeClass),
    demo: installation.demo,
    heldField: (column) => heldFields.get(column),
    businessDate: (region) =>
      fixedDateOf(fixedDates, region ?? "") ?? Temporal.Now.plainDateISO("Asia/Shanghai").toString(),
    async batchOrigins(batchIds) {
      const found = new Map<string, BatchOrigin>();
      for (const module of modules)
        for (const [batchId, origin] of (await module.batchOrigins?.(services, batchIds)) ?? [])
          found.set(batchId, origin);
      return found;
    },
    async officersIn(region, fits) {
      if (region === null) return [];
      const asked = modules.flatMap((module) => (module.officersIn ? [module.officersIn(services, region)] : []));
      const found = await Promise.all(asked);
      return found.flat().filter(({ duties }) => duties.some(fits));
    },
  };
  for (const module of modules) {
    if (!module.prepare) continue;
    const state = [...migrationNames(migrationSets([module])), ...(module.edition ? [module.edition()] : [])];
    await prepareOnce(owner, module.name, state, () => module.prepare!(services));
  }
  for (const module of modules) await module.begin?.(services);
  slow.begin(pools);
  await beat?.begin();
  const gauges = role === "command" ? undefined : await showFigures(services, modules, role);
  return {
    ...services,
    stopping: async () => beat?.stopping(),
    async close() {
      gauges?.stop();
      await beat?.end();
      await slow.end();
      await telemetry.close();
      await database.close();
      await options.release();
    },
  };
}

/** Metrics of a process that stays, and where they are read. */
async function showFigures(services: Services, modules: readonly DomainModule[], role: InstanceRole) {
  const { config, telemetry, database, log } = services;
  const { host, port, workerPort } = config.metrics;
  if (role === "server")
    addInstallationGauges(
      telemetry,
      database.worker,
      log,
      modules.flatMap((module) => module.gauges ?? []),
    );
  const wanted = role === "server" ? port : workerPort;
  if (wanted !== null) {
    const listening = await telemetry.listen(host, wanted);
    log.info({ host, port: listening }, "metrics at /metrics");
  }
  return addProcessGauges(telemetry, database.pools);
}

export function openFiles(config: Config, keys: Keys): FileStore {
  return config.s3 ? s3FileStore(config.s3, keys) : localFileStore(join(config.dataFolder, "files"), keys);
}

/** What a thread of this process needs to work on data; a thread shares no object with the others. */
export type DataServices = Pick<Services, "config" | "log" | "keys" | "database" | "files">;

/** Opens the running installation once more, for a thread. The caller closes its database. */
export function openForThread(config: Config, address: DatabaseAddress): DataServices {
  const log = createLog(config.logLevel);
  const keys = loadKeys(config.keyFolder, false);
  return { config, log, keys, database: openDatabase(address, keys, log), files: openFiles(config, keys) };
}

/** Region prefix → fixed date; the longest prefix counts. */
type BusinessDates = Readonly<Record<string, string>>;

/** Where the sources' windows and targets lie (rulebook.md): Jining's plan is of 2023. */
const DEMO_DATES: BusinessDates = { "": "2025-06-18", "3708": "2023-06-18" };

function fixedDateOf(dates: BusinessDates, region: string): string | undefined {
  const [prefix] = Object.keys(dates)
    .filter((code) => region.startsWith(code))
    .toSorted((a, b) => b.length - a.length);
  return prefix === undefined ? undefined : dates[prefix];
}

/** Notes versions that the key file has more, and refuses when it lacks one that the data know or has another in its place. */
async function matchKeyVersions(owner: ClientBase, keys: Keys): Promise<void> {
  const marks = keys.versions();
  await owner.query(
    "INSERT INTO platform.key_version (version, fingerprint) SELECT version, mark FROM unnest($1::text[]) WITH ORDINALITY AS v(mark, version) ON CONFLICT DO NOTHING",
    [marks],
  );
  const { rows } = await owner.query<{ version: number; fingerprint: string }>(
    "SELECT version, fingerprint FROM platform.key_version ORDER BY version",
  );
  for (const { version, fingerprint } of rows) {
    const mark = marks[version - 1];
    if (mark === undefined)
      throw new Error(
        `主密钥文件只有 ${marks.length} 个版本，数据用到第 ${version} 版（${fingerprint}）。请取回更换密钥之后保存的主密钥文件再启动。`,
      );
    if (mark !== fingerprint)
      throw new Error(
        `主密钥文件的第 ${version} 版与数据不符（数据 ${fingerprint}，密钥 ${mark}），已拒绝启动；请换回原来的主密钥文件。`,
      );
  }
}

/** A restore that was killed leaves its mark: what it had written so far is no installation, whatever it looks like. */
async function refuseHalfRestored(owner: ClientBase): Promise<void> {
  const { rows } = await owner.query<{ marked: boolean }>(
    "SELECT to_regclass('platform.restoring') IS NOT NULL AS marked",
  );
  if (rows[0]!.marked)
    throw new Error(
      "上一次恢复没有完成，其中的数据不完整，已拒绝启动。请重新执行 wengang restore，它会清除残留后从头恢复。",
    );
}

async function knownFingerprint(owner: ClientBase): Promise<string | null> {
  const table = await owner.query("SELECT to_regclass('platform.installation') AS found");
  if (table.rows[0].found === null) return null;
  const row = await owner.query<{ key_fingerprint: string }>("SELECT key_fingerprint FROM platform.installation");
  return row.rows[0]?.key_fingerprint ?? null;
}

export function migrationSets(modules: readonly DomainModule[]) {
  const platform = { domain: "platform", folder: join(import.meta.dirname, "migrations") };
  return [
    platform,
    ...modules.flatMap((module) => (module.migrations ? [{ domain: module.name, folder: module.migrations }] : [])),
  ];
}
