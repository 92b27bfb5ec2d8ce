import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { connectOwner } from "../../src/platform/db/database.ts";
import { startPostgres } from "../../src/platform/postgres/index.ts";
import { waitUntil } from "./installation.ts";

const program = join(import.meta.dirname, "../../src/cli.ts");

test.skipIf(process.platform !== "linux").each([
  ["its tables", "SELECT to_regclass('registry.region') IS NOT NULL AS reached", 0],
  ["the queue", "SELECT to_regproc('platform.add_job') IS NOT NULL AS reached", 0],
  ["the divisions", "SELECT to_regproc('platform.add_job') IS NOT NULL AS reached", 400],
])("a first start killed while it makes %s is made up for by the next", async (_, reached, delay) => {
  const folder = mkdtempSync(join(tmpdir(), "wengang-first-"));
  const dataFolder = join(folder, "data");
  const env = {
    ...process.env,
    WENGANG_DATA: dataFolder,
    WENGANG_KEYS: join(folder, "keys"),
    WENGANG_LOG: "fatal",
    DATABASE_URL: undefined,
  };
  // Made before the program, so that it can be watched.
  const postgres = await startPostgres({ dataFolder: join(dataFolder, "postgres"), durable: false });
  onTestFinished(async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const { host, port, user, password } = postgres.connection;
  const look = async (question: string): Promise<unknown> => {
    const client = await connectOwner({ host, port, database: "wengang", owner: { user, password } }).catch(() => null);
    if (client === null) return undefined;
    const { rows } = await client.query(question).catch(() => ({ rows: [] }));
    await client.end();
    return rows[0];
  };
  const migrate = () => spawn(process.execPath, [program, "migrate"], { env, stdio: ["ignore", "ignore", "inherit"] });

  const first = migrate();
  const ended = once(first, "exit");
  await waitUntil(
    async () => ((await look(reached)) as { reached: boolean } | undefined)?.reached === true,
    60_000,
    "the first start",
  );
  await sleep(delay);
  first.kill("SIGKILL");
  await ended;

  const [code] = (await once(migrate(), "exit")) as [number | null];
  expect(code).toBe(0);
  expect(
    await look(`SELECT (SELECT count(*) > 50000 FROM registry.region) AS regions, (SELECT count(*) > 0 FROM registry.field_authority) AS authority,
      to_regproc('platform.add_job') IS NOT NULL AS queue, has_table_privilege('wengang_worker', 'graphile_worker._private_jobs', 'UPDATE') AS "queueUsable"`),
  ).toEqual({ regions: true, authority: true, queue: true, queueUsable: true });
});
