import { createWriteStream, readFileSync } from "node:fs";
import { join } from "node:path";
import ExcelJS from "exceljs";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { annotateWorkbook, type CellMark } from "./annotate.ts";
import { readAll, TestFolder, type XlsxFixture, xlsxOf } from "./fixtures.ts";
import { isProblem } from "./problems.ts";
import { writeCsv } from "./write-csv.ts";
import { writeWorkbook, type WriteSheet } from "./write-workbook.ts";
import { ZipArchive } from "./zip.ts";

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());
let count = 0;
const freshPath = (ending = "xlsx") => join(folder.path, `out${++count}.${ending}`);

async function read(path: string, sheet = 0) {
  const result = await readAll(path, { sheet });
  if (isProblem(result)) throw new Error(result.message);
  return result;
}

async function withExcelJs(path: string): Promise<ExcelJS.Workbook> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(path);
  return workbook;
}

const noteText = (cell: ExcelJS.Cell): string => {
  const note = cell.note as ExcelJS.Comment | string | undefined;
  return typeof note === "string" ? note : (note?.texts ?? []).map(({ text }) => text).join("");
};

const fillOf = (cell: ExcelJS.Cell) => (cell.fill as ExcelJS.FillPattern | undefined)?.fgColor?.argb;

describe("writing a workbook", () => {
  const sheet: WriteSheet = {
    name: "错误清单",
    titleLine: "吉首市2024年3月务工台账错误清单",
    columns: [
      { header: "姓名", kind: "text", width: 12 },
      { header: "身份证号", kind: "text" },
      { header: "务工日期", kind: "date" },
      { header: "月工资", kind: "money" },
      { header: "月数", kind: "int" },
      { header: "性别", kind: "text", allowed: ["男", "女"] },
    ],
    rows: [
      ["张三", "433124199001010011", "2024-03-01", 350_050, 12, "男"],
      {
        cells: ["李四", 43, "2024-03", "三千", null, "女"],
        marks: [
          { column: 2, severity: "error", message: "身份证号位数不对" },
          { column: 6, severity: "warning" },
        ],
      },
    ],
  };

  test("our reader and exceljs see what was written", async () => {
    const path = freshPath();
    expect(await writeWorkbook(path, { sheets: [sheet] })).toEqual({ rows: 2, sheets: 1, comments: 1 });
    const { rows, source } = await read(path);
    expect(rows.map(({ cells }) => cells)).toEqual([
      ["吉首市2024年3月务工台账错误清单"],
      ["姓名", "身份证号", "务工日期", "月工资", "月数", "性别"],
      [
        "张三",
        "433124199001010011",
        { kind: "date", serial: 45352, text: "2024-03-01", precision: "day" },
        3500.5,
        12,
        "男",
      ],
      ["李四", "43", "2024-03", "三千", null, "女"],
    ]);
    expect(source.sheets).toEqual([
      { index: 0, name: "错误清单", hidden: false },
      { index: 1, name: "选项", hidden: true },
    ]);
    const workbook = await withExcelJs(path);
    const seen = workbook.getWorksheet("错误清单")!;
    expect(seen.getCell("C3").value).toEqual(new Date(Date.UTC(2024, 2, 1)));
    expect(seen.getCell("D3").numFmt).toBe("#,##0.00");
    expect(seen.getCell("A1").isMerged).toBe(true);
    expect(noteText(seen.getCell("B4"))).toBe("身份证号位数不对");
    expect(fillOf(seen.getCell("B4"))).toBe("FFFFC9C5");
    expect(fillOf(seen.getCell("F4"))).toBe("FFFFEDB5");
    expect(seen.views[0]).toMatchObject({ state: "frozen", ySplit: 2 });
    expect(seen.pageSetup).toMatchObject({ printTitlesRow: "1:2", fitToWidth: 1, paperSize: 9 });
    expect(seen.getCell("F3").dataValidation.formulae).toEqual(["选项!$A$1:$A$2"]);
  });

  test("no text becomes a formula or a number, whatever it is", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(fc.constantFrom("", "=", "+", "-", "@", "\t", "0"), fc.string({ unit: "binary", maxLength: 12 })),
          { minLength: 1, maxLength: 20 },
        ),
        async (pairs) => {
          const texts = pairs.map(([start, rest]) => start + rest);
          const path = freshPath();
          await writeWorkbook(path, {
            sheets: [{ name: "甲", columns: [{ header: "字", kind: "text" }], rows: texts.map((text) => ["x", text]) }],
          });
          const { rows } = await read(path);
          // Control characters cannot stand in XML; a lone half of a character is no character.
          const shown = (text: string) =>
            text.toWellFormed().replaceAll(/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu, "") || null;
          expect(rows.slice(1).map(({ cells }) => cells[1] ?? null)).toEqual(texts.map(shown));
        },
      ),
      { numRuns: 60 },
    );
    const path = freshPath();
    await writeWorkbook(path, {
      sheets: [{ name: "甲", columns: [{ header: "=1+1", kind: "text" }], rows: [["=cmd|'/c calc'!A0"], ["-1"]] }],
    });
    const seen = (await withExcelJs(path)).worksheets[0]!;
    expect([1, 2, 3].map((row) => seen.getCell(row, 1).type)).toEqual(Array(3).fill(ExcelJS.ValueType.String));
  });

  test("names that Excel does not take are mended, rows may come from a stream, a stream may take them", async () => {
    const path = freshPath();
    async function* rows() {
      for (let i = 0; i < 3000; i++) yield [`人员${i}`];
    }
    const columns = [{ header: "姓名", kind: "text" as const }];
    const sheets = [
      { name: "甲/乙[1]", columns, rows: rows() },
      { name: "甲/乙[1]", columns, rows: [] },
      { name: "长".repeat(40), columns, rows: [] },
    ];
    expect(await writeWorkbook(createWriteStream(path), { sheets })).toMatchObject({ rows: 3000 });
    const { rows: seen, source } = await read(path);
    expect(seen).toHaveLength(3001);
    expect(source.sheets.map(({ name }) => name)).toEqual(["甲 乙 1", "甲 乙 1(2)", "长".repeat(31)]);
  });

  test("a failure of the rows leaves no file behind", async () => {
    const path = freshPath();
    const rows = (function* () {
      yield ["一"];
      throw new Error("source failed");
    })();
    await expect(writeWorkbook(path, { sheets: [{ name: "甲", columns: [], rows }] })).rejects.toThrow("source failed");
    expect(isProblem(await readAll(path).catch(() => ({ code: "x", status: 1, message: "" })))).toBe(true);
  });
});

describe("marking somebody's workbook", () => {
  const original: XlsxFixture = {
    sheets: [
      {
        name: "甲村",
        data: '<row r="1" spans="1:3" ht="30"><c r="A1" s="1" t="inlineStr"><is><t>花名册</t></is></c></row><row r="3" spans="1:2"><c r="A3" t="s"><v>0</v></c><c r="C3" s="2"><v>45352</v></c></row><row r="6"/>',
        after:
          '<mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells><pageMargins left="0.5" right="0.5" top="1" bottom="1" header="0" footer="0"/><extLst><ext uri="x"/></extLst>',
      },
      { name: "乙村", data: '<row r="1"><c r="A1"><v>7</v></c></row>' },
    ],
    strings: "<si><t>张三</t></si>",
    formats: ["@", 14],
    parts: [{ name: "xl/vbaProject.bin", data: Buffer.from([1, 2, 3]) }],
  };
  const mark = (
    row: number,
    column: number,
    message: string,
    severity: CellMark["severity"] = "error",
    sheet = 0,
  ): CellMark => ({ sheet, row, column, message, severity });

  async function annotate(source: string, marks: CellMark[]): Promise<string> {
    const path = freshPath();
    const result = await annotateWorkbook(source, path, marks);
    if (isProblem(result)) throw new Error(result.message);
    return path;
  }

  async function partText(path: string, part: string): Promise<string> {
    const archive = await ZipArchive.open(path);
    try {
      return (await archive.readWhole(part, 2 ** 20)).toString();
    } finally {
      archive.close();
    }
  }

  test("present, missing and empty places are marked; values, formats, merges and other parts stay", async () => {
    const source = folder.file(xlsxOf(original));
    const path = await annotate(source, [
      mark(3, 3, "日期在户口注销之后", "warning"),
      mark(3, 1, "姓名与身份证不符"),
      mark(3, 1, "重复"),
      mark(3, 2, "=缺身份证号"),
      mark(2, 1, "空行"),
      mark(6, 2, "自闭行"),
      mark(9, 28, "表外"),
    ]);
    const before = await read(source);
    const after = await read(path);
    expect(after.rows).toEqual(before.rows);
    expect(await partText(path, "xl/vbaProject.bin")).toBe("\x01\x02\x03");
    expect(await partText(path, "xl/worksheets/sheet2.xml")).toBe(await partText(source, "xl/worksheets/sheet2.xml"));
    const sheet = await partText(path, "xl/worksheets/sheet1.xml");
    expect(sheet).toContain('ht="30"');
    expect(sheet.indexOf("<legacyDrawing")).toBeGreaterThan(sheet.indexOf("<pageMargins"));
    expect(sheet.indexOf("<legacyDrawing")).toBeLessThan(sheet.indexOf("<extLst"));
    const seen = (await withExcelJs(path)).getWorksheet("甲村")!;
    expect(noteText(seen.getCell("A3"))).toBe("姓名与身份证不符\n重复");
    expect(noteText(seen.getCell("B3"))).toBe("=缺身份证号");
    expect(["A2", "A3", "B3", "C3", "B6", "AB9"].map((name) => fillOf(seen.getCell(name)))).toEqual([
      "FFFFC9C5",
      "FFFFC9C5",
      "FFFFC9C5",
      "FFFFEDB5",
      "FFFFC9C5",
      "FFFFC9C5",
    ]);
    expect(seen.getCell("C3").value).toEqual(new Date(Date.UTC(2024, 2, 1)));
    expect(seen.getCell("A1").isMerged).toBe(true);
  });

  test("a second round takes away the first one's marks and keeps people's own comments", async () => {
    const own = new ExcelJS.Workbook();
    const sheet = own.addWorksheet("甲村");
    sheet.addRow(["姓名", "村"]);
    sheet.addRow(["张三", "甲"]);
    sheet.getCell("A2").note = "村里核实过";
    sheet.getCell("B1").fill = { type: "pattern", pattern: "solid", fgColor: { argb: "FF00FF00" } };
    const source = freshPath();
    await own.xlsx.writeFile(source);
    const first = await annotate(source, [mark(2, 1, "姓名有误"), mark(2, 2, "村名有误")]);
    const seen = (await withExcelJs(first)).worksheets[0]!;
    expect(noteText(seen.getCell("A2"))).toBe("村里核实过\n【核对】姓名有误");
    expect(noteText(seen.getCell("B2"))).toBe("村名有误");
    const second = (await withExcelJs(await annotate(first, [mark(1, 1, "表头有误", "warning")]))).worksheets[0]!;
    expect(noteText(second.getCell("A2"))).toBe("村里核实过");
    expect(noteText(second.getCell("B2"))).toBe("");
    expect(noteText(second.getCell("A1"))).toBe("表头有误");
    expect(["A1", "A2", "B2", "B1"].map((name) => fillOf(second.getCell(name)))).toEqual([
      "FFFFEDB5",
      undefined,
      undefined,
      "FF00FF00",
    ]);
  });

  test("any set of marks on any sheet leaves the rows as they are", async () => {
    const place = fc.tuple(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 0, max: 1 }),
    );
    const source = folder.file(xlsxOf(original));
    const before = [await read(source, 0), await read(source, 1)].map(({ rows }) => rows);
    await fc.assert(
      fc.asyncProperty(fc.array(place, { maxLength: 25 }), async (places) => {
        const marks = places.map(([row, column, sheet]) => mark(row, column, `第${row}行有误`, "error", sheet));
        const path = await annotate(source, marks);
        expect([(await read(path, 0)).rows, (await read(path, 1)).rows]).toEqual(before);
        const workbook = await withExcelJs(path);
        for (const [row, column, sheet] of places)
          expect(noteText(workbook.worksheets[sheet]!.getCell(row, column))).toBe(`第${row}行有误`);
        const cleared = await annotate(path, []);
        expect((await read(cleared)).rows).toEqual(before[0]);
        expect((await partText(cleared, "xl/worksheets/sheet1.xml")).match(/<c /g)?.length).toBeGreaterThanOrEqual(3);
      }),
      { numRuns: 25 },
    );
  });

  test("a file that is no .xlsx is refused with another way", async () => {
    const result = await annotateWorkbook(folder.file("a,b\n"), freshPath(), []);
    expect(isProblem(result) && result.code).toBe("sheet.cannot-annotate");
  });
});

describe("writing CSV", () => {
  test("Excel and WPS can read it, and so can we", async () => {
    for (const encoding of ["utf-8", "gb18030"] as const) {
      const path = freshPath("csv");
      const rows = [
        ["张三", "甲,乙", '"引号"'],
        ["李𠮷", "两\n行", null],
        ["=1+1", "-5", -5],
      ];
      expect(await writeCsv(path, rows, { encoding, header: ["姓名", "村", "备注"] })).toBe(3);
      expect(readFileSync(path).subarray(0, 3).toString("hex") === "efbbbf").toBe(encoding === "utf-8");
      expect((await read(path)).rows.map(({ cells }) => cells)).toEqual([
        ["姓名", "村", "备注"],
        ["张三", "甲,乙", '"引号"'],
        ["李𠮷", "两\n行"],
        ["'=1+1", "'-5", "-5"],
      ]);
    }
  });
});
