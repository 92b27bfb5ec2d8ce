import fc from "fast-check";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { registryModule } from "#registry";
import { connectOwner, type DatabaseAddress } from "../platform/db/database.ts";
import { keepFile } from "../platform/files/kept.ts";
import { createKeys } from "../platform/keys.ts";
import { createLog } from "../platform/log.ts";
import type { DomainModule } from "../platform/module.ts";
import { createDatabase, openOn } from "../platform/runtime.ts";
import { startTestServer, testConfig, testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import { readBackup, readHeader } from "./file/read-backup.ts";
import { restoreBackup } from "./file/restore.ts";
import { openSealedFile, SealedWriter, newSalt } from "./file/sealed-file.ts";
import { writeBackup } from "./file/write-backup.ts";
import { backupModule } from "./module.ts";
import { runBackup, verifyBackup } from "./runs.ts";

const modules: readonly DomainModule[] = [registryModule, auditModule, identityModule, backupModule(() => modules)];
const log = createLog("silent");
const ALIAS = "恢复测试地名";

let runtime: TestRuntime;
let owner: Client;
let folder: string;
let backup: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "wengang-backup-"));
  runtime = await testRuntime(modules);
  owner = await runtime.owner();
  await owner.query(
    "INSERT INTO registry.region_alias (code, alias) SELECT code, $1 FROM registry.region WHERE code = '433124'",
    [ALIAS],
  );
  const stored = await runtime.files.put("upload/kept", Readable.from(["一份上传的台账"]), 1000);
  await keepFile(
    runtime.database.worker,
    { key: "upload/kept", name: "台账.csv", ...stored },
    { region: "433124", purpose: "test", officerId: null },
  );
  await keepFile(
    runtime.database.worker,
    { key: "upload/lost", name: "丢失.csv", ...stored },
    { region: "433124", purpose: "test", officerId: null },
  );
  backup = join(folder, "a.backup");
  const summary = await writeBackup(runtime, backup);
  expect(summary).toMatchObject({ files: 1, missing: ["upload/lost"] });
});
afterAll(async () => {
  await runtime?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** An empty database of the test server, and a configuration that points to it. */
async function emptyTarget(
  role?: string,
): Promise<{ address: DatabaseAddress; config: ReturnType<typeof testConfig>; release(): Promise<void> }> {
  const server = await startTestServer();
  const database = `restore_${process.pid}_${Math.floor(performance.now() * 1000)}`;
  const admin = await connectOwner(server.address);
  await createDatabase(server.address, database);
  let login = server.address.owner;
  if (role) {
    await admin.query(`CREATE ROLE ${role} LOGIN CREATEROLE PASSWORD 'p'; ALTER DATABASE ${database} OWNER TO ${role}`);
    login = { user: role, password: "p" };
  }
  const address = { ...server.address, database, owner: login };
  const place = mkdtempSync(join(folder, "target-"));
  const host = encodeURIComponent(address.host);
  const databaseUrl = `postgresql://${login.user}:${encodeURIComponent(login.password ?? "")}@localhost:${address.port}/${database}?host=${host}`;
  return {
    address,
    config: { ...testConfig(place), databaseUrl },
    async release() {
      await admin.query(`DROP DATABASE "${database}" WITH (FORCE)`);
      if (role) await admin.query(`DROP ROLE ${role}`);
      await admin.end();
      await server.release();
    },
  };
}

const aliases = async (address: DatabaseAddress) => {
  const client = await connectOwner(address);
  const { rows } = await client.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM registry.region_alias WHERE alias = $1",
    [ALIAS],
  );
  await client.end();
  return rows[0]!.n;
};
const codeOf = async (work: Promise<unknown>) =>
  work.then(
    () => "nothing refused",
    (cause: Error & { problem?: { code: string } }) => cause.problem?.code ?? cause.message,
  );

describe("a backup file", () => {
  test("is read whole, and says what it holds", async () => {
    const { header, manifest } = await verifyBackup(runtime, backup, async () => {});
    expect(header.key).toBe(runtime.keys.fingerprint);
    expect(manifest.parts.find(({ name }) => name === "registry.region")?.rows).toBeGreaterThan(1000);
    expect(manifest.parts.some(({ name }) => name === "file:upload/kept")).toBe(true);
    expect(readFileSync(backup).includes(Buffer.from(ALIAS))).toBe(false);
  });

  test("with any byte changed, cut short anywhere or made longer is refused", async () => {
    const whole = readFileSync(backup);
    const changed = join(folder, "changed.backup");
    const damages = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, by]) => {
          const bytes = Buffer.from(whole);
          bytes[at] = bytes[at]! ^ by;
          return bytes;
        }),
      },
      // The front is in clear: each of its bytes counts as well.
      {
        weight: 2,
        arbitrary: fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 255 })).map(([at, by]) => {
          const bytes = Buffer.from(whole);
          bytes[at] = bytes[at]! ^ by;
          return bytes;
        }),
      },
      fc.nat(whole.length - 1).map((length) => whole.subarray(0, length)),
      fc.integer({ min: 1, max: 5000 }).map((more) => Buffer.concat([whole, whole.subarray(0, more)])),
    );
    await fc.assert(
      fc.asyncProperty(damages, async (bytes) => {
        writeFileSync(changed, bytes);
        expect(await codeOf(readBackup(changed, runtime.keys))).toMatch(/^backup\.(damaged|not-a-backup|wrong-key)$/);
      }),
      { numRuns: 120 },
    );
  });

  test("whole chunks moved, doubled or taken out are refused too", async () => {
    const path = join(folder, "chunks");
    const key = Buffer.alloc(32, 7);
    const writer = await SealedWriter.create(path, key, { salt: newSalt() });
    for (let n = 0; n < 9; n++) await writer.write(Buffer.alloc(100_000, n));
    await writer.finish();
    const read = async () => {
      const file = await openSealedFile(path);
      const pieces: Buffer[] = [];
      try {
        for await (const piece of file.read(key)) pieces.push(piece);
      } finally {
        await file.close();
      }
      return Buffer.concat(pieces);
    };
    expect((await read()).length).toBe(900_000);
    const bytes = readFileSync(path);
    const size = 256 * 1024 + 16;
    const start = bytes.length - ((900_000 % (256 * 1024)) + 16) - 3 * size;
    const chunk = (n: number) => bytes.subarray(start + n * size, start + (n + 1) * size);
    const head = bytes.subarray(0, start);
    for (const order of [[1, 0, 2, 3], [0, 1, 1, 2, 3], [0, 2, 3], [0, 1, 2], [3], [0, 1, 2, 3, 3]]) {
      writeFileSync(path, Buffer.concat([head, ...order.map(chunk)]));
      expect(await codeOf(read()), String(order)).toBe("backup.damaged");
    }
  });

  test("is not written over another, and leaves nothing behind when it fails", async () => {
    expect(await codeOf(writeBackup(runtime, backup))).toBe("backup.file-exists");
    const path = join(folder, "stopped.backup");
    const stop = new AbortController();
    stop.abort(new Error("stopped"));
    await expect(writeBackup(runtime, path, { signal: stop.signal })).rejects.toThrow("stopped");
    expect([path, `${path}.partial`].some(existsSync)).toBe(false);
  });
});

describe("a restore is refused before anything is written", () => {
  test("with another key, a damaged file, a newer or another version, or where something is", async () => {
    const target = await emptyTarget();
    const attempt = (path: string, config = target.config, known = modules) =>
      codeOf(restoreBackup(config, known, log, path));
    const otherKey = join(folder, "other-key");
    const config = {
      ...testConfig(mkdtempSync(join(folder, "x-"))),
      databaseUrl: target.config.databaseUrl,
      keyFolder: otherKey,
    };
    await expect(restoreBackup(config, modules, log, backup)).rejects.toThrow("找不到主密钥");
    rmSync(otherKey, { recursive: true, force: true });
    mkdirSync(otherKey);
    writeFileSync(join(otherKey, "master.key"), "ab".repeat(32));
    expect(await attempt(backup, config)).toBe("backup.wrong-key");
    await expect(readHeader(backup, createKeys(Buffer.alloc(32)))).rejects.toThrow(
      /备份由主密钥 \w{16} 加密，密钥目录中的是 \w{16}/,
    );
    const damaged = join(folder, "damaged.backup");
    const bytes = readFileSync(backup);
    bytes[bytes.length - 5000]! ^= 1;
    writeFileSync(damaged, bytes);
    expect(await attempt(damaged)).toBe("backup.damaged");
    await expect(restoreBackup(target.config, modules, log, join(folder, "nothing"))).rejects.toThrow("ENOENT");
    expect(await attempt(backup, target.config, modules.slice(0, 2))).toBe("backup.newer-version");
    const empty = await connectOwner(target.address);
    const { rows } = await empty.query(
      "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')",
    );
    await empty.end();
    expect(rows).toEqual([]);
    expect(existsSync(target.config.dataFolder)).toBe(false);
    await target.release();
    mkdirSync(join(folder, "postgres"));
    expect(
      await codeOf(
        restoreBackup(
          { ...target.config, databaseUrl: undefined, dataFolder: folder, keyFolder: runtime.config.keyFolder },
          modules,
          log,
          backup,
        ),
      ),
    ).toBe("backup.not-empty");
  });
});

test("a restore into a server of one's own: with its files, the log goes on being sealed, numbers go on", async () => {
  const target = await emptyTarget();
  expect(await restoreBackup(target.config, modules, log, backup)).toMatchObject({ files: 1 });
  expect(await aliases(target.address)).toBe(1);
  const restored = await openOn(target.config, target.address, modules, log, { demo: false, release: async () => {} });
  expect(await text(await restored.files.read("upload/kept"))).toBe("一份上传的台账");
  const client = await connectOwner(target.address);
  const valid = await client.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_constraint WHERE NOT convalidated UNION ALL SELECT count(*)::int FROM pg_class WHERE relrowsecurity AND NOT relforcerowsecurity AND relnamespace = 'registry'::regnamespace`,
  );
  expect(valid.rows.map(({ n }) => n)).toEqual([0, 0]);
  // The same tables, columns, keys, indexes and policies as a fresh installation has.
  expect(await shapeOf(client)).toEqual(await shapeOf(owner));
  await client.end();
  await restored.close();
  expect(await codeOf(restoreBackup(target.config, modules, log, backup))).toBe("backup.not-empty");
  await target.release();
});

test("a restore that was killed leaves what no program takes for an installation, and is done again", async () => {
  const target = await emptyTarget();
  const client = await connectOwner(target.address);
  await client.query(
    "CREATE SCHEMA platform; CREATE TABLE platform.restoring (); CREATE SCHEMA registry; CREATE TABLE registry.half ()",
  );
  await client.end();
  await expect(
    openOn(target.config, target.address, modules, log, { demo: false, release: async () => {} }),
  ).rejects.toThrow("上一次恢复没有完成");
  await restoreBackup(target.config, modules, log, backup);
  expect(await aliases(target.address)).toBe(1);
  await target.release();
});

test("a backup of an older program is loaded into its own tables, which are then brought forward", async () => {
  const place = mkdtempSync(join(folder, "newer-"));
  const migrations = join(place, "migrations");
  mkdirSync(migrations);
  writeFileSync(
    join(migrations, "0001-later.sql"),
    "CREATE SCHEMA later; CREATE TABLE later.note AS SELECT alias FROM registry.region_alias",
  );
  const newer: DomainModule[] = [...modules, { name: "later", migrations }];
  const target = await emptyTarget();
  await restoreBackup(target.config, newer, log, backup);
  const client = await connectOwner(target.address);
  // Ran over the restored rows, not over empty tables.
  expect((await client.query("SELECT 1 FROM later.note WHERE alias = $1", [ALIAS])).rowCount).toBe(1);
  await client.end();
  await target.release();
});

test("an owner that is no superuser backs up and restores what row security hides from others", async () => {
  const target = await emptyTarget(`vault_owner_${process.pid}`);
  await restoreBackup(target.config, modules, log, backup);
  const restored = await openOn(target.config, target.address, modules, log, { demo: false, release: async () => {} });
  const again = join(folder, "again.backup");
  const { rows } = await writeBackup(restored, again);
  const { manifest } = await readBackup(again, restored.keys);
  const first = await readBackup(backup, runtime.keys);
  await restored.close();
  await target.release();
  const rowsOf = (parts: typeof manifest.parts) =>
    Object.fromEntries(
      parts
        .filter(({ name }) => name.startsWith("registry.") || name.startsWith("platform.file"))
        .map(({ name, rows: n }) => [name, n]),
    );
  expect(rows).toBeGreaterThan(1000);
  expect(rowsOf(manifest.parts)).toEqual(rowsOf(first.manifest.parts));
});

test("each run is noted and read again; what was left by a killed worker is closed", async () => {
  const config = { ...runtime.config, backupFolder: join(folder, "scheduled") };
  const { path } = await runBackup({ ...runtime, config });
  const { rows } = await owner.query(
    "SELECT path, state, verified_at IS NOT NULL AS verified, bytes > 0 AS sized FROM backup.run",
  );
  expect(rows).toEqual([{ path, state: "done", verified: true, sized: true }]);
});

/** What a restored database must have in common with one that was made in the ordinary way. */
async function shapeOf(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `SELECT line FROM (
      SELECT indexdef AS line FROM pg_indexes WHERE schemaname NOT LIKE 'pg\\_%' AND schemaname <> 'information_schema'
      UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid <> 0
      UNION ALL SELECT polrelid::regclass || ' ' || polname || ' ' || coalesce(pg_get_expr(polqual, polrelid), '') FROM pg_policy
      UNION ALL SELECT tgrelid::regclass || ' ' || tgname || ' ' || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
      UNION ALL SELECT oid::regclass || ' ' || relrowsecurity || relforcerowsecurity FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace::regnamespace::text NOT LIKE 'pg\\_%'
    ) lines ORDER BY line COLLATE "C"`,
  );
  return rows.map((row) => row.line);
}
