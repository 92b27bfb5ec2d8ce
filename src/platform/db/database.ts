import { Kysely, PostgresDialect, sql, type Transaction } from "kysely";
import { Client, Pool, types, type PoolConfig } from "pg";
import PgCursor from "pg-cursor";
import type { Keys } from "../keys.ts";
import type { Log } from "../log.ts";
import { watchPool, type QueryWatch } from "../telemetry/watch-queries.ts";
import { rolePassword, type DatabaseRole } from "./roles.ts";
import type { DB } from "./types.ts";

// A legal date stays the text it is; the driver would make a Date of it, in the machine's zone.
types.setTypeParser(types.builtins.DATE, (text) => text);

export type Db = Kysely<DB>;
export type Tx = Transaction<DB>;

/** Where the server is; the role and its password are added per pool. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** The owner's login: creates roles and migrates, serves no request. */
  readonly owner: { readonly user: string; readonly password: string | undefined };
  readonly ssl?: boolean;
}

/**
 * Whose eyes a transaction has. Row-level security reads these settings; what is absent sees nothing.
 * Set by a statement of its own at the start of each transaction (database.md §7.9).
 */
export interface Sight {
  /** Prefix of region codes whose persons and business rows are seen, e.g. "433124"; null: none. */
  readonly region: string | null;
  /** Prefix of region codes whose officers and organisations are administered; null: none. */
  readonly administers: string | null;
  /** May read the audit log of `region`, or of `administers`. */
  readonly audits: boolean;
  readonly officerId: string | null;
  /** Scope *self*: set for citizens and enterprises, who have nothing of the above. */
  readonly self?: SelfSight;
}

/** Ids of what an account's own transactions read; null: none. */
export interface SelfSight {
  readonly accountId: string;
  readonly personId: string | null;
  readonly employerId: string | null;
  /** Where the person lives, or the enterprise is: an account's acts are logged there. */
  readonly homeRegion: string;
}

export const noSight: Sight = { region: null, administers: null, audits: false, officerId: null };

export interface Database {
  readonly address: DatabaseAddress;
  /** Of the process, as its connections are named. */
  readonly instance: string;
  readonly app: Db;
  readonly worker: Db;
  readonly auditor: Db;
  /** Pools behind the three, for COPY and cursors. */
  readonly pools: { readonly app: Pool; readonly worker: Pool; readonly auditor: Pool };
  close(): Promise<void>;
}

export function poolConfig(address: DatabaseAddress, keys: Keys, role: DatabaseRole): PoolConfig {
  return { ...endpoint(address), user: role, password: rolePassword(keys, role), application_name: role };
}

export function ownerConfig(address: DatabaseAddress): PoolConfig {
  return {
    ...endpoint(address),
    user: address.owner.user,
    password: address.owner.password,
    application_name: "wengang_owner",
  };
}

/** A single connection as the owner, for migrations and maintenance. The caller ends it. */
export async function connectOwner(address: DatabaseAddress): Promise<Client> {
  const client = new Client(ownerConfig(address));
  // Without a listener a server stop would end this process; the next query on the client fails with its own error.
  client.on("error", () => {});
  await client.connect();
  return client;
}

function endpoint(address: DatabaseAddress): PoolConfig {
  return { host: address.host, port: address.port, database: address.database, ...(address.ssl ? { ssl: true } : {}) };
}

/** What the database server shows of a connection: the role and, shortened, the process. */
export const connectionName = (role: DatabaseRole, instance: string) => `${role} ${instance.slice(0, 8)}`.trim();

/** A transaction of a request that waits for something else than the database gives its connection back. */
const IDLE_IN_TRANSACTION_MS = 60_000;

export function openDatabase(
  address: DatabaseAddress,
  keys: Keys,
  log: Log,
  { size = 8, watch, instance = "" }: { size?: number; watch?: QueryWatch; instance?: string } = {},
): Database {
  const open = (role: DatabaseRole, max: number) => {
    const pool = new Pool({
      ...poolConfig(address, keys, role),
      application_name: connectionName(role, instance),
      ...(role === "wengang_app" ? { idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS } : {}),
      max,
      connectionTimeoutMillis: 10_000,
      idleTimeoutMillis: 30_000,
    });
    // An idle client whose server stops would otherwise end this process (database.md §4.12).
    pool.on("error", (cause) => log.warn({ err: cause, role }, "database connection lost"));
    pool.on(
      "connect",
      (client) => void client.on("error", (cause) => log.warn({ err: cause, role }, "database connection lost")),
    );
    if (watch) watchPool(pool, role, watch);
    return pool;
  };
  const pools = {
    app: open("wengang_app", size),
    // A batch being read and compared holds up to four at once, and two batches may be worked on.
    worker: open("wengang_worker", Math.max(10, size)),
    auditor: open("wengang_auditor", 2),
  };
  const kysely = (pool: Pool) => new Kysely<DB>({ dialect: new PostgresDialect({ pool, cursor: PgCursor }) });
  return {
    address,
    instance,
    app: kysely(pools.app),
    worker: kysely(pools.worker),
    auditor: kysely(pools.auditor),
    pools,
    async close() {
      // The worker's may have ended before the rest: handing back its tasks begins with that.
      await Promise.all(
        Object.values(pools)
          .filter((pool) => !pool.ending)
          .map((pool) => pool.end()),
      );
    },
  };
}

/** `postgresql://user:password@host:port/name` → address. */
export function addressFromUrl(url: string): DatabaseAddress {
  const parsed = new URL(url);
  return {
    host: parsed.searchParams.get("host") ?? decodeURIComponent(parsed.hostname),
    port: Number(parsed.port || 5432),
    database: decodeURIComponent(parsed.pathname.slice(1)) || "postgres",
    owner: {
      user: decodeURIComponent(parsed.username) || "postgres",
      password: parsed.password ? decodeURIComponent(parsed.password) : undefined,
    },
    ssl: ["require", "verify-full"].includes(parsed.searchParams.get("sslmode") ?? ""),
  };
}

const REGION_PREFIX = /^\d{0,12}$/;

/** The settings as SQL text: values are checked to be digits, so that no officer's data can reach the statement. */
export function sightStatement(sight: Sight): string {
  const prefix = (value: string | null) => {
    if (value === null) return "";
    if (!REGION_PREFIX.test(value)) throw new Error(`not a region prefix: ${value}`);
    // "" would mean "not set"; the whole installation is written as "*".
    return value === "" ? "*" : value;
  };
  const number = (value: string | null | undefined) => {
    if (value == null) return "";
    if (!/^\d+$/.test(value)) throw new Error("not an id");
    return value;
  };
  const { self } = sight;
  return `SET LOCAL app.region = '${prefix(sight.region)}'; SET LOCAL app.administers = '${prefix(sight.administers)}'; SET LOCAL app.audits = '${sight.audits ? "yes" : ""}'; SET LOCAL app.officer = '${number(sight.officerId)}'; SET LOCAL app.account = '${number(self?.accountId)}'; SET LOCAL app.person = '${number(self?.personId)}'; SET LOCAL app.employer = '${number(self?.employerId)}'`;
}

/** Runs `work` in one transaction that sees what `sight` allows, each statement within `timeoutMs`. Rolls back on any exception. */
export function withSight<T>(
  db: Db,
  sight: Sight,
  work: (tx: Tx) => Promise<T>,
  options?: { readOnly?: boolean; timeoutMs?: number },
): Promise<T> {
  let builder = db.transaction();
  if (options?.readOnly) builder = builder.setAccessMode("read only");
  return builder.execute(async (tx) => {
    const timeout = options?.timeoutMs ? `; SET LOCAL statement_timeout = ${Math.ceil(options.timeoutMs)}` : "";
    await sql.raw(`${sightStatement(sight)}${timeout}`).execute(tx);
    return work(tx);
  });
}

/** Runs prepared texts of SQL inside a transaction: heavy set statements are written as SQL, not built. */
export interface SqlRunner {
  query<T = Record<string, unknown>>(text: string): Promise<{ rows: T[]; affected: number }>;
}

export function runnerOf(tx: Tx): SqlRunner {
  return {
    async query<T>(text: string) {
      const result = await sql.raw<T>(text).execute(tx);
      return { rows: result.rows, affected: Number(result.numAffectedRows ?? 0) };
    },
  };
}
