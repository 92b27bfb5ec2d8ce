import { batchCounts, handoverDueOn, handoverRuleOf } from "#ledger/contract";
import { describe, expect, test } from "vitest";
import { dutiesOf, monthInHand, queuesOf, type Acts, type BatchAtHand, type Situation } from "./today.ts";

const nothing: Acts = { receive: false, apply: false, approve: false, settle: false, chase: false };
const clerk: Acts = { receive: true, apply: true, approve: true, settle: true, chase: false };
const reviewer: Acts = { ...nothing, approve: true, settle: true };
const town: Acts = { ...nothing, receive: true, settle: true };
const dispatcher: Acts = { ...nothing, chase: true };

const situation = (overrides: Partial<Situation> = {}): Situation => ({
  region: "433124",
  businessDate: "2025-09-22",
  month: "2025-08",
  batches: [],
  counties: [],
  acts: clerk,
  comparisons: { open: 0, overdue: 0, due: null },
  toVerify: 0,
  months: [],
  money: [],
  seesLedger: true,
  ...overrides,
});
const batch = (overrides: Partial<BatchAtHand> = {}): BatchAtHand => ({
  batchId: "1",
  kind: "work-ledger",
  month: "2025-08",
  title: "",
  region: "433124",
  state: "compared",
  counts: batchCounts.parse({ rows: 20_583, differences: { new: 186, changed: 412 }, waiting: 12 }),
  receivedOn: "2025-09-19",
  awaitsApproval: false,
  ownReceipt: true,
  ...overrides,
});
const handovers = (given: Situation) => dutiesOf(given).filter((duty) => duty.key.startsWith("handover"));

describe("移交期限", () => {
  test("the 20th is still in time, the 21st is one day late, and weekends move nothing (AMB-27)", () => {
    const on = (businessDate: string) => {
      const { words, tone } = handovers(situation({ businessDate }))[0]!;
      return `${words} ${tone}`;
    };
    expect(["2025-09-16", "2025-09-19", "2025-09-20", "2025-09-21"].map(on)).toEqual([
      "还剩 4 天 plain",
      "还剩 1 天 soon",
      "今日 soon",
      "逾期 1 天 late",
    ]);
  });
  test("the tables of December are due in January", () => {
    const rule = handoverRuleOf("433124");
    expect(rule && handoverDueOn(rule, "2025-12")).toBe("2026-01-20");
    expect(monthInHand("2026-01-05")).toBe("2025-12");
  });
  test("a county of Hunan owes two tables a month, with the sentence that says so", () => {
    const duties = handovers(situation());
    expect(duties.map((duty) => duty.title)).toEqual(["接收 8月务工情况台账", "接收 8月公益性岗位花名册"]);
    expect(duties.every((duty) => duty.words === "逾期 2 天" && duty.basis?.source === "〔2021〕10号（十三）")).toBe(
      true,
    );
  });
  test("a Hunan day binds no office in Gansu or Jining", () => {
    expect(handovers(situation({ region: "622927" }))).toEqual([]);
    expect(handovers(situation({ region: "370831" }))).toEqual([]);
  });
  test("what has come is no longer owed; a file that could not be read has not come", () => {
    expect(handovers(situation({ batches: [batch({ state: "receiving" })] })).map((duty) => duty.title)).toEqual([
      "接收 8月公益性岗位花名册",
    ]);
    expect(handovers(situation({ batches: [batch({ state: "refused" })] }))).toHaveLength(2);
  });
  test("an office that has begun with a table also sees what the month before still owes of it", () => {
    const begun = situation({ batches: [batch({ kind: "post-roster", month: "2025-06", state: "applied" })] });
    expect(handovers(begun).map((duty) => duty.title)).toEqual([
      "接收 7月公益性岗位花名册",
      "接收 8月务工情况台账",
      "接收 8月公益性岗位花名册",
    ]);
  });
  test("a city is told how many counties are missing, a town nothing", () => {
    const city = situation({
      region: "4331",
      acts: dispatcher,
      counties: ["433124", "433127"],
      batches: [batch({ region: "433124" })],
    });
    expect(handovers(city).find((duty) => duty.key.includes("work-ledger"))).toMatchObject({
      detail: "还有 1 个县未收到",
      progress: { words: "1 / 2 县" },
    });
    expect(handovers(situation({ region: "433124101" }))).toEqual([]);
  });
  test("finance, audit and the reviewer receive nothing, so nothing is owed to them", () => {
    for (const acts of [nothing, reviewer]) expect(handovers(situation({ acts }))).toEqual([]);
    expect(handovers(situation({ region: "4331", acts: nothing, counties: ["433124"] }))).toEqual([]);
  });
});

describe("待办", () => {
  test("a compared batch is due ten days after it came and says what waits in it", () => {
    const [duty] = dutiesOf(situation({ batches: [batch()] })).filter((one) => one.key === "batch 1");
    expect(duty).toMatchObject({
      due: "2025-09-29",
      words: "还剩 7 天",
      title: "应用 8月务工情况台账",
      detail: "比对已完成，598 处差异待应用，12 行待修",
    });
  });
  test("work that no text dates says how long it has waited", () => {
    const [duty] = dutiesOf(situation({ region: "622927", batches: [batch({ region: "622927" })] }));
    expect(duty).toMatchObject({ due: null, words: "已等 3 天", basis: null });
  });
  test("the late come first", () => {
    const tones = dutiesOf(
      situation({ batches: [batch()], comparisons: { open: 38, overdue: 2, due: "2025-09-20" } }),
    ).map((duty) => duty.tone);
    expect(tones).toEqual(
      tones.toSorted((a, b) => ["late", "soon", "plain"].indexOf(a) - ["late", "soon", "plain"].indexOf(b)),
    );
  });
  test("a batch is shown to whose act it waits for, under the name of that act", () => {
    const titles = (given: Partial<BatchAtHand>, acts: Acts) =>
      dutiesOf(situation({ batches: [batch(given)], acts }))
        .filter((duty) => duty.key.startsWith("batch"))
        .map((duty) => duty.title);
    expect(titles({}, clerk)).toEqual(["应用 8月务工情况台账"]);
    expect(titles({}, reviewer)).toEqual([]);
    expect(titles({}, town)).toEqual(["修复 8月务工情况台账"]);
    expect(titles({ counts: batchCounts.parse({ rows: 5 }) }, town)).toEqual([]);
    expect(titles({ state: "mapping" }, reviewer)).toEqual([]);
    expect(titles({ awaitsApproval: true, ownReceipt: false }, reviewer)).toEqual(["复核 8月务工情况台账"]);
    expect(titles({ awaitsApproval: true }, clerk)).toEqual(["应用 8月务工情况台账"]);
    expect(titles({ state: "refused" }, dispatcher)).toEqual([]);
  });
  test("a town is told of comparison tasks before they are late, and of the day by which they are due", () => {
    const open = { comparisons: { open: 5, overdue: 0, due: "2025-09-28" }, region: "433124101" };
    expect(dutiesOf(situation({ ...open, acts: town }))).toMatchObject([
      { title: "处理比对任务 5 件", due: "2025-09-28", words: "还剩 6 天", tone: "plain" },
    ]);
    expect(dutiesOf(situation({ ...open, acts: nothing }))).toEqual([]);
  });
  test("a village worker sees whom to verify, and nothing of the ledger", () => {
    const village = { region: "433124110226", acts: nothing, seesLedger: false, toVerify: 3 };
    const queues = queuesOf(situation(village));
    expect(queues.map((queue) => queue.key)).toEqual(["comparisons", "verify"]);
    expect(queues[1]).toMatchObject({ value: 3, note: "入户或电话核实" });
  });
  test("what an officer may not see has no queue", () => {
    const keys = queuesOf(situation({ comparisons: null, toVerify: null })).map((queue) => queue.key);
    expect(keys).not.toContain("comparisons");
    expect(keys).not.toContain("verify");
  });
});
