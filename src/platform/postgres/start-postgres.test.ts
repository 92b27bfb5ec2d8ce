import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";

import { expect, test, vi } from "vitest";

import { lives, longPaths, makeFolder, query, start, startClient } from "./fixtures.ts";

vi.setConfig({ testTimeout: 30_000 });

test("a new folder becomes a running server, and stopping leaves no process and no socket", async () => {
  const folder = makeFolder();
  const server = await start(join(folder, "data"), { durable: true });
  const [row] = await query(server.connection, "SELECT current_setting('fsync') AS fsync, current_user AS who");
  expect(row).toEqual({ fsync: "on", who: "postgres" });
  expect(await query(server.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  const [postmaster] = server.pids();
  await server.stop();
  expect(lives(postmaster)).toBe(false);
  expect(server.pids()).toEqual([]);
  expect(readdirSync(server.dataFolder).toSorted()).toEqual([
    "clients",
    "cluster",
    "password",
    "postgres.log",
    "server.json",
    "start.lock",
  ]);
  expect(readdirSync(join(server.dataFolder, "clients"))).toEqual([]);
});

test("only the owner can connect: no port, a random password in one file nobody else can read", async () => {
  const server = await start(makeFolder());
  const [row] = await query(
    server.connection,
    `SELECT current_setting('listen_addresses') AS listen, count(*)::int AS open
     FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256' GROUP BY 1
     UNION ALL SELECT current_setting('listen_addresses'), 0 LIMIT 1`,
  );
  expect(row).toEqual({ listen: "", open: 0 });
  await expect(query({ ...server.connection, password: "postgres" }, "SELECT 1")).rejects.toMatchObject({
    code: "28P01",
  });
  const file = join(server.dataFolder, "password");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, "utf8")).toBe(server.connection.password);
  expect(statSync(join(server.connection.host, ".s.PGSQL.5432")).mode & 0o777).toBe(0o700);
  await server.stop();
});

test("Chinese sorts by code point, trigrams hold Chinese words, pinyin is there when asked for", async () => {
  const server = await start(makeFolder());
  await query(server.connection, "CREATE EXTENSION pg_trgm");
  const [row] = await query(
    server.connection,
    `SELECT show_trgm('张家界') <> '{}' AS trigrams,
       (SELECT string_agg(n, '' ORDER BY n COLLATE "zh-Hans-CN-x-icu") FROM unnest(ARRAY['王','李','安']) n) AS pinyin,
       (SELECT datcollate FROM pg_database WHERE datname = 'postgres') AS collation,
       current_setting('data_checksums') AS checksums`,
  );
  expect(row).toEqual({ trigrams: true, pinyin: "安李王", collation: "C", checksums: "on" });
  await server.stop();
});

test("libpq inside the server does not look into the caller's home", async () => {
  const server = await start(makeFolder());
  const { host, port, password } = server.connection;
  await query(server.connection, "CREATE EXTENSION dblink");
  const [row] = await query(
    server.connection,
    `SELECT one FROM dblink('host=${host} port=${port} user=postgres password=${password} dbname=postgres', 'SELECT 1') AS t(one int)`,
  );
  expect(row).toEqual({ one: 1 });
  await server.stop();
});

test("a path too long for a socket gets a short private one, recorded and removed with the server", async () => {
  const [dataFolder] = longPaths(makeFolder());
  const server = await start(dataFolder);
  const { host } = server.connection;
  expect(host.startsWith(join(os.tmpdir(), "wengang-socket-"))).toBe(true);
  expect(statSync(host).mode & 0o777).toBe(0o700);
  // A second client finds it, and so does the start after a crash, which removes it.
  const other = await startClient({ dataFolder });
  expect(other.pids[0]).toBe(server.pids()[0]);
  other.order("stop");
  await other.ended;
  process.kill(server.pids()[0] as number, "SIGKILL");
  const again = await start(dataFolder);
  expect(existsSync(host)).toBe(false);
  await server.stop();
  expect(existsSync(again.connection.host)).toBe(true);
  await again.stop();
  expect(existsSync(again.connection.host)).toBe(false);
});

test("a lost password file is made anew, a lost socket gets a new server", async () => {
  const dataFolder = makeFolder();
  const server = await start(dataFolder);
  const { password } = server.connection;
  rmSync(join(dataFolder, "password"));
  await expect(start(dataFolder)).rejects.toMatchObject({ code: "password-missing" });
  await server.stop();
  const again = await start(dataFolder);
  expect(again.connection.password).not.toBe(password);
  rmSync(join(dataFolder, ".s.PGSQL.5432"));
  const [postmaster] = again.pids();
  const fresh = await start(dataFolder);
  expect(fresh.pids()[0]).not.toBe(postmaster);
  await again.stop();
  await fresh.stop();
});

test("a grown log is moved aside at the start", async () => {
  const dataFolder = makeFolder();
  const server = await start(dataFolder);
  await server.stop();
  appendFileSync(join(dataFolder, "postgres.log"), "x".repeat(11 * 1024 * 1024));
  const again = await start(dataFolder);
  await again.stop();
  expect(statSync(join(dataFolder, "postgres.log")).size).toBeLessThan(10_000);
  expect(statSync(join(dataFolder, "postgres.log.1")).size).toBeGreaterThan(11 * 1024 * 1024);
});
