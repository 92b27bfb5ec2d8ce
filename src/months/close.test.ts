import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sql } from "kysely";
import { modules } from "../app.ts";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import { getMonths, getReport, listChanged, reopenMonth, returnMonth } from "./contract.ts";
import {
  FENGHUANG,
  HUAYUAN,
  HUAYUAN_TOWN,
  HUNAN,
  monthsOffice,
  SHUANGLONG,
  working,
  workLedger,
  XIANGXI,
  type MonthsOffice,
} from "./fixtures.ts";

const MONTH = "2025-05";
const BEFORE = "2025-04";
let runtime: TestRuntime;
let office: MonthsOffice;

beforeAll(async () => {
  runtime = await testRuntime(modules);
  office = await monthsOffice(runtime, modules);
  const town2 = { 乡镇: "花垣镇", 行政村: "" };
  await office.adopt(
    workLedger(...[0, 1, 2, 3, 4].map((n) => working(n)), ...[5, 6, 7].map((n) => working(n, town2))),
    { month: BEFORE },
  );
  await office.makeLifted();
});
afterAll(() => runtime?.close());

const note = "公益性岗位花名册随后补报";
const totals = (report: { bridges: readonly { indicator: string; total: number }[] }) =>
  Object.fromEntries(report.bridges.map((one) => [one.indicator, one.total]));

describe("a month, level by level", () => {
  test("a month that is not over, or an office that is not its own, closes nothing", async () => {
    await expect(office.close(SHUANGLONG, "2025-06", "town")).rejects.toThrow("还没有结束，月末之后才能关账");
    await expect(office.close(SHUANGLONG, BEFORE, "clerk", { note })).rejects.toThrow("“关账上报”由双龙镇办理");
    await expect(office.close(SHUANGLONG, BEFORE, "town2", { note })).rejects.toThrow("不在您的管辖范围内");
    await expect(office.close(SHUANGLONG, BEFORE, "leader")).rejects.toThrow("您的职责不包含“关账上报”");
  });

  test("the towns confirm; a batch for a month that a town has confirmed is refused in words", async () => {
    expect((await office.close(SHUANGLONG, BEFORE, "town")).state).toBe("submitted");
    await expect(office.take(workLedger(working(9)), { month: BEFORE })).rejects.toThrow(
      "双龙镇 2025年4月已关账，不能再接收该月台账",
    );
    const [batch] = await office.rows<{ batch_id: string }>("SELECT batch_id FROM ledger.batch");
    await expect(office.undo(batch!.batch_id)).rejects.toThrow("不能再撤销该月台账");
  });

  test("the county names who is missing, says why work is still open, and submits", async () => {
    await expect(office.close(HUAYUAN, BEFORE, "clerk", { note })).rejects.toThrow("还有 2 个下级没有签收：");
    await office.acknowledge([SHUANGLONG], BEFORE, "clerk");
    await expect(office.close(HUAYUAN, BEFORE, "clerk", { note })).rejects.toThrow("还有 1 个下级没有签收：花垣镇");
    await expect(office.close(HUAYUAN, BEFORE, "clerk", { missing: [SHUANGLONG, HUAYUAN_TOWN], note })).rejects.toThrow(
      "双龙镇已经签收",
    );
    await expect(office.close(HUAYUAN, BEFORE, "clerk", { missing: [HUAYUAN_TOWN] })).rejects.toThrow(
      "本月还有未办结的事：缺报 1 个，未应用公益性岗位花名册",
    );
    await office.close(HUAYUAN, BEFORE, "clerk", { missing: [HUAYUAN_TOWN], note });
    const { month, steps } = await office.month(HUAYUAN, BEFORE, "clerk");
    expect(month.state).toBe("submitted");
    expect(month.closing).toMatchObject({ missing: [{ name: "花垣镇" }], note, lateDays: 24 });
    expect(steps.map((step) => step.act)).toEqual(["submit"]);
    expect(totals(await office.act(getReport, { region: HUAYUAN, month: BEFORE }, "clerk"))).toMatchObject({
      workers: 8,
    });
  });

  test("the city returns it with a reason, the county opens, mends and submits again, the city acknowledges", async () => {
    await expect(
      office.act(returnMonth, { region: HUAYUAN, month: BEFORE, reason: "数据不符" }, "province"),
    ).rejects.toThrow("“退回”由湘西土家族苗族自治州办理");
    await office.act(returnMonth, { region: HUAYUAN, month: BEFORE, reason: "花垣镇须补报" }, "city");
    expect((await office.month(HUAYUAN, BEFORE, "clerk")).month).toMatchObject({
      state: "returned",
      reason: "花垣镇须补报",
      acts: ["submit"],
    });
    await office.close(HUAYUAN_TOWN, BEFORE, "town2");
    await office.acknowledge([HUAYUAN_TOWN], BEFORE, "clerk");
    await office.close(HUAYUAN, BEFORE, "clerk", { note });
    await office.acknowledge([HUAYUAN], BEFORE, "city");
    await expect(office.acknowledge([HUAYUAN], BEFORE, "city")).rejects.toThrow("当前为“已签收”，不能签收");
    expect((await office.month(HUAYUAN, BEFORE, "city")).month.acts).toEqual(["reopen"]);
    await expect(
      office.act(reopenMonth, { region: HUAYUAN, month: BEFORE, reason: "再核一遍" }, "clerk"),
    ).rejects.toThrow("“重开”由湘西土家族苗族自治州办理");
  });

  test("the city closes with a county missing by naming it, the province seals; nothing below opens under a closed month", async () => {
    await sql`INSERT INTO registry.person (person_id, name, identity_mask, home_region, secret, recorded_on, source, work_state)
      SELECT 900 + n, '石迟报' || n, '433123********000' || n, '433123101201', ''::bytea, '2025-05-01', 1, 'working' FROM generate_series(1, 3) n`.execute(
      runtime.database.worker,
    );
    await sql`INSERT INTO registry.person_category (person_id, category, valid_from, home_region, recorded_on, source) SELECT 900 + n, 'lifted-from-poverty', '2018-01-01', '433123101201', '2025-05-01', 1 FROM generate_series(1, 3) n`.execute(
      runtime.database.worker,
    );
    await sql`INSERT INTO registry.employment (person_id, employment_id, employer_key, employer_name, start_date, home_region, recorded_on, source) SELECT 900 + n, 1, 5, '某厂', '2025-01-01', '433123101201', '2025-05-01', 1 FROM generate_series(1, 3) n`.execute(
      runtime.database.worker,
    );
    await expect(office.close(XIANGXI, BEFORE, "city", { note: "先报" })).rejects.toThrow(
      "还有 1 个下级没有签收：凤凰县",
    );
    await office.close(XIANGXI, BEFORE, "city", { missing: [FENGHUANG], note: "凤凰县两次催报未到" });
    expect(totals(await office.act(getReport, { region: XIANGXI, month: BEFORE }, "city"))).toMatchObject({
      workers: 8,
    });
    await office.acknowledge([XIANGXI], BEFORE, "province");
    expect((await office.close(HUNAN, BEFORE, "province")).state).toBe("acknowledged");
    await expect(
      office.act(reopenMonth, { region: HUAYUAN, month: BEFORE, reason: "再核一遍" }, "city"),
    ).rejects.toThrow("不能单独重开。请先由上级重开");
  });

  test("the late county hands in afterwards; its people appear as 上月调整 of the city's next month", async () => {
    const town = (await office.month(FENGHUANG, BEFORE, "clerk2")).open!.below.map(({ code }) => code);
    await office.close(FENGHUANG, BEFORE, "clerk2", { missing: town, note: "乡镇尚未使用本系统" });
    await office.acknowledge([FENGHUANG], BEFORE, "city");
    const { below } = await office.act(getMonths, { month: BEFORE }, "city");
    expect(
      below.map(({ region, words, figures }) => [
        region.name,
        words,
        figures?.find((one) => one.indicator === "workers")?.total,
      ]),
    ).toEqual([
      ["凤凰县", "迟报 24 天", 3],
      ["花垣县", "迟报 24 天", 8],
    ]);
    // What the city closed stands as it was.
    expect(totals(await office.act(getReport, { region: XIANGXI, month: BEFORE }, "city"))).toMatchObject({
      workers: 8,
    });

    await office.adopt(
      workLedger(
        ...[0, 1, 2, 3].map((n) => working(n)),
        working(4, { 是否务工: "否", 结束务工时间: "2025-04-20" }),
        ...[8].map((n) => working(n, { 开始务工时间: "2025-05-06" })),
      ),
      { month: MONTH, complete: "false" },
    );
    await sql`INSERT INTO registry.person_category (person_id, category, valid_from, home_region, recorded_on, source) SELECT person_id, 'lifted-from-poverty', '2018-01-01', home_region, recorded_on, source FROM registry.person ON CONFLICT DO NOTHING`.execute(
      runtime.database.worker,
    );
    for (const [region, as] of [
      [HUAYUAN, "clerk"],
      [FENGHUANG, "clerk2"],
    ] as const) {
      const missing = (await office.month(region, MONTH, as)).open!.below.map(({ code }) => code);
      await office.close(region, MONTH, as, { missing, note: "按县统一汇总" });
    }
    const county = await office.act(getReport, { region: HUAYUAN, month: MONTH }, "clerk");
    expect(county.bridges[0]).toMatchObject({ previous: 8, adjusted: -1, entered: 1, gone: 0, total: 8 });
    const adjusted = await office.act(listChanged, { region: HUAYUAN, month: MONTH, list: "adjusted" }, "clerk");
    expect(adjusted.rows).toMatchObject([{ indicator: "workers", sign: -1, village: "双龙镇 十八洞村" }]);
    expect(adjusted.rows[0]!.name).toMatch(/^.\*.?$/u);
    expect(adjusted.rows[0]!.cells[0]).toContain(
      "务工：义乌丰禾服饰厂 2024-03-01 起 → 义乌丰禾服饰厂 2024-03-01 至 2025-04-20",
    );
    const entered = await office.act(listChanged, { region: HUAYUAN, month: MONTH, list: "entered" }, "clerk");
    expect(entered.total).toBe(1);

    await office.acknowledge([HUAYUAN, FENGHUANG], MONTH, "city");
    await office.close(XIANGXI, MONTH, "city");
    const city = await office.act(getReport, { region: XIANGXI, month: MONTH }, "city");
    // Three of the late county came in, one of the other was put right.
    expect(city.bridges[0]).toMatchObject({ previous: 8, adjusted: 2, entered: 1, gone: 0, total: 11 });
    expect(city.parts.map((part) => [part.region.name, part.bridges[0]!.previous, part.bridges[0]!.adjusted])).toEqual([
      ["凤凰县", 0, 3],
      ["花垣县", 8, -1],
    ]);
  });

  test("reopened from the top down, the month takes corrections again, and the earlier closing can still be read", async () => {
    await office.act(reopenMonth, { region: HUNAN, month: BEFORE, reason: "核减一人" }, "province");
    await office.act(reopenMonth, { region: XIANGXI, month: BEFORE, reason: "核减一人" }, "province");
    await office.act(reopenMonth, { region: HUAYUAN, month: BEFORE, reason: "核减一人" }, "city");
    for (const town of [SHUANGLONG, HUAYUAN_TOWN])
      await office.act(reopenMonth, { region: town, month: BEFORE, reason: "核减一人" }, "clerk");
    expect((await office.take(workLedger(working(3)), { month: BEFORE, complete: "false" })).state).toBe("compared");
    const { closings } = await office.month(HUAYUAN, BEFORE, "clerk");
    expect(closings.map((closing) => closing.current)).toEqual([false, false]);
    const earlier = await office.act(
      getReport,
      { region: HUAYUAN, month: BEFORE, closingId: closings[0]!.closingId },
      "clerk",
    );
    expect(totals(earlier)).toMatchObject({ workers: 8 });
  });

  test("two officers close at once: one of them has closed", async () => {
    const tries = await Promise.allSettled([
      office.close(SHUANGLONG, "2025-03", "town"),
      office.close(SHUANGLONG, "2025-03", "town"),
    ]);
    expect(tries.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    expect(String((tries.find((one) => one.status === "rejected") as PromiseRejectedResult).reason)).toContain(
      "当前为“已上报”",
    );
  });

  test("the database itself keeps a closed month from standing without a closing, and closings from being changed", async () => {
    const { app, worker } = runtime.database;
    await expect(
      sql`UPDATE months.month SET closing_id = NULL WHERE state = 'acknowledged'`.execute(worker),
    ).rejects.toThrow("permission denied");
    await expect(sql`UPDATE months.closing SET note = ''`.execute(app)).rejects.toThrow("permission denied");
    await expect(sql`DELETE FROM months.figure`.execute(worker)).rejects.toThrow("permission denied");
    const owner = await runtime.owner();
    await expect(
      owner.query("UPDATE months.month SET closing_id = NULL WHERE state IN ('submitted', 'acknowledged')"),
    ).rejects.toThrow("month_check");
    await expect(
      owner.query("UPDATE months.month SET state = 'returned', closing_id = NULL, acknowledged_by = NULL, reason = ''"),
    ).rejects.toThrow("month_check");
  });
});
