import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { encodeGb18030, isProblem, openSheets, writeWorkbook, type SheetRow } from "../platform/sheets/index.ts";
import { cellText } from "./columns.ts";
import { errorKindIds, errorKinds, type ErrorKindId } from "./kinds.ts";
import { plantErrors, type PlantOptions } from "./plant.ts";

const folder = mkdtempSync(join(tmpdir(), "wengang-plant-"));
afterAll(() => rmSync(folder, { recursive: true }));

const HEADERS = [
  "序号",
  "县市区",
  "乡镇",
  "行政村",
  "姓名",
  "性别",
  "身份证号",
  "出生日期",
  "联系电话",
  "是否务工",
  "务工单位",
  "开始务工时间",
  "结束务工时间",
  "月工资（元）",
  "备注",
];
const CHECKS = "10X98765432";
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** People of a made-up table, each with a valid number; every fourth has stopped working, some have odd cells that need quotes. */
function people(count: number, county = "433124"): string[][] {
  return Array.from({ length: count }, (_, i) => {
    const birth = `19${60 + (i % 38)}${String((i % 12) + 1).padStart(2, "0")}${String((i % 28) + 1).padStart(2, "0")}`;
    const seventeen = `${county}${birth}${String(100 + (i % 900)).padStart(3, "0")}`;
    const number =
      seventeen + CHECKS[WEIGHTS.reduce((sum, weight, at) => sum + weight * Number(seventeen[at]), 0) % 11];
    const working = i % 4 !== 0;
    const day = `${birth.slice(0, 4)}-${birth.slice(4, 6)}-${birth.slice(6)}`;
    return [
      String(i + 1),
      "花垣县",
      "双龙镇",
      i % 3 === 0 ? "十八洞村" : "毛坪村",
      i % 2 === 0 ? "石榴" : "龙门阵",
      i % 2 === 0 ? "女" : "男",
      number,
      day,
      `1380000${String(i).padStart(4, "0")}`,
      working ? "是" : "否",
      i % 5 === 0 ? '东莞市"岚栩"制衣，有限公司' : "昆山市某厂",
      "2021-03-15",
      working ? "" : "2024-11-02",
      String(3000 + (i % 40) * 50),
      i % 7 === 0 ? "一行,\n两行" : "",
    ];
  });
}

function csvText(rows: readonly (readonly string[])[]): string {
  return rows
    .map(
      (row) => `${row.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",")}\r\n`,
    )
    .join("");
}

const renamedVillagesFile = join(folder, "renamed.tsv");
writeFileSync(
  renamedVillagesFile,
  "# former, present, town\n青竹坪村\t十八洞村\t双龙镇\n石榴冲村\t毛坪村\n他处村\t某村\n",
);
const foreignPersonsFile = join(folder, "foreign.tsv");
writeFileSync(
  foreignPersonsFile,
  people(12, "433127")
    .map((row) => `外来${row[0]}\t${row[6]}\n`)
    .join(""),
);

const csvFile = join(folder, "台账.csv");
writeFileSync(csvFile, `\ufeff${csvText([HEADERS, ...people(600)])}合计,,,,600人,,,,,,,,,,\r\n`);
const gb18030File = join(folder, "台账（GB）.csv");
writeFileSync(gb18030File, encodeGb18030(csvText([HEADERS, ...people(600)])));
const xlsxFile = join(folder, "台账.xlsx");
await writeWorkbook(xlsxFile, {
  sheets: ["十八洞村", "毛坪村"].map((name) => ({
    name,
    titleLine: `${name}务工情况台账`,
    columns: HEADERS.map((header) => ({
      header,
      kind: header.startsWith("月工资") || header === "序号" ? ("int" as const) : ("text" as const),
    })),
    rows: people(400, name === "毛坪村" ? "433124" : "433125").map((row) =>
      row.map((cell, i) => (i === 0 || i === 13 ? Number(cell) : cell)),
    ),
  })),
});

let runs = 0;
async function plant(overrides: Partial<PlantOptions> = {}) {
  return plantErrors({
    files: [csvFile],
    outFolder: join(folder, `out${++runs}`),
    seed: "seed",
    counts: 6,
    renamedVillagesFile,
    foreignPersonsFile,
    ...overrides,
  });
}

type Table = Map<string, SheetRow[]>;

async function read(path: string): Promise<Table> {
  const source = await openSheets(path);
  if (isProblem(source)) throw new Error(source.message);
  const table: Table = new Map();
  for (const { index, name } of source.sheets) {
    const rows: SheetRow[] = [];
    for await (const batch of source.rows(index)) rows.push(...batch);
    table.set(name, rows);
  }
  await source.close();
  return table;
}

const textAt = (row: SheetRow, column: number) => cellText(row.cells[column - 1] ?? null);

describe("planted errors", () => {
  test.each([
    ["UTF-8", csvFile],
    ["GB18030", gb18030File],
    ["a workbook", xlsxFile],
  ])("the key names exactly the cells that differ, in %s", async (_, file) => {
    const { files, key, planted, missing } = await plant({ files: [file] });
    expect(missing).toEqual({});
    expect(Object.keys(planted).toSorted()).toEqual([...errorKindIds].toSorted());
    const before = await read(file);
    const after = await read(files[0]!);
    const found = new Set<string>();
    for (const [sheet, rows] of after) {
      const entries = key.filter((entry) => entry.sheet === sheet);
      const copies = new Set(entries.flatMap(({ copyOf, row }) => (copyOf === undefined ? [] : [row])));
      const originals = before.get(sheet)!;
      const kept = rows.filter(({ number }) => !copies.has(number));
      expect(kept.length).toBe(originals.length);
      for (const [i, row] of kept.entries()) {
        for (let column = 1; column <= HEADERS.length; column++) {
          const [was, is] = [textAt(originals[i]!, column), textAt(row, column)];
          if (was === is) continue;
          const entry = entries.find((one) => one.row === row.number && one.columnNumber === column);
          expect(entry, `${sheet} row ${row.number} column ${column}: ${was} → ${is}`).toMatchObject({
            original: was,
            planted: is,
            column: HEADERS[column - 1],
          });
          found.add(`${sheet}|${row.number}|${column}`);
        }
      }
      for (const { copyOf, row, columnNumber, planted: value } of entries.filter(
        (entry) => entry.copyOf !== undefined,
      )) {
        const [original, copy] = [copyOf!, row].map((number) => rows.find((one) => one.number === number)!);
        for (let column = 1; column <= HEADERS.length; column++)
          expect(textAt(copy!, column)).toBe(column === columnNumber ? value : textAt(original!, column));
        found.add(`${sheet}|${row}|${columnNumber}`);
      }
    }
    expect(found.size).toBe(key.length);
  });

  test("no row bears two errors, and copies repeat rows without any", async () => {
    const { key } = await plant();
    const kinds = new Map<number, Set<ErrorKindId>>();
    for (const { row, kind } of key) kinds.set(row, (kinds.get(row) ?? new Set()).add(kind));
    for (const each of kinds.values()) expect(each.size).toBe(1);
    for (const { copyOf } of key) if (copyOf !== undefined) expect(kinds.has(copyOf)).toBe(false);
  });

  test("each kind is what its name says", async () => {
    const { key } = await plant();
    const planted = (kind: ErrorKindId) => key.filter((entry) => entry.kind === kind && !entry.companion);
    for (const entry of planted("full-width-digits")) expect(entry.planted.normalize("NFKC")).toBe(entry.original);
    for (const entry of planted("stray-spaces")) expect(entry.planted.replaceAll(" ", "")).toBe(entry.original);
    for (const entry of planted("lower-case-x")) expect(entry.planted).toMatch(/^\d{17}x$/);
    for (const entry of planted("excel-serial-date"))
      expect(entry).toMatchObject({ original: "2021-03-15", planted: "44270" });
    for (const entry of planted("identity-number-format"))
      expect(entry.planted).toMatch(/^\d{15}000$|^\d\.\d{1,5}E\+17$/);
    for (const entry of planted("february-30")) expect(entry.planted).toBe("2021-02-30");
    for (const entry of planted("identity-fifteen"))
      expect(entry.planted).toBe(entry.original.slice(0, 6) + entry.original.slice(8, 17));
    for (const entry of planted("village-renamed")) expect(["青竹坪村", "石榴冲村"]).toContain(entry.planted);
    for (const entry of planted("village-unknown")) expect(["十八洞村", "毛坪村"]).not.toContain(entry.planted);
    for (const entry of planted("end-before-start")) expect(entry.planted < "2021-03-15").toBe(true);
    for (const entry of planted("wage-absurd")) expect(Number(entry.planted)).toBeGreaterThanOrEqual(300_000);
    for (const entry of planted("phone-invalid")) expect(entry.planted).not.toMatch(/^1\d{10}$/);
    for (const entry of planted("identity-check")) {
      expect(entry.planted.slice(0, 14)).toBe(entry.original.slice(0, 14));
      expect(entry.planted[16]).toBe(entry.original[16]);
      expect(CHECKS[WEIGHTS.reduce((sum, weight, at) => sum + weight * Number(entry.planted[at]), 0) % 11]).not.toBe(
        entry.planted[17],
      );
    }
    for (const entry of planted("other-county")) expect(entry.planted.slice(0, 6)).toBe("433127");
    expect(new Set(planted("other-county").map((entry) => entry.planted)).size).toBe(6);
    for (const entry of key) expect(entry.expected).toBe(errorKinds[entry.kind].expected);
  });

  test("the same seed plants the same, another seed elsewhere", async () => {
    const [first, second, other] = [await plant(), await plant(), await plant({ seed: "other" })];
    expect(second.key).toEqual(first.key);
    expect(readFileSync(second.files[0]!).equals(readFileSync(first.files[0]!))).toBe(true);
    expect(other.key.map(({ row }) => row)).not.toEqual(first.key.map(({ row }) => row));
  });

  test("the key file holds the key, line by line", async () => {
    const { keyFile, key } = await plant();
    const lines = readFileSync(keyFile, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(JSON.parse(JSON.stringify(key)));
  });

  test("untouched bytes of a CSV file stay as they are", async () => {
    const { files, key } = await plant({ counts: { "name-missing": 1 } });
    const [before, after] = [csvFile, files[0]!].map((path) => readFileSync(path, "utf8").split("\r\n"));
    const differing = before!.flatMap((line, i) => (line === after![i] ? [] : [i]));
    expect(key).toHaveLength(1);
    expect(differing).toHaveLength(1);
    expect(after!.length).toBe(before!.length);
  });

  test("the parts of a workbook that hold no planted row are copied as they are", async () => {
    const { files, key } = await plant({ files: [xlsxFile], counts: { "wage-negative": 1 } });
    const sheet = key[0]!.sheet;
    const [before, after] = [await read(xlsxFile), await read(files[0]!)];
    for (const [name, rows] of before) if (name !== sheet) expect(after.get(name)).toEqual(rows);
    const row = after.get(sheet)!.find(({ number }) => number === key[0]!.row)!;
    expect(row.cells[13]).toBe(Number(key[0]!.planted));
  });

  test("one number stands for all kinds whose lists are given, over all files together", async () => {
    const { planted, key } = await plantErrors({
      files: [csvFile, xlsxFile],
      outFolder: join(folder, "two"),
      seed: "s",
      counts: 4,
    });
    expect(planted["village-renamed"]).toBeUndefined();
    expect(planted["other-county"]).toBeUndefined();
    expect(planted["sex-contradicts"]).toBe(4);
    expect(new Set(key.map(({ file }) => file))).toEqual(new Set([csvFile, xlsxFile].map((file) => basename(file))));
  });

  test("what the files cannot bear is told", async () => {
    const { missing, planted } = await plant({ counts: { "end-missing": 100_000, "other-county": 50 } });
    expect(planted["end-missing"]).toBe(150);
    expect(missing).toEqual({ "end-missing": 99_850, "other-county": 38 });
  });
});
