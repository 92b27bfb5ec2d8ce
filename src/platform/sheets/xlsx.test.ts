import { afterAll, describe, expect, test } from "vitest";
import type { Cell } from "./cells.ts";
import { readAll, TestFolder, type XlsxFixture, xlsxOf } from "./fixtures.ts";
import { openSheets } from "./open.ts";
import { isProblem } from "./problems.ts";

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());

async function read(fixture: XlsxFixture, options: Parameters<typeof readAll>[1] = {}) {
  const result = await readAll(folder.file(xlsxOf(fixture)), options);
  if (isProblem(result)) throw new Error(result.message);
  return result;
}

async function refusal(fixture: XlsxFixture) {
  const result = await readAll(folder.file(xlsxOf(fixture)));
  return isProblem(result) ? result : null;
}

/** Cells of the first row. */
async function cells(fixture: XlsxFixture): Promise<Cell[]> {
  return (await read(fixture)).rows[0]!.cells;
}

const row = (inner: string, attributes = 'r="1"') => `<row ${attributes}>${inner}</row>`;

describe("texts", () => {
  test("shared, inline and computed texts are texts, also when they look like numbers", async () => {
    const data = row(
      '<c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>433124199001010011</t></is></c><c r="C1" t="str"><v>00123</v></c>',
    );
    expect(await cells({ data, strings: "<si><t>张三</t></si>" })).toEqual(["张三", "433124199001010011", "00123"]);
  });

  test("runs of a rich text are joined and phonetic ones dropped", async () => {
    const strings =
      '<si><r><rPr><b/></rPr><t>吉</t></r><r><t xml:space="preserve">首 市</t></r><rPh sb="0" eb="1"><t>ji</t></rPh><phoneticPr fontId="1"/></si>';
    expect(await cells({ data: row('<c r="A1" t="s"><v>0</v></c>'), strings })).toEqual(["吉首 市"]);
  });

  test("space around a text counts only where the file preserves it", async () => {
    const strings = '<si><t xml:space="preserve"> 李四 </t></si><si><t>\n  王五\n</t></si>';
    const data = row('<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>');
    expect(await cells({ data, strings })).toEqual([" 李四 ", "王五"]);
  });

  test("entities, CDATA, escapes and comments are resolved", async () => {
    const inline = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
    const data = row(
      inline("A&amp;B &lt;&#20013;&#x56FD;&gt;") +
        inline("<![CDATA[<甲>&]]>乙") +
        inline("一_x000D_二_x0000_") +
        inline("前<!-- 注 -->后"),
    );
    expect(await cells({ data })).toEqual(["A&B <中国>", "<甲>&乙", "一\r二", "前后"]);
  });

  test("texts move to disk when they are many, and come back the same", async () => {
    const count = 60_000;
    const strings = Array.from({ length: count }, (_, i) => `<si><t>人员${"某".repeat(i % 20)}${i}</t></si>`).join("");
    const order = (i: number) => (i * 7919) % count;
    const data = Array.from({ length: count / 20 }, (_, r) =>
      row(Array.from({ length: 20 }, (__, c) => `<c t="s"><v>${order(r * 20 + c)}</v></c>`).join(""), `r="${r + 1}"`),
    ).join("");
    const { rows } = await read({ data, strings }, { sharedStringBytes: 1 });
    const flat = rows.flatMap(({ cells: found }) => found);
    expect(flat).toHaveLength(count);
    expect(flat.every((text, i) => text === `人员${"某".repeat(order(i) % 20)}${order(i)}`)).toBe(true);
  });

  test("a text beyond Excel's limit is refused", async () => {
    const data = row(`<c r="A1" t="inlineStr"><is><t>${"字".repeat(40_000)}</t></is></c>`);
    expect((await refusal({ data }))?.code).toBe("sheet.long-text");
  });

  test("a reference to a text that does not exist is refused with its place", async () => {
    const problem = await refusal({ data: row('<c r="C1" t="s"><v>5</v></c>'), strings: "<si><t>甲</t></si>" });
    expect(problem?.message).toContain("第 1 行第 3 列");
  });
});

describe("values", () => {
  test("numbers, booleans, errors and empty cells keep their kind", async () => {
    const data = row(
      '<c r="A1"><v>433124199001010011</v></c><c r="B1"><v>1.5E3</v></c><c r="C1" t="b"><v>1</v></c><c r="D1" t="e"><v>#N/A</v></c><c r="E1" s="1"/><c r="F1" t="n"><v>-0.5</v></c>',
    );
    expect(await cells({ data, formats: [9] })).toEqual([
      433_124_199_001_010_000,
      1500,
      true,
      { kind: "error", text: "#N/A" },
      null,
      -0.5,
    ]);
  });

  test("a formula gives its saved value and says that it is one", async () => {
    const data = row(
      '<c r="A1"><f>SUM(B1:B9)</f><v>12</v></c><c r="B1" t="str"><f>A1&amp;"x"</f><v>12x</v></c><c r="C1"><f t="shared" si="0"/></c><c r="D1" t="str"><f>""</f><v></v></c><c r="E1" s="1"><f>TODAY()</f><v>45352</v></c>',
    );
    expect(await cells({ data, formats: [14] })).toEqual([
      { kind: "formula", value: 12 },
      { kind: "formula", value: "12x" },
      { kind: "formula", value: null },
      null,
      { kind: "formula", value: { kind: "date", serial: 45352, text: "2024-03-01", precision: "day" } },
    ]);
  });

  test("dates of both systems, with what the format shows of them", async () => {
    const formats = ["yyyy-mm-dd", 'yyyy"年"m"月"', "yyyy/m/d h:mm", 57, "h:mm:ss", "[$-804]yyyy年m月d日;@", "yyyy"];
    const data = row(formats.map((_, i) => `<c s="${i + 1}"><v>${i === 4 ? 0.354166667 : 45352.5}</v></c>`).join(""));
    const shown = (await cells({ data, formats })).map((cell) => {
      if (cell === null || typeof cell !== "object" || cell.kind !== "date") throw new Error("no date");
      return `${cell.text} ${cell.precision}`;
    });
    expect(shown).toEqual([
      "2024-03-01 day",
      "2024-03-01 month",
      "2024-03-01T12:00:00 moment",
      "2024-03-01 month",
      "08:30:00 time",
      "2024-03-01 day",
      "2024-03-01 year",
    ]);
    const since1904 = await cells({ data: row('<c s="1"><v>43890</v></c>'), formats: [14], date1904: true });
    expect(since1904).toEqual([{ kind: "date", serial: 45352, text: "2024-03-01", precision: "day" }]);
  });

  test("the days around Excel's 29 February 1900, and numbers that are no date", async () => {
    const data = row([1, 59, 60, 61, -3, 3e9].map((serial) => `<c s="1"><v>${serial}</v></c>`).join(""));
    const shown = (await cells({ data, formats: [14] })).map((cell) => (cell as { text?: string }).text ?? cell);
    expect(shown).toEqual([
      "1900-01-01",
      "1900-02-28",
      "1900-02-29",
      "1900-03-01",
      { kind: "number", value: -3, format: "date" },
      { kind: "number", value: 3e9, format: "date" },
    ]);
  });

  test("number formats that hide something are named", async () => {
    const formats = ["@", "0.00E+00", "000000", "0%", "#,##0.00", '0"天"', "[红色]0;[Red]-0"];
    const data = row(formats.map((_, i) => `<c s="${i + 1}"><v>1234</v></c>`).join(""));
    expect(await cells({ data, formats })).toEqual([
      { kind: "number", value: 1234, format: "text" },
      { kind: "number", value: 1234, format: "scientific" },
      { kind: "number", value: 1234, format: "padded", text: "001234" },
      { kind: "number", value: 1234, format: "percent" },
      1234,
      1234,
      1234,
    ]);
  });

  test("ISO dates of other writers are dates; a number that is none is a text", async () => {
    const data = row(
      '<c t="d"><v>2024-03-01</v></c><c t="d"><v>2024-02-30</v></c><c><v>1e999</v></c><c><v>abc</v></c>',
    );
    expect(await cells({ data })).toEqual([
      { kind: "date", serial: 45352, text: "2024-03-01", precision: "moment" },
      "2024-02-30",
      "1e999",
      "abc",
    ]);
  });
});

describe("layout", () => {
  test("rows and cells without positions are counted on", async () => {
    const data = "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row/><row><c r='C3'><v>4</v></c></row>";
    const { rows, end } = await read({ data });
    expect(rows).toEqual([
      { number: 1, cells: [1, null, 3] },
      { number: 3, cells: [null, null, 4] },
    ]);
    expect(end).toMatchObject({ rows: 2, lastRow: 3, blankRows: 1 });
  });

  test("gaps keep the sheet's own row numbers; blank and styled rows are passed over", async () => {
    const data =
      row('<c r="A2"><v>1</v></c>', 'r="2"') +
      row('<c r="A3" s="1"/>', 'r="3"') +
      row('<c r="B900"><v>2</v></c>', 'r="900" hidden="1"');
    const { rows, end } = await read({ data, formats: [14] });
    expect(rows).toEqual([
      { number: 2, cells: [1] },
      { number: 900, cells: [null, 2], hidden: true },
    ]);
    expect(end).toMatchObject({ blankRows: 898, trailingEmptyRows: 0 });
  });

  test("prefixed names, single quotes and line breaks inside tags are read", async () => {
    const data = `<?xml version="1.0"?><x:worksheet xmlns:x="urn:main"><x:sheetData><x:row r='1'><x:c\n r='A1'\tt='inlineStr' ><x:is><x:t>甲</x:t></x:is></x:c><x:c r="B1"><x:v>2</x:v ></x:c></x:row></x:sheetData></x:worksheet>`;
    expect(await cells({ sheets: [{ data }] })).toEqual(["甲", 2]);
  });

  test("a part in UTF-16 is read", async () => {
    const xml = `\ufeff<?xml version="1.0" encoding="UTF-16"?><worksheet><sheetData>${row('<c t="inlineStr"><is><t>湘西</t></is></c>')}</sheetData></worksheet>`;
    const parts = [{ name: "xl/worksheets/sheet1.xml", data: Buffer.from(xml, "utf16le") }];
    expect(await cells({ parts })).toEqual(["湘西"]);
  });

  test("merged ranges are known before the rows, whatever follows or precedes them", async () => {
    const data = Array.from({ length: 20_000 }, (_, i) => row(`<c r="A${i + 1}"><v>${i}</v></c>`, `r="${i + 1}"`)).join(
      "",
    );
    const after =
      '<mergeCells count="2"><mergeCell ref="A1:C1"/><mergeCell  ref="D1:D2" /></mergeCells><pageMargins left="0.7"/>';
    const source = await openSheets(folder.file(xlsxOf({ data, after })));
    if (isProblem(source)) throw new Error(source.message);
    expect(await source.mergedRanges(0)).toEqual([
      { top: 1, left: 1, bottom: 1, right: 3 },
      { top: 1, left: 4, bottom: 2, right: 4 },
    ]);
    await source.close();
  });

  test("hidden sheets are told, every sheet can be read, one that is not there is refused", async () => {
    const sheets = [
      { name: "甲村", data: row("<c><v>1</v></c>") },
      { name: "字典", data: row("<c><v>2</v></c>"), state: "veryHidden" },
    ];
    const { source } = await read({ sheets });
    expect(source.sheets).toEqual([
      { index: 0, name: "甲村", hidden: false },
      { index: 1, name: "字典", hidden: true },
    ]);
    expect((await read({ sheets }, { sheet: 1 })).rows[0]!.cells).toEqual([2]);
    const missing = await readAll(folder.file(xlsxOf({ sheets })), { sheet: 7 });
    expect(isProblem(missing) && missing.code).toBe("sheet.unknown-sheet");
  });

  test("rows in disorder and columns beyond the sheet are refused", async () => {
    expect((await refusal({ data: row("<c><v>1</v></c>", 'r="5"') + row("<c><v>1</v></c>", 'r="3"') }))?.code).toBe(
      "sheet.row-order",
    );
    expect((await refusal({ data: row('<c r="ZZZ1"><v>1</v></c>') }))?.code).toBe("sheet.damaged");
  });

  test("batches have the size asked for and leaving early closes the file", async () => {
    const data = Array.from({ length: 2500 }, (_, i) => row(`<c><v>${i}</v></c>`, `r="${i + 1}"`)).join("");
    await using source = await openSheets(folder.file(xlsxOf({ data }))).then((opened) => {
      if (isProblem(opened)) throw new Error(opened.message);
      return opened;
    });
    const sizes: number[] = [];
    for await (const batch of source.rows(0, { batchRows: 700 })) sizes.push(batch.length);
    expect(sizes).toEqual([700, 700, 700, 400]);
    for await (const batch of source.rows(0)) {
      expect(batch).toHaveLength(1000);
      break;
    }
  });
});

describe("damage", () => {
  test("XML that stops, crosses or declares entities is refused as damaged", async () => {
    const broken = [
      '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v>',
      '<worksheet><sheetData><row r="1" <c r="A1"/></row></sheetData></worksheet>',
      '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData/></worksheet>',
      "<worksheet><sheetData/></worksheet></worksheet>",
      "<worksheet><sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>\0</t></is></c></row></sheetData></worksheet>",
    ];
    for (const data of broken) expect((await refusal({ sheets: [{ data }] }))?.code).toBe("sheet.damaged");
  });

  test("elements nested without end are refused", async () => {
    expect((await refusal({ data: "<a>".repeat(5000) }))?.code).toBe("sheet.damaged");
  });

  test("a sheet that the workbook names but the file lacks is refused", async () => {
    const rels = `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/none.xml"/></Relationships>`;
    expect((await refusal({ parts: [{ name: "xl/_rels/workbook.xml.rels", data: rels }] }))?.code).toBe(
      "sheet.damaged",
    );
  });
});
