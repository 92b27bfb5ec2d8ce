import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClientBase } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { tablesToKeep } from "../../src/backup/file/catalogue.ts";
import { writeBackup } from "../../src/backup/file/write-backup.ts";
import { addOfficer } from "../../src/identity/fixtures.ts";
import { applyBatch, getBatch, type BatchState } from "../../src/ledger/contract.ts";
import { readConfig } from "../../src/platform/config.ts";
import { openForThread } from "../../src/platform/runtime.ts";
import { addRegionAlias } from "../../src/registry/contract.ts";
import { Clerk } from "../crash/clerk.ts";
import { Installation, waitUntil } from "../crash/installation.ts";
import { ledgerFiles } from "../crash/ledger-files.ts";

const COUNTY = "433124";

test(
  "恢复演练: a backup under write load, the installation destroyed, restored: equal to the moment of the backup, and it goes on",
  { timeout: 600_000 },
  async () => {
    const installation = new Installation();
    const elsewhere = mkdtempSync(join(tmpdir(), "wengang-drill-"));
    onTestFinished(async () => {
      await installation.stop();
      rmSync(elsewhere, { recursive: true, force: true });
    });
    await installation.start();
    const owner = await installation.connect();
    await addOfficer(owner, { region: COUNTY, login: "clerk" });
    const clerk = new Clerk(installation);
    await clerk.signIn("clerk");
    const villages = await villagesOf(owner);
    const { base, changes } = ledgerFiles(COUNTY, villages);
    const first = await clerk.receive(base);
    await until(owner, first.batchId, ["compared"]);
    await clerk.ask(applyBatch, { batchId: first.batchId });
    await until(owner, first.batchId, ["applied"]);
    // A batch half way: read and compared, not applied. Its staged rows are in no backup.
    const { batchId: halfWay } = await clerk.receive(changes[0]!);
    await until(owner, halfWay, ["compared"]);

    // Writers over HTTP, all the time.
    const acknowledged: string[] = [];
    const sent: { alias: string; at: number }[] = [];
    let writing = true;
    const writers = [0, 1, 2].map(async (writer) => {
      for (let n = 0; writing; n++) {
        const alias = `演练${writer}组${n}号`;
        sent.push({ alias, at: performance.now() });
        await clerk.ask(addRegionAlias, { alias, code: COUNTY });
        acknowledged.push(alias);
        // Faster, and the server would refuse: it takes a limited number of requests per minute from one desk.
        await sleep(150);
      }
    });
    await waitUntil(() => acknowledged.length > 20, 30_000, "writers");

    const config = readConfig(installation.environment);
    const { host, port, user, password } = owner;
    const services = openForThread(config, {
      host,
      port,
      database: "wengang",
      owner: { user: user!, password: String(password) },
    });
    const backup = join(elsewhere, "installation.backup");
    let before: Map<string, string> | undefined;
    const certain = [...acknowledged];
    let snapshotAt = 0;
    const summary = await writeBackup(services, backup, {
      async onSnapshot(snapshot) {
        snapshotAt = performance.now();
        const reader = await installation.connect();
        await reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        await reader.query(`SET TRANSACTION SNAPSHOT '${snapshot}'`);
        before = await contentsOf(reader);
        await reader.end();
      },
    });
    // The writers went on all the while.
    const during = acknowledged.length - certain.length;
    await services.database.close();
    writing = false;
    await Promise.all(writers);
    expect(during).toBeGreaterThan(0);
    expect(summary).toMatchObject({ files: 2, missing: [] });
    // The command does the same beside the running program.
    const byCommand = join(elsewhere, "by-command.backup");
    await installation.run(["backup", "--out", byCommand]);
    await installation.run(["verify-backup", byCommand]);

    // Destroyed.
    await owner.end();
    await installation.stopServer();
    await installation.releaseDatabase();
    const data = join(installation.folder, "data");
    renameSync(data, join(elsewhere, "gone"));
    await expect(installation.run(["restore", truncated(backup)])).rejects.toThrow("ended with 1");
    await installation.run(["restore", backup]);
    await installation.holdDatabase();
    const restored = await installation.connect();

    // Row for row as at the moment of the backup; only sessions have ended.
    const after = await contentsOf(restored);
    expect([...after.keys()].toSorted()).toEqual([...before!.keys()].toSorted());
    const differing = [...before!].filter(([table, contents]) => after.get(table) !== contents).map(([table]) => table);
    expect(differing).toEqual(["identity.session"]);
    const { rows } = await restored.query<{ alias: string }>(
      "SELECT alias FROM registry.region_alias WHERE alias LIKE '演练%'",
    );
    const held = new Set(rows.map(({ alias }) => alias));
    expect(certain.filter((alias) => !held.has(alias))).toEqual([]);
    expect(sent.filter(({ alias, at }) => at > snapshotAt && held.has(alias))).toEqual([]);

    // It goes on: sign-in, numbers of new rows, the batch half way, the sealed log.
    await installation.startServer();
    await clerk.signIn("clerk");
    await clerk.ask(addRegionAlias, { alias: "恢复之后", code: COUNTY });
    await clerk.ask(applyBatch, { batchId: halfWay });
    if ((await until(restored, halfWay, ["applied", "compared"])) === "compared") {
      expect(await clerk.ask(getBatch, { batchId: halfWay })).toMatchObject({ problem: { code: "ledger.stage-lost" } });
      await clerk.ask(applyBatch, { batchId: halfWay });
      await until(restored, halfWay, ["applied"]);
    }
    await restored.end();
    await installation.run(["verify"]);

    function truncated(path: string): string {
      const cut = join(elsewhere, "cut.backup");
      const bytes = readFileSync(path);
      writeFileSync(cut, bytes.subarray(0, bytes.length - 1000));
      return cut;
    }
  },
);

/** Looks into the database: so many questions over HTTP would be refused. */
async function until(owner: ClientBase, batchId: string, goal: readonly BatchState[]): Promise<BatchState> {
  let state: BatchState | undefined;
  await waitUntil(
    async () => {
      const { rows } = await owner.query<{ state: BatchState }>("SELECT state FROM ledger.batch WHERE batch_id = $1", [
        batchId,
      ]);
      state = rows[0]!.state;
      return goal.includes(state);
    },
    120_000,
    `batch ${batchId}: ${goal.join(" or ")}`,
  );
  return state!;
}

/** Table → digest of its rows in whatever order. */
async function contentsOf(client: ClientBase): Promise<Map<string, string>> {
  const contents = new Map<string, string>();
  for (const { name, columns } of await tablesToKeep(client)) {
    const row = `md5(ROW(${columns.join(", ")})::text)`;
    const { rows } = await client.query<{ n: string; digest: string | null }>(
      `SELECT count(*) AS n, md5(string_agg(${row}, '' ORDER BY ${row})) AS digest FROM ${name}`,
    );
    contents.set(name, `${rows[0]!.n} ${rows[0]!.digest}`);
  }
  return contents;
}

async function villagesOf(owner: ClientBase) {
  const { rows } = await owner.query<{ town: string; name: string }>(
    "SELECT t.name AS town, v.name FROM registry.region v JOIN registry.region t ON t.code = v.parent WHERE v.level = 'village' AND starts_with(v.code, $1) ORDER BY v.code LIMIT 60",
    [COUNTY],
  );
  return rows;
}
