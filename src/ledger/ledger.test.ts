import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { registryModule } from "#registry";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import { listDifferences, listFaults, previewApply, undoBatch, getBatch } from "./contract.ts";
import { addOffice, Office, temporaryFile } from "./fixtures.ts";
import { ledgerModule } from "./module.ts";

const modules = [registryModule, auditModule, identityModule, ledgerModule];
let runtime: TestRuntime;
let office: Office;

beforeAll(async () => {
  runtime = await testRuntime(modules);
  await addOffice(runtime);
  office = new Office(runtime, modules);
});
afterAll(() => runtime?.close());

const header =
  "序号,乡镇,行政村,姓名,性别,身份证号,联系电话,是否务工,务工地点,务工单位,开始务工时间,结束务工时间,月工资(元)";
const may = [
  header,
  "1,双龙镇,十八洞村,麻成林,男,433124198802030011,13812342207,是,浙江省义乌市,义乌丰禾服饰厂,2024-03-01,,3800",
  "2,双龙镇,十八洞村,龙小娟,女,433124199003040028,13812342208,否,,,,,",
  "3,双龙镇,双龙村,石建洪,男,433124197505060015,13812342209,是,湖南省长沙市,德农牧业,2023年5月,,4200",
].join("\n");

function fixChecks(text: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return text.replaceAll(
    /\b(\d{17})\d\b/g,
    (_all, body: string) =>
      body + "10X98765432"[[...body].reduce((sum, digit, i) => sum + Number(digit) * weights[i]!, 0) % 11]!,
  );
}

async function snapshot(): Promise<string> {
  const tables = [
    "registry.person",
    "registry.person_key",
    "registry.person_access",
    "registry.person_category",
    "registry.employment",
    "registry.household",
    "ledger.line",
  ];
  const texts = [];
  for (const table of tables) {
    const result = await sql<{
      text: string;
    }>`SELECT coalesce(string_agg(t::text, E'\n' ORDER BY t::text), '') AS text FROM ${sql.table(table)} t`.execute(
      runtime.database.worker,
    );
    texts.push(`${table}\n${result.rows[0]!.text}`);
  }
  return texts.join("\n");
}

describe("a month's ledger", () => {
  test("is received, compared, applied, and changes nothing the second time", async () => {
    const file = temporaryFile("5月台账.csv", fixChecks(may));
    const batch = await office.receive(file.path, "2025-05");
    expect(batch.problem).toBeNull();
    expect(batch.state).toBe("compared");
    expect(batch.counts).toMatchObject({ rows: 3, valid: 3, differences: { new: 3 } });
    const differences = await office.act(listDifferences, { batchId: batch.batchId });
    expect(differences.rows.map((row) => [row.name, row.reason])).toEqual(
      expect.arrayContaining([
        ["麻成林", "N2"],
        ["龙小娟", "N2"],
        ["石建洪", "N2"],
      ]),
    );
    const preview = await office.act(previewApply, { batchId: batch.batchId });
    expect(preview).toMatchObject({ places: 3, newPersons: 3, newRecords: 2 });
    const applied = await office.apply(batch.batchId);
    expect(applied.problem).toBeNull();
    expect(applied.state).toBe("applied");
    const again = await office.receive(file.path, "2025-05");
    expect(again.counts).toMatchObject({ valid: 3, unchanged: 3, differences: {} });
    file.release();
  });

  test("finds what changed, and an undo restores every byte", async () => {
    const before = await snapshot();
    const june = fixChecks(
      [
        header,
        "1,双龙镇,十八洞村,麻成林,男,433124198802030011,13900002207,是,广东省东莞市,东莞锦达电子公司,2025-06-03,,5200",
        "2,双龙镇,十八洞村,龙小娟,女,433124199003040028,13812342208,是,湖南省长沙市,乐邻家政,2025-06-04,,3600",
        "3,双龙镇,十八洞村,廖红艳,女,433124199908070021,13812342277,否,,,,,",
      ].join("\n"),
    );
    const file = temporaryFile("6月台账.csv", june);
    const batch = await office.receive(file.path, "2025-06");
    const differences = await office.act(listDifferences, { batchId: batch.batchId });
    const byName = Object.fromEntries(differences.rows.map((row) => [row.name, row]));
    expect(byName["麻成林"]).toMatchObject({ kind: "changed", reason: "C1" });
    expect(byName["龙小娟"]).toMatchObject({ kind: "new", reason: "N1" });
    expect(byName["廖红艳"]).toMatchObject({ kind: "new", reason: "N2" });
    expect(byName["石建洪"]).toMatchObject({ kind: "vanished", reason: "V1" });
    expect(byName["麻成林"]!.cells.map((cell) => [cell.label, cell.held, cell.claimed])).toEqual(
      expect.arrayContaining([
        ["联系电话", "138****2207", "139****2207"],
        ["务工记录", "2024-03-01 起 · 义乌市 · 义乌丰禾服饰厂", "2025-06-03 起 · 东莞市 · 东莞锦达电子公司"],
      ]),
    );
    await expect(office.apply(batch.batchId)).rejects.toThrow("超过 3%");
    const { approveVanished } = await import("./contract.ts");
    await office.act(approveVanished, { batchId: batch.batchId }, "reviewer");
    const applied = await office.apply(batch.batchId);
    expect(applied.state).toBe("applied");
    const spells = await sql<{
      name: string;
      employer_name: string;
      end_date: string | null;
      work_state: string;
    }>`SELECT p.name, e.employer_name, e.end_date::text, p.work_state FROM registry.employment e JOIN registry.person p USING (person_id) ORDER BY p.name, e.start_date`.execute(
      runtime.database.worker,
    );
    expect(spells.rows).toEqual([
      { name: "石建洪", employer_name: "德农牧业", end_date: null, work_state: "to-verify" },
      { name: "麻成林", employer_name: "义乌丰禾服饰厂", end_date: "2025-06-02", work_state: "working" },
      { name: "麻成林", employer_name: "东莞锦达电子公司", end_date: null, work_state: "working" },
      { name: "龙小娟", employer_name: "乐邻家政", end_date: null, work_state: "working" },
    ]);
    await office.act(undoBatch, { batchId: batch.batchId });
    await office.drain();
    expect(await office.act(getBatch, { batchId: batch.batchId })).toMatchObject({ state: "undone", problem: null });
    expect(await snapshot()).toBe(before);
    file.release();
  });

  test("says of each faulty cell what is wrong", async () => {
    const file = temporaryFile(
      "坏台账.csv",
      fixChecks(
        [header, "1,双龙镇,十八洞村,麻成林,女,433124198802030011,138,是,义乌,丰禾,2024-02-30,,很多"].join("\n"),
      ),
    );
    const batch = await office.receive(file.path, "2025-06", "work-ledger", { complete: "false" });
    const faults = await office.act(listFaults, { batchId: batch.batchId });
    expect(faults.rows.map((row) => row.code).toSorted()).toEqual([
      "date-impossible",
      "phone-invalid",
      "sex-contradicts",
      "wage-unreadable",
    ]);
    expect(faults.rows.find((row) => row.code === "date-impossible")).toMatchObject({
      suggestion: "2024-02-29",
      severity: "waiting",
    });
    file.release();
  });
});
