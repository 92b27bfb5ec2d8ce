import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { encodeGb18030, HEAD_BYTES } from "../../../platform/sheets/index.ts";
import { bankFormats, type BankFormat } from "../../contract.ts";
import type { AnswerLine, BadLine, PaymentLine, StatedTotals } from "./adapter.ts";
import { answerAsBank } from "./fixtures.ts";
import { adapterFor, adapterOf } from "./index.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wengang-banks-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Said = AnswerLine | BadLine | StatedTotals;
async function readAll(path: string): Promise<Said[]> {
  const file = { path, name: path, head: (await readFile(path)).subarray(0, HEAD_BYTES) };
  const said: Said[] = [];
  for await (const part of adapterFor(file).read(file)) said.push(...part);
  return said;
}
const answersOf = (said: readonly Said[]) => said.filter((one) => "line" in one);
const faultsOf = (said: readonly Said[]) => said.filter((one) => "why" in one);

async function write(format: BankFormat, lines: readonly PaymentLine[], name = "sent"): Promise<string> {
  const adapter = adapterOf(format);
  const path = join(folder, `${name}.${adapter.extension}`);
  const totalFen = lines.reduce((sum, { amountFen }) => sum + amountFen, 0);
  const head = { number: "FF433124-000001", payments: lines.length, totalFen, day: "2025-06-18" };
  await adapter.write(
    createWriteStream(path),
    head,
    (async function* () {
      yield* lines;
    })(),
  );
  return path;
}

/** Names as registers have them: common characters, rare ones of later planes, minorities' dots, enterprises' brackets. */
const name = fc
  .array(fc.constantFrom(..."石春梅龙𠮷㛃䶮𬱖𫘧堃犇喆赟·（）A1、&'\"，,；;－#《》"), { minLength: 1, maxLength: 24 })
  .map((parts) => parts.join(""))
  // A bank's own sign for a character that it does not have is no name; a sum's line begins with 合计.
  .filter((text) => text.trim() === text && text.trim() !== "");
const digits = (minLength: number, maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength, maxLength }).map((all) => all.join(""));
const payments = fc
  .array(
    fc.record({
      payeeName: name,
      account: digits(8, 30),
      bank: fc.constantFrom("", "花垣县农村商业银行", "中国农业银行花垣县支行"),
      amountFen: fc.integer({ min: 1, max: 99_999_999_999 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((rows) =>
    rows.map((row, index): PaymentLine => ({
      ...row,
      line: index + 1,
      title: "一次性交通补助",
      claimNumber: `BT433124-0000000${index}`,
    })),
  );

describe("a bank's file", () => {
  test.each(bankFormats)(
    "of format %s comes back as it went: names, accounts and amounts of every line",
    async (format) => {
      await fc.assert(
        fc.asyncProperty(payments, fc.integer({ min: 0, max: 4 }), async (lines, failing) => {
          const sent = await write(format, lines);
          const answer = join(folder, `answer.${adapterOf(format).extension}`);
          const failed = (line: number) => line % 5 === failing;
          await answerAsBank(format, sent, answer, (line) =>
            failed(line) ? { failure: "账户已销户" } : { reference: `L${line}` },
          );
          const said = await readAll(answer);
          expect(faultsOf(said)).toEqual([]);
          expect(
            answersOf(said).map(({ line, paid, amountFen, payeeName, account, reference, reason, on }) => ({
              line,
              paid,
              amountFen,
              payeeName,
              account,
              reference,
              reason,
              on,
            })),
          ).toEqual(
            lines.map(({ line, amountFen, payeeName, account }) => ({
              line,
              amountFen,
              payeeName,
              account,
              on: "2025-06-19",
              ...(failed(line)
                ? { paid: false, reference: null, reason: "账户已销户" }
                : { paid: true, reference: `L${line}`, reason: null }),
            })),
          );
        }),
        { numRuns: 25 },
      );
    },
  );

  test.each(bankFormats)("of format %s is the same bytes for the same lines", async (format) => {
    const lines = [
      {
        line: 1,
        payeeName: "石𠮷",
        account: "6217000011112222",
        bank: "",
        amountFen: 150,
        title: "补助",
        claimNumber: "BT433124-00000001",
      },
    ];
    expect(await readFile(await write(format, lines, "one"))).toEqual(
      await readFile(await write(format, lines, "two")),
    );
  });

  it("keeps its columns where a name has what separates them", async () => {
    const path = await write("pipe", [
      {
        line: 1,
        payeeName: "甲|乙\r\n丙",
        account: "62170000",
        bank: "",
        amountFen: 100,
        title: "补助",
        claimNumber: "BT1",
      },
    ]);
    const text = new TextDecoder("gb18030").decode(await readFile(path)).split("\r\n");
    expect(text).toEqual(["FF433124-000001|1|1.00|20250618", "1|62170000|甲｜乙  丙||1.00|补助|BT1", ""]);
  });
});

describe("an answer that is wrong", () => {
  const pipe = async (lines: readonly string[]) => {
    const path = join(folder, "bad.txt");
    writeFileSync(path, encodeGb18030(lines.join("\r\n")));
    return readAll(path);
  };
  const good = "1|62170000|石梅|1.00|0000|成功|L1|20250619";

  it("says of every bad line where it stands and how to mend it", async () => {
    const said = await pipe([
      "FF433124-000001|4|4.00|4|4.00|0|0.00",
      good,
      "x|62170000|石梅|1.00|0000|成功|L2|20250619",
      "3|62170000|石梅|一元|0000|成功|L3|20250619",
      "4|62170000|石梅|1.00|0000|成功|L4|2025年",
      "5|62170000",
    ]);
    expect(faultsOf(said)).toEqual([
      { rowNo: 3, why: "“x”不是序号" },
      { rowNo: 4, why: "“一元”不是金额，应写作 1234.50" },
      { rowNo: 5, why: "“2025年”不是日期，应写作 20250618" },
      { rowNo: 6, why: "只有 2 栏，应有 8 栏，中间用竖线分开" },
    ]);
  });

  it("that does not add up in its own head is refused there", async () => {
    const said = await pipe(["FF433124-000001|2|2.00|1|1.00|0|0.00", good]);
    expect(faultsOf(said)[0]).toMatchObject({ rowNo: 1, why: expect.stringContaining("成功、失败之和") });
  });

  it("as a table names the columns that are missing, and every line that cannot be read", async () => {
    const path = join(folder, "bad.csv");
    writeFileSync(path, "行号,结果,金额\r\n1,成功,1.00\r\n");
    expect(faultsOf(await readAll(path))[0]!.why).toContain("“日期”");
    writeFileSync(
      path,
      "行号,结果,金额,日期,原因\r\n1,成功,1.00,2025-06-19,\r\n,成功,1.00,2025-06-19,\r\n3,好,1.00,2025-06-19,\r\n4,失败,1.00,2025-06-19,\r\n",
    );
    const said = await readAll(path);
    expect(answersOf(said)).toHaveLength(1);
    expect(faultsOf(said)).toEqual([
      { rowNo: 3, why: "没有写行号" },
      { rowNo: 4, why: "看不懂结果“好”，应为：成功 或 失败" },
      { rowNo: 5, why: "失败的没有写原因" },
    ]);
  });
});
