import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { openPersonSecret, registryModule } from "#registry";
import { availableParallelism } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { compareBatch } from "../compare/compare-batch.ts";
import { csvOf, addOffice, HUAYUAN, man, Office, WORK_HEADER, working } from "../fixtures.ts";
import { kindDefinitions } from "../kinds/index.ts";
import { ledgerModule } from "../module.ts";
import { findBatch } from "../store.ts";
import { stageBatch } from "./stage-batch.ts";

const modules = [registryModule, auditModule, identityModule, ledgerModule];
let runtime: TestRuntime;
let office: Office;

beforeAll(async () => {
  runtime = await testRuntime(modules);
  await addOffice(runtime);
  office = new Office(runtime, modules);
});
afterAll(() => runtime?.close());

const ROWS = 3_000;

/** A title, a header, people (one in fifty with a faulty date, some lines broken inside quotes), and the header once more. */
function table(): string {
  const rows = Array.from({ length: ROWS }, (_, n) =>
    working(n + 1, {
      ...(n % 50 === 7 ? { 开始务工时间: "2024-02-30" } : {}),
      ...(n % 300 === 11 ? { 务工单位: '义乌"丰禾"\n服饰厂' } : {}),
    }),
  );
  rows.splice(2_500, 0, [...WORK_HEADER]);
  return csvOf([["花垣县务工情况台账"], [...WORK_HEADER], ...rows]);
}

describe.skipIf(availableParallelism() < 2)("a large table read by several threads", () => {
  test("is staged, sealed and compared as by one", async () => {
    const batch = await office.take(table(), { month: "2025-04" });
    expect(batch.counts).toMatchObject({ rows: ROWS, waiting: ROWS / 50 });
    const whole = await everything(batch.batchId);
    expect(whole.writers).toBe(1);
    const row = (await findBatch(runtime.database.worker, batch.batchId))!;
    let told = 0;
    const { rows, repeated } = await stageBatch(
      runtime,
      {
        batchId: row.batch_id,
        kind: row.kind,
        month: "2025-04",
        businessDate: row.business_date,
        coverage: row.coverage,
        title: "",
        region: HUAYUAN,
        fileKey: row.file_key,
        fileName: row.file_name,
        mapping: row.mapping!,
        repairs: new Map(),
        recall: true,
      },
      async (done) => {
        told = done;
      },
      1,
    );
    expect([rows, told]).toEqual([ROWS, ROWS]);
    const divided = await everything(row.batch_id);
    expect(divided.writers).toBeGreaterThan(1);
    expect(divided.rows).toEqual(whole.rows);
    expect(divided.faults).toEqual(whole.faults);
    const client = await runtime.database.pools.worker.connect();
    const counts = await compareBatch(
      runtime,
      client,
      {
        batchId: row.batch_id,
        definition: kindDefinitions["work-ledger"],
        month: "2025-04",
        coverage: [HUAYUAN],
        region: HUAYUAN,
        complete: true,
        recalledHold: false,
        repeated,
      },
      async () => {},
    );
    client.release();
    expect({ ...counts, rows: ROWS }).toEqual(batch.counts);
    expect(divided.numbers).toEqual(whole.numbers);
    for (const { rowNo, identity, phone } of divided.numbers) {
      const n = rowNo - 2 - (rowNo > 2_503 ? 1 : 0);
      expect({ identity, phone }).toEqual({ identity: man(n).identity, phone: man(n).phone });
    }
  });

  test("and once it is known, a change of every row is set beside the registry by two connections as by one", async () => {
    await office.adopt(table(), { month: "2025-04", complete: "false" });
    const raised = await office.take(table().replaceAll(",3800", ",3900"), { month: "2025-05", complete: "false" });
    const changed = ROWS - ROWS / 50;
    expect(raised.counts).toMatchObject({ rows: ROWS, valid: changed, unchanged: 0, differences: { changed } });
    expect(
      await office.rows(
        `SELECT count(DISTINCT difference_id)::int AS differences, count(DISTINCT row_no)::int AS rows FROM ledger.difference WHERE batch_id = ${raised.batchId} AND reason = 'C3'`,
      ),
    ).toEqual([{ differences: changed, rows: changed }]);
  });

  test("with bytes that are no text ends as one does: in a sentence, with its line", async () => {
    const good = Buffer.from(table());
    const broken = Buffer.concat([good, Buffer.from([0xff, 0xfe, 0xfd, 0x80, 0x0a])]);
    const batch = await office.take(table(), { month: "2025-06" });
    const row = (await findBatch(runtime.database.worker, batch.batchId))!;
    await runtime.files.put("upload/broken", [broken] as never, 2 ** 30);
    await expect(
      stageBatch(
        runtime,
        {
          batchId: row.batch_id,
          kind: row.kind,
          month: "2025-06",
          businessDate: row.business_date,
          coverage: row.coverage,
          title: "",
          region: HUAYUAN,
          fileKey: "upload/broken",
          fileName: row.file_name,
          mapping: row.mapping!,
          repairs: new Map(),
          recall: true,
        },
        async () => {},
        1,
      ),
    ).rejects.toThrow(/第 \d+ 行/);
  });
});

async function everything(batchId: string) {
  const client = await runtime.database.pools.worker.connect();
  try {
    const rows = await client.query(
      `SELECT to_jsonb(s) - 'secret' AS row FROM ledger_stage.batch_${batchId} s ORDER BY sheet, row_no`,
    );
    const sealed = await client.query<{ row_no: string; secret: Buffer }>(
      `SELECT row_no, secret FROM ledger_stage.batch_${batchId} WHERE NOT held ORDER BY sheet, row_no`,
    );
    // Every part is written in a transaction of its own.
    const written = await client.query<{ writers: number }>(
      `SELECT count(DISTINCT xmin::text)::int AS writers FROM ledger_stage.batch_${batchId} WHERE NOT held`,
    );
    const faults = await client.query(
      `SELECT to_jsonb(f) - 'suggestion_secret' AS row FROM ledger_stage.batch_${batchId}_fault f ORDER BY sheet, row_no, field`,
    );
    const numbers = sealed.rows.map((row) => ({
      rowNo: Number(row.row_no),
      ...openPersonSecret(runtime.keys, row.secret),
    }));
    return { rows: rows.rows, faults: faults.rows, numbers, writers: written.rows[0]!.writers };
  } finally {
    client.release();
  }
}
