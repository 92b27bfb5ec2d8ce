import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { modules, synthesizeFacts } from "../app.ts";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import { addCounty } from "../registry/fixtures.ts";
import {
  acceptClaims,
  approveClaims,
  buildBatch,
  cancelBatch,
  checkClaims,
  confirmClaims,
  decideObjection,
  endorseClaims,
  freezeBatch,
  getBatch,
  getClaim,
  getPublication,
  listClaimItems,
  listFundLines,
  listFundMovements,
  publishClaims,
  raiseObjection,
  refuseClaims,
  releaseBatch,
  reopenClaims,
  returnClaims,
  sendBackClaims,
  supplyClaims,
  withdrawClaims,
  type ClaimRow,
} from "./contract.ts";
import { clearPublished } from "./publicity/handlers.ts";
import { addPayingOffice, giveAccounts, HUAYUAN, PayingOffice } from "./fixtures.ts";

const ASOF = "2025-06-18";
let runtime: TestRuntime;
let owner: Client;
let office: PayingOffice;
const screen = () => office.screen();
const one = async <T extends object>(text: string, values: readonly unknown[] = []): Promise<T> =>
  (await owner.query<T>(text, [...values])).rows[0]!;
/** What publicity does when nobody has objected. */
const clear = (claimIds: readonly string[]) =>
  owner.query(
    "UPDATE subsidies.claim SET state = 'cleared' WHERE claim_id = ANY($1::bigint[]) AND state = 'approved'",
    [claimIds],
  );
const idsOf = (claims: readonly ClaimRow[]) => claims.map(({ claimId }) => claimId);

beforeAll(async () => {
  runtime = await testRuntime(modules);
  owner = await runtime.owner();
  await addPayingOffice(runtime);
  await addCounty(owner, { county: HUAYUAN, persons: 300, asOf: ASOF });
  await giveAccounts(runtime);
  await synthesizeFacts(runtime);
  // The demonstration's own money: what these tests spend they register.
  await owner.query("TRUNCATE subsidies.fund_line, subsidies.fund_movement CASCADE");
  office = new PayingOffice(runtime, modules);
  await screen();
}, 240_000);
afterAll(() => runtime.close());

describe("what screening finds", () => {
  it("becomes claims of each payee, rule and fund, with every payable row in one of them and none in two", async () => {
    await office.gather();
    const made = await one<{ claims: number; items: number; amount: string; sums: string }>(
      `SELECT count(DISTINCT c.claim_id)::int AS claims, count(*)::int AS items, sum(i.amount_fen) AS amount,
         (SELECT sum(amount_fen) FROM subsidies.claim) AS sums FROM subsidies.claim c JOIN subsidies.claim_item i USING (claim_id) WHERE i.live`,
    );
    expect(made.claims).toBeGreaterThan(20);
    expect(made.sums).toBe(made.amount);
    const unclaimed = await one<{ n: number }>(
      `SELECT count(*)::int AS n FROM policy.result r JOIN policy.version v USING (version_id)
       WHERE r.outcome IN ('ELIGIBLE', 'ELIGIBLE_UP_TO_CAP') AND r.amount_fen > 0 AND r.event_date IS NOT NULL AND v.source LIKE '%\npays: 劳动者%' AND v.rule_id <> 'fisher-insurance-subsidy'
         AND NOT EXISTS (SELECT 1 FROM subsidies.claim_item i WHERE i.rule_path = v.path AND i.row_key = r.row_key)`,
    );
    expect(unclaimed.n).toBe(0);
  });

  it("is made nothing of twice, also after another screening", async () => {
    const before = await one("SELECT count(*) AS n, sum(amount_fen) AS fen FROM subsidies.claim");
    await office.gather();
    await screen();
    await office.gather();
    expect(await one("SELECT count(*) AS n, sum(amount_fen) AS fen FROM subsidies.claim")).toEqual(before);
  });

  it("waits for the payee where the rule says nothing, and for the office where nobody need apply", async () => {
    const { rows } = await owner.query<{ handling: string; state: string }>(
      "SELECT DISTINCT handling, state FROM subsidies.claim ORDER BY 1, 2",
    );
    expect(rows).toContainEqual({ handling: "申请确认", state: "proposed" });
    expect(rows).toContainEqual({ handling: "免申即享", state: "accepted" });
    expect(
      rows.every(
        ({ handling, state }) =>
          state === { 申请确认: "proposed", 免申即享: "accepted", 免审即享: "checked" }[handling],
      ),
    ).toBe(true);
  });
});

/** Takes claims of one rule from where they are found to the reviewer's desk. */
async function toReview(claims: readonly ClaimRow[]): Promise<void> {
  const claimIds = idsOf(claims);
  await office.act(confirmClaims, { claimIds, agent: "柜台本人确认" }, "clerk");
  await office.act(acceptClaims, { claimIds }, "clerk");
  const checked = await office.act(checkClaims, { claimIds }, "clerk");
  expect(checked).toMatchObject({ done: claims.length, left: [] });
}

describe("a claim", () => {
  it("is accepted, sent back for corrections, supplied and examined, and each step stands in its history", async () => {
    const [claim] = await office.claims("proposed", "clerk", "transport-allowance");
    const claimIds = [claim!.claimId];
    await office.act(confirmClaims, { claimIds, agent: "柜台本人确认" }, "clerk");
    await office.act(acceptClaims, { claimIds }, "clerk");
    await office.act(returnClaims, { claimIds, note: "缺考勤表" }, "clerk");
    expect(await office.act(getClaim, { claimId: claim!.claimId }, "clerk")).toMatchObject({
      state: "correction",
      dueOn: null,
    });
    await office.act(supplyClaims, { claimIds, note: "已补考勤表" }, "clerk");
    await office.act(checkClaims, { claimIds }, "clerk");
    const view = await office.act(getClaim, { claimId: claim!.claimId }, "reviewer");
    expect(view.state).toBe("checked");
    expect(view.events.map(({ act }) => act)).toEqual(["find", "confirm", "accept", "return", "supply", "check"]);
    expect(view.acts).toEqual(["approve", "sendBack", "refuse"]);
    expect(view.basis[0]!.quote).toContain("交通补助");
  });

  it("cannot be approved by whoever took it in, also not by an officer with both duties", async () => {
    await owner.query("UPDATE identity.officer SET duties = ARRAY['county-clerk', 'reviewer'] WHERE login = 'clerk'");
    const [claim] = await office.claims("checked");
    const answer = await office.act(approveClaims, { claimIds: [claim!.claimId] }, "clerk");
    expect(answer).toMatchObject({ done: 0, left: [{ why: "是您受理或初审的，须由另一人复核" }] });
    await owner.query("UPDATE identity.officer SET duties = ARRAY['county-clerk'] WHERE login = 'clerk'");
    await expect(
      owner.query("UPDATE subsidies.claim SET approved_by = checked_by WHERE claim_id = $1", [claim!.claimId]),
    ).rejects.toThrow("claim_two_hands");
  });

  it("is refused approval without money, and with too little, in words that say how much", async () => {
    const [claim] = await office.claims("checked");
    const claimIds = [claim!.claimId];
    await expect(office.act(approveClaims, { claimIds }, "reviewer")).rejects.toThrow(
      `没有可用的“${claim!.fund}”2025年资金额度`,
    );
    await office.fund(claim!.fund, claim!.amountFen - 1);
    await expect(office.act(approveClaims, { claimIds }, "reviewer")).rejects.toThrow("余额不足");
    await office.fund(claim!.fund, 100_000_000);
    expect(await office.act(approveClaims, { claimIds }, "reviewer")).toMatchObject({
      done: 1,
      amountFen: claim!.amountFen,
    });
    const lines = (await office.act(listFundLines, { fund: claim!.fund }, "finance")).rows;
    expect(lines.map(({ reservedFen }) => reservedFen).toSorted((a, b) => a - b)).toEqual([0, claim!.amountFen]);
  });

  it("lets its money go when it is sent back, and can be approved again", async () => {
    const [claim] = await office.claims("approved");
    const claimIds = [claim!.claimId];
    await office.act(sendBackClaims, { claimIds, note: "重新核对" }, "reviewer");
    expect(
      (await office.act(listFundLines, { fund: claim!.fund }, "finance")).rows.every(
        ({ reservedFen }) => reservedFen === 0,
      ),
    ).toBe(true);
    await office.act(checkClaims, { claimIds }, "clerk");
    expect(await office.act(approveClaims, { claimIds }, "reviewer")).toMatchObject({ done: 1 });
  });

  it("that was refused can be taken up again, and its rows are not claimed anew meanwhile", async () => {
    const [claim] = await office.claims("proposed", "clerk", "transport-allowance");
    await toReview([claim!]);
    const claimIds = [claim!.claimId];
    await office.act(refuseClaims, { claimIds, note: "考勤不实" }, "reviewer");
    await screen();
    await office.gather();
    const anew = await one<{ n: number }>(
      `SELECT count(*)::int AS n FROM subsidies.claim_item i JOIN subsidies.claim_item o ON o.row_key = i.row_key AND o.rule_path = i.rule_path
       WHERE i.claim_id = $1 AND o.live`,
      claimIds,
    );
    expect(anew.n).toBe(0);
    await office.act(reopenClaims, { claimIds, note: "复核后属实" }, "reviewer");
    const view = await office.act(getClaim, { claimId: claim!.claimId }, "clerk");
    expect(view).toMatchObject({ state: "accepted", amountFen: claim!.amountFen, items: claim!.items });
  });

  it("loses what today's facts no longer bear when it is examined, and waits when the last is gone", async () => {
    const [claim] = (await office.claims("proposed", "clerk", "transport-allowance")).filter(({ items }) => items >= 2);
    const claimIds = [claim!.claimId];
    const { rows } = await office.act(listClaimItems, { claimId: claim!.claimId, size: 200 }, "clerk");
    await owner.query("CREATE TEMP TABLE kept_facts AS SELECT fact_row_id, facts FROM policy.fact_row");
    const forget = (itemIds: readonly string[]) =>
      owner.query(
        `UPDATE policy.fact_row f SET facts = '{}' FROM subsidies.claim_item i WHERE i.item_id = ANY($1::bigint[]) AND f.fact_row_id = i.row_key::bigint`,
        [itemIds],
      );
    await forget([rows[0]!.itemId]);
    await office.act(confirmClaims, { claimIds, agent: "柜台本人确认" }, "clerk");
    await office.act(acceptClaims, { claimIds }, "clerk");
    expect(await office.act(checkClaims, { claimIds }, "clerk")).toMatchObject({ done: 1 });
    const view = await office.act(getClaim, { claimId: claim!.claimId }, "clerk");
    expect(view).toMatchObject({ items: claim!.items - 1, amountFen: claim!.amountFen - rows[0]!.amountFen });
    expect(view.events.at(-1)!.note).toContain("1 项按今天的事实和规则已不符合");
    await forget(rows.map(({ itemId }) => itemId));
    expect(await office.act(approveClaims, { claimIds }, "reviewer")).toMatchObject({
      done: 0,
      left: [{ claimId: claim!.claimId }],
    });
    await office.act(sendBackClaims, { claimIds, note: "事实有变" }, "reviewer");
    expect(await office.act(checkClaims, { claimIds }, "clerk")).toMatchObject({ done: 0 });
    await office.act(withdrawClaims, { claimIds, note: "没有可发的" }, "clerk");
    // What was left out for its facts is claimed again once they are there: nobody decided against it.
    await owner.query(
      "UPDATE policy.fact_row f SET facts = k.facts FROM kept_facts k WHERE f.fact_row_id = k.fact_row_id",
    );
    await screen();
    await office.gather();
    const anew = await one<{ n: number }>(
      "SELECT count(*)::int AS n FROM subsidies.claim_item i JOIN subsidies.claim_item o USING (rule_path, row_key) WHERE i.claim_id = $1 AND o.live",
      claimIds,
    );
    expect(anew.n).toBe(rows.length);
  });

  it("of a large amount goes on to the leader, who is a third hand", async () => {
    const [claim] = await office.claims("proposed", "clerk", "transport-allowance");
    await owner.query("UPDATE subsidies.claim SET amount_fen = amount_fen WHERE claim_id = $1", [claim!.claimId]);
    const large = (await office.claims("open")).find(
      ({ amountFen, state }) => amountFen >= 5_000_000 && state === "proposed",
    );
    expect(large).toBeDefined();
    await toReview([large!]);
    await office.fund(large!.fund, 1_000_000_000);
    await office.act(approveClaims, { claimIds: [large!.claimId] }, "reviewer");
    expect(await office.act(getClaim, { claimId: large!.claimId }, "leader")).toMatchObject({
      state: "escalated",
      acts: ["endorse"],
      fundLine: null,
    });
    await office.act(endorseClaims, { claimIds: [large!.claimId] }, "leader");
    expect((await office.act(getClaim, { claimId: large!.claimId }, "leader")).fundLine).not.toBeNull();
  });
});

describe("publicity", () => {
  const over = "2025-06-26";

  it("shows who is to be paid with masked numbers until its last day, and lets the undisputed go on after it", async () => {
    const claims = (await office.claims("proposed", "clerk", "skill-upgrade-subsidy")).slice(0, 3);
    await toReview(claims);
    await office.fund(claims[0]!.fund, 100_000_000);
    await office.act(approveClaims, { claimIds: idsOf(claims) }, "reviewer");
    const contact = "花垣县人社局就业股 0743-0000000";
    const given = { rule: "skill-upgrade-subsidy", contact } as const;
    const { publicationId, endsOn } = await office.act(publishClaims, given, "clerk");
    expect(endsOn).toBe("2025-06-25");
    await expect(office.act(publishClaims, given, "clerk")).rejects.toThrow("没有待公示的件");
    const shown = await office.act(getPublication, { publicationId }, "clerk");
    expect(shown.lines).toHaveLength(3);
    expect(shown.lines.every(({ identityMask }) => /^433124\*{8}\d{4}$/.test(identityMask))).toBe(true);
    expect(shown.digest).toMatch(/^[0-9a-f]{64}$/);

    const [first, second] = shown.lines;
    const against = { publicationId, raisedBy: "匿名", content: "这一户已经不在本村" };
    const upheld = await office.act(raiseObjection, { ...against, claimId: first!.claimId }, "clerk");
    const rejected = await office.act(raiseObjection, { ...against, claimId: second!.claimId }, "clerk");
    await office.act(
      decideObjection,
      { objectionId: upheld.objectionId, upheld: true, answer: "经核实已迁出" },
      "reviewer",
    );
    await expect(
      office.act(decideObjection, { objectionId: upheld.objectionId, upheld: false, answer: "再答一次" }, "reviewer"),
    ).rejects.toThrow("已经答复");
    const state = async (claimId: string) => (await office.act(getClaim, { claimId }, "clerk")).state;
    expect(await state(first!.claimId)).toBe("accepted");

    await clearPublished({ ...runtime, businessDate: () => endsOn });
    expect(await state(shown.lines[2]!.claimId)).toBe("published");
    await clearPublished({ ...runtime, businessDate: () => over });
    expect(await state(shown.lines[2]!.claimId)).toBe("cleared");
    expect(await state(second!.claimId)).toBe("published");
    await office.act(
      decideObjection,
      { objectionId: rejected.objectionId, upheld: false, answer: "本人仍住本村" },
      "reviewer",
    );
    await clearPublished({ ...runtime, businessDate: () => over });
    expect(await state(second!.claimId)).toBe("cleared");
    expect((await office.act(getPublication, { publicationId }, "clerk")).state).toBe("ended");
  });
});

describe("a claim that leaves a list", () => {
  it("goes on by the list that it is published on next, and not by the end of the one that it left", async () => {
    const [claim] = await office.claims("proposed", "clerk", "skill-upgrade-subsidy");
    const claimIds = [claim!.claimId];
    await toReview([claim!]);
    await office.act(approveClaims, { claimIds }, "reviewer");
    const given = { rule: "skill-upgrade-subsidy", contact: "花垣县人社局就业股" } as const;
    const { publicationId } = await office.act(publishClaims, given, "clerk");
    await office.act(sendBackClaims, { claimIds, note: "重新核对证书" }, "reviewer");
    expect((await office.act(getPublication, { publicationId }, "clerk")).lines[0]!.takenOut).toBe(true);
    await office.act(checkClaims, { claimIds }, "clerk");
    await office.act(approveClaims, { claimIds }, "reviewer");
    const again = await office.act(publishClaims, { ...given, workdays: 10 }, "clerk");
    await clearPublished({ ...runtime, businessDate: () => "2025-06-26" });
    expect((await office.act(getClaim, { claimId: claim!.claimId }, "clerk")).state).toBe("published");
    await clearPublished({ ...runtime, businessDate: () => "2025-07-03" });
    expect(again.endsOn).toBe("2025-07-02");
    expect((await office.act(getClaim, { claimId: claim!.claimId }, "clerk")).state).toBe("cleared");
  });
});

describe("money", () => {
  it("goes to the bank once for each claim, comes back line by line, and every sum agrees to the fen", async () => {
    const claims = (await office.claims("proposed", "clerk", "transport-allowance")).slice(0, 6);
    await toReview(claims);
    await office.act(approveClaims, { claimIds: idsOf(claims) }, "reviewer");
    await clear(idsOf(claims));
    const line = (await office.act(getClaim, { claimId: claims[0]!.claimId }, "finance")).fundLine!;
    const built = await office.act(buildBatch, { fundLineId: line.fundLineId, rule: "transport-allowance" }, "finance");
    expect(built).toMatchObject({
      payments: 6,
      totalFen: claims.reduce((sum, { amountFen }) => sum + amountFen, 0),
      withoutAccount: 0,
    });
    const { batchId } = built;
    const lock = async () => (await office.act(getBatch, { batchId }, "finance")).lock;

    await expect(office.bankFile(batchId)).rejects.toThrow("现在是“编制中”");
    await office.act(freezeBatch, { batchId, lock: await lock() }, "finance");
    await expect(office.act(releaseBatch, { batchId, lock: await lock() }, "finance")).rejects.toThrow(
      "须由另一人签发",
    );
    expect(await office.act(releaseBatch, { batchId, lock: await lock() }, "finance2")).toEqual({ released: false });
    await expect(office.act(releaseBatch, { batchId, lock: await lock() }, "finance2")).rejects.toThrow(
      "须由另一人签发",
    );
    expect(await office.act(releaseBatch, { batchId, lock: await lock() }, "leader")).toEqual({ released: true });

    await expect(office.bankFile(batchId)).rejects.toThrow("现在是“已签发”");
    await office.send(batchId);
    await expect(office.send(batchId)).rejects.toThrow("不能送银行发放");
    const file = await office.bankFile(batchId);
    expect(file).toHaveLength(7);
    expect(file[1]![2]).toMatch(/^62170000\d{10}$/);
    expect(await office.bankFile(batchId)).toEqual(file);

    const answers = file
      .slice(1)
      .map(([no, , , , amount], index) =>
        index === 5 ? `${no},失败,${amount},,2025-06-19,账户已销户` : `${no},成功,${amount},L${no},2025-06-19,`,
      );
    await expect(office.answer(batchId, [answers[0]!.replace(/,成功,\d+/, ",成功,1")])).rejects.toThrow("第 2 行");
    expect(await office.answer(batchId, answers.slice(0, 3))).toMatchObject({ paid: 3, returned: 0, waiting: 3 });
    expect(await office.answer(batchId, answers)).toMatchObject({ paid: 2, returned: 1, known: 3, waiting: 0 });
    expect(await office.answer(batchId, answers)).toMatchObject({ paid: 0, returned: 0, known: 6 });
    expect((await office.act(getBatch, { batchId }, "finance")).state).toBe("settled");

    const returned = await office.act(getClaim, { claimId: claims[5]!.claimId }, "finance");
    expect(returned).toMatchObject({ state: "cleared", payments: [{ state: "returned", reason: "账户已销户" }] });
    const again = await office.act(buildBatch, { fundLineId: line.fundLineId, rule: "transport-allowance" }, "finance");
    expect(again).toMatchObject({ payments: 1, totalFen: claims[5]!.amountFen });
    await expect(
      owner.query(
        "INSERT INTO subsidies.payment SELECT (payment).* FROM (SELECT p AS payment FROM subsidies.payment p WHERE claim_id = $1 AND state = 'planned') x",
        [claims[5]!.claimId],
      ),
    ).rejects.toThrow();
    await office.act(cancelBatch, { batchId: again.batchId, lock: 2, note: "账户还在核实" }, "finance");
    expect(await office.act(getClaim, { claimId: claims[5]!.claimId }, "finance")).toMatchObject({ state: "cleared" });

    // Money that came back after it had been called paid.
    const late = await office.answer(batchId, [answers[0]!.replace("成功", "退汇").replace(/,$/, ",户名不符")]);
    expect(late).toMatchObject({ returned: 1 });
    const sums = await one<{ spent: string; paid: string }>(
      `SELECT (SELECT spent_fen FROM subsidies.fund_line WHERE fund_line_id = $1) AS spent,
         (SELECT sum(amount_fen) FROM subsidies.payment WHERE fund_line_id = $1 AND state = 'paid') AS paid`,
      [line.fundLineId],
    );
    expect(sums.spent).toBe(sums.paid);
    const { rows } = await office.act(listFundMovements, { fundLineId: line.fundLineId, size: 200 }, "finance");
    const net = (kind: string) =>
      rows.filter((row) => row.kind === kind).reduce((sum, { amountFen }) => sum + amountFen, 0);
    const stored = (await office.act(listFundLines, {}, "finance")).rows.find(
      ({ fundLineId }) => fundLineId === line.fundLineId,
    )!;
    expect(stored.spentFen).toBe(net("spend") - net("return"));
    expect(stored.reservedFen).toBe(net("reserve") - net("release") - net("spend") + net("return"));
  });

  it("never leaves a fund below zero, whatever is written beside the program", async () => {
    const { rows } = await office.act(listFundLines, {}, "finance");
    const { fundLineId } = rows[0]!;
    await expect(
      owner.query("UPDATE subsidies.fund_line SET spent_fen = 1 WHERE fund_line_id = $1", [fundLineId]),
    ).rejects.toThrow("balances follow from movements");
    await expect(
      owner.query(
        "INSERT INTO subsidies.fund_movement (fund_line_id, region, kind, amount_fen, officer_name, business_date) VALUES ($1, $2, 'reserve', 9000000000000, '测', '2025-06-18')",
        [fundLineId, HUAYUAN],
      ),
    ).rejects.toThrow("fund_never_below_zero");
  });
});
