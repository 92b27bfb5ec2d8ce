import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { parse } from "csv-parse/sync";
import type { RequestOf } from "../../platform/contract.ts";
import type { Caller, DownloadBody } from "../../platform/module.ts";
import { cellText, isProblem, openSheets } from "../../platform/sheets/index.ts";
import { addPerson, insert } from "../../registry/fixtures.ts";
import { exportResults } from "../contract.ts";
import { AS_OF, MEASURE, officerOf, openDesk, type Desk } from "../desk-fixtures.ts";

let desk: Desk;
let measure: string;
let made = 0;

beforeAll(async () => {
  desk = await openDesk();
  measure = await desk.inForce(MEASURE);
});
afterAll(() => desk?.close());

async function addResult(village: string, row: Readonly<Record<string, unknown>>, name: string): Promise<void> {
  const person = await addPerson(desk.owner, desk.runtime, { homeRegion: village, birthDate: "1990-03-05", name });
  made += 1;
  await insert(desk.owner, "policy.result", {
    version_id: measure,
    row_key: `R${made}`,
    region: village,
    person_id: person.personId,
    as_of: AS_OF,
    screening_id: "1",
    ...row,
  });
}

async function exported(caller: Caller, input: Partial<RequestOf<typeof exportResults>> = {}): Promise<DownloadBody> {
  return (await desk.ask(caller, exportResults, { purpose: "核对名单", ...input })) as unknown as DownloadBody;
}

async function sheetOf(download: DownloadBody): Promise<string[][]> {
  const folder = mkdtempSync(join(tmpdir(), "wengang-results-"));
  const file = join(folder, "out.xlsx");
  try {
    writeFileSync(file, await buffer(download.body as Readable));
    const opened = await openSheets(file);
    if (isProblem(opened)) throw new Error(opened.message);
    await using source = opened;
    const rows: string[][] = [];
    for await (const part of source.rows(0))
      for (const { cells } of part) rows.push(cells.map((cell) => cellText(cell)));
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("results on their way out", () => {
  it("are those of the officer's area and filter, masked, with who took them and what for above", async () => {
    await addResult("433124110226", { outcome: "ELIGIBLE", amount_fen: 30_000, fund: "就业专项资金" }, "=cmd|甲");
    await addResult("433124110226", { outcome: "UNKNOWN", missing_facts: ["介绍机构.资质有效"] }, "乙");
    await addResult("433123100201", { outcome: "ELIGIBLE", amount_fen: 30_000 }, "外县人");
    const officer = officerOf("433124");
    const download = await exported(officer);
    expect(download.fileName).toMatch(/^筛查结果-DC-20250618-\d+\.xlsx$/);
    const [title, header, ...rows] = await sheetOf(download);
    expect(title![0]).toContain(`${officer.name} 2025-06-18 导出`);
    expect(title![0]).toContain("用途：核对名单");
    expect(header).toEqual(["对象", "证件号码", "地区", "政策", "结论", "金额", "资金", "所属日期", "还差"]);
    expect(rows.map(([name = ""]) => name).toSorted()).toEqual(["=cmd|甲", "乙"]);
    expect(rows.every(([, identity]) => /^\d{6}\*{8}\w{4}$/.test(identity!))).toBe(true);
    expect(rows.map((row) => row[8] ?? "").toSorted()).toEqual(["", "缺 就业开始当日介绍方资质有效"]);
    const unknown = await sheetOf(await exported(officer, { outcome: "UNKNOWN", columns: "name,outcome" }));
    expect(unknown.slice(1)).toEqual([
      ["对象", "结论"],
      ["乙", "待核实"],
    ]);
  });

  it("become a CSV in which nothing is run as a formula and money is yuan", async () => {
    const download = await exported(officerOf("433124"), { format: "csv" });
    expect(download.fileName.endsWith(".csv")).toBe(true);
    const rows = parse(await buffer(download.body as Readable), { bom: true, relax_column_count: true });
    expect(rows[0]![0]).toContain("内部资料，不得外传");
    expect(rows[1]).toContain("金额（元）");
    const payable = rows.find((row) => row.includes("符合"))!;
    expect(payable[0]).toBe("'=cmd|甲");
    expect(payable[5]).toBe("300.00");
  });

  it("are refused to nobody's purpose, and beyond a thousand", async () => {
    const officer = officerOf("4331");
    expect(await desk.refusal(officer, exportResults, { purpose: "无" })).toBe("platform.invalid-input");
    expect(await desk.refusal(officerOf("433124", []), exportResults, { purpose: "核对名单" })).toBe(
      "platform.not-permitted",
    );
    await desk.owner.query(
      `INSERT INTO policy.result (version_id, row_key, region, outcome, as_of, screening_id)
       SELECT $1, 'many' || n, '433130', 'UNKNOWN', '2025-06-18', 1 FROM generate_series(1, 999) n`,
      [measure],
    );
    expect(await desk.refusal(officer, exportResults, { purpose: "核对名单" })).toBe("exports.needs-approval");
    const rows = await sheetOf(await exported(officer, { region: "433130" }));
    expect(rows.length).toBe(2 + 999);
  });
});
