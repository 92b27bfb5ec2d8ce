import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { screenNow } from "#policy/contract";
import { modules } from "../../app.ts";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { addCounty, addPerson } from "../../registry/fixtures.ts";
import {
  acceptClaims,
  approveClaims,
  buildBatch,
  checkClaims,
  confirmClaims,
  correctPrepayment,
  decideRecovery,
  freezeBatch,
  getBatch,
  getClaim,
  getRecovery,
  hearRecovery,
  listClaims,
  listFundLines,
  listPrepayments,
  listRecoveries,
  notifyRecovery,
  planRecovery,
  prepay,
  previewSettlement,
  receiveRecovery,
  reconcileMoney,
  refundRecovery,
  releaseBatch,
  setOfficeSetting,
  settlePrepayment,
  takeUpDifferences,
  traceMoney,
  listDifferences,
} from "../contract.ts";
import { addPayingOffice, giveAccounts, HUAYUAN, PayingOffice } from "../fixtures.ts";
import { recalculate } from "../recalculation/run.ts";
import { CurrentRulebook, fillSamples } from "#policy";
import { sources } from "../../app.ts";
import { letterOf } from "./letter.ts";
import { fileOwed } from "./owed.ts";

const ASOF = "2025-06-18";
const RULE = "transport-allowance";
const PREPAID = 1_000_000;
let runtime: TestRuntime;
let owner: Client;
let office: PayingOffice;
let fundLineId: string;
let fund: string;
/** What screening gives for one stay. */
let each: number;
let numbers = 0;

const rulebook = new CurrentRulebook(sources);
const one = async <T extends object>(text: string, values: readonly unknown[] = []): Promise<T> =>
  (await owner.query<T>(text, [...values])).rows[0]!;
const line = async () =>
  (await office.act(listFundLines, {}, "finance")).rows.find((row) => row.fundLineId === fundLineId)!;
const books = async () => (await office.act(reconcileMoney, {}, "auditor")).faults;

type Somebody = Awaited<ReturnType<typeof addPerson>>;
async function somebody(): Promise<Somebody> {
  const person = await addPerson(owner, runtime, { homeRegion: `${HUAYUAN}100201` });
  await owner.query(
    "INSERT INTO registry.person_category (person_id, home_region, category, valid_from, recorded_on, source) VALUES ($1, $2, 'lifted-from-poverty', '2016-01-01', '2021-01-20', 2)",
    [person.personId, person.homeRegion],
  );
  await giveAccounts(runtime);
  return person;
}
/** A stay away for work, as the office registers it: one a year is paid. */
async function stay(person: Somebody, year: number): Promise<string> {
  const { fact_row_id } = await one<{ fact_row_id: string }>(
    `INSERT INTO policy.fact_row (source, code, person_id, region, facts, recorded_on) VALUES ('外出务工', $1, $2, $3, $4, '2025-06-01') RETURNING fact_row_id`,
    [
      `测-${++numbers}`,
      person.personId,
      person.homeRegion,
      JSON.stringify({ destination: "省外", started_on: `${year}-02-20`, meets_cited: true }),
    ],
  );
  return fact_row_id;
}
async function screen(): Promise<void> {
  await office.act(screenNow, {}, "policy");
  await office.drain();
  await office.gather();
}

const claimsTo = async (person: Somebody) =>
  (await office.act(listClaims, { state: "open", rule: RULE, size: 200 }, "clerk")).rows.filter(
    ({ payeePersonId }) => payeePersonId === person.personId,
  );
const proposedTo = async (person: Somebody) => (await claimsTo(person)).find(({ state }) => state === "proposed")!;

/** Takes claims that were taken in all the way to the bank; gives the batch. */
async function pay(claimIds: string[], state: "submitted" | "accepted" | "cleared"): Promise<string> {
  if (state === "submitted") await office.act(acceptClaims, { claimIds }, "clerk");
  if (state !== "cleared") {
    await office.act(checkClaims, { claimIds }, "clerk");
    expect(await office.act(approveClaims, { claimIds, fundLineId }, "reviewer")).toMatchObject({
      done: claimIds.length,
      left: [],
    });
    // As if their lists had been published and the term for objections had gone.
    await owner.query("UPDATE subsidies.claim SET state = 'cleared' WHERE claim_id = ANY($1::bigint[])", [claimIds]);
  }
  const { batchId } = await office.act(buildBatch, { fundLineId, rule: RULE }, "finance");
  const lock = async () => (await office.act(getBatch, { batchId }, "finance")).lock;
  await office.act(freezeBatch, { batchId, lock: await lock() }, "finance");
  await office.act(releaseBatch, { batchId, lock: await lock() }, "finance2");
  await office.act(releaseBatch, { batchId, lock: await lock() }, "leader");
  await office.send(batchId);
  await answer(batchId, () => "成功");
  return batchId;
}
async function answer(batchId: string, says: (claimNumber: string) => "成功" | "失败"): Promise<void> {
  const lines = (await office.bankFile(batchId)).slice(1);
  await office.answer(
    batchId,
    lines.map((cells) => {
      const result = says(cells.at(-1)!);
      return `${cells[0]},${result},${cells[4]},L${batchId}-${cells[0]},2025-06-18,${result === "成功" ? "" : "账户已销户"}`;
    }),
  );
}

const given = { document: "花垣县人社局〔2025〕8号 定额预付办法", plan: "全年外出务工交通补助，先付后核" } as const;
async function prepaid(person: Somebody): Promise<{ prepaymentId: string; claimId: string; batchId: string }> {
  const asked = { ...given, rule: RULE, fund, payeeId: person.personId, amountFen: PREPAID, settleBy: "2025-12-31" };
  const made = await office.act(prepay, asked, "clerk");
  return { ...made, batchId: await pay([made.claimId], "submitted") };
}
const settle = async (prepaymentId: string) => {
  const { actualFen } = await office.act(previewSettlement, { prepaymentId }, "clerk");
  return office.act(settlePrepayment, { prepaymentId, actualFen }, "clerk");
};
const correct = async (prepaymentId: string) => {
  const { actualFen } = await office.act(previewSettlement, { prepaymentId }, "clerk");
  return office.act(correctPrepayment, { prepaymentId, actualFen, note: "补录了结算前的务工" }, "clerk");
};
const prepaymentOf = async (prepaymentId: string) =>
  (await office.act(listPrepayments, { size: 200 }, "clerk")).rows.find((row) => row.prepaymentId === prepaymentId)!;
const view = (recoveryId: string, as = "clerk") => office.act(getRecovery, { recoveryId }, as);
const at = async (recoveryId: string) => ({ recoveryId, lock: (await view(recoveryId)).lock });
const casesOf = async (claimId: string) => (await office.act(listRecoveries, { claimId }, "clerk")).rows;
const notice = { grounds: "结算核实的少于预付的，多付部分应退", contact: "花垣县人社局就业股 0743-0000000" };
const decision = "结算清楚，予以追回全部多付金额";
async function decided(recoveryId: string): Promise<void> {
  await office.act(notifyRecovery, { ...(await at(recoveryId)), ...notice }, "clerk");
  await office.act(hearRecovery, { ...(await at(recoveryId)), statement: "无异议" }, "clerk");
  await office.act(decideRecovery, { ...(await at(recoveryId)), decision }, "reviewer");
}
const receive = async (recoveryId: string, amountFen: number) =>
  office.act(
    receiveRecovery,
    { ...(await at(recoveryId)), amountFen, receivedOn: ASOF, method: "银行转账", reference: `J-${++numbers}` },
    "finance",
  );

beforeAll(async () => {
  runtime = await testRuntime(modules);
  owner = await runtime.owner();
  await addPayingOffice(runtime);
  await addCounty(owner, { county: HUAYUAN, persons: 10, asOf: ASOF });
  await owner.query("TRUNCATE subsidies.fund_line, subsidies.fund_movement CASCADE");
  office = new PayingOffice(runtime, modules);
  await fillSamples(runtime, rulebook);
  const first = await somebody();
  await stay(first, 2025);
  await screen();
  ({ fund, amountFen: each } = await proposedTo(first));
  fundLineId = await office.fund(fund, 100_000_000);
}, 240_000);
afterAll(() => runtime?.close());

describe("应退 after a settlement", () => {
  let person: Somebody;
  let prepayment: Awaited<ReturnType<typeof prepaid>>;
  let recoveryId: string;

  it("becomes one case of recovery, however often it is asked for", async () => {
    person = await somebody();
    prepayment = await prepaid(person);
    await stay(person, 2025);
    await screen();
    const { prepaymentId, claimId } = prepayment;
    expect(await settle(prepaymentId)).toMatchObject({ owedFen: PREPAID - each, balanceFen: 0 });
    expect(await casesOf(claimId)).toEqual([]);
    await office.drain();
    await Promise.all(
      [1, 2].map(() => runtime.database.worker.transaction().execute((tx) => fileOwed(tx, runtime, prepaymentId))),
    );
    const cases = await casesOf(claimId);
    expect(cases).toHaveLength(1);
    expect(cases[0]).toMatchObject({ state: "filed", amountFen: PREPAID - each, openFen: PREPAID - each });
    ({ recoveryId } = cases[0]!);
    expect(await prepaymentOf(prepaymentId)).toMatchObject({
      state: "owed",
      recovery: { recoveryId },
      correctable: true,
    });
    const shown = await view(recoveryId);
    expect(shown).toMatchObject({ prepaid: { amountFen: PREPAID, settledOn: ASOF }, filedByName: "测clerk" });
    expect(shown.items).toMatchObject([{ wasFen: PREPAID, nowFen: each }]);
    expect(shown.organisation).not.toBe("");
    expect(await books()).toEqual([]);
    // Nothing of it is a difference: nobody has changed a fact.
    expect(await recalculate({ rulebook }, runtime, HUAYUAN, { name: "测试" })).toMatchObject({ found: 0 });
  });

  it("is told and decided by another hand, and not for more than is known to be owed", async () => {
    await office.act(notifyRecovery, { ...(await at(recoveryId)), ...notice }, "clerk");
    await stay(person, 2024);
    await screen();
    // What counts for the prepayment is claimed by nobody else.
    expect((await claimsTo(person)).map(({ way }) => way)).toEqual(["prepaid"]);
    await office.act(hearRecovery, { ...(await at(recoveryId)), statement: "去年的没有登记" }, "clerk");
    await expect(office.act(decideRecovery, { ...(await at(recoveryId)), decision }, "reviewer")).rejects.toThrow(
      "请先到“预付和结算”更正结算",
    );
    expect(await correct(prepayment.prepaymentId)).toMatchObject({
      items: 1,
      actualFen: 2 * each,
      owedFen: PREPAID - 2 * each,
      reducedFen: each,
      balanceFen: 0,
    });
    await expect(correct(prepayment.prepaymentId)).rejects.toThrow("没有再核实到");
    expect(await view(recoveryId)).toMatchObject({
      state: "heard",
      amountFen: PREPAID - each,
      reducedFen: each,
      openFen: PREPAID - 2 * each,
      reductions: [{ cause: "settlement", amountFen: each }],
    });
    await expect(
      owner.query("UPDATE subsidies.recovery SET reduced_fen = reduced_fen + 1 WHERE recovery_id = $1", [recoveryId]),
    ).rejects.toThrow("follows from reductions");
    await owner.query("UPDATE identity.officer SET duties = ARRAY['county-clerk', 'reviewer'] WHERE login = 'clerk'");
    await expect(office.act(decideRecovery, { ...(await at(recoveryId)), decision }, "clerk")).rejects.toThrow(
      "另一人",
    );
    await owner.query("UPDATE identity.officer SET duties = ARRAY['county-clerk'] WHERE login = 'clerk'");
    await office.act(decideRecovery, { ...(await at(recoveryId)), decision }, "reviewer");
    expect(await books()).toEqual([]);
  });

  it("is repaid by instalments, which a settlement put right cuts from the last; what had been paid in too much is paid out", async () => {
    const owed = PREPAID - 2 * each;
    const first = owed - each - 7;
    await office.act(
      planRecovery,
      {
        ...(await at(recoveryId)),
        instalments: [
          { dueOn: "2025-07-10", amountFen: first },
          { dueOn: "2025-08-10", amountFen: 7 },
          { dueOn: "2025-09-10", amountFen: each },
        ],
      },
      "reviewer",
    );
    await stay(person, 2023);
    await screen();
    await correct(prepayment.prepaymentId);
    const cut = await view(recoveryId);
    expect(cut.instalments.map(({ amountFen }) => amountFen)).toEqual([first, 7]);
    expect(cut).toMatchObject({ state: "repaying", openFen: first + 7 });
    expect(letterOf("change", cut)!.paragraphs.join("")).toContain("还应缴回");
    await receive(recoveryId, first);
    expect(await books()).toEqual([]);
    await stay(person, 2022);
    await screen();
    // Seven fen are open and an item more was found: they are taken off, and the rest of the item is paid.
    expect(await correct(prepayment.prepaymentId)).toMatchObject({ reducedFen: 7, balanceFen: each - 7 });
    expect(await view(recoveryId)).toMatchObject({ state: "settled", openFen: 0, receivedFen: first, acts: [] });
    const row = await prepaymentOf(prepayment.prepaymentId);
    expect(row).toMatchObject({ actualFen: 4 * each, balance: { amountFen: each - 7 }, correctable: false });
    await pay([row.balance!.claimId], "submitted");
    expect(await books()).toEqual([]);
    // To the fen: what was paid, with what was added and without what came back, is what there was to pay.
    const { net } = await one<{ net: string }>(
      `SELECT sum(CASE kind WHEN 'spend' THEN m.amount_fen WHEN 'recover' THEN -m.amount_fen ELSE 0 END) AS net FROM subsidies.fund_movement m
       JOIN subsidies.claim c USING (claim_id) WHERE c.payee_person_id = $1`,
      [person.personId],
    );
    expect(Number(net)).toBe(4 * each);
    await expect(
      office.act(correctPrepayment, { prepaymentId: prepayment.prepaymentId, actualFen: 0, note: "再更正" }, "clerk"),
    ).rejects.toThrow("已结清");
    for (const of of [row.number, row.balance!.number])
      expect((await office.act(traceMoney, { of }, "auditor")).steps.every(({ equal }) => equal)).toBe(true);
  });

  it("is over before it was decided where a settlement put right leaves nothing of it", async () => {
    const other = await somebody();
    const asked = {
      ...given,
      rule: RULE,
      fund,
      payeeId: other.personId,
      amountFen: each + 100,
      settleBy: "2025-12-31",
    };
    const made = await office.act(prepay, asked, "clerk");
    await pay([made.claimId], "submitted");
    await stay(other, 2025);
    await screen();
    await settle(made.prepaymentId);
    await office.drain();
    await stay(other, 2024);
    await screen();
    expect(await correct(made.prepaymentId)).toMatchObject({ owedFen: 0, reducedFen: 100, balanceFen: each - 100 });
    expect(await casesOf(made.claimId)).toMatchObject([{ state: "cancelled", reducedFen: 100 }]);
    expect(await prepaymentOf(made.prepaymentId)).toMatchObject({ state: "settled" });
    expect(await books()).toEqual([]);
    // The event once more, late: there is nothing to file.
    await runtime.database.worker.transaction().execute((tx) => fileOwed(tx, runtime, made.prepaymentId));
    expect(await casesOf(made.claimId)).toHaveLength(1);
  });
});

describe("terms of a recovery", () => {
  const terms = { notify: 2, reply: 8, decide: 3, pay: 20, instalments: 3, writeOff: 4, refund: 6 };
  const filed = async () => {
    const person = await somebody();
    const { prepaymentId, claimId } = await prepaid(person);
    await stay(person, 2025);
    await screen();
    await settle(prepaymentId);
    await office.drain();
    return (await casesOf(claimId))[0]!.recoveryId;
  };

  it("are the office's setting of the day on which a case was filed", async () => {
    const early = await filed();
    expect(await view(early)).toMatchObject({
      dueOn: "2025-06-25",
      terms: { replyDays: 5, payDays: 15, instalments: 24 },
    });
    const set = {
      setting: { kind: "recovery", value: terms },
      document: "花人社〔2025〕12号",
      validFrom: ASOF,
    } as const;
    await expect(
      office.act(
        setOfficeSetting,
        { ...set, setting: { kind: "recovery", value: { ...terms, reply: 2 } } },
        "reviewer",
      ),
    ).rejects.toThrow("至少 3 个工作日");
    await office.act(setOfficeSetting, set, "reviewer");
    // As if it had been filed before the setting's first day.
    await owner.query("UPDATE subsidies.recovery SET filed_on = '2025-06-17' WHERE recovery_id = $1", [early]);
    const late = await filed();
    expect(await view(late)).toMatchObject({
      dueOn: "2025-06-20",
      terms: { replyDays: 8, payDays: 20, instalments: 3 },
    });
    await expect(office.act(notifyRecovery, { ...(await at(late)), ...notice, replyDays: 7 }, "clerk")).rejects.toThrow(
      "不少于 8 个工作日",
    );
    await office.act(notifyRecovery, { ...(await at(late)), ...notice }, "clerk");
    await office.act(notifyRecovery, { ...(await at(early)), ...notice }, "clerk");
    expect([(await view(early)).replyBy, (await view(late)).replyBy]).toEqual(["2025-06-25", "2025-06-30"]);
    for (const recoveryId of [early, late]) {
      await office.act(hearRecovery, { ...(await at(recoveryId)), statement: "无异议" }, "clerk");
      await office.act(decideRecovery, { ...(await at(recoveryId)), decision }, "reviewer");
    }
    expect([(await view(early)).payBy, (await view(late)).payBy]).toEqual(["2025-07-09", "2025-07-16"]);
    const instalments = [7, 8, 9, 10].map((month, index) => ({
      dueOn: `2025-${String(month).padStart(2, "0")}-20`,
      amountFen: index === 3 ? PREPAID - each - 3000 : 1000,
    }));
    await expect(office.act(planRecovery, { ...(await at(late)), instalments }, "reviewer")).rejects.toThrow(
      "最多分 3 期",
    );
    expect(await office.act(planRecovery, { ...(await at(early)), instalments }, "reviewer")).toEqual({
      state: "repaying",
    });
  });
});

describe("a payment that the bank gives back while it is being recovered", () => {
  it("ends the case: what was paid in is the payee's again, and the claim is examined anew for what is due", async () => {
    const person = await somebody();
    const { prepaymentId, claimId, batchId } = await prepaid(person);
    await stay(person, 2025);
    await screen();
    await settle(prepaymentId);
    await office.drain();
    const { recoveryId } = (await casesOf(claimId))[0]!;
    await decided(recoveryId);
    await receive(recoveryId, 12_345);
    const before = await line();
    await answer(batchId, () => "失败");
    expect(await view(recoveryId)).toMatchObject({ state: "refunding", openFen: 0, receivedFen: 12_345, acts: [] });
    expect((await view(recoveryId, "finance")).acts).toEqual(["refund"]);
    const after = await line();
    expect(after.spentFen).toBe(before.spentFen - PREPAID + 12_345);
    expect(after.reservedFen).toBe(before.reservedFen);
    expect(await office.act(getClaim, { claimId }, "clerk")).toMatchObject({ state: "accepted", amountFen: each });
    expect(await books()).toEqual([]);
    const refund = { refundedOn: ASOF, method: "银行转账", reference: "T-1" } as const;
    await office.act(refundRecovery, { ...(await at(recoveryId)), ...refund }, "finance");
    const refunded = await view(recoveryId);
    expect(refunded).toMatchObject({ state: "refunded", refund: { reference: "T-1" } });
    expect(letterOf("change", refunded)!.paragraphs.join("")).toContain("123.45 元全部退还");
    // The same answer once more changes nothing; and only what is due is paid again.
    await answer(batchId, () => "失败");
    await pay([claimId], "accepted");
    expect(await office.act(getClaim, { claimId }, "clerk")).toMatchObject({ state: "paid", amountFen: each });
    await runtime.database.worker.transaction().execute((tx) => fileOwed(tx, runtime, prepaymentId));
    expect(await casesOf(claimId)).toHaveLength(1);
    expect(await books()).toEqual([]);
  });

  it("after all of it had been paid in, on a line that has nothing else, leaves no line below zero and no money with nobody", async () => {
    const person = await somebody();
    const rowId = await stay(person, 2025);
    await screen();
    const { claimId } = await proposedTo(person);
    const shared = fundLineId;
    fundLineId = await office.fund(fund, each);
    await office.act(confirmClaims, { claimIds: [claimId], agent: "柜台本人确认" }, "clerk");
    const batchId = await pay([claimId], "submitted");
    await owner.query(`UPDATE policy.fact_row SET facts = facts || '{"destination": "县内"}' WHERE fact_row_id = $1`, [
      rowId,
    ]);
    await recalculate({ rulebook }, runtime, HUAYUAN, { name: "测试" });
    const { rows } = await office.act(listDifferences, { claimId, size: 10 }, "clerk");
    const { recoveries } = await office.act(
      takeUpDifferences,
      { differenceIds: rows.map(({ differenceId }) => differenceId) },
      "clerk",
    );
    const { recoveryId } = recoveries[0]!;
    await decided(recoveryId);
    expect(await receive(recoveryId, each)).toEqual({ state: "settled" });
    expect(await line()).toMatchObject({ spentFen: 0, leftFen: each });
    await answer(batchId, () => "失败");
    // In twice, out twice.
    expect(await line()).toMatchObject({ spentFen: 0, reservedFen: 0, leftFen: each });
    expect(await view(recoveryId)).toMatchObject({ state: "refunding", receivedFen: each });
    expect(await books()).toEqual([]);
    await office.act(
      refundRecovery,
      { ...(await at(recoveryId)), refundedOn: ASOF, method: "现金缴款", reference: "T-2" },
      "finance",
    );
    // Nobody pays again what is known not to be due.
    expect(await office.act(checkClaims, { claimIds: [claimId] }, "clerk")).toMatchObject({ done: 0 });
    expect(await books()).toEqual([]);
    fundLineId = shared;
  });
});

describe("the books", () => {
  /** Writes behind the triggers' back what no act would, looks, and takes it back. */
  const planted = async (text: string, back: string): Promise<readonly string[]> => {
    const write = async (statement: string) => {
      await owner.query("SET session_replication_role = replica");
      await owner.query(statement);
      await owner.query("SET session_replication_role = DEFAULT");
    };
    await write(text);
    const found = (await books()).map(({ says }) => says);
    await write(back);
    expect(await books()).toEqual([]);
    return found;
  };
  const LAST = (table: string, key: string, where = "true") =>
    `${key} = (SELECT max(${key}) FROM subsidies.${table} WHERE ${where})`;
  const more = (table: string, column: string, which: string): [string, string] => [
    `UPDATE subsidies.${table} SET ${column} = ${column} + 1 WHERE ${which}`,
    `UPDATE subsidies.${table} SET ${column} = ${column} - 1 WHERE ${which}`,
  ];

  it("find and name what does not agree about money that came back or was paid beforehand", async () => {
    // The database itself would refuse most of it.
    const held = ["not_above", "settled", "refund", "written_off"];
    await owner.query(
      `ALTER TABLE subsidies.recovery ${held.map((name) => `DROP CONSTRAINT recovery_${name}`).join(", ")}`,
    );
    await owner.query("ALTER TABLE subsidies.prepayment DROP CONSTRAINT prepayment_adds_up");
    const found = async (says: string, [text, back]: readonly [string, string]) =>
      expect([says, await planted(text, back)]).toEqual([says, expect.arrayContaining([says])]);
    const settled = LAST("recovery", "recovery_id", "received_fen > 0 AND state = 'settled'");
    await found("追回件的已缴回＝缴回单据之和", more("recovery", "received_fen", settled));
    await found(
      "每张缴回单据＝追回流水",
      more("recovery_receipt", "amount_fen", LAST("recovery_receipt", "receipt_id")),
    );
    await found("每张缴回单据＝追回流水", [
      `UPDATE subsidies.fund_movement SET receipt_id = -receipt_id WHERE ${LAST("fund_movement", "movement_id", "kind = 'recover'")}`,
      "UPDATE subsidies.fund_movement SET receipt_id = -receipt_id WHERE receipt_id < 0",
    ]);
    await found(
      "资金额度的支出数＝支出流水之和",
      more("fund_movement", "amount_fen", LAST("fund_movement", "movement_id", "kind = 'recover'")),
    );
    await found(
      "退还流水＝银行退回后应退还的缴回",
      more("fund_movement", "amount_fen", LAST("fund_movement", "movement_id", "kind = 'refund'")),
    );
    await found(
      "缴回退到的资金额度＝发放所用的额度",
      more("fund_movement", "fund_line_id", LAST("fund_movement", "movement_id", "kind = 'recover'")),
    );
    await found(
      "追回件的减少＝减少记录之和",
      more("recovery_reduction", "amount_fen", LAST("recovery_reduction", "reduction_id")),
    );
    await found(
      "追回金额＝立案的差异之和",
      more("difference", "was_fen", LAST("difference", "difference_id", "recovery_id IS NOT NULL")),
    );
    await found("分期之和＝应缴回的金额", more("recovery_instalment", "amount_fen", "line = 4"));
    const repaying = LAST("recovery", "recovery_id", "state = 'repaying'");
    await found("追回件的核销＝批准核销的金额", more("recovery", "written_off_fen", repaying));
    const amount = `UPDATE subsidies.recovery SET amount_fen = amount_fen`;
    await found("应追回的不超过已发放的", [
      `${amount} + 900000000 WHERE ${repaying}`,
      `${amount} - 900000000 WHERE ${repaying}`,
    ]);
    await found("预付＋补付－应退＝核实数", more("recovery", "amount_fen", repaying));
    await found("享受台账的实得＝资金流水的净支出", more("recovery", "received_fen", settled));
    const owed = LAST(
      "prepayment",
      "prepayment_id",
      "state = 'owed' AND claim_id IN (SELECT claim_id FROM subsidies.claim WHERE state = 'paid' AND amount_fen > 900000)",
    );
    await found("预付件的金额＝预付的金额，银行退回后＝核实的明细", more("prepayment", "amount_fen", owed));
    await found("预付结算的核实数＝有效明细之和", more("prepayment", "actual_fen", owed));
    await found(
      "补贴件支出的资金＝银行发放成功的金额",
      more("fund_movement", "amount_fen", LAST("fund_movement", "movement_id", "kind = 'return'")),
    );
  });
});
