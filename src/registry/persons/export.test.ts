import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { Readable } from "node:stream";
import { exportsModule } from "#exports";
import type { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { noSight } from "../../platform/db/database.ts";
import type { Caller, DownloadBody, Gate } from "../../platform/module.ts";
import { isProblem, openSheets, writeCsv } from "../../platform/sheets/index.ts";
import { TestDesk } from "../../platform/testing/desk.ts";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import {
  decideExport,
  exportNumbersIn,
  exportPermissions,
  listExports,
  requestExport,
  takeExport,
  traceFile,
  traceText,
  withdrawExport,
} from "#exports/contract";
import { registryModule } from "../module.ts";
import { exportPersons } from "./contract.ts";

const modules = [exportsModule(() => registryModule.handlers!), registryModule];
const entries: unknown[] = [];
const gate: Gate = {
  identify: () => Promise.reject(new Error("not asked here")),
  record: (_context, entry) => Promise.resolve(void entries.push(entry)),
};

const county = (region: string, officerId: string, more: readonly string[] = []): Caller => ({
  officerId,
  name: `经办${officerId}`,
  organisation: `${region}人社局`,
  permissions: new Set(["registry.read", "registry.export", ...more]),
  sight: { ...noSight, region, officerId },
  session: null,
});
const callers: Record<string, Caller> = {
  clerk: county("433124", "11", ["registry.unmask"]),
  neighbour: county("433125", "12"),
  reviewer: county("433124", "13", [exportPermissions.approve]),
  otherReviewer: county("433125", "14", [exportPermissions.approve]),
  greedy: county("433124", "15", [exportPermissions.approve]),
  auditor: {
    ...county("433124", "16"),
    permissions: new Set([exportPermissions.trace]),
    sight: { ...noSight, region: "433124", audits: true, officerId: "16" },
  },
};

let runtime: TestRuntime;
let owner: Client;
let desk: TestDesk;
beforeAll(async () => {
  runtime = await testRuntime(modules);
  owner = await runtime.owner();
  desk = new TestDesk(runtime, modules, gate, (login) => Promise.resolve(callers[login]!));
  await persons(1, 30, "433124101201", "石测");
});
afterAll(() => runtime.close());
beforeEach(async () => {
  entries.length = 0;
  await owner.query("TRUNCATE exports.export CASCADE");
});

/** `id` digits are the number's last ones, so that each has a mask of his own. */
async function persons(from: number, to: number, region: string, name: string): Promise<void> {
  for (let id = from; id <= to; id += 500) {
    const ids = Array.from({ length: Math.min(500, to - id + 1) }, (_, index) => id + index);
    await owner.query(
      `INSERT INTO registry.person (person_id, name, identity_mask, home_region, secret, recorded_on, source)
       SELECT n, $2 || n, '433124********' || lpad(n::text, 4, '0'), $3, s, '2025-05-20', 3
       FROM unnest($1::bigint[], $4::bytea[]) p (n, s)`,
      [ids, name, region, ids.map((one) => runtime.keys.seal(`43312419800101${one}\t1380000${one}\t62220000${one}`))],
    );
  }
}

const purpose = "核对务工名单";
async function sheet(body: DownloadBody): Promise<{ bytes: Buffer; rows: unknown[][] }> {
  const bytes = await buffer(body.body as Readable);
  const folder = mkdtempSync(join(tmpdir(), "wengang-exports-"));
  try {
    const path = join(folder, "list.xlsx");
    writeFileSync(path, bytes);
    const opened = await openSheets(path, { fileName: "list.xlsx" });
    if (isProblem(opened)) throw new Error(opened.message);
    await using source = opened;
    const rows: unknown[][] = [];
    for await (const batch of source.rows(0)) rows.push(...batch.map((row) => [...row.cells]));
    return { bytes, rows };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
const take = async (as: string, input: Record<string, unknown> = {}) =>
  sheet((await desk.run(exportPersons, { purpose, ...input }, as)) as DownloadBody);
const request = (as: string, input: Record<string, unknown> = {}) =>
  desk.act(requestExport, { route: exportPersons.path, input: { purpose, ...input } }, as);
const download = async (as: string, exportId: string) =>
  sheet((await desk.run(takeExport, { exportId }, as)) as DownloadBody);

describe("a small masked list", () => {
  test("goes out at once, with its number, and leaves a record", async () => {
    const { rows } = await take("clerk");
    const [number] = exportNumbersIn(String(rows[0]![0]));
    expect(rows).toHaveLength(32);
    const { rows: records } = await desk.act(listExports, {}, "clerk");
    expect(records).toMatchObject([
      {
        number,
        state: "direct",
        rowsAsked: 30,
        rowsWritten: 30,
        purpose,
        unmasked: false,
        mine: true,
        decidedName: null,
      },
    ]);
    expect(entries).toContainEqual(
      expect.objectContaining({ detail: expect.objectContaining({ exportNumber: number, count: 30 }) }),
    );
  });

  test("is left in nobody's record when it fails", async () => {
    await expect(take("clerk", { sort: "nonsense" })).rejects.toThrow();
    expect((await desk.act(listExports, {}, "clerk")).total).toBe(0);
  });

  test("counts against the day: two thousand more than five need approval", async () => {
    await owner.query(
      `INSERT INTO exports.export (route, title, about, input, purpose, persons, unmasked, region, officer_id, officer_name, organisation, business_date, state, rows_asked)
       SELECT '/x', '名单', '', '{}', '季度核对', true, false, '433124', 11, '甲', '乙', '2025-06-18', 'direct', 1000 FROM generate_series(1, 5)`,
    );
    await expect(take("clerk")).rejects.toThrow("今天已导出 5,000 人");
    // Yesterday's, and another's, do not count.
    await expect(take("reviewer")).resolves.toBeDefined();
    await owner.query("UPDATE exports.export SET asked_at = now() - interval '1 day' WHERE title = '名单'");
    await expect(take("clerk")).resolves.toBeDefined();
  });

  test("two taken at once do not both fit into what is left of the day", async () => {
    await owner.query(
      `INSERT INTO exports.export (route, title, about, input, purpose, persons, unmasked, region, officer_id, officer_name, organisation, business_date, state, rows_asked)
       SELECT '/x', '名单', '', '{}', '季度核对', true, false, '433124', 11, '甲', '乙', '2025-06-18', 'direct', n FROM unnest(ARRAY[1000, 1000, 1000, 1000, 950]) n`,
    );
    const outcomes = await Promise.allSettled([take("clerk"), take("clerk")]);
    expect(outcomes.map((one) => one.status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });
});

describe("a list that needs a second officer", () => {
  beforeAll(async () => persons(2_001, 3_001, "433125101201", "龙测"));

  test("1,000 people go out at once, 1,001 do not", async () => {
    await expect(take("neighbour")).rejects.toThrow("1,001 人，超过直接导出的上限 1,000 人");
    await owner.query("UPDATE registry.person SET life_state = 'moved' WHERE person_id = 3001");
    expect((await take("neighbour")).rows).toHaveLength(1_002);
    await owner.query("UPDATE registry.person SET life_state = 'active' WHERE person_id = 3001");
  });

  test("is approved by another and then taken, three times at most", async () => {
    const { exportId, rows } = await request("neighbour");
    expect(rows).toBe(1_001);
    await expect(download("neighbour", exportId)).rejects.toThrow("待审批");
    await desk.act(decideExport, { exportId, act: "approve" }, "otherReviewer");
    for (let n = 0; n < 3; n++) expect((await download("neighbour", exportId)).rows).toHaveLength(1_003);
    await expect(download("neighbour", exportId)).rejects.toThrow("已下载满次数");
  });

  test("numbers stand in it whole only once approved", async () => {
    await expect(take("clerk", { unmasked: "true" })).rejects.toThrow("含完整证件号码");
    const { exportId } = await request("clerk", { unmasked: "true" });
    await desk.act(decideExport, { exportId, act: "approve" }, "reviewer");
    const { rows } = await download("clerk", exportId);
    expect(rows[1]).toContain("银行账号");
    expect(rows[2]).toContain("433124198001011");
    expect(rows[2]).toContain("622200001");
  });

  test("whoever may not see whole numbers may not ask for them", async () => {
    await expect(request("neighbour", { unmasked: "true" })).rejects.toThrow("不包含查看完整号码");
  });

  test("nobody approves his own, not even the database lets him", async () => {
    const { exportId } = await request("greedy");
    await expect(desk.act(decideExport, { exportId, act: "approve" }, "greedy")).rejects.toThrow("不能审批自己");
    await expect(
      owner.query(
        "UPDATE exports.export SET state = 'approved', decided_by = officer_id, decided_name = 'x', decided_at = now(), expires_at = now() WHERE export_id = $1",
        [exportId],
      ),
    ).rejects.toThrow("check constraint");
  });

  test("the database refuses a direct export of many or of whole numbers", async () => {
    for (const [unmasked, rows] of [
      [true, 1],
      [false, 1_001],
    ])
      await expect(
        owner.query(
          `INSERT INTO exports.export (route, title, about, input, purpose, persons, unmasked, region, officer_id, officer_name, organisation, business_date, state, rows_asked)
           VALUES ('/x', '名单', '', '{}', '季度核对', true, $1, '433124', 11, '甲', '乙', '2025-06-18', 'direct', $2)`,
          [unmasked, rows],
        ),
      ).rejects.toThrow("check constraint");
  });

  test("is neither seen nor decided from beside", async () => {
    const { exportId } = await request("clerk", { unmasked: "true" });
    expect((await desk.act(listExports, { view: "waiting" }, "otherReviewer")).total).toBe(0);
    await expect(desk.act(decideExport, { exportId, act: "approve" }, "otherReviewer")).rejects.toThrow("没有找到");
    await expect(desk.act(withdrawExport, { exportId }, "reviewer")).rejects.toThrow("没有找到");
    await expect(desk.act(listExports, { view: "all" }, "clerk")).rejects.toThrow("您的职责不包含");
  });

  test("another cannot take what one was granted", async () => {
    const { exportId } = await request("clerk", { unmasked: "true" });
    await desk.act(decideExport, { exportId, act: "approve" }, "reviewer");
    await expect(download("reviewer", exportId)).rejects.toThrow("没有找到");
  });

  test("a refusal gives its reason", async () => {
    const { exportId } = await request("clerk", { unmasked: "true" });
    await expect(desk.act(decideExport, { exportId, act: "refuse" }, "reviewer")).rejects.toThrow("写明理由");
    await desk.act(decideExport, { exportId, act: "refuse", note: "脱敏名单即可" }, "reviewer");
    const { rows } = await desk.act(listExports, {}, "clerk");
    expect(rows).toMatchObject([{ state: "refused", decisionNote: "脱敏名单即可", takesLeft: 0 }]);
    await expect(desk.act(decideExport, { exportId, act: "approve" }, "reviewer")).rejects.toThrow("未批准");
  });

  test("an approval runs out, a withdrawn request cannot be approved", async () => {
    const { exportId } = await request("clerk", { unmasked: "true" });
    await desk.act(decideExport, { exportId, act: "approve" }, "reviewer");
    await owner.query("UPDATE exports.export SET expires_at = now() - interval '1 second' WHERE export_id = $1", [
      exportId,
    ]);
    await expect(download("clerk", exportId)).rejects.toThrow("批准已过期");
    const second = await request("clerk", { unmasked: "true" });
    await desk.act(withdrawExport, { exportId: second.exportId }, "clerk");
    await expect(desk.act(decideExport, { exportId: second.exportId, act: "approve" }, "reviewer")).rejects.toThrow(
      "已撤回",
    );
  });

  test("what was approved is what is taken: same filters, the officer's area and duties of today", async () => {
    const { exportId } = await request("clerk", { unmasked: "true", name: "石测7" });
    await desk.act(decideExport, { exportId, act: "approve" }, "reviewer");
    const kept = callers["clerk"]!;
    callers["clerk"] = county("433124", "11");
    await expect(download("clerk", exportId)).rejects.toThrow("不包含查看完整号码");
    callers["clerk"] = { ...kept, permissions: new Set(["registry.read"]) };
    await expect(download("clerk", exportId)).rejects.toThrow("职责不包含导出");
    callers["clerk"] = kept;
    await persons(4_001, 4_020, "433124101201", "石测7");
    await expect(download("clerk", exportId)).rejects.toThrow("批准时有 1 条，现在有 21 条");
    await owner.query("DELETE FROM registry.person WHERE person_id > 4000");
    expect((await download("clerk", exportId)).rows).toHaveLength(3);
  });

  test("nothing, and no list, cannot be asked for", async () => {
    await expect(request("clerk", { name: "查无此人" })).rejects.toThrow("没有数据");
    await expect(
      desk.act(requestExport, { route: "/api/registry/find", input: { purpose, text: "石测" } }, "clerk"),
    ).rejects.toThrow("没有这种可导出的列表");
    await expect(
      desk.act(requestExport, { route: exportPersons.path, input: { purpose: "短" } }, "clerk"),
    ).rejects.toThrow("写明导出用途");
  });
});

describe("tracing", () => {
  const traceOf = async (rows: readonly (readonly string[])[]) => {
    const folder = mkdtempSync(join(tmpdir(), "wengang-found-"));
    try {
      const path = join(folder, "found.csv");
      await writeCsv(path, rows);
      return await desk.act(traceFile, {}, "auditor", path);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  test("by the number in the heading", async () => {
    const { rows } = await take("clerk");
    const found = await traceOf(rows.slice(0, 5).map((row) => row.map(String)));
    expect(found.exports).toMatchObject([{ named: true, rowsFound: 3, export: { officerName: "经办11", purpose } }]);
  });

  test("by two rows without heading, with columns cut off and moved about", async () => {
    const { rows } = await take("clerk", { name: "石测1" });
    await take("reviewer", { name: "石测2" });
    const header = rows[1] as string[];
    const [name, identity] = [header.indexOf("姓名"), header.indexOf("证件号码")];
    const found = await traceOf(
      rows.slice(2, 4).map((row) => ["序号外", String(row[identity]), "备注", String(row[name])]),
    );
    expect(found.numbers).toEqual([]);
    expect(found.exports).toMatchObject([{ named: false, rowsFound: 2, export: { officerName: "经办11" } }]);
  });

  test("of several that held the rows, the one with most of them comes first", async () => {
    await take("reviewer", { name: "石测12" });
    const { rows } = await take("clerk", { name: "石测1" });
    const found = await traceOf(rows.slice(2).map((row) => row.map(String)));
    expect(found.exports.map((one) => [one.export.officerName, one.rowsFound])).toEqual([
      ["经办11", 11],
      ["经办13", 1],
    ]);
  });

  test("by text from a message", async () => {
    await take("clerk");
    const found = await desk.act(
      traceText,
      { text: "快看 石测3 433124********0003\n石测4\t433124********0004" },
      "auditor",
    );
    expect(found.exports).toMatchObject([{ rowsFound: 2 }]);
  });

  test("finds nothing in what nobody exported, nor what another county did", async () => {
    await take("neighbour", { name: "龙测2001" });
    expect((await traceOf([["无名氏", "433124********9999"]])).exports).toEqual([]);
    expect((await traceOf([["龙测2001", "433124********2001"]])).exports).toEqual([]);
  });

  test("is the auditor's alone", async () => {
    await expect(desk.act(traceText, { text: "石测3" }, "clerk")).rejects.toThrow("您的职责不包含");
  });
});
