import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { detectCsvDialect } from "./csv-dialect.ts";
import { CsvSplitter } from "./csv-splitter.ts";
import { planCsvRanges, surveyCsv } from "./csv-ranges.ts";
import { type CsvChunk, readCsvChunks } from "./csv.ts";
import { readAll, TestFolder } from "./fixtures.ts";
import { encodeGb18030 } from "./gb18030.ts";
import { isProblem } from "./problems.ts";

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());

async function rowsOf(content: Buffer | string, fileName = "台账.csv") {
  const result = await readAll(folder.file(content), { fileName });
  if (isProblem(result)) throw new Error(result.message);
  return result.rows.map(({ cells }) => cells);
}

async function refusal(content: Buffer | string) {
  const result = await readAll(folder.file(content), { fileName: "台账.csv" });
  return isProblem(result) ? result : null;
}

async function collect(chunks: AsyncIterable<CsvChunk>): Promise<string[][]> {
  const records: string[][] = [];
  for await (const chunk of chunks) {
    expect(chunk.firstRecord - 1).toBe(records.length);
    records.push(...chunk.records);
  }
  return records;
}

const table = [
  ["姓名", "身份证号"],
  ["张三", "433124199001010011"],
];

describe("encodings", () => {
  test.each([
    ["UTF-8", Buffer.from("姓名,身份证号\n张三,433124199001010011\n")],
    ["UTF-8 with a mark", Buffer.from("\ufeff姓名,身份证号\r\n张三,433124199001010011")],
    ["GB18030", encodeGb18030("姓名,身份证号\r\n张三,433124199001010011\r\n")],
    ["UTF-16 with a mark", Buffer.from("\ufeff姓名\t身份证号\r\n张三\t433124199001010011\r\n", "utf16le")],
    ["lines of an old Mac", Buffer.from("姓名,身份证号\r张三,433124199001010011\r")],
  ])("%s", async (_, content) => {
    expect(await rowsOf(content)).toEqual(table);
  });

  test("characters that only GB18030's four bytes hold", async () => {
    const rare = "䶮㼆𠮷𬭬ǹ₩€";
    expect(await rowsOf(encodeGb18030(`姓名,村\n${rare},吉首\n`))).toEqual([
      ["姓名", "村"],
      [rare, "吉首"],
    ]);
  });

  test("every character survives the encoder, or becomes its successor", () => {
    const decoder = new TextDecoder("gb18030");
    const changed: string[] = [];
    for (let point = 0; point <= 0x10ffff; point++) {
      if (point >= 0xd800 && point <= 0xdfff) continue;
      const text = String.fromCodePoint(point);
      const back = decoder.decode(encodeGb18030(text));
      if (back !== text) changed.push(`${point.toString(16)} ${back.codePointAt(0)!.toString(16)}`);
    }
    expect(changed).toEqual([
      "e5e5 fffd",
      "e78d fe10",
      "e78e fe12",
      "e78f fe11",
      "e790 fe13",
      "e791 fe14",
      "e792 fe15",
      "e793 fe16",
      "e794 fe17",
      "e795 fe18",
      "e796 fe19",
      "e81e 9fb4",
      "e826 9fb5",
      "e82b 9fb6",
      "e82c 9fb7",
      "e832 9fb8",
      "e843 9fb9",
      "e854 9fba",
      "e864 9fbb",
    ]);
    expect(decoder.decode(encodeGb18030("一𠮷\ud800二"))).toBe("一𠮷\ufffd二");
  });

  test("the first Chinese name after a megabyte of digits still decides the encoding", async () => {
    const digits = "433124199001010011,1\n".repeat(60_000);
    const rows = await rowsOf(Buffer.concat([Buffer.from(digits), encodeGb18030("张三,2\n")]));
    expect(rows.at(-1)).toEqual(["张三", "2"]);
  });

  test("bytes that are no text are refused with their line", async () => {
    const good = encodeGb18030("张三,甲村\n".repeat(30_000));
    const problem = await refusal(Buffer.concat([good, Buffer.from("李四,\xff\xff\n", "latin1"), good]));
    expect(problem).toMatchObject({ code: "sheet.undecodable", details: { line: 30_001 } });
  });
});

describe("shape", () => {
  test.each([
    [",", "甲县2024年3月台账\n姓名,村,备注\n张三,甲,a;b\n李四,乙,c;d\n"],
    ["\t", "姓名\t村,组\t备注\n张三\t甲,1\t\n"],
    [";", "姓名;村;备注\n张三;1,5;\n李四;2,5;\n"],
    ["，", "姓名，村，备注\n张三，甲，无\n"],
    ["|", "姓名|村|备注\n张三|甲|无\n"],
  ])("the separator %j is found", async (separator, content) => {
    expect((await detectCsvDialect(folder.file(content))).separator).toBe(separator);
  });

  test("a line sep=; is obeyed and is no row", async () => {
    expect(await rowsOf("sep=;\na;b,c\n1;2\n")).toEqual([
      ["a", "b,c"],
      ["1", "2"],
    ]);
  });

  test("quotes hold separators, line ends and quotes; blank lines keep their numbers", async () => {
    const result = await readAll(folder.file('a,"b,1"\r\n\r\n"x\r\ny","say ""hi"""\r\n,,\r\nz\r\n'), {
      fileName: "a.csv",
    });
    if (isProblem(result)) throw new Error(result.message);
    expect(result.rows).toEqual([
      { number: 1, cells: ["a", "b,1"] },
      { number: 3, cells: ["x\r\ny", 'say "hi"'] },
      { number: 5, cells: ["z"] },
    ]);
    expect(result.end).toMatchObject({ rows: 3, lastRow: 5, blankRows: 2 });
  });

  test("quotes in the middle of a cell are characters, as Excel reads them", async () => {
    expect(await rowsOf('a,5" 管,b\n"x"y,z,w\n')).toEqual([
      ["a", '5" 管', "b"],
      ["xy", "z", "w"],
    ]);
  });

  test("a quote that never closes is refused with the line where it opens", async () => {
    const problem = await refusal(`a,b\n"1\n2",3\n4,"5\n${"6,7\n".repeat(10)}`);
    expect(problem).toMatchObject({ code: "sheet.unclosed-quote", details: { line: 4 } });
    expect(problem?.message).toContain("第 4 行");
    const long = await refusal(`a,b\n1,"x\n${"6,7\n".repeat(600_000)}`);
    expect(long).toMatchObject({ code: "sheet.unclosed-quote", details: { line: 2 } });
  });

  test("a file that is one endless line is refused, not held", async () => {
    expect((await refusal("甲,".repeat(8_000_000)))?.code).toBe("sheet.long-row");
  });

  test("more cells in a line than a sheet has columns are refused", async () => {
    expect((await refusal('"甲",'.repeat(900_000)))?.code).toBe("sheet.long-row");
  });
});

/** Cells made of what is hard: quotes, separators, line ends, spaces, wide characters. */
const hardCell = fc.string({
  unit: fc.constantFrom('"', ",", "\n", "\r\n", " ", "a", "张", "\t", "𠮷", "'"),
  maxLength: 8,
});
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
const recordArbitrary = fc.array(fc.tuple(hardCell, fc.boolean()), { minLength: 1, maxLength: 6 });

function lineOf(record: readonly (readonly [string, boolean])[]): string {
  return record.map(([cell, quote]) => (quote || /["\n\r,]/.test(cell) ? quoted(cell) : cell)).join(",");
}

describe("agreement with csv-parse", () => {
  test("the same cells for every valid file, wherever the blocks are cut", () => {
    fc.assert(
      fc.property(
        fc.array(recordArbitrary, { minLength: 1, maxLength: 12 }),
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        (records, lineEnd, closed, block) => {
          const text = records.map(lineOf).join(lineEnd) + (closed ? lineEnd : "");
          const splitter = new CsvSplitter(",", "\n");
          const ours: string[][] = [];
          for (let at = 0; at < text.length; at += block) ours.push(...splitter.push(text.slice(at, at + block)));
          ours.push(...splitter.push("", true));
          const theirs = parse(text, {
            relax_column_count: true,
            record_delimiter: ["\r\n", "\n"],
            skip_empty_lines: false,
          });
          expect(ours).toEqual(theirs);
        },
      ),
      { numRuns: 1500 },
    );
  });

  test("ranges read apart give the same records as the whole", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(recordArbitrary, { minLength: 300, maxLength: 400 }),
        fc.integer({ min: 2, max: 7 }),
        fc.constantFrom("\n", "\r\n"),
        async (records, parts, lineEnd) => {
          const head = records.map(lineOf).join(lineEnd) + lineEnd;
          const text = `"开,始"${lineEnd}${head.repeat(Math.ceil(600_000 / Buffer.byteLength(head)))}`;
          const file = folder.file(text, "ranges.csv");
          const dialect = { encoding: "utf-8", separator: ",", markBytes: 0, lineEnd: "\n" } as const;
          const whole = await collect(readCsvChunks(file, dialect));
          const joined: string[][] = [];
          for (const range of await planCsvRanges(file, dialect, parts)) {
            expect(range.firstRecord - 1).toBe(joined.length);
            for await (const chunk of readCsvChunks(file, dialect, range)) joined.push(...chunk.records);
          }
          expect(joined.length).toBe(whole.length);
          expect(joined).toEqual(whole);
        },
      ),
      { numRuns: 8 },
    );
  });

  describe("one look at a file finds how it is written and its parts as two would", () => {
    const plain = "1,2\n".repeat(100_000);
    const chinese = Buffer.from('姓名,"单,位"\n'.repeat(20_000));
    const files: Readonly<Record<string, Buffer>> = {
      "UTF-8": chinese,
      "UTF-8 with its mark": Buffer.concat([Buffer.from("\ufeff"), chinese]),
      GB18030: encodeGb18030(chinese.toString()),
      "digits first, GB18030 long after": Buffer.concat([
        Buffer.from(plain),
        encodeGb18030("张三,李四\n".repeat(50_000)),
      ]),
      "cut inside a character at the end": Buffer.concat([Buffer.from(plain), Buffer.from("张").subarray(0, 2)]),
      "UTF-16": Buffer.from(`\ufeff${chinese.toString()}`, "utf16le"),
      "with a word on its separator": Buffer.from(`sep=;\n${"1;2\n".repeat(100_000)}`),
      "of an old Mac": Buffer.from(plain.replaceAll("\n", "\r")),
      empty: Buffer.alloc(0),
    };
    test.each(Object.keys(files))("%s", async (name) => {
      const file = folder.file(files[name]!, "look.csv");
      for (const parts of [1, 2, 5]) {
        const dialect = await detectCsvDialect(file, "look.csv");
        expect(await surveyCsv(file, "look.csv", parts, 1)).toEqual({
          dialect,
          ranges: await planCsvRanges(file, dialect, parts, 1),
        });
      }
    });
  });
});
