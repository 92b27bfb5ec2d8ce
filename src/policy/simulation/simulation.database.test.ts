import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addIntroduction, MEASURE, officerOf, openDesk, type Desk } from "../desk-fixtures.ts";
import ExcelJS from "exceljs";
import {
  exportSimulation,
  getRule,
  getSimulation,
  listSimulations,
  pairedCounties,
  pairedUnknown,
  saveDraft,
  simulateRule,
} from "../contract.ts";

const officer = officerOf("43");
let desk: Desk;
let current: string;
let draft: string;

beforeAll(async () => {
  desk = await openDesk();
  await addIntroduction(desk, { startedOn: "2024-10-10" });
  await addIntroduction(desk, { startedOn: "2024-10-10", village: "433123100201" });
  // Gains where five months are enough.
  await addIntroduction(desk, { startedOn: "2025-01-10" });
  // Loses where licences are asked for twice over; nobody knows of the last one's licence.
  await addIntroduction(desk, { startedOn: "2024-10-10", facts: { agency_kind: "农村劳务经纪人" } });
  await addIntroduction(desk, { startedOn: "2024-10-10", facts: { agency_qualified: null } });
  current = await desk.inForce(MEASURE);
  const rule = await desk.ask(officer, getRule, { versionId: current });
  const source = rule.yaml
    .replaceAll("满月日(就业.开始日期, 6)", "满月日(就业.开始日期, 5)")
    .replace('in ("人力资源服务机构", "农村劳务经纪人", "其他市场主体")', 'in ("人力资源服务机构", "其他市场主体")')
    .replace("value: 30000", "value: 40000");
  draft = (await desk.ask(officer, saveDraft, { basedOn: current, path: MEASURE, source, cases: rule.casesYaml }))
    .versionId;
});
afterAll(() => desk?.close());

async function simulated(input: { versionId: string; beside?: string; region?: string; asOf?: string }) {
  const { simulationId } = await desk.ask(officer, simulateRule, input);
  await desk.work();
  const { report, ...row } = await desk.ask(officer, getSimulation, { simulationId });
  expect(row.finished).toBe(true);
  return report!;
}

async function kept(): Promise<unknown> {
  const tables = [
    "policy.result",
    "policy.tally",
    "policy.screening",
    "policy.version",
    "registry.person",
    "registry.change",
  ];
  const counts: string[] = [];
  for (const table of tables)
    counts.push((await desk.owner.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`)).rows[0]!.n);
  return counts;
}

describe("a simulation", () => {
  it("says what a version would cost, whom it refuses and what is unknown", async () => {
    const report = await simulated({ versionId: current });
    expect(Object.fromEntries(report.outcomes.map(({ outcome, rows }) => [outcome, rows]))).toEqual({
      ELIGIBLE: 3,
      NOT_YET: 1,
      UNKNOWN: 1,
    });
    expect(report.byCounty.map(({ county, rows, amountFen }) => [county, rows, amountFen])).toEqual([
      ["433124", 2, 60_000],
      ["433123", 1, 30_000],
    ]);
    expect(report.byFund).toMatchObject([{ fund: "就业专项资金", rows: 3, persons: 3, amountFen: 90_000 }]);
    expect(report.unknown).toEqual([{ fact: "就业开始当日介绍方资质有效", supplier: "人社部门", rows: 1 }]);
    expect(report.difference).toBeNull();
  });

  it("sets two versions side by side: who gains and who loses by which condition", async () => {
    const report = await simulated({ versionId: draft, beside: current });
    const { difference } = report;
    expect(report.beside!.byFund).toMatchObject([{ fund: "就业专项资金", rows: 3, amountFen: 90_000 }]);
    expect(pairedCounties(report).map(({ key, now, before }) => [key, now.amountFen, before!.amountFen])).toEqual([
      ["433124", 80_000, 60_000],
      ["433123", 40_000, 30_000],
    ]);
    expect(pairedUnknown(report).map(({ now, before }) => [now.rows, before!.rows])).toEqual([[1, 1]]);
    expect(difference).toMatchObject({
      before: { rows: 3, amountFen: 90_000 },
      winners: { rows: 1, persons: 1, amountFen: 40_000 },
      losers: { rows: 1, persons: 1, amountFen: 30_000 },
      more: { rows: 2, amountFen: 20_000 },
      less: { rows: 0 },
      wonBy: [{ says: "时间未到", rows: 1 }],
      lostBy: [{ says: "介绍方是人力资源服务机构、农村劳务经纪人等市场主体", rows: 1 }],
    });
    expect(difference!.byCounty.map(({ county, changeFen }) => [county, changeFen])).toEqual(
      [
        ["433123", 10_000],
        ["433124", 20_000],
      ].toSorted((a, b) => Number(b[1]) - Number(a[1])),
    );
  });

  it("goes out as a workbook with a sheet for each table, whole or not at all", async () => {
    const { simulationId } = await desk.ask(officer, simulateRule, { versionId: draft, beside: current });
    expect(await desk.refusal(officer, exportSimulation, { simulationId })).toBe("policy.not-possible");
    await desk.work();
    expect(await desk.refusal(officerOf("62"), exportSimulation, { simulationId })).toBe("platform.not-found");
    const { body } = (await desk.ask(officer, exportSimulation, { simulationId })) as unknown as { body: Buffer };
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(body.buffer.slice(body.byteOffset, body.byteOffset + body.length) as ArrayBuffer);
    expect(book.worksheets.map(({ name }) => name)).toEqual([
      "各种结论",
      "各县",
      "资金",
      "增减原因",
      "被哪些条件挡住",
      "缺哪些信息",
    ]);
    const funds = book.getWorksheet("资金")!;
    expect(String(funds.getCell("A1").value)).toContain("只算不写");
    expect((funds.getRow(3).values as unknown[]).slice(1)).toEqual(["就业专项资金", 3, 3, 1200, 3, 3, 900, 0, 0, 300]);
  });

  it("looks at any day and any part of the area, and leaves nothing behind", async () => {
    const before = await kept();
    const early = await simulated({ versionId: current, region: "433123", asOf: "2025-03-01" });
    expect(early.outcomes).toMatchObject([{ outcome: "NOT_YET", rows: 1 }]);
    expect(await kept()).toEqual(before);
  });

  it("is refused at once where nothing can be computed, and stays in the area of whoever asked", async () => {
    const shared = await desk.inForce("policies/parameters/working-age-from.yaml");
    expect(await desk.refusal(officer, simulateRule, { versionId: shared })).toBe("policy.only-measures");
    expect(await desk.refusal(officer, simulateRule, { versionId: current, region: "62" })).toBe(
      "platform.out-of-scope",
    );
    const { rows } = await desk.ask(officerOf("4331"), listSimulations, { page: 1, size: 50 });
    expect(rows.map(({ region }) => region)).toEqual(["433123"]);
  });
});
