import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, onTestFinished, test, vi } from "vitest";

import { forkClient, lives, makeFolder, query, start, startClient, waitUntil } from "./fixtures.ts";

vi.setConfig({ testTimeout: 30_000 });

test("the server outlives a kill -9 of the process that started it, and the next one attaches", async () => {
  const dataFolder = makeFolder();
  const first = await startClient({ dataFolder });
  first.process.kill("SIGKILL");
  await first.ended;
  expect(lives(first.pids[0])).toBe(true);
  const second = await start(dataFolder);
  expect(second.pids()[0]).toBe(first.pids[0]);
  // The dead client's file counts no longer: this one is the last.
  await second.stop();
  expect(lives(first.pids[0])).toBe(false);
});

test("after a kill -9 of the postmaster a backend that still computes does not keep the next start out", async () => {
  const dataFolder = makeFolder();
  const server = await start(dataFolder, { durable: true });
  await query(server.connection, "CREATE TABLE kept AS SELECT 1 AS one");
  const computing = query(server.connection, "DO 'BEGIN LOOP END LOOP; END'").catch(() => "lost");
  let backend: number | undefined;
  while (backend === undefined) {
    const [row] = await query(server.connection, "SELECT pid FROM pg_stat_activity WHERE query LIKE 'DO %'");
    backend = row?.pid as number | undefined;
  }
  const [postmaster, ...children] = server.pids();
  expect(children).toContain(backend);
  process.kill(postmaster as number, "SIGKILL");
  const again = await start(dataFolder);
  expect(await query(again.connection, "SELECT one FROM kept")).toEqual([{ one: 1 }]);
  expect(await computing).toBe("lost");
  expect(children.filter(lives)).toEqual([]);
  await server.stop();
  await again.stop();
});

test("two processes share one server, and the last one stops it", async () => {
  const dataFolder = makeFolder();
  const [one, two] = [await startClient({ dataFolder }), await startClient({ dataFolder })];
  expect(two.pids[0]).toBe(one.pids[0]);
  one.order("stop");
  await one.ended;
  expect(await query(two.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  two.order("stop");
  await two.ended;
  expect(lives(one.pids[0])).toBe(false);
});

test("two handles in one process count as two", async () => {
  const dataFolder = makeFolder();
  const [one, two] = await Promise.all([start(dataFolder), start(dataFolder)]);
  await Promise.all([one.stop(), one.stop(), one.detach()]);
  expect(two.pids().length).toBeGreaterThan(1);
  await two.stop();
  expect(two.pids()).toEqual([]);
});

test("many processes starting at once on an empty folder end with one server", async () => {
  const dataFolder = makeFolder();
  const clients = await Promise.all([1, 2, 3, 4].map(() => startClient({ dataFolder })));
  expect(new Set(clients.map(({ pids }) => pids[0])).size).toBe(1);
  for (const client of clients) client.order("stop");
  await Promise.all(clients.map(({ ended }) => ended));
  expect(lives(clients[0]?.pids[0])).toBe(false);
});

test("stops and starts that cross never hand out a server that is going down", async () => {
  const dataFolder = makeFolder();
  const rounds = Array.from({ length: 3 }, async () => {
    for (let round = 0; round < 4; round++) {
      const server = await start(dataFolder);
      expect(await query(server.connection, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
      await server.stop();
    }
  });
  await Promise.all(rounds);
});

test.each(["SIGKILL", "SIGINT"] as const)(
  "%s in the middle of the first start leaves nothing the next one stumbles over",
  async (signal) => {
    const dataFolder = makeFolder();
    const client = forkClient({ dataFolder });
    await waitUntil(() => readdirSync(dataFolder).some((name) => name.startsWith("cluster.new-")));
    client.process.kill(signal);
    await client.ended;
    expect(readdirSync(join(dataFolder, "clients"))).toHaveLength(signal === "SIGKILL" ? 1 : 0);
    const server = await start(dataFolder);
    expect(await query(server.connection, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await server.stop();
    expect(server.pids()).toEqual([]);
  },
);

test("a stranger who got the dead server's pid is left alone and does not keep the next start out", async () => {
  const dataFolder = makeFolder();
  const server = await start(dataFolder);
  const [postmaster] = server.pids();
  const stranger = spawn("sleep", ["600"]);
  onTestFinished(() => void stranger.kill());
  process.kill(postmaster as number, "SIGKILL");
  await waitUntil(() => !lives(postmaster));
  for (const file of ["cluster/postmaster.pid", ".s.PGSQL.5432.lock"]) {
    const path = join(dataFolder, file);
    writeFileSync(path, readFileSync(path, "utf8").replace(/^\d+/, String(stranger.pid)));
  }
  const again = await start(dataFolder);
  expect(again.pids()[0]).not.toBe(stranger.pid);
  expect(await query(again.connection, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await server.stop();
  await again.stop();
  expect(lives(stranger.pid)).toBe(true);
});

test("client files of the dead, of a reused pid and of half a write do not keep the server up", async () => {
  const dataFolder = makeFolder();
  const server = await start(dataFolder);
  const clients = join(dataFolder, "clients");
  writeFileSync(join(clients, "999999999-dead.json"), JSON.stringify({ pid: 999_999_999, start: "x" }));
  writeFileSync(join(clients, "1-reused.json"), JSON.stringify({ pid: process.pid, start: "another life" }));
  writeFileSync(join(clients, "2-half.json"), '{"pid":');
  const [postmaster] = server.pids();
  await server.stop();
  expect(lives(postmaster)).toBe(false);
  expect(readdirSync(clients)).toEqual([]);
});

test("a process that exits, fails or is interrupted without stopping takes the server down in order", async () => {
  const dataFolder = makeFolder();
  for (const end of ["exit", "throw", "SIGINT", "SIGTERM"] as const) {
    const client = await startClient({ dataFolder });
    if (end === "exit" || end === "throw") client.order(end);
    else process.kill(-(client.process.pid as number), end);
    const [code, signal] = (await client.ended) as [number | null, string | null];
    expect(code ?? signal).toBe({ exit: 0, throw: 1, SIGINT: "SIGINT", SIGTERM: "SIGTERM" }[end]);
    await waitUntil(() => !lives(client.pids[0]));
  }
  const log = readFileSync(join(dataFolder, "postgres.log"), "utf8");
  expect(log.match(/received fast shutdown request/g)).toHaveLength(4);
  expect(log).not.toContain("not properly shut down");
});

test("Ctrl-C reaches the program, not the server: it still answers until the program stops it", async () => {
  const client = await startClient({ dataFolder: makeFolder(), finishesWorkOnInterrupt: true });
  process.kill(-(client.process.pid as number), "SIGINT");
  expect(await client.next()).toEqual({ event: "stopped", rows: 1 });
  await client.ended;
  expect(lives(client.pids[0])).toBe(false);
});

test("detaching leaves the server for whoever comes next", async () => {
  const dataFolder = makeFolder();
  const client = await startClient({ dataFolder });
  client.order("detach");
  await client.ended;
  expect(lives(client.pids[0])).toBe(true);
  const next = await start(dataFolder);
  expect(next.pids()[0]).toBe(client.pids[0]);
  await next.stop();
});
