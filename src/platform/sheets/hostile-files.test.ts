import { createWriteStream, truncateSync } from "node:fs";
import { join } from "node:path";
import { utils, write, type BookType } from "@e965/xlsx";
import { afterAll, describe, expect, test } from "vitest";
import { readAll, sheetXml, TestFolder, xlsxOf, type ZipPart, zipOf } from "./fixtures.ts";
import { encodeGb18030 } from "./gb18030.ts";
import { openSheets } from "./open.ts";
import { isProblem } from "./problems.ts";
import { ZipWriter } from "./zip-writer.ts";
import { inspectZip } from "./zip.ts";

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());

async function refusal(content: Buffer | string, fileName = "台账.xlsx") {
  const result = await readAll(folder.file(content), { fileName });
  return isProblem(result) ? result : null;
}

const oneRow = '<row r="1"><c r="A1"><v>1</v></c></row>';

describe("files that are something else", () => {
  test.each<[string, Buffer, string]>([
    ["JPEG", Buffer.concat([Buffer.from("ffd8ffe000104a464946", "hex"), Buffer.alloc(500, 7)]), "JPEG 图片"],
    ["PNG", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), "PNG 图片"],
    ["PDF", Buffer.from("%PDF-1.7\n1 0 obj\n"), "PDF 文档"],
    ["RAR", Buffer.from("Rar!\x1a\x07\x01\0", "latin1"), "RAR 压缩包"],
    ["7z", Buffer.from("377abcaf271c0004", "hex"), "7z 压缩包"],
    ["gzip", Buffer.from([0x1f, 0x8b, 8, 0, 0]), "gzip 压缩包"],
    ["program", Buffer.from("MZ\x90\0\x03\0\0\0", "latin1"), "可执行程序"],
    ["MHT", Buffer.from("MIME-Version: 1.0\nContent-Type: multipart/related\n"), "网页归档文件"],
  ])("%s named .xlsx is called by its kind", async (_, content, kind) => {
    const problem = await refusal(content);
    expect(problem?.code).toBe("sheet.not-spreadsheet");
    expect(problem?.message).toContain(kind);
  });

  test("an empty file, one of blanks, and bytes without meaning", async () => {
    expect((await refusal(""))?.code).toBe("sheet.empty");
    expect((await refusal(" \r\n\r\n"))?.code).toBe("sheet.empty");
    expect((await refusal(Buffer.from([1, 2, 3, 0, 200, 7, 0, 0])))?.code).toBe("sheet.unreadable");
  });

  test("a Word document, a slide show, a binary workbook and an ordinary zip", async () => {
    const types: ZipPart = { name: "[Content_Types].xml", data: "<Types/>" };
    expect((await refusal(zipOf([types, { name: "word/document.xml", data: "<a/>" }])))?.message).toContain(
      "Word 文档",
    );
    expect((await refusal(zipOf([types, { name: "ppt/presentation.xml", data: "<a/>" }])))?.message).toContain(
      "PowerPoint",
    );
    expect((await refusal(zipOf([types, { name: "xl/workbook.bin", data: "x" }])))?.code).toBe("sheet.binary-workbook");
    expect((await refusal(zipOf([{ name: "台账.xlsx", data: "x" }])))?.code).toBe("sheet.no-workbook");
    expect((await refusal(zipOf([types])))?.code).toBe("sheet.no-workbook");
  });

  test("an OLE container is told apart by its streams", async () => {
    expect((await refusal(oleWith(["Root Entry", "EncryptionInfo", "EncryptedPackage"])))?.code).toBe(
      "sheet.encrypted",
    );
    expect((await refusal(oleWith(["Root Entry", "WordDocument"])))?.message).toContain("Word 文档");
    expect((await refusal(oleWith(["Root Entry", "Contents"])))?.code).toBe("sheet.unreadable");
    expect((await refusal(oleWith(["Root Entry", "Workbook"]).subarray(0, 700)))?.code).toBe("sheet.truncated");
  });

  test("a CSV file named .xlsx is read for what it is", async () => {
    const result = await readAll(folder.file("姓名,村\n张三,甲\n"), { fileName: "台账.xlsx" });
    expect(isProblem(result) ? result : result.source.format).toBe("csv");
  });
});

describe("zips made to harm", () => {
  test("cut off anywhere, the file is refused", async () => {
    const whole = xlsxOf({ data: oneRow });
    for (const keep of [0.2, 0.5, 0.9, 0.999]) {
      const problem = await refusal(whole.subarray(0, Math.floor(whole.length * keep)));
      expect(problem?.code).toMatch(/^sheet\.(truncated|damaged)$/);
    }
  });

  test("a small part that inflates to much is refused before it is inflated", async () => {
    const bomb = xlsxOf({ parts: [{ name: "xl/worksheets/sheet1.xml", data: Buffer.alloc(120 * 2 ** 20, " ") }] });
    expect(bomb.length).toBeLessThan(200_000);
    expect((await refusal(bomb))?.code).toBe("sheet.bomb");
  });

  test("a size that the directory hides shows while inflating", async () => {
    const lying = xlsxOf({
      parts: [{ name: "xl/worksheets/sheet1.xml", data: Buffer.alloc(40 * 2 ** 20, " "), claimedBytes: 500 }],
    });
    expect((await refusal(lying))?.code).toBe("sheet.bomb");
    const short = xlsxOf({ parts: [{ name: "xl/worksheets/sheet1.xml", data: sheetXml(oneRow), claimedBytes: 5000 }] });
    expect((await refusal(short))?.code).toBe("sheet.truncated");
  });

  test("parts that share their bytes, parts of one name, too many parts", async () => {
    const shared = zipOf([
      { name: "a", data: "x".repeat(9999) },
      { name: "b", data: "x".repeat(9999), sharesBytesOf: 0 },
    ]);
    expect((await refusal(shared))?.code).toBe("sheet.bomb");
    const twice = zipOf([
      { name: "xl/workbook.xml", data: "1" },
      { name: "xl/workbook.xml", data: "2" },
    ]);
    expect((await refusal(twice))?.code).toBe("sheet.damaged");
    const many = zipOf(Array.from({ length: 21_000 }, (_, i) => ({ name: `${i}`, data: "", stored: true })));
    expect((await refusal(many))?.code).toBe("sheet.too-many-parts");
  });

  test("all parts together may not exceed the limit", async () => {
    const path = folder.file(xlsxOf({ data: oneRow }));
    const inspection = await inspectZip(path, { inflatedBytes: 1000 });
    expect("code" in inspection && inspection.code).toBe("sheet.bomb");
  });

  test.each(["../../etc/passwd", "/etc/passwd", "C:/Windows/x", "xl/../../x"])(
    "a part named %s is refused",
    async (name) => {
      expect((await refusal(xlsxOf({ data: oneRow, parts: [{ name, data: "x" }] })))?.code).toBe("sheet.unsafe-name");
    },
  );

  test("encrypted parts, unknown compression and changed bytes are refused", async () => {
    const part = { name: "xl/worksheets/sheet1.xml", data: sheetXml(oneRow) };
    expect((await refusal(xlsxOf({ parts: [{ ...part, flags: 0x0801 }] })))?.code).toBe("sheet.encrypted");
    expect((await refusal(xlsxOf({ parts: [{ ...part, claimedChecksum: 1 }] })))?.code).toBe("sheet.damaged");
  });

  test("a workbook inside a workbook is told and never opened", async () => {
    const inner = { name: "xl/embeddings/内.xlsx", data: Buffer.alloc(1000, 1) };
    const result = await readAll(folder.file(xlsxOf({ data: oneRow, parts: [inner] })));
    expect(isProblem(result) ? result : result.source.notices.map(({ code }) => code)).toEqual(["embedded-ignored"]);
  });

  test("macros and links to other workbooks are accepted with a notice", async () => {
    const parts = [
      { name: "xl/vbaProject.bin", data: "x" },
      { name: "xl/externalLinks/externalLink1.xml", data: "<a/>" },
    ];
    const path = folder.file(xlsxOf({ data: oneRow, parts }), "含宏.xlsm");
    const result = await readAll(path);
    if (isProblem(result)) throw new Error(result.message);
    expect(result.rows).toHaveLength(1);
    expect(result.source.notices.map(({ message }) => message)).toEqual([
      "文件含宏，已忽略，只读取单元格中的数据。",
      "文件引用了其他工作簿，只采用保存时的数值。",
    ]);
    expect(await inspectZip(path)).toMatchObject({
      kind: "xlsx",
      notices: [{ code: "macros-ignored" }, { code: "external-links" }],
    });
  });
});

describe("sheets that pretend to be huge", () => {
  test("a dimension of 1,048,576 rows changes nothing", async () => {
    const data = `<worksheet><dimension ref="A1:XFD1048576"/><sheetData>${oneRow}</sheetData></worksheet>`;
    const result = await readAll(folder.file(xlsxOf({ sheets: [{ data }] })));
    expect(isProblem(result) ? result : result.end).toMatchObject({ rows: 1, lastRow: 1, trailingEmptyRows: 0 });
  });

  test("10 million empty styled rows: the data is read, the rest is passed over and told", async () => {
    const path = await emptyRowsFile(10_000_000);
    const before = process.memoryUsage.rss();
    const result = await readAll(path, { zipLimits: { ratio: 2000 } });
    if (isProblem(result)) throw new Error(result.message);
    expect(result.end).toMatchObject({ rows: 1, lastRow: 1, trailingEmptyRows: 1_048_576 });
    expect(result.end.notices[0]!.message).toContain("第 2 行起连续 1048576 个空行");
    expect(process.memoryUsage.rss() - before).toBeLessThan(300 * 2 ** 20);
    const sooner = await readAll(path, { zipLimits: { ratio: 2000 }, emptyRowLimit: 5000 });
    expect(isProblem(sooner) ? sooner : sooner.end.trailingEmptyRows).toBe(5000);
    const bomb = await readAll(path);
    expect(isProblem(bomb) && bomb.code).toBe("sheet.bomb");
  }, 20_000);

  test("data beyond the last row a sheet can have is refused", async () => {
    const result = await refusal(xlsxOf({ data: '<row r="2000000"><c><v>1</v></c></row>' }));
    expect(result?.code).toBe("sheet.row-beyond-limit");
  });
});

describe("formats that are read whole", () => {
  const sheet = utils.aoa_to_sheet([
    ["花名册"],
    ["姓名", "身份证号", "日期"],
    ["张三", "433124199001010011", new Date(Date.UTC(2024, 2, 1))],
    [],
    ["李四", 433_124_199_001_010_000, null, 1.5],
  ]);
  sheet["!merges"] = [{ s: { r: 0, c: 0 }, e: { r: 0, c: 2 } }];
  const book = utils.book_new();
  utils.book_append_sheet(book, sheet, "甲村");
  utils.book_append_sheet(book, utils.aoa_to_sheet([["字典"]]), "字典");
  book.Workbook = { Sheets: [{}, { Hidden: 1 }] };
  const bytes = (bookType: BookType) => write(book, { type: "buffer", bookType }) as Buffer;

  test.each<[BookType, string]>([
    ["biff8", "xls"],
    ["ods", "ods"],
    ["xlml", "html"],
    ["xlsx", "xlsx"],
  ])("%s gives the same cells", async (type, format) => {
    const result = await readAll(folder.file(bytes(type)), { fileName: "花名册.xls" });
    if (isProblem(result)) throw new Error(result.message);
    expect(result.source.format).toBe(format);
    expect(result.source.sheets[0]).toEqual({ index: 0, name: "甲村", hidden: false });
    expect(result.rows).toMatchObject([
      { number: 1, cells: ["花名册"] },
      { number: 2, cells: ["姓名", "身份证号", "日期"] },
      { number: 3, cells: ["张三", "433124199001010011", { kind: "date", text: "2024-03-01" }] },
      { number: 5, cells: ["李四", 433_124_199_001_010_000, null, 1.5] },
    ]);
    expect(result.end).toMatchObject({ rows: 4, lastRow: 5, blankRows: 1 });
  });

  test("hidden sheets and merged cells of an .xls are known", async () => {
    await using source = await openSheets(folder.file(bytes("biff8"))).then((opened) => {
      if (isProblem(opened)) throw new Error(opened.message);
      return opened;
    });
    expect(source.sheets[1]).toEqual({ index: 1, name: "字典", hidden: true });
    expect(await source.mergedRanges(0)).toEqual([{ top: 1, left: 1, bottom: 1, right: 3 }]);
  });

  test("a web page saved as .xls keeps the digits of ID numbers, in either encoding", async () => {
    const page = `<html><head><meta charset="gb2312"></head><body><table><tr><td>姓名</td><td>身份证号</td></tr><tr><td>张三</td><td>433124199001010011</td></tr></table></body></html>`;
    for (const content of [Buffer.from(page), encodeGb18030(page)]) {
      const result = await readAll(folder.file(content), { fileName: "导出.xls" });
      if (isProblem(result)) throw new Error(result.message);
      expect(result.rows.map(({ cells }) => cells)).toEqual([
        ["姓名", "身份证号"],
        ["张三", "433124199001010011"],
      ]);
    }
  });

  test("a file above the size limit, and one that needs too much memory, are refused with advice", async () => {
    const path = folder.file(bytes("biff8"));
    const large = await readAll(path, { legacy: { fileBytes: 1000 } });
    expect(isProblem(large) && large.code).toBe("sheet.too-large");
    const line = `<tr>${"<td>甲村</td>".repeat(20)}</tr>`;
    const wide = folder.file(`<html><body><table>${line.repeat(30_000)}</table></body></html>`);
    const heavy = await readAll(wide, { legacy: { heapMegabytes: 48 } });
    expect(isProblem(heavy) && heavy.code).toBe("sheet.legacy-too-heavy");
  }, 20_000);

  test("reading that takes too long is stopped", async () => {
    const result = await readAll(folder.file(bytes("biff8")), { legacy: { seconds: 0.001 } });
    expect(isProblem(result) && result.code).toBe("sheet.legacy-too-slow");
  });

  test("an .xls cut off is refused", async () => {
    const path = folder.file(bytes("biff8"));
    truncateSync(path, 1500);
    const result = await readAll(path);
    expect(isProblem(result) && result.code).toMatch(/^sheet\.(truncated|damaged)$/);
  });
});

async function emptyRowsFile(rows: number): Promise<string> {
  const path = join(folder.path, "empty-rows.xlsx");
  const zip = new ZipWriter(createWriteStream(path));
  const block = '<row r="" s="5" customFormat="1"><c s="5"/><c s="5"/></row>'.replace(' r=""', "").repeat(1000);
  await zip.add("[Content_Types].xml", ["<Types/>"]);
  await zip.add("xl/workbook.xml", [
    '<workbook xmlns:r="r"><sheets><sheet name="表" sheetId="1"/></sheets></workbook>',
  ]);
  await zip.add(
    "xl/worksheets/sheet1.xml",
    (function* () {
      yield `<worksheet><sheetData>${oneRow}`;
      for (let i = 0; i < rows / 1000; i++) yield block;
      yield "</sheetData></worksheet>";
    })(),
  );
  await zip.finish();
  return path;
}

/** The smallest container that names streams: a header, one sector of directory, one of allocation table. */
function oleWith(names: readonly string[]): Buffer {
  const file = Buffer.alloc(512 * 3, 0xff);
  file.fill(0, 0, 1024);
  Buffer.from("d0cf11e0a1b11ae1", "hex").copy(file);
  file.writeUInt16LE(9, 30);
  file.writeInt32LE(0, 48);
  file.fill(0xff, 76, 512);
  file.writeInt32LE(1, 76);
  for (const [i, name] of names.entries()) {
    const bytes = file.write(name, 512 + i * 128, "utf16le");
    file.writeUInt16LE(bytes + 2, 512 + i * 128 + 64);
  }
  file.writeInt32LE(-2, 1024);
  return file;
}
