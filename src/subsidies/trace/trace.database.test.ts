import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addClearedClaims, addLine } from "../../../test/money/world.ts";
import { modules } from "../../app.ts";
import type { DownloadBody } from "../../platform/module.ts";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import {
  buildBatch,
  freezeBatch,
  getBatch,
  importBankResult,
  reconcileMoney,
  releaseBatch,
  sendBatch,
  setBankFormat,
  takeBankFile,
  traceMoney,
  type BankFormat,
} from "../contract.ts";
import { addPayingOffice, HUAYUAN, PayingOffice } from "../fixtures.ts";
import { answerAsBank } from "../payments/banks/fixtures.ts";
import { adapterOf } from "../payments/banks/index.ts";
import { articleAddress } from "./target.ts";

const PAYMENTS = 1000;
const RETURNED_EACH = 50;
let runtime: TestRuntime;
let owner: Client;
let office: PayingOffice;
let folder: string;
let fundLineId: string;
let batchId: string;
/** Lines of the bank's file, as it was sent. */
let file: readonly string[];

/** Builds, signs and sends what waits, and takes the bank's file. */
async function pay(format: BankFormat): Promise<{ readonly batchId: string; readonly sent: string }> {
  await office.act(setBankFormat, { region: HUAYUAN, format }, "finance");
  const built = await office.act(buildBatch, { fundLineId }, "finance");
  const lock = async () => (await office.act(getBatch, { batchId: built.batchId }, "finance")).lock;
  await office.act(freezeBatch, { batchId: built.batchId, lock: await lock() }, "finance");
  await office.act(releaseBatch, { batchId: built.batchId, lock: await lock() }, "finance2");
  await office.act(releaseBatch, { batchId: built.batchId, lock: await lock() }, "leader");
  await office.act(sendBatch, { batchId: built.batchId, lock: await lock() }, "finance");
  const { body, fileName } = (await office.run(takeBankFile, { batchId: built.batchId }, "finance")) as DownloadBody;
  const sent = join(folder, fileName);
  writeFileSync(sent, body as Buffer);
  return { batchId: built.batchId, sent };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "wengang-trace-"));
  runtime = await testRuntime(modules);
  owner = await runtime.owner();
  await addPayingOffice(runtime);
  await addPayingOffice(runtime, "433122", "-elsewhere");
  office = new PayingOffice(runtime, modules);
  fundLineId = await addLine(owner, HUAYUAN);
  await addClearedClaims(owner, runtime.keys, { region: HUAYUAN, count: PAYMENTS, fundLineId });
  const paid = await pay("plain");
  batchId = paid.batchId;
  const answer = join(folder, "回盘.csv");
  await answerAsBank("plain", paid.sent, answer, (line) =>
    line % RETURNED_EACH === 0 ? { failure: "账户已销户" } : { reference: `L${line}` },
  );
  await office.act(importBankResult, { batchId }, "finance", answer);
  const { body } = (await office.run(takeBankFile, { batchId }, "finance")) as DownloadBody;
  file = (body as Buffer).toString("utf8").trim().split("\r\n").slice(1);
}, 120_000);
afterAll(async () => {
  await runtime?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("a fen of the bank's file", () => {
  it("leads to the sentence of the law and back, in each of a thousand payments, with sums equal at every level", async () => {
    expect(file).toHaveLength(PAYMENTS);
    const byArticle = new Map<string, { fen: number; lines: number }>();
    let paidFen = 0;
    for (const [index, line] of file.entries()) {
      // The line itself, the claim's number in it, and its place in the file, in turn.
      const cells = line.split(",");
      const { number } = await one<{ number: string }>(
        "SELECT number FROM subsidies.payment_batch WHERE batch_id = $1",
        [batchId],
      );
      const of = index % 3 === 0 ? line : index % 3 === 1 ? cells.at(-1)! : `${number}/${cells[0]}`;
      const { way, steps } = await office.act(traceMoney, { of }, "auditor");
      expect(
        steps.every(({ equal }) => equal),
        `${of} ${JSON.stringify(steps)}`,
      ).toBe(true);
      const payment = way!.payments.find((candidate) => String(candidate.line) === cells[0])!;
      expect(payment.amountFen).toBe(Math.round(Number(cells[4]) * 100));
      expect(way!.claim.number).toBe(cells.at(-1));
      expect(payment.batch).toMatchObject({
        builtByName: "测finance",
        releasedByName: "测finance2",
        countersignedByName: "测leader",
      });
      expect(way!.items.reduce((sum, { amountFen }) => sum + amountFen, 0)).toBe(payment.amountFen);
      expect(way!.fundLine!.fundLineId).toBe(fundLineId);
      expect(way!.rule.hash).toMatch(/^[0-9a-f]{64}$/);
      const said = way!.articles.filter(({ quote }) => quote !== null);
      expect(said.length, way!.rule.rule).toBeGreaterThan(0);
      if (payment.state !== "paid") continue;
      paidFen += payment.amountFen;
      for (const address of new Set(
        way!.articles.flatMap(({ text, article }) => [articleAddress(text, null), articleAddress(text, article)]),
      )) {
        const known = byArticle.get(address) ?? { fen: 0, lines: 0 };
        byArticle.set(address, { fen: known.fen + payment.amountFen, lines: known.lines + 1 });
      }
    }
    // And back: every article knows exactly the payments that named it; the line of the fund knows all.
    expect(byArticle.size).toBeGreaterThan(20);
    for (const [of, { fen }] of byArticle) {
      const back = await office.act(traceMoney, { of, size: 1 }, "auditor");
      expect(back.paidFen, of).toBe(fen);
      expect(
        back.steps.every(({ equal }) => equal),
        of,
      ).toBe(true);
    }
    const line = await office.act(traceMoney, { of: `额度:${fundLineId}`, size: 1 }, "auditor");
    expect(line).toMatchObject({ paidFen, claims: PAYMENTS, payments: PAYMENTS });
    expect(line.steps.every(({ equal }) => equal)).toBe(true);
    const spent = await one<{ spent_fen: string }>(
      "SELECT spent_fen FROM subsidies.fund_line WHERE fund_line_id = $1",
      [fundLineId],
    );
    expect(Number(spent.spent_fen)).toBe(paidFen);
  }, 240_000);

  it("is nobody's to trace who answers for another county", async () => {
    const of = file[0]!;
    await expect(office.act(traceMoney, { of }, "auditor-elsewhere")).rejects.toThrow("没有找到要追溯的资金");
    expect(await office.act(reconcileMoney, {}, "auditor-elsewhere")).toMatchObject({ faults: [] });
  });

  it("is found by its amount alone, with every payment of that sum", async () => {
    const cells = file.map((line) => line.split(","));
    const amount = cells[0]![4]!;
    const same = cells.filter((line) => line[4] === amount);
    const found = await office.act(traceMoney, { of: `${amount} 元`, size: 200 }, "auditor");
    expect(found).toMatchObject({ what: "金额相同的发放", payments: same.length });
    expect(new Set(found.rows.map(({ claimNumber }) => claimNumber))).toEqual(new Set(same.map((line) => line.at(-1))));
    expect(found.steps.every(({ equal }) => equal)).toBe(true);
    await expect(office.act(traceMoney, { of: "0.07" }, "auditor")).rejects.toThrow("到分的金额");
    await expect(office.act(traceMoney, { of: amount }, "auditor-elsewhere")).rejects.toThrow("没有找到");
  });

  it("is asked for in words that say what can be given", async () => {
    await expect(office.act(traceMoney, { of: "张三的补贴" }, "auditor")).rejects.toThrow("补贴件编号（BT…）");
  });
});

describe("lists held against each other", () => {
  it("agree to the fen, and say each row that does not", async () => {
    const whole = await office.act(reconcileMoney, {}, "auditor");
    expect(whole.faults).toEqual([]);
    expect(new Set(whole.sums.filter(({ of }) => of === "net" || of === "paid").map(({ fen }) => fen)).size).toBe(1);
    const { claim_id, number } = await one<{ claim_id: string; number: string }>(
      "SELECT claim_id, number FROM subsidies.claim WHERE state = 'paid' ORDER BY claim_id LIMIT 1",
    );
    await owner.query("UPDATE subsidies.claim SET amount_fen = amount_fen + 1 WHERE claim_id = $1", [claim_id]);
    const { faults } = await office.act(reconcileMoney, {}, "auditor");
    expect(faults.filter(({ subject }) => subject === number).map(({ says }) => says)).toEqual(
      expect.arrayContaining(["补贴件金额＝有效明细之和", "已发放的补贴件＝银行发放成功的金额"]),
    );
    const { steps } = await office.act(traceMoney, { of: number }, "auditor");
    expect(steps.filter(({ equal }) => !equal)).toHaveLength(2);
    await owner.query("UPDATE subsidies.claim SET amount_fen = amount_fen - 1 WHERE claim_id = $1", [claim_id]);
  });
});

describe("what came back", () => {
  it.each(["pipe", "card"] as const)(
    "goes out again in the format of another bank (%s), and is answered in it",
    async (format) => {
      const { batchId: again, sent } = await pay(format);
      const answer = join(folder, `回盘.${adapterOf(format).extension}`);
      await answerAsBank(format, sent, answer, (line) =>
        line % 2 === 0 ? { reference: `R${line}` } : { failure: "户名不符" },
      );
      const wrong = await office
        .act(importBankResult, { batchId }, "finance", answer)
        .catch((cause: Error) => cause.message);
      expect(wrong).toMatch(format === "pipe" ? /这是批次 FF\d+-\d+ 的回盘/ : /第 \d+ 行：第 \d+ 笔/);
      const { paid, returned, waiting } = await office.act(importBankResult, { batchId: again }, "finance", answer);
      expect(paid + returned).toBeGreaterThan(3);
      expect(waiting).toBe(0);
      expect((await office.act(reconcileMoney, {}, "auditor")).faults).toEqual([]);
    },
  );

  it("and is answered with one reference for many lines is refused with every line that has it", async () => {
    const { batchId: again, sent } = await pay("plain");
    const answer = join(folder, "同号.csv");
    await answerAsBank("plain", sent, answer, () => ({ reference: "批次流水" }));
    await expect(office.act(importBankResult, { batchId: again }, "finance", answer)).rejects.toThrow(
      "流水号 批次流水 已用于另一笔",
    );
  });
});

const one = async <T extends object>(text: string, values: readonly unknown[] = []): Promise<T> =>
  (await owner.query<T>(text, [...values])).rows[0]!;
