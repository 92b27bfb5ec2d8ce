import fc from "fast-check";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { screenNow, setParameter } from "#policy/contract";
import { modules, synthesizeFacts } from "../../app.ts";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { addCounty } from "../../registry/fixtures.ts";
import {
  acceptClaims,
  agreeWriteOff,
  approveClaims,
  buildBatch,
  cancelRecovery,
  checkClaims,
  confirmClaims,
  countUnpaid,
  decideRecovery,
  declineWriteOff,
  dismissDifferences,
  downloadRecoveryLetter,
  freezeBatch,
  getBatch,
  getClaim,
  getRecovery,
  hearRecovery,
  listDifferences,
  listFundLines,
  listUnpaid,
  notifyRecovery,
  planRecovery,
  proposeWriteOff,
  reExamineDifferences,
  receiveRecovery,
  releaseBatch,
  takeUpDifferences,
  unpaidReasons,
  type ClaimRow,
  type Difference,
} from "../contract.ts";
import { addPayingOffice, giveAccounts, HUAYUAN, PayingOffice } from "../fixtures.ts";
import { recalculate } from "../recalculation/run.ts";
import { CurrentRulebook } from "#policy";
import { sources } from "../../app.ts";
import type { DownloadBody } from "../../platform/module.ts";

const ASOF = "2025-06-18";
const RULE = "transport-allowance";
const STANDARD = `${RULE}/430000:交通补助标准`;
let runtime: TestRuntime;
let owner: Client;
let office: PayingOffice;
let fundLineId: string;
/** Paid, with several items each. */
let paid: readonly ClaimRow[];
const rulebook = new CurrentRulebook(sources);

const one = async <T extends object>(text: string, values: readonly unknown[] = []): Promise<T> =>
  (await owner.query<T>(text, [...values])).rows[0]!;
const idsOf = (claims: readonly ClaimRow[]) => claims.map(({ claimId }) => claimId);
const again = () => recalculate({ rulebook }, runtime, HUAYUAN, { name: "测试" });
const differences = async (more: Partial<{ claimId: string; state: Difference["state"] }> = {}) =>
  (await office.act(listDifferences, { size: 200, ...more }, "clerk")).rows;
const line = async () =>
  (await office.act(listFundLines, {}, "finance")).rows.find((row) => row.fundLineId === fundLineId)!;

/** Changes the facts that items stand on. */
const setFacts = (itemIds: readonly string[], facts: Record<string, unknown> | null) =>
  owner.query(
    `UPDATE policy.fact_row f SET facts = ${facts === null ? "k.facts" : "f.facts || $2::jsonb"} FROM subsidies.claim_item i, kept_facts k
     WHERE i.item_id = ANY($1::bigint[]) AND f.fact_row_id = i.row_key::bigint AND k.fact_row_id = f.fact_row_id`,
    facts === null ? [itemIds] : [itemIds, JSON.stringify(facts)],
  );
const itemsOf = async (claimId: string): Promise<readonly { item_id: string; amount_fen: string }[]> =>
  (
    await owner.query<{ item_id: string; amount_fen: string }>(
      "SELECT item_id, amount_fen FROM subsidies.claim_item WHERE live AND claim_id = $1 ORDER BY item_id",
      [claimId],
    )
  ).rows;

/** Takes claims that were approved all the way to the bank's answer. */
async function pay(claimIds: readonly string[]): Promise<void> {
  await owner.query("UPDATE subsidies.claim SET state = 'cleared' WHERE claim_id = ANY($1::bigint[])", [claimIds]);
  const { batchId } = await office.act(buildBatch, { fundLineId, rule: RULE }, "finance");
  const lock = async () => (await office.act(getBatch, { batchId }, "finance")).lock;
  await office.act(freezeBatch, { batchId, lock: await lock() }, "finance");
  await office.act(releaseBatch, { batchId, lock: await lock() }, "finance2");
  await office.act(releaseBatch, { batchId, lock: await lock() }, "leader");
  await office.send(batchId);
  const lines = (await office.bankFile(batchId)).slice(1);
  await office.answer(
    batchId,
    lines.map(([no, , , , amount]) => `${no},成功,${amount},L${batchId}-${no},2025-06-18,`),
  );
}

beforeAll(async () => {
  runtime = await testRuntime(modules);
  owner = await runtime.owner();
  await addPayingOffice(runtime);
  await addCounty(owner, { county: HUAYUAN, persons: 250, asOf: ASOF });
  await giveAccounts(runtime);
  await synthesizeFacts(runtime);
  await owner.query("TRUNCATE subsidies.fund_line, subsidies.fund_movement CASCADE");
  office = new PayingOffice(runtime, modules);
  await office.act(screenNow, {}, "policy");
  await office.drain();
  await office.gather();
  const claims = (await office.claims("proposed", "clerk", RULE)).slice(0, 14);
  const claimIds = idsOf(claims);
  fundLineId = await office.fund(claims[0]!.fund, 1_000_000_000);
  await office.act(confirmClaims, { claimIds, agent: "柜台本人确认" }, "clerk");
  await office.act(acceptClaims, { claimIds }, "clerk");
  await office.act(checkClaims, { claimIds }, "clerk");
  await office.act(approveClaims, { claimIds }, "reviewer");
  // The last two stay decided and unpaid.
  await pay(claimIds.slice(0, 12));
  paid = await office.claims("paid", "clerk", RULE);
  await owner.query("CREATE TEMP TABLE kept_facts AS SELECT fact_row_id, facts FROM policy.fact_row");
}, 240_000);
afterAll(() => runtime?.close());

describe("recalculation", () => {
  it("finds nothing while nothing has changed", async () => {
    expect(paid).toHaveLength(12);
    const frozen = await one("SELECT md5(string_agg(i::text, '' ORDER BY item_id)) AS md5 FROM subsidies.claim_item i");
    const done = await again();
    expect(done).toMatchObject({ found: 0, gone: 0 });
    expect(done.items).toBeGreaterThanOrEqual(14);
    // What was decided stays as it was decided.
    expect(
      await one("SELECT md5(string_agg(i::text, '' ORDER BY item_id)) AS md5 FROM subsidies.claim_item i"),
    ).toEqual(frozen);
  });

  it("finds a fact that has changed once, says which, and lets it go when it is right again", async () => {
    const [item] = await itemsOf(paid[0]!.claimId);
    await setFacts([item!.item_id], { destination: "县内" });
    expect(await again()).toMatchObject({ found: 1, gone: 0 });
    expect(await again()).toMatchObject({ found: 0, gone: 0 });
    const found = await differences();
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      claimId: paid[0]!.claimId,
      kind: "over",
      wasFen: Number(item!.amount_fen),
      nowFen: 0,
      causes: ["fact"],
      failed: ["跨省或跨县就业"],
    });
    expect(found[0]!.changed.map(({ after }) => after)).toEqual(["县内"]);
    expect((await office.act(getClaim, { claimId: paid[0]!.claimId }, "clerk")).events.at(-1)!.act).toBe("differ");
    await setFacts([item!.item_id], null);
    expect(await again()).toMatchObject({ found: 0, gone: 1 });
    expect(await differences()).toEqual([]);
  });

  it("asks nothing back for what is merely not known any more", async () => {
    const [item] = await itemsOf(paid[0]!.claimId);
    await setFacts([item!.item_id], { destination: null });
    await again();
    const [found] = await differences();
    expect(found).toMatchObject({ kind: "unclear", nowFen: null, outcome: "UNKNOWN" });
    const { left } = await office.act(takeUpDifferences, { differenceIds: [found!.differenceId] }, "clerk");
    expect(left).toMatchObject([{ why: expect.stringContaining("先核实") }]);
    await setFacts([item!.item_id], null);
    await again();
  });

  it("judges by the rule of the day: a text without the day in its window changes nothing, one that takes its place does", async () => {
    const version = await one<{ version_id: string; source: string }>(
      "SELECT version_id, source FROM policy.version WHERE rule_id = $1 AND region = '430000' AND state = 'published'",
      [RULE],
    );
    const publish = async (source: string, from: string) => {
      await owner.query("UPDATE policy.version SET state = 'superseded' WHERE rule_id = $1 AND state = 'published'", [
        RULE,
      ]);
      await owner.query(
        `INSERT INTO policy.version (path, kind, rule_id, region, title, source, hash, in_force_from, in_force_to, origin, state, published_at)
         SELECT path, kind, rule_id, region, title, $2, md5($2), $3::date, in_force_to, 'local', 'published', now() FROM policy.version WHERE version_id = $1`,
        [version.version_id, source, from],
      );
    };
    const stricter = version.source.replace('("省外", "省内县外")', '("县内")');
    expect(stricter).not.toBe(version.source);
    await publish(stricter.replace("from: 2021-07-26", "from: 2025-06-01"), "2025-06-01");
    expect(await again()).toMatchObject({ found: 0 });
    await publish(stricter, "2021-07-26");
    const done = await again();
    expect(done.found).toBe(done.items);
    expect((await differences()).every(({ causes, kind }) => causes.join() === "rule" && kind === "over")).toBe(true);
    await publish(version.source, "2021-07-26");
    expect(await again()).toMatchObject({ found: 0, gone: done.found });
  });

  it("comes to the same from scratch, whatever has changed meanwhile, and lists each item once", async () => {
    const items = (await Promise.all(paid.map(({ claimId }) => itemsOf(claimId)))).flat();
    const change = fc.record({
      item: fc.nat(items.length - 1),
      facts: fc.constantFrom({ destination: "县内" }, { destination: null }, { destination: "省外" }, null),
    });
    const state = async () =>
      (
        await owner.query(
          "SELECT item_id, was_fen, now_fen, causes FROM subsidies.difference WHERE state = 'open' ORDER BY item_id",
        )
      ).rows;
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        for (const { item, facts } of changes) await setFacts([items[item]!.item_id], facts);
        await again();
        const kept = await state();
        await owner.query("DELETE FROM subsidies.difference WHERE state IN ('open', 'gone')");
        await again();
        expect(await state()).toEqual(kept);
      }),
      { numRuns: 4 },
    );
    await setFacts(
      items.map(({ item_id }) => item_id),
      null,
    );
    await again();
    expect(await differences()).toEqual([]);
  }, 120_000);
});

describe("a difference", () => {
  it("that somebody dismissed is not found again, unless it becomes another one", async () => {
    const [item] = await itemsOf(paid[1]!.claimId);
    await setFacts([item!.item_id], { destination: "县内" });
    await again();
    const [found] = await differences();
    const reason = "经核实台账有误，正在更正";
    await expect(
      office.act(dismissDifferences, { differenceIds: [found!.differenceId], reason }, "clerk"),
    ).rejects.toThrow();
    await office.act(dismissDifferences, { differenceIds: [found!.differenceId], reason }, "reviewer");
    expect(await again()).toMatchObject({ found: 0, gone: 0 });
    await setFacts([item!.item_id], { destination: null });
    expect(await again()).toMatchObject({ found: 1 });
    await setFacts([item!.item_id], null);
    await again();
  });

  it("of a claim that is not paid yet sends it back to be examined, by the reviewer", async () => {
    const [claim] = await office.claims("approved", "clerk", RULE);
    const [item] = await itemsOf(claim!.claimId);
    await setFacts([item!.item_id], { destination: "县内" });
    await again();
    const [found] = await differences({ claimId: claim!.claimId });
    const given = { differenceIds: [found!.differenceId] };
    expect((await office.act(takeUpDifferences, given, "clerk")).left).toMatchObject([
      { why: "这件还没有发放，请复核人员退回重审" },
    ]);
    expect(await office.act(reExamineDifferences, given, "reviewer")).toEqual({ claims: 1, done: 1, left: [] });
    expect(await office.act(getClaim, { claimId: claim!.claimId }, "clerk")).toMatchObject({
      state: "accepted",
      fundLine: null,
    });
    await setFacts([item!.item_id], null);
    expect(await again()).toMatchObject({ found: 0 });
  });
});

/** Raises or lowers the standard of a county from the first day on. */
const setStandard = (value: number, from: string) =>
  office.act(
    setParameter,
    {
      parameter: STANDARD,
      region: HUAYUAN,
      forCase: "省外",
      value,
      from,
      to: null,
      document: "花农〔2025〕9号",
      documentDate: null,
    },
    "policy",
  );

describe("arrears", () => {
  it("are a claim of what is short, approved and paid like any other, once", async () => {
    const before = await one<{ amount: string }>(
      `SELECT min((i.amount_fen)) AS amount FROM subsidies.claim_item i JOIN subsidies.claim c USING (claim_id) WHERE c.state = 'paid' AND i.facts->>'destination' = '省外'`,
    );
    const standard = Number(before.amount);
    await setStandard(standard + 4_500, "2021-07-26");
    const done = await again();
    expect(done.found).toBeGreaterThan(0);
    const short = (await differences()).filter(({ claimState }) => claimState === "paid");
    expect(
      short.filter(
        ({ kind, causes, nowFen, wasFen }) =>
          kind !== "short" || causes.join() !== "parameter" || nowFen !== wasFen + 4_500,
      ),
    ).toEqual([]);
    // It waits among those who are entitled and not paid, with the day on which it was earned.
    const waiting = await office.act(listUnpaid, { reason: "arrears", size: 200 }, "clerk");
    expect(waiting.total).toBe(short.length);

    const later = new Set(idsOf(paid.slice(6)));
    const topped = short.find(({ claimId }) => later.has(claimId))!;
    const own = short.filter(({ claimId }) => claimId === topped.claimId);
    const differenceIds = own.map(({ differenceId }) => differenceId);
    const { arrears } = await office.act(takeUpDifferences, { differenceIds }, "clerk");
    expect(arrears).toMatchObject([{ amountFen: 4_500 * own.length }]);
    expect((await office.act(takeUpDifferences, { differenceIds }, "clerk")).arrears).toEqual([]);
    const { claimId } = arrears[0]!;
    expect(await office.act(getClaim, { claimId }, "clerk")).toMatchObject({
      way: "arrears",
      state: "accepted",
      amountFen: 4_500 * own.length,
      items: own.length,
    });
    // While it is on its way nobody finds it again.
    expect(await again()).toMatchObject({ found: 0, gone: 0 });
    expect(await office.act(checkClaims, { claimIds: [claimId] }, "clerk")).toMatchObject({ done: 1, left: [] });
    expect((await office.act(getClaim, { claimId }, "clerk")).amountFen).toBe(4_500 * own.length);
    // What it comes to is decided on the day: a standard that falls again leaves less.
    await setStandard(standard + 3_000, "2022-01-01");
    expect(await office.act(approveClaims, { claimIds: [claimId] }, "reviewer")).toMatchObject({
      done: 0,
      left: [{ claimId }],
    });
    await owner.query(
      "UPDATE policy.setting SET removed_at = now() WHERE document = '花农〔2025〕9号' AND valid_from = '2022-01-01'",
    );
    expect(await office.act(approveClaims, { claimIds: [claimId] }, "reviewer")).toMatchObject({ done: 1 });
    const spent = (await line()).spentFen;
    await pay([claimId]);
    expect((await line()).spentFen).toBe(spent + 4_500 * own.length);
    expect(await again()).toMatchObject({ found: 0, gone: 0 });

    // A standard that is taken back is found over what was paid in arrears as well; nothing is counted twice by limits.
    await owner.query("UPDATE policy.setting SET removed_at = now() WHERE document = '花农〔2025〕9号'");
    await again();
    const over = await differences();
    expect(over.map(({ claimId: of }) => of)).toEqual(own.map(() => own[0]!.claimId));
    expect(over.every(({ wasFen, nowFen }) => nowFen === wasFen - 4_500)).toBe(true);
    await office.act(
      dismissDifferences,
      { differenceIds: over.map(({ differenceId }) => differenceId), reason: "文件撤销前已发的不再追回" },
      "reviewer",
    );
  });
});

/** A case of recovery over all of a claim's items. */
async function filed(claim: ClaimRow): Promise<{ recoveryId: string; itemIds: readonly string[]; amountFen: number }> {
  const itemIds = (await itemsOf(claim.claimId)).map(({ item_id }) => item_id);
  await setFacts(itemIds, { destination: "县内" });
  await again();
  const found = await differences({ claimId: claim.claimId });
  const { recoveries } = await office.act(
    takeUpDifferences,
    { differenceIds: found.map(({ differenceId }) => differenceId) },
    "clerk",
  );
  const [made] = recoveries;
  return { ...made!, itemIds };
}
const view = (recoveryId: string, as = "clerk") => office.act(getRecovery, { recoveryId }, as);
const at = async (recoveryId: string) => ({ recoveryId, lock: (await view(recoveryId)).lock });
const notice = { grounds: "核实本人在县内务工，不符合跨省、跨县就业", contact: "花垣县人社局就业股 0743-0000000" };

async function decided(recoveryId: string): Promise<void> {
  await office.act(notifyRecovery, { ...(await at(recoveryId)), ...notice }, "clerk");
  await office.act(hearRecovery, { ...(await at(recoveryId)), statement: "无异议" }, "clerk");
  await office.act(
    decideRecovery,
    { ...(await at(recoveryId)), decision: "事实清楚，予以追回全部多发金额" },
    "reviewer",
  );
}

describe("a recovery", () => {
  it("is told, heard, decided by another hand and repaid by instalments to the fen", async () => {
    const { recoveryId, amountFen } = await filed(paid[2]!);
    expect(amountFen).toBe(paid[2]!.amountFen);
    const { overdueFen, acts } = await view(recoveryId);
    expect([overdueFen, acts]).toEqual([0, ["notify"]]);
    await expect(office.act(hearRecovery, { ...(await at(recoveryId)), statement: "无异议" }, "clerk")).rejects.toThrow(
      "现在是“待告知”",
    );
    await office.act(notifyRecovery, { ...(await at(recoveryId)), ...notice }, "clerk");
    expect(await view(recoveryId)).toMatchObject({ state: "notified", replyBy: "2025-06-25", dueOn: "2025-06-25" });
    await expect(
      office.act(decideRecovery, { ...(await at(recoveryId)), decision: "事实清楚，予以追回全部" }, "reviewer"),
    ).rejects.toThrow("陈述申辩期到 2025-06-25");
    const { body } = (await office.run(
      downloadRecoveryLetter,
      { recoveryId, kind: "notice" },
      "clerk",
    )) as DownloadBody;
    expect((body as Buffer).subarray(0, 2).toString()).toBe("PK");
    await expect(office.run(downloadRecoveryLetter, { recoveryId, kind: "decision" }, "clerk")).rejects.toThrow(
      "决定后才有决定书",
    );
    await office.act(hearRecovery, { ...(await at(recoveryId)), statement: "确实在县内做过" }, "clerk");
    await owner.query("UPDATE identity.officer SET duties = ARRAY['county-clerk', 'reviewer'] WHERE login = 'clerk'");
    await expect(
      office.act(decideRecovery, { ...(await at(recoveryId)), decision: "事实清楚，予以追回全部" }, "clerk"),
    ).rejects.toThrow("须由另一人作出决定");
    await owner.query("UPDATE identity.officer SET duties = ARRAY['county-clerk'] WHERE login = 'clerk'");
    await expect(
      owner.query(
        "UPDATE subsidies.recovery SET state = 'repaying', decided_by = filed_by, decided_on = '2025-06-18', pay_by = '2025-07-01' WHERE recovery_id = $1",
        [recoveryId],
      ),
    ).rejects.toThrow("recovery_two_hands");
    await office.act(decideRecovery, { ...(await at(recoveryId)), decision: "事实清楚，予以追回全部" }, "reviewer");

    const first = Math.floor(amountFen / 3);
    const plan = (last: number) => [
      { dueOn: "2025-07-10", amountFen: first },
      { dueOn: "2025-08-10", amountFen: first },
      { dueOn: "2025-09-10", amountFen: last },
    ];
    await expect(
      office.act(planRecovery, { ...(await at(recoveryId)), instalments: plan(amountFen - 2 * first - 1) }, "reviewer"),
    ).rejects.toThrow("一分不差");
    await office.act(planRecovery, { ...(await at(recoveryId)), instalments: plan(amountFen - 2 * first) }, "reviewer");
    await expect(
      owner.query(
        "UPDATE subsidies.recovery_instalment SET amount_fen = amount_fen + 1 WHERE recovery_id = $1 AND line = 1",
        [recoveryId],
      ),
    ).rejects.toThrow("are not the");

    const before = await line();
    const receipt = { receivedOn: ASOF, method: "非税缴款" } as const;
    const receive = async (fen: number, reference: string) =>
      office.act(receiveRecovery, { ...(await at(recoveryId)), ...receipt, amountFen: fen, reference }, "finance");
    await expect(receive(amountFen + 1, "P-1")).rejects.toThrow("不能超过它");
    expect(await receive(first + 7, "P-1")).toEqual({ state: "repaying" });
    await expect(receive(1, "P-1")).rejects.toThrow("已登记过");
    const half = await view(recoveryId);
    expect(half.instalments.map(({ receivedFen }) => receivedFen)).toEqual([first, 7, 0]);
    expect([half.openFen, half.dueOn]).toEqual([amountFen - first - 7, "2025-08-10"]);
    await expect(
      office.act(cancelRecovery, { ...(await at(recoveryId)), reason: "弄错了" }, "reviewer"),
    ).rejects.toThrow("已有款项缴回");
    await expect(
      owner.query("UPDATE subsidies.recovery SET received_fen = received_fen + 1 WHERE recovery_id = $1", [recoveryId]),
    ).rejects.toThrow("follows from receipts");
    await expect(
      owner.query(
        "INSERT INTO subsidies.recovery_receipt (recovery_id, region, amount_fen, received_on, method, reference, officer_name, business_date) VALUES ($1, $2, $3, '2025-06-18', '银行转账', 'P-9', '测', '2025-06-18')",
        [recoveryId, HUAYUAN, amountFen],
      ),
    ).rejects.toThrow("recovery_not_above");
    expect(await receive(amountFen - first - 7, "P-2")).toEqual({ state: "settled" });

    const after = await line();
    expect(after.spentFen).toBe(before.spentFen - amountFen);
    expect(after.leftFen).toBe(before.leftFen + amountFen);
    const sums = await one(
      `SELECT (SELECT sum(amount_fen) FROM subsidies.recovery_receipt WHERE recovery_id = $1) AS receipts,
         (SELECT sum(m.amount_fen) FROM subsidies.fund_movement m JOIN subsidies.recovery_receipt t USING (receipt_id) WHERE t.recovery_id = $1 AND m.kind = 'recover') AS moved`,
      [recoveryId],
    );
    expect(sums).toEqual({ receipts: String(amountFen), moved: String(amountFen) });
    expect(await view(recoveryId)).toMatchObject({ state: "settled", openFen: 0, acts: [], dueOn: null });
    // Settled: nothing is found twice, and a fact that turns right again is owed.
    expect(await again()).toMatchObject({ found: 0, gone: 0 });
    await setFacts(
      (await itemsOf(paid[2]!.claimId)).map(({ item_id }) => item_id),
      null,
    );
    await again();
    expect(
      (await differences({ claimId: paid[2]!.claimId })).every(({ kind, wasFen }) => kind === "short" && wasFen === 0),
    ).toBe(true);
  });

  it("is never repaid above what is owed, in whatever sums it comes", async () => {
    const { recoveryId, amountFen } = await filed(paid[3]!);
    await decided(recoveryId);
    let received = 0;
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: amountFen }), async (fen) => {
        if (received === amountFen) return;
        const given = {
          ...(await at(recoveryId)),
          amountFen: fen,
          receivedOn: ASOF,
          method: "银行转账",
          reference: `Q-${(number += 1)}`,
        } as const;
        const fits = received + fen <= amountFen;
        const answer = await office.act(receiveRecovery, given, "finance").catch((cause: Error) => cause.message);
        if (fits) received += fen;
        else expect(answer).toContain("不能超过它");
        const stored = await one<{ received_fen: string; sum: string }>(
          "SELECT received_fen, (SELECT coalesce(sum(amount_fen), 0) FROM subsidies.recovery_receipt t WHERE t.recovery_id = r.recovery_id) AS sum FROM subsidies.recovery r WHERE recovery_id = $1",
          [recoveryId],
        );
        expect(stored).toEqual({ received_fen: String(received), sum: String(received) });
      }),
      { numRuns: 12 },
    );
  });

  it("is written off by two, with a reason, and the fund gets nothing for it", async () => {
    const { recoveryId, amountFen } = await filed(paid[4]!);
    await decided(recoveryId);
    const reason = "本人死亡且无遗产可供执行，附村委会证明";
    await office.act(proposeWriteOff, { ...(await at(recoveryId)), reason }, "clerk");
    await expect(office.act(agreeWriteOff, await at(recoveryId), "reviewer")).rejects.toThrow();
    await office.act(declineWriteOff, { ...(await at(recoveryId)), note: "先查社保待遇" }, "leader");
    expect(await view(recoveryId)).toMatchObject({ state: "repaying", writeOffReason: null });
    await owner.query("UPDATE identity.officer SET duties = ARRAY['leader', 'county-clerk'] WHERE login = 'leader'");
    await office.act(proposeWriteOff, { ...(await at(recoveryId)), reason }, "leader");
    await expect(office.act(agreeWriteOff, await at(recoveryId), "leader")).rejects.toThrow("须由另一位");
    await office.act(declineWriteOff, { ...(await at(recoveryId)), note: "由经办提请" }, "leader");
    await owner.query("UPDATE identity.officer SET duties = ARRAY['leader'] WHERE login = 'leader'");
    await office.act(proposeWriteOff, { ...(await at(recoveryId)), reason }, "clerk");
    await expect(
      owner.query(
        "UPDATE subsidies.recovery SET state = 'written-off', written_off_fen = amount_fen, agreed_by = proposed_by, ended_on = '2025-06-18' WHERE recovery_id = $1",
        [recoveryId],
      ),
    ).rejects.toThrow("recovery_write_off_second");
    const before = await line();
    await office.act(agreeWriteOff, await at(recoveryId), "leader");
    expect(await view(recoveryId)).toMatchObject({ state: "written-off", writtenOffFen: amountFen, openFen: 0 });
    expect(await line()).toEqual(before);
    expect(await again()).toMatchObject({ found: 0 });
  });

  it("is not decided on a difference that has moved; cancelled, it is found again only as another one", async () => {
    const { recoveryId, itemIds } = await filed(paid[5]!);
    await office.act(notifyRecovery, { ...(await at(recoveryId)), ...notice }, "clerk");
    await office.act(hearRecovery, { ...(await at(recoveryId)), statement: "已补社保和考勤，确在省外" }, "clerk");
    await setFacts(itemIds, null);
    await expect(
      office.act(decideRecovery, { ...(await at(recoveryId)), decision: "事实清楚，予以追回全部" }, "reviewer"),
    ).rejects.toThrow("与立案时不同");
    await office.act(cancelRecovery, { ...(await at(recoveryId)), reason: "陈述申辩成立" }, "reviewer");
    expect(await again()).toMatchObject({ found: 0 });
    expect(await differences({ claimId: paid[5]!.claimId })).toEqual([]);
  });
});

describe("应补尽补", () => {
  it("counts everybody who is entitled and not paid once, and every figure opens its list", async () => {
    const counts = await office.act(countUnpaid, {}, "clerk");
    const rows = (figures: (typeof counts)["total"]) => Object.values(figures).reduce((sum, one) => sum + one.rows, 0);
    const amount = (figures: (typeof counts)["total"]) =>
      Object.values(figures).reduce((sum, one) => sum + one.amountFen, 0);
    for (const parts of [counts.byReason, counts.byPlace, counts.byRule]) {
      expect(parts.reduce((sum, { figures }) => sum + rows(figures), 0)).toBe(rows(counts.total));
      expect(parts.reduce((sum, { figures }) => sum + amount(figures), 0)).toBe(amount(counts.total));
    }
    expect(counts.byReason.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(["proposed", "accepted", "arrears"]),
    );
    for (const { reason, figures } of counts.byReason) {
      const list = await office.act(listUnpaid, { reason, size: 200 }, "clerk");
      expect([reason, list.total]).toEqual([reason, rows(figures)]);
      const days = list.rows.map((row) => row.days);
      expect(days).toEqual(days.toSorted((a, b) => b - a));
    }
    const [place] = counts.byPlace;
    expect((await office.act(listUnpaid, { region: place!.place.code }, "clerk")).total).toBeGreaterThanOrEqual(
      rows(place!.figures),
    );
    expect(unpaidReasons).toEqual(expect.arrayContaining(counts.byReason.map(({ reason }) => reason)));
  });

  it("says who has no account, for whom there is no money, and what has been waiting for how long", async () => {
    const [claim] = await office.claims("approved", "clerk", RULE);
    await owner.query("UPDATE subsidies.claim SET state = 'cleared' WHERE claim_id = $1", [claim!.claimId]);
    const reasonOf = async () =>
      (await office.act(listUnpaid, { rule: RULE, size: 200 }, "clerk")).rows.find(
        ({ claimId }) => claimId === claim!.claimId,
      );
    expect(await reasonOf()).toMatchObject({ reason: "cleared" });
    await owner.query("UPDATE registry.person SET bank_hash = NULL WHERE person_id = $1", [claim!.payeePersonId]);
    expect(await reasonOf()).toMatchObject({ reason: "no-account" });
    await owner.query("UPDATE subsidies.claim SET entitled_on = $2 WHERE claim_id = $1", [
      claim!.claimId,
      "2025-05-19",
    ]);
    expect(await reasonOf()).toMatchObject({ days: 30, age: "to-30" });
    await owner.query("UPDATE subsidies.claim SET entitled_on = $2 WHERE claim_id = $1", [
      claim!.claimId,
      "2025-05-18",
    ]);
    expect(await reasonOf()).toMatchObject({ days: 31, age: "to-90" });
    expect(
      (await office.act(listUnpaid, { rule: RULE, age: "to-30", size: 200 }, "clerk")).rows.map(
        ({ claimId }) => claimId,
      ),
    ).not.toContain(claim!.claimId);
    const poor = (await office.claims("proposed", "clerk")).find(({ fund }) => fund !== claim!.fund)!;
    await owner.query("UPDATE subsidies.claim SET state = 'checked' WHERE claim_id = $1", [poor.claimId]);
    expect(
      (await office.act(listUnpaid, { reason: "no-fund", size: 200 }, "clerk")).rows.map(({ claimId }) => claimId),
    ).toContain(poor.claimId);
  });
});
