import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { isProblem, openSheets, type SheetRow } from "../platform/sheets/index.ts";
import { sharedDivisions } from "./fixtures.ts";
import { formKinds } from "./forms.ts";
import { createPopulation, writeProvince, type ProvinceOptions } from "./write-province.ts";

const folder = mkdtempSync(join(tmpdir(), "wengang-synth-"));
afterAll(() => rmSync(folder, { recursive: true }));

let runs = 0;
async function write(overrides: Partial<ProvinceOptions> = {}) {
  const outFolder = join(folder, String(++runs));
  const written = await writeProvince({
    size: "county",
    persons: 1500,
    seed: "files",
    region: "433124",
    month: "2025-06-18",
    divisions: sharedDivisions(),
    formats: ["csv"],
    outFolder,
    ...overrides,
  });
  return { ...written, outFolder };
}

async function readSheets(path: string): Promise<Map<string, SheetRow[]>> {
  const source = await openSheets(path);
  if (isProblem(source)) throw new Error(source.message);
  const sheets = new Map<string, SheetRow[]>();
  for (const { index, name } of source.sheets) {
    const rows: SheetRow[] = [];
    for await (const batch of source.rows(index)) rows.push(...batch);
    sheets.set(name, rows);
  }
  await source.close();
  return sheets;
}

/** Our own files hold texts and numbers only. */
function cellWords(cell: SheetRow["cells"][number]): string {
  if (cell !== null && typeof cell === "object") throw new Error(`a cell of kind ${cell.kind}`);
  return cell === null ? "" : String(cell);
}

describe("files of a month", () => {
  test("the same seed makes the same bytes, another seed others", async () => {
    const formats = ["csv", "csv-gb18030", "xlsx", "xlsx-villages"] as const;
    const [first, second, other] = [
      await write({ persons: 300, formats, kinds: formKinds }),
      await write({ persons: 300, formats, kinds: formKinds }),
      await write({ persons: 300, seed: "other" }),
    ];
    expect(second.files).toEqual(first.files);
    expect(first.files).toHaveLength(24);
    expect(other.files[0]!.sha256).not.toBe(first.files[0]!.sha256);
  });

  /** A change of these digests means that every file made from a seed has changed: intended, a mistake, or other shipped divisions. */
  test("are the same on every machine", async () => {
    const { files } = await write({ formats: ["csv", "xlsx"] });
    expect(files.map(({ sha256 }) => sha256)).toEqual([
      "38bf2801c25d86892b52c21f6ffa6a659e2f3296293aaf5682a661e2fb21f4c9",
      "e8cb8b1f22eb46a87475e27264cc2d8d25177d82c0743e356ee9fe44ae34c02d",
    ]);
  });

  test("do not depend on the number of threads", async () => {
    const options = { size: "prefecture", region: "4331", persons: 3000 } as const;
    const [one, three] = [await write({ ...options, threads: 1 }), await write({ ...options, threads: 3 })];
    expect(three.files).toEqual(one.files);
  });

  test("both encodings and the workbook hold the same people in the same order", async () => {
    const { files, outFolder } = await write({ formats: ["csv", "csv-gb18030", "xlsx"] });
    const [utf8, gb18030, xlsx] = await Promise.all(
      files.map(async ({ name }) => [...(await readSheets(join(outFolder, name))).values()][0]!),
    );
    const texts = (rows: SheetRow[]) => rows.map(({ cells }) => cells.map(cellWords));
    expect(texts(gb18030!)).toEqual(texts(utf8!));
    const people = xlsx!.slice(4, -2);
    expect(people.map(({ cells }) => [cells[7], cells[9]])).toEqual(
      utf8!.slice(1).map(({ cells }) => [cells[7], cells[9]]),
    );
    expect(new TextDecoder("gb18030", { fatal: true }).decode(readFileSync(join(outFolder, files[1]!.name)))).toContain(
      "花垣县",
    );
  });

  test("a workbook has a title, a header in two rows, sums and a signature", async () => {
    const { files, outFolder } = await write({ formats: ["xlsx"] });
    const rows = [...(await readSheets(join(outFolder, files[0]!.name))).values()][0]!;
    expect(rows[0]!.cells[0]).toBe("花垣县2025年6月脱贫人口（含监测对象）务工情况台账");
    expect(rows[1]!.cells[0]).toMatch(/^填报单位：.*填报日期：2025年6月18日$/);
    expect(rows[2]!.cells).toContain("务工地点");
    expect(rows[3]!.cells.slice(19, 22)).toEqual(["省", "市", "县"]);
    expect(rows.at(-2)!.cells[0]).toBe("合计");
    expect(rows.at(-2)!.cells[7]).toBe(`${files[0]!.rows}人`);
    expect(rows.at(-1)!.cells[0]).toMatch(/^填表人：.+审核人：.+联系电话：\d{11}$/);
  });

  test("sent by villages, each has a sheet of its own and writes days in its own manner", async () => {
    const { files, outFolder } = await write({ formats: ["xlsx-villages"] });
    const sheets = await readSheets(join(outFolder, files[0]!.name));
    expect(sheets.size).toBeGreaterThan(150);
    expect([...sheets.values()].reduce((sum, rows) => sum + rows.length - 6, 0)).toBe(files[0]!.rows);
    const births = [...sheets.values()].map((rows) => cellWords(rows[4]!.cells[10]!));
    for (const manner of [
      /^\d{4}-\d\d-\d\d$/,
      /^\d{4}\/\d+\/\d+$/,
      /^\d{4}\.\d+\.\d+$/,
      /^\d{4}年\d+月\d+日$/,
      /^\d{8}$/,
    ])
      expect(births.some((birth) => manner.test(birth))).toBe(true);
  });

  test("each group has a list, and everybody in it is told why", async () => {
    const { files, outFolder } = await write({ groups: ["relocated", "disabled-rural"], threads: 2 });
    expect(files.map(({ kind }) => kind)).toEqual(["work-ledger", "assisted-list", "assisted-list"]);
    const disabled = [...(await readSheets(join(outFolder, files[2]!.name))).values()][0]!;
    expect(files[2]!.rows).toBeGreaterThan(20);
    for (const { cells } of disabled.slice(1))
      expect([cells[14], cells[18]]).toEqual(["农村残疾人", expect.stringMatching(/残疾[一二三四]级$/)]);
  });

  test("manifest and differences lie beside them", async () => {
    const { files, differences, outFolder } = await write({ withDifferences: true });
    expect(JSON.parse(readFileSync(join(outFolder, "manifest.json"), "utf8"))).toMatchObject({
      seed: "files",
      region: "433124",
      day: "2025-06-18",
      files: JSON.parse(JSON.stringify(files)),
    });
    expect(JSON.parse(readFileSync(join(outFolder, "differences.json"), "utf8"))).toMatchObject({
      before: "2025-05-18",
      after: "2025-06-18",
      rowsAfter: files[0]!.rows,
    });
    expect(differences!.rowsAfter).toBe(files[0]!.rows);
  });

  test("each size finds its region, and one without villages is refused", () => {
    const divisions = sharedDivisions();
    expect(
      createPopulation({ size: "village", seed: "s", region: "433124", divisions }).counties[0]!.villages,
    ).toHaveLength(1);
    expect(createPopulation({ size: "prefecture", seed: "s", region: "433124", divisions }).region).toBe("4331");
    expect(
      createPopulation({ size: "province", seed: "s", region: "43", persons: 5000, divisions }).counties.length,
    ).toBeGreaterThan(100);
    expect(() => createPopulation({ size: "county", seed: "s", region: "110101", divisions })).toThrow(/no villages/);
  });
});
