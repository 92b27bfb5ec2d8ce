import { utils, write } from "@e965/xlsx";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { readAll, TestFolder, xlsxOf, zipOf } from "./fixtures.ts";
import { encodeGb18030 } from "./gb18030.ts";
import { isProblem } from "./problems.ts";

/**
 * Damaged files by the thousand, the same ones each time. Whatever the bytes, reading ends: with rows or with a refusal
 * in Chinese, within the time of the test, and with bounded memory.
 */
const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());

/** A small generator of its own: the mutations are to stay the same when a library changes. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) | 0;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
}

function mutate(original: Buffer, seed: number): Buffer {
  const random = randomFrom(seed);
  let bytes = Buffer.from(original);
  for (let times = 1 + random(6); times > 0; times--) {
    const at = random(Math.max(1, bytes.length));
    const length = 1 + random(20);
    switch (random(6)) {
      case 0:
        bytes[at] = random(256);
        break;
      case 1:
        bytes[at] = bytes[at]! ^ (1 << random(8));
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(random(bytes.length)), bytes.subarray(at)]);
        break;
      case 4:
        bytes = bytes.subarray(0, Math.max(1, at));
        break;
      default:
        bytes.fill([0, 0xff, 0x22, 0x3c][random(4)]!, at, Math.min(bytes.length, at + length));
    }
  }
  return bytes;
}

const sheet = Array.from(
  { length: 40 },
  (_, i) =>
    `<row r="${i + 1}" spans="1:6"><c r="A${i + 1}" t="s"><v>${i % 3}</v></c><c r="B${i + 1}" t="inlineStr"><is><r><t xml:space="preserve"> 甲&amp;乙 </t></r></is></c><c r="C${i + 1}" s="1"><v>${45_000 + i}</v></c><c r="D${i + 1}"><f>A1</f><v>1</v></c><c r="E${i + 1}" t="b"><v>1</v></c></row>`,
).join("");
const strings = "<si><t>张三</t></si><si><t>李四</t><rPh><t>x</t></rPh></si><si><t>_x000D_</t></si>";
const workbook = xlsxOf({
  data: sheet,
  strings,
  formats: [14],
  after: '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>',
});
const sheetText = `<?xml version="1.0"?><worksheet><sheetData>${sheet}</sheetData></worksheet>`;

const csv = "姓名,身份证号,备注\r\n" + '张三,433124199001010011,"有,逗号"\r\n李四,43,"两\r\n行"\r\n'.repeat(20);
const legacy = (() => {
  const book = utils.book_new();
  utils.book_append_sheet(
    book,
    utils.aoa_to_sheet([
      ["姓名", "号"],
      ["张三", 43.5],
      ["李四", true],
    ]),
    "甲",
  );
  return write(book, { type: "buffer", bookType: "biff8" }) as Buffer;
})();

async function survives(bytes: Buffer, name: string): Promise<void> {
  const path = folder.file(bytes, name);
  const result = await readAll(path, { fileName: name, legacy: { heapMegabytes: 256, seconds: 20 } });
  if (!isProblem(result)) return;
  expect(result.code).toMatch(/^sheet\./);
  expect(result.message).toMatch(/[\u4e00-\u9fff]/);
}

async function survivesAll(count: number, make: (seed: number) => Buffer, name: string): Promise<void> {
  const before = process.memoryUsage.rss();
  for (let seed = 1; seed <= count; seed++) {
    await survives(make(seed), name).catch((error: unknown) => {
      throw new Error(`seed ${seed}`, { cause: error });
    });
  }
  expect(process.memoryUsage.rss() - before).toBeLessThan(500 * 2 ** 20);
}

describe("damaged files", () => {
  test("715 workbooks with damaged bytes", () => survivesAll(715, (seed) => mutate(workbook, seed), "a.xlsx"), 30_000);

  test("605 workbooks with damaged XML in a sound zip", () => {
    const make = (seed: number) => {
      const target = ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"][
        seed % 4
      ]!;
      const source =
        seed % 4 === 0
          ? sheetText
          : seed % 4 === 1
            ? `<sst>${strings}</sst>`
            : seed % 4 === 2
              ? "<styleSheet><cellXfs><xf/><xf numFmtId='14'/></cellXfs></styleSheet>"
              : '<workbook xmlns:r="r"><sheets><sheet name="甲" sheetId="1" r:id="rId1"/></sheets></workbook>';
      return xlsxOf({
        data: sheet,
        strings,
        formats: [14],
        parts: [{ name: target, data: mutate(Buffer.from(source), seed) }],
      });
    };
    return survivesAll(605, make, "b.xlsx");
  }, 30_000);

  test(
    "650 text files",
    () => survivesAll(650, (seed) => mutate(seed % 2 ? Buffer.from(csv) : encodeGb18030(csv), seed), "c.csv"),
    30_000,
  );

  test(
    "30 workbooks of the old format, each in its thread",
    () => survivesAll(30, (seed) => mutate(legacy, seed), "d.xls"),
    60_000,
  );

  test("any bytes at all, under any name", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom("e.xlsx", "e.csv", "e.ods"),
        async (bytes, name) => {
          await survives(Buffer.concat([name === "e.xlsx" ? zipOf([]).subarray(0, 4) : Buffer.alloc(0), bytes]), name);
        },
      ),
      { numRuns: 200, seed: 7 },
    );
  }, 30_000);
});
