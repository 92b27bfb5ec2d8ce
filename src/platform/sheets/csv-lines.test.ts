import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { detectCsvDialect } from "./csv-dialect.ts";
import { readCsvLines } from "./csv-lines.ts";
import { planCsvRanges } from "./csv-ranges.ts";
import { readCsvChunks } from "./csv.ts";
import { encodeGb18030 } from "./gb18030.ts";
import type { LineLook } from "./source.ts";

const folder = mkdtempSync(join(tmpdir(), "wengang-lines-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(content: string | Uint8Array): string {
  const path = join(folder, "a.csv");
  writeFileSync(path, content);
  return path;
}

async function whole(path: string): Promise<Map<number, string[]>> {
  const records = new Map<number, string[]>();
  for await (const chunk of readCsvChunks(path, await detectCsvDialect(path)))
    chunk.records.forEach((record, place) => records.set(chunk.firstRecord + place, record));
  return records;
}

async function looked(path: string, look: LineLook, parts = 1): Promise<Map<number, string[]>> {
  const dialect = await detectCsvDialect(path);
  const records = new Map<number, string[]>();
  for (const range of await planCsvRanges(path, dialect, parts, 1))
    for await (const block of readCsvLines(path, dialect, range, look))
      for (const { number, cells } of block.records) records.set(number, cells);
  return records;
}

const cell = fc.oneof(
  fc.constantFrom("", "麻成", "3800", "2024-03-01", "义乌𠮷丰禾", "a b"),
  fc.constantFrom('"x,y"', '"a""b"', '"两\n行"', '"两\r\n行"', '半"角', '"后"缀', '""'),
);
const table = fc.record({
  rows: fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 30 }),
  lineEnd: fc.constantFrom("\n", "\r\n"),
  lastLineEnd: fc.boolean(),
  mark: fc.boolean(),
  encoded: fc.constantFrom<"utf-8" | "gb18030">("utf-8", "gb18030"),
});

describe("lines that are looked at before they are read", () => {
  test("are the records that a plain reading gives, less those passed over", async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.func(fc.boolean()), async (given, passes) => {
        const text = `名,字\n${given.rows.map((row) => row.join(",")).join(given.lineEnd)}${given.lastLineEnd ? given.lineEnd : ""}`;
        const path = fileOf(given.encoded === "utf-8" ? (given.mark ? "\ufeff" : "") + text : encodeGb18030(text));
        const all = await whole(path);
        expect(await looked(path, () => undefined)).toEqual(all);
        const passed = new Set<number>();
        let before = 0;
        const rest = await looked(path, (bytes, start, end, row) => {
          // What is shown is the line, without its end, and each under a number of its own.
          expect(bytes.subarray(start, end).includes(10)).toBe(false);
          expect(row).toBeGreaterThan(before);
          before = row;
          if (!passes(row)) return "kept";
          passed.add(row);
          return null;
        });
        expect(rest).toEqual(new Map([...all].filter(([number]) => !passed.has(number))));
      }),
      { numRuns: 300 },
    );
  });

  test("are the same wherever the file is divided, and however long its lines are", async () => {
    const rows = Array.from({ length: 4_000 }, (_, n) =>
      [`人${n}`, n % 7 === 0 ? `"行\n${n}"` : "x".repeat(n % 900), n % 13 === 0 ? `"a""${n}"` : String(n)].join(","),
    );
    const path = fileOf(`姓名,备注,号\n${rows.join("\n")}\n`);
    const all = await whole(path);
    const odd: LineLook = (_bytes, _start, _end, row) => (row % 2 === 1 ? null : undefined);
    const one = await looked(path, odd);
    expect(one.size).toBeGreaterThan(1_000);
    for (const [number, cells] of one) expect(cells).toEqual(all.get(number));
    for (const parts of [2, 3, 8]) expect(await looked(path, odd, parts)).toEqual(one);
  });

  test("refuse bytes that are no text by their line, unless they are passed over as known", async () => {
    const path = fileOf(
      Buffer.concat([
        Buffer.from("name,number\nma,1\n"),
        Buffer.from([0xff, 0xff, 0xff, 0x0a]),
        Buffer.from("shi,2\n"),
      ]),
    );
    await expect(looked(path, () => undefined)).rejects.toThrow("第 3 行");
    await expect(looked(path, (_bytes, _start, _end, row) => (row === 3 ? null : undefined))).resolves.toBeDefined();
  });

  test("take the word to Excel for what it is", async () => {
    const path = fileOf("sep=;\n姓名;号\n麻成;1\n");
    expect(await looked(path, () => undefined)).toEqual(await whole(path));
  });
});
