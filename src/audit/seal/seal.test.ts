import fc from "fast-check";
import { sql } from "kysely";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { registryModule } from "#registry";
import { noSight, withSight } from "../../platform/db/database.ts";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { othersEnded } from "../fixtures.ts";
import { auditModule } from "../module.ts";
import { archiveMonths } from "./archive.ts";
import { ProofCheck } from "./proof.ts";
import { verifyFile } from "./read-proof.ts";
import { sealEntries } from "./seal-entries.ts";
import { digestFolder, signDigest } from "./sign-digest.ts";
import { loadSigner } from "./signing.ts";
import { verifyLog } from "./verify-log.ts";
import { proveEntries, proveSeals } from "./write-proof.ts";

let runtime: TestRuntime;
let owner: Client;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "wengang-seal-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
// Each test breaks its log in another way.
beforeEach(async () => {
  runtime = await testRuntime([registryModule, auditModule]);
  owner = await runtime.owner();
  return () => runtime.close();
});

const columns = "kind, act, outcome, officer_id, officer_name, organisation, region, detail";
async function write(count: number, client: Pick<Client, "query"> = owner): Promise<void> {
  await client.query(
    `INSERT INTO audit.entry (${columns}) SELECT 'change', '应用台账 ' || n, 'done', 7, '向晓岚', '花垣县人社局', '433124', jsonb_build_object('序', n) FROM generate_series(1, $1::int) n`,
    [count],
  );
}
const seal = async () => {
  await othersEnded(owner);
  return sealEntries(runtime.database.worker);
};
const tomorrow = "2099-01-01";
const verify = async () => (await verifyLog(runtime)).problems;
const signer = () => loadSigner(runtime.config.keyFolder, runtime.config.auditSignature);

describe("sealing", () => {
  test("takes every committed row once, in seals that hang together", async () => {
    await write(3);
    expect(await seal()).toBe(3);
    expect(await seal()).toBe(0);
    await write(2);
    expect(await seal()).toBe(2);
    expect(await signDigest(runtime, tomorrow)).toBe(true);
    expect(await signDigest(runtime, tomorrow)).toBe(false);
    expect(await verifyLog(runtime)).toEqual({ entries: 5, seals: 2, digests: 1, problems: [] });
  });

  test("a row whose transaction ends late is sealed later, not passed over, and holds nobody up", async () => {
    const late = await runtime.owner();
    await late.query("BEGIN");
    await write(1, late);
    await write(2);
    // Theirs began after the open one; a row numbered before them may still come.
    expect(await seal()).toBe(0);
    await late.query("COMMIT");
    expect(await seal()).toBe(3);
    await late.query("BEGIN");
    await write(1, late);
    await late.query("ROLLBACK");
    await write(1);
    expect(await seal()).toBe(1);
    expect(await verify()).toEqual([]);
  });

  test("many writers at once: nothing lost, nothing twice", async () => {
    const writers = await Promise.all([1, 2, 3, 4].map(() => runtime.owner()));
    let open = writers.length;
    const work = writers.map(async (client, nth) => {
      for (let round = 0; round < 25; round++) {
        await client.query("BEGIN");
        await write(1 + (round % 3), client);
        if (round % 5 === nth) await client.query("SELECT pg_sleep(0.02)");
        await client.query(round % 7 === 3 ? "ROLLBACK" : "COMMIT");
      }
      open--;
    });
    while (open > 0) await seal();
    await Promise.all(work);
    await seal();
    const { rows } = await owner.query(
      "SELECT (SELECT count(*) FROM audit.entry) AS entries, (SELECT sum(count) FROM audit.seal) AS sealed",
    );
    expect(rows[0].sealed).toBe(rows[0].entries);
    expect(await verify()).toEqual([]);
  });

  test("data carried into another cluster go on being sealed, though its transactions are counted anew", async () => {
    await write(4);
    await seal();
    await write(2);
    // What a restore leaves: the state of the old cluster, far ahead of the new one's transactions.
    await owner.query("UPDATE audit.sealer SET cluster = 'another', horizon = '999999999999'");
    expect(await seal()).toBe(2);
    await write(3);
    expect(await seal()).toBe(3);
    expect(await verify()).toEqual([]);
  });
});

describe("the log where it lies", () => {
  test("a changed, removed, inserted or reordered row is found, whichever it is", async () => {
    for (let n = 0; n < 4; n++) {
      await write(5);
      await seal();
    }
    await signDigest(runtime, tomorrow);
    expect(await verify()).toEqual([]);
    const kept = "SELECT * INTO TEMP kept FROM audit.entry";
    await owner.query(kept);
    const back = async () => {
      await owner.query("DELETE FROM audit.entry");
      await owner.query(
        `INSERT INTO audit.entry (entry_id, at, tx, ${columns}) OVERRIDING SYSTEM VALUE SELECT entry_id, at, tx, ${columns} FROM kept`,
      );
    };
    const ids = fc.integer({ min: 1, max: 20 });
    const tampering = fc.oneof(
      fc
        .tuple(
          ids,
          fc.constantFrom(
            "act = act || '改'",
            "officer_id = 8",
            "region = '433125'",
            "at = at - interval '1 hour'",
            "detail = '{}'",
          ),
        )
        .map(([id, set]) => `UPDATE audit.entry SET ${set} WHERE entry_id = ${id}`),
      ids.map((id) => `DELETE FROM audit.entry WHERE entry_id = ${id}`),
      fc
        .integer({ min: 1, max: 1000 })
        .map(
          (id) =>
            `INSERT INTO audit.entry (entry_id, at, tx, ${columns}) OVERRIDING SYSTEM VALUE SELECT ${1000 + id}, at, tx, ${columns} FROM audit.entry WHERE entry_id = 7`,
        ),
      fc
        .tuple(ids, ids)
        .filter(([a, b]) => a !== b)
        .map(
          ([a, b]) =>
            `UPDATE audit.entry e SET act = o.act, detail = o.detail, at = o.at FROM kept o WHERE (e.entry_id, o.entry_id) IN ((${a}, ${b}), (${b}, ${a}))`,
        ),
    );
    await fc.assert(
      fc.asyncProperty(tampering, async (statement) => {
        await owner.query(statement);
        const problems = await verify();
        await back();
        expect(problems, statement).not.toEqual([]);
      }),
      { numRuns: 25 },
    );
    expect(await verify()).toEqual([]);
  });

  test("seals and digests that were changed or taken away are found", async () => {
    for (let n = 0; n < 3; n++) {
      await write(2);
      await seal();
    }
    await signDigest(runtime, tomorrow);
    for (const statement of [
      "UPDATE audit.seal SET root = sha256('x') WHERE seal_id = 2",
      "DELETE FROM audit.seal WHERE seal_id = 2",
      // Somebody who knows how seals are made changes a row and the last seal with it: the digest was signed before.
      "DELETE FROM audit.seal WHERE seal_id = 3",
      'UPDATE audit.digest SET entries = 5, text = replace(text, \'"entries":"6"\', \'"entries":"5"\')',
    ]) {
      await owner.query("BEGIN");
      await owner.query(
        "CREATE TABLE IF NOT EXISTS public.s AS SELECT * FROM audit.seal; CREATE TABLE IF NOT EXISTS public.d AS SELECT * FROM audit.digest",
      );
      await owner.query(statement);
      await owner.query("COMMIT");
      expect(await verify(), statement).not.toEqual([]);
      await owner.query(
        "TRUNCATE audit.seal, audit.digest; INSERT INTO audit.seal SELECT * FROM public.s; INSERT INTO audit.digest SELECT * FROM public.d",
      );
    }
    expect(await verify()).toEqual([]);
  });

  test("who serves requests reads seals and digests and writes none", async () => {
    for (const table of ["audit.seal", "audit.digest", "audit.archive", "audit.verification"]) {
      for (const role of ["app", "auditor"] as const) {
        await expect(runtime.database.pools[role].query(`INSERT INTO ${table} DEFAULT VALUES`)).rejects.toThrow(
          "permission denied",
        );
        await runtime.database.pools[role].query(`SELECT * FROM ${table}`);
      }
      for (const statement of [`UPDATE ${table} SET ${table.split(".")[1]} = NULL`, `DELETE FROM ${table}`])
        await expect(runtime.database.pools.worker.query(statement)).rejects.toThrow(
          /permission denied|does not exist/,
        );
    }
  });
});

describe.each(["ed25519", "sm2"] as const)("a file for a third party, signed with %s", (algorithm) => {
  beforeEach(() => {
    (runtime.config as { auditSignature: string }).auditSignature = algorithm;
  });

  async function proof(complete: boolean): Promise<{ lines: string[]; key: string }> {
    for (let n = 0; n < 4; n++) {
      await write(4);
      await seal();
      if (n === 2) await signDigest(runtime, "2098-12-31");
    }
    await write(1);
    await signDigest(runtime, tomorrow);
    const lines = await withSight(runtime.database.app, { ...noSight, region: "433124", audits: true }, async (tx) => {
      const taken: string[] = [];
      const from = complete
        ? proveSeals(runtime.database.worker, { from: "1", to: "4" }, { month: "2025-06" }, signer())
        : proveEntries(tx, ["3", "6", "7", "17"], { purpose: "抽查" }, signer());
      for await (const line of from) taken.push(line);
      return taken;
    });
    return { lines, key: signer().publicKey };
  }
  const check = (lines: readonly string[], keys: readonly string[]) => {
    const one = new ProofCheck(keys);
    for (const line of lines.join("").split("\n").slice(0, -1)) one.add(line);
    return one.answer();
  };

  test("is accepted as it is, and says what it proves", async () => {
    const whole = await proof(true);
    expect(check(whole.lines, [whole.key])).toMatchObject({
      complete: true,
      rows: 16,
      seals: 4,
      digests: 2,
      unsigned: 0,
      problems: [],
    });
    const part = await withSight(runtime.database.app, { ...noSight, region: "433124", audits: true }, async (tx) => {
      const lines: string[] = [];
      for await (const line of proveEntries(tx, ["3", "6", "7", "17"], { purpose: "抽查" }, signer())) lines.push(line);
      return lines;
    });
    expect(check(part, [whole.key])).toMatchObject({
      complete: false,
      rows: 3,
      loose: 1,
      problems: [],
      about: { purpose: "抽查" },
    });
    const path = join(folder, "part.jsonl");
    writeFileSync(path, part.join(""));
    expect((await verifyFile(path, [whole.key])).problems).toEqual([]);
    expect((await verifyFile(path, [])).problems.join()).toContain("--key");
    expect(
      JSON.parse(readFileSync(join(digestFolder(runtime.config.dataFolder), `${tomorrow}.json`), "utf8")),
    ).toMatchObject({ algorithm, publicKey: whole.key });
  });

  test("is refused with any character changed, any line taken out, doubled or moved", async () => {
    for (const complete of [true, false]) {
      const { lines, key } = complete ? await proof(true) : { lines: await partOf(), key: signer().publicKey };
      const tampered = fc.oneof(
        fc.tuple(fc.nat(lines.length - 1), fc.double({ min: 0, max: 1, noNaN: true })).map(([nth, where]) => {
          const line = lines[nth]!;
          const at = Math.min(Math.floor(where * (line.length - 1)), line.length - 2);
          const other = line[at] === "1" ? "2" : "1";
          return lines.with(nth, `${line.slice(0, at)}${other}${line.slice(at + 1)}`);
        }),
        fc.nat(lines.length - 1).map((nth) => lines.toSpliced(nth, 1)),
        fc.nat(lines.length - 1).map((nth) => lines.toSpliced(nth, 0, lines[nth]!)),
        fc
          .tuple(fc.nat(lines.length - 1), fc.nat(lines.length - 1))
          .filter(([a, b]) => a !== b)
          .map(([a, b]) => lines.with(a, lines[b]!).with(b, lines[a]!)),
      );
      fc.assert(
        fc.property(tampered, (changed) => {
          expect(check(changed, [key]).problems).not.toEqual([]);
        }),
        { numRuns: algorithm === "sm2" ? 60 : 1_000 },
      );
    }
  });

  /** Without the seals before: those of `proof(true)` are there. */
  async function partOf(): Promise<string[]> {
    return withSight(runtime.database.app, { ...noSight, region: "433124", audits: true }, async (tx) => {
      const lines: string[] = [];
      for await (const line of proveEntries(tx, ["3", "6"], {}, signer())) lines.push(line);
      return lines;
    });
  }
});

test("months over six months old go to a sealed file, stay provable, and only then leave the log", async () => {
  await owner.query(
    "CREATE TABLE audit.entry_2025_01 PARTITION OF audit.entry FOR VALUES FROM ('2025-01-01 00:00+08') TO ('2025-02-01 00:00+08')",
  );
  await owner.query(
    `INSERT INTO audit.entry (at, ${columns}) SELECT '2025-01-10 09:00+08'::timestamptz + n * interval '1 hour', 'query', '查询', 'done', 7, '向晓岚', '花垣县人社局', '433124', '{}' FROM generate_series(1, 30) n`,
  );
  await write(5);
  expect(await archiveMonths(runtime, "2026-11-01")).toEqual([]); // not sealed yet
  await seal();
  expect(await archiveMonths(runtime, "2026-11-01")).toEqual([]); // not signed yet
  await signDigest(runtime, tomorrow);
  expect(await archiveMonths(runtime, "2025-07-01")).toEqual([]); // six months are not over
  expect(await archiveMonths(runtime, "2026-11-01")).toEqual(["2025-01"]);
  const { rows } = await owner.query("SELECT count(*)::int AS n FROM audit.entry");
  expect(rows[0].n).toBe(5);
  expect(await verify()).toEqual([]);
  const copy = await runtime.files.asLocalFile("audit-archive/2025-01");
  expect(await verifyFile(copy.path, [signer().publicKey])).toMatchObject({ complete: true, rows: 35, problems: [] });
  await copy.release();
  await runtime.files.remove("audit-archive/2025-01");
  expect((await verify()).join()).toContain("归档文件缺失");
});

test("a month is not released before its time or without its archive, even when asked for", async () => {
  const month = new Date().toISOString().slice(0, 7);
  const { rows } = await sql<{
    released: boolean;
  }>`SELECT audit.release_month(${`${month}-01`}::date) AS released`.execute(runtime.database.worker);
  expect(rows[0]!.released).toBe(false);
});
