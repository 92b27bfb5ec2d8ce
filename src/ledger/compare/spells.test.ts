import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { registryModule } from "#registry";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import type { OutputOf } from "../../platform/contract.ts";
import { previewApply, type BatchSummary } from "../contract.ts";
import { addOffice, idle, man, Office, snapshot, workLedger, working, type WorkRow } from "../fixtures.ts";
import { ledgerModule } from "../module.ts";

const modules = [registryModule, auditModule, identityModule, ledgerModule];
let runtime: TestRuntime;
let office: Office;

const YIWU = "义乌丰禾服饰厂";
const DONGGUAN = "东莞锦达电子公司";
const CHANGSHA = "长沙乐邻家政";

/** A spell as a row says it: start, end (「否」 when there is one), employer. */
function at(employer: string, start: string, end = "", more: WorkRow = {}): WorkRow {
  return { 务工单位: employer, 开始务工时间: start, 结束务工时间: end, 是否务工: end === "" ? "是" : "否", ...more };
}

interface SpellCase {
  readonly title: string;
  /** What was said in March and in April; null: 否, with nothing of work. */
  readonly held: readonly (WorkRow | null)[];
  readonly claim: WorkRow | null;
  /** None: nothing differs. */
  readonly reason?: string;
  /** `start..end employer`, a month with 「~」, as the registry holds them afterwards. */
  readonly spells: readonly string[];
  readonly state?: "working" | "idle";
}

const cases: readonly SpellCase[] = [
  {
    title: "the first work",
    held: [null],
    claim: at(YIWU, "2025-05-10"),
    reason: "N1",
    spells: [`2025-05-10.. ${YIWU}`],
  },
  {
    title: "the first work, already over",
    held: [null],
    claim: at(YIWU, "2025-01-10", "2025-04-30"),
    reason: "N1",
    spells: [`2025-01-10..2025-04-30 ${YIWU}`],
    state: "idle",
  },
  {
    title: "another employer: the old spell ends the day before",
    held: [at(YIWU, "2024-03-01")],
    claim: at(DONGGUAN, "2025-05-10"),
    reason: "C1",
    spells: [`2024-03-01..2025-05-09 ${YIWU}`, `2025-05-10.. ${DONGGUAN}`],
  },
  {
    title: "another employer since a month",
    held: [at(YIWU, "2024-03-01")],
    claim: at(DONGGUAN, "2025年5月"),
    reason: "C1",
    spells: [`2024-03-01..2025-04-30~ ${YIWU}`, `2025-05-01~.. ${DONGGUAN}`],
  },
  {
    title: "another employer a day later",
    held: [at(YIWU, "2024-03-01")],
    claim: at(DONGGUAN, "2024-03-02"),
    reason: "C1",
    spells: [`2024-03-01..2024-03-01 ${YIWU}`, `2024-03-02.. ${DONGGUAN}`],
  },
  {
    title: "another employer on the same day: a correction",
    held: [at(YIWU, "2024-03-01")],
    claim: at(DONGGUAN, "2024-03-01"),
    reason: "C1",
    spells: [`2024-03-01.. ${DONGGUAN}`],
  },
  {
    title: "another employer in the month of the start: a correction, the day stays",
    held: [at(YIWU, "2024-03-15")],
    claim: at(DONGGUAN, "2024年3月"),
    reason: "C1",
    spells: [`2024-03-15.. ${DONGGUAN}`],
  },
  {
    title: "another employer on a day of the month of the start: a correction, the day is better",
    held: [at(YIWU, "2024年3月")],
    claim: at(DONGGUAN, "2024-03-15"),
    reason: "C1",
    spells: [`2024-03-15.. ${DONGGUAN}`],
  },
  {
    title: "another employer a day before: overlap",
    held: [at(YIWU, "2024-03-02")],
    claim: at(DONGGUAN, "2024-03-01"),
    reason: "X3",
    spells: [`2024-03-02.. ${YIWU}`],
  },
  {
    title: "another employer in between, over already",
    held: [at(YIWU, "2024-03-01")],
    claim: at(DONGGUAN, "2025-01-01", "2025-03-31"),
    reason: "C1",
    spells: [`2024-03-01..2024-12-31 ${YIWU}`, `2025-01-01..2025-03-31 ${DONGGUAN}`],
    state: "idle",
  },
  {
    title: "work before this one, until the day before",
    held: [at(YIWU, "2025-01-01")],
    claim: at(DONGGUAN, "2024-01-01", "2024-12-31"),
    reason: "C8",
    spells: [`2024-01-01..2024-12-31 ${DONGGUAN}`, `2025-01-01.. ${YIWU}`],
  },
  {
    title: "work before this one, until its first day: overlap",
    held: [at(YIWU, "2025-01-01")],
    claim: at(DONGGUAN, "2024-01-01", "2025-01-01"),
    reason: "X3",
    spells: [`2025-01-01.. ${YIWU}`],
  },
  {
    title: "work at the same employer before, until the day before",
    held: [at(YIWU, "2025-01-01")],
    claim: at(YIWU, "2024-01-01", "2024-12-31"),
    reason: "C8",
    spells: [`2024-01-01..2024-12-31 ${YIWU}`, `2025-01-01.. ${YIWU}`],
  },
  {
    title: "back at the same employer",
    held: [at(YIWU, "2023-01-01", "2023-12-31")],
    claim: at(YIWU, "2025-02-01"),
    reason: "R1",
    spells: [`2023-01-01..2023-12-31 ${YIWU}`, `2025-02-01.. ${YIWU}`],
  },
  {
    title: "back at the same employer the day after",
    held: [at(YIWU, "2023-01-01", "2023-12-31")],
    claim: at(YIWU, "2024-01-01"),
    reason: "R1",
    spells: [`2023-01-01..2023-12-31 ${YIWU}`, `2024-01-01.. ${YIWU}`],
  },
  {
    title: "back for a third time",
    held: [at(YIWU, "2022-01-01", "2022-12-31"), at(YIWU, "2023-06-01", "2023-12-31")],
    claim: at(YIWU, "2025-02-01"),
    reason: "R1",
    spells: [`2022-01-01..2022-12-31 ${YIWU}`, `2023-06-01..2023-12-31 ${YIWU}`, `2025-02-01.. ${YIWU}`],
  },
  {
    title: "a gap filled at the same employer",
    held: [at(YIWU, "2022-01-01", "2022-12-31"), at(YIWU, "2025-02-01")],
    claim: at(YIWU, "2023-06-01", "2023-12-31"),
    reason: "C8",
    spells: [`2022-01-01..2022-12-31 ${YIWU}`, `2023-06-01..2023-12-31 ${YIWU}`, `2025-02-01.. ${YIWU}`],
  },
  {
    title: "back at work elsewhere",
    held: [at(YIWU, "2023-01-01", "2023-12-31")],
    claim: at(DONGGUAN, "2025-02-01"),
    reason: "R1",
    spells: [`2023-01-01..2023-12-31 ${YIWU}`, `2025-02-01.. ${DONGGUAN}`],
  },
  {
    title: "elsewhere on the last day of the ended one: overlap",
    held: [at(YIWU, "2023-01-01", "2023-12-31")],
    claim: at(DONGGUAN, "2023-12-31"),
    reason: "X3",
    spells: [`2023-01-01..2023-12-31 ${YIWU}`],
    state: "idle",
  },
  {
    title: "elsewhere in the month in which it ended",
    held: [at(YIWU, "2023-01-01", "2023年12月")],
    claim: at(DONGGUAN, "2023-12-15"),
    reason: "R1",
    spells: [`2023-01-01..2023-12-31~ ${YIWU}`, `2023-12-15.. ${DONGGUAN}`],
  },
  {
    title: "elsewhere since the month of a day on which it ended",
    held: [at(YIWU, "2023-01-01", "2023-12-20")],
    claim: at(DONGGUAN, "2023年12月"),
    reason: "R1",
    spells: [`2023-01-01..2023-12-20 ${YIWU}`, `2023-12-01~.. ${DONGGUAN}`],
  },
  {
    title: "an ended spell goes on",
    held: [at(YIWU, "2023-01-01", "2025-03-31")],
    claim: at(YIWU, "2023-01-01"),
    reason: "R1",
    spells: [`2023-01-01.. ${YIWU}`],
  },
  {
    title: "an ended spell goes on, but another has followed: overlap",
    held: [at(YIWU, "2023-01-01", "2023-12-31"), at(DONGGUAN, "2024-02-01")],
    claim: at(YIWU, "2023-01-01"),
    reason: "X3",
    spells: [`2023-01-01..2023-12-31 ${YIWU}`, `2024-02-01.. ${DONGGUAN}`],
  },
  {
    title: "an ended spell lasted longer, until the day before the next",
    held: [at(YIWU, "2023-01-01", "2023-12-31"), at(DONGGUAN, "2024-02-01")],
    claim: at(YIWU, "2023-01-01", "2024-01-31"),
    reason: "C5",
    spells: [`2023-01-01..2024-01-31 ${YIWU}`, `2024-02-01.. ${DONGGUAN}`],
  },
  {
    title: "an ended spell lasted longer, into the next: overlap",
    held: [at(YIWU, "2023-01-01", "2023-12-31"), at(DONGGUAN, "2024-02-01")],
    claim: at(YIWU, "2023-01-01", "2024-02-01"),
    reason: "X3",
    spells: [`2023-01-01..2023-12-31 ${YIWU}`, `2024-02-01.. ${DONGGUAN}`],
  },
  {
    title: "an open spell began during an earlier one there: overlap",
    held: [at(YIWU, "2023-01-01", "2023-12-31"), at(YIWU, "2025-01-01")],
    claim: at(YIWU, "2023-06-01"),
    reason: "X3",
    spells: [`2023-01-01..2023-12-31 ${YIWU}`, `2025-01-01.. ${YIWU}`],
  },
  {
    title: "it has ended",
    held: [at(YIWU, "2024-03-01")],
    claim: at(YIWU, "2024-03-01", "2025-04-30"),
    reason: "C5",
    spells: [`2024-03-01..2025-04-30 ${YIWU}`],
    state: "idle",
  },
  {
    title: "it has ended some day of a month",
    held: [at(YIWU, "2024-03-01")],
    claim: at(YIWU, "2024-03-01", "2025年4月"),
    reason: "C5",
    spells: [`2024-03-01..2025-04-30~ ${YIWU}`],
    state: "idle",
  },
  {
    title: "it has ended on its first day",
    held: [at(YIWU, "2024-03-01")],
    claim: at(YIWU, "2024-03-01", "2024-03-01"),
    reason: "C5",
    spells: [`2024-03-01..2024-03-01 ${YIWU}`],
    state: "idle",
  },
  {
    title: "the month of the end says nothing new",
    held: [at(YIWU, "2024-03-01", "2025-03-20")],
    claim: at(YIWU, "2024-03-01", "2025年3月"),
    spells: [`2024-03-01..2025-03-20 ${YIWU}`],
    state: "idle",
  },
  {
    title: "the month of the start says nothing new",
    held: [at(YIWU, "2024-03-20")],
    claim: at(YIWU, "2024年3月"),
    spells: [`2024-03-20.. ${YIWU}`],
  },
  {
    title: "the day of a start known to the month",
    held: [at(YIWU, "2024年3月")],
    claim: at(YIWU, "2024-03-20"),
    reason: "C5",
    spells: [`2024-03-20.. ${YIWU}`],
  },
  {
    title: "it began earlier",
    held: [at(YIWU, "2024-03-20")],
    claim: at(YIWU, "2023-01-05"),
    reason: "C5",
    spells: [`2023-01-05.. ${YIWU}`],
  },
  {
    title: "it began earlier, in the time of work elsewhere: overlap",
    held: [at(YIWU, "2022-01-01", "2022-12-31"), at(DONGGUAN, "2023-02-01")],
    claim: at(DONGGUAN, "2022-06-01"),
    reason: "X3",
    spells: [`2022-01-01..2022-12-31 ${YIWU}`, `2023-02-01.. ${DONGGUAN}`],
  },
  {
    title: "it ended before the day on which it began, as we know that day: overlap",
    held: [at(YIWU, "2024-03-20")],
    claim: at(YIWU, "2024年3月", "2024-03-14"),
    reason: "X3",
    spells: [`2024-03-20.. ${YIWU}`],
  },
  {
    title: "it began later, after an earlier spell there",
    held: [at(YIWU, "2022-01-01", "2022-12-31"), at(YIWU, "2023-01-01")],
    claim: at(YIWU, "2023-01-05"),
    reason: "C5",
    spells: [`2022-01-01..2022-12-31 ${YIWU}`, `2023-01-05.. ${YIWU}`],
  },
  {
    title: "it began earlier, the day after an earlier spell there",
    held: [at(YIWU, "2022-01-01", "2022-12-31"), at(YIWU, "2023-02-01")],
    claim: at(YIWU, "2023-01-01"),
    reason: "C5",
    spells: [`2022-01-01..2022-12-31 ${YIWU}`, `2023-01-01.. ${YIWU}`],
  },
  {
    title: "a correction to an employer of before",
    held: [at(DONGGUAN, "2022-01-01", "2022-12-31"), at(YIWU, "2023-02-01")],
    claim: at(DONGGUAN, "2023-02-01"),
    reason: "C1",
    spells: [`2022-01-01..2022-12-31 ${DONGGUAN}`, `2023-02-01.. ${DONGGUAN}`],
  },
  {
    title: "said to be idle, but nobody says since when",
    held: [at(YIWU, "2024-03-01")],
    claim: null,
    reason: "X4",
    spells: [`2024-03-01.. ${YIWU}`],
  },
  {
    title: "idle, as his spell says",
    held: [at(YIWU, "2024-03-01", "2025-03-31")],
    claim: null,
    spells: [`2024-03-01..2025-03-31 ${YIWU}`],
    state: "idle",
  },
  {
    title: "the employer in another spelling",
    held: [at("义乌市丰禾（集团）有限公司", "2024-03-01")],
    claim: at("义乌市丰禾(集团) 有限公司", "2024-03-01"),
    spells: ["2024-03-01.. 义乌市丰禾(集团)有限公司"],
  },
  {
    title: "a place said more exactly",
    held: [at(YIWU, "2024-03-01", "", { 务工地点: "浙江省" })],
    claim: at(YIWU, "2024-03-01", "", { 务工地点: "浙江省义乌市" }),
    reason: "C2",
    spells: [`2024-03-01.. ${YIWU}`],
  },
  {
    title: "a place said less exactly",
    held: [at(YIWU, "2024-03-01", "", { 务工地点: "浙江省义乌市" })],
    claim: at(YIWU, "2024-03-01", "", { 务工地点: "浙江省" }),
    spells: [`2024-03-01.. ${YIWU}`],
  },
  {
    title: "another place, the same employer",
    held: [at(YIWU, "2024-03-01", "", { 务工地点: "浙江省义乌市" })],
    claim: at(YIWU, "2024-03-01", "", { 务工地点: "广东省东莞市" }),
    reason: "M2",
    spells: [`2024-03-01.. ${YIWU}`],
  },
  {
    title: "another wage",
    held: [at(YIWU, "2024-03-01")],
    claim: at(YIWU, "2024-03-01", "", { "月工资(元)": "4200" }),
    reason: "C3",
    spells: [`2024-03-01.. ${YIWU}`],
  },
  {
    title: "a third employer after two",
    held: [at(YIWU, "2023-01-01"), at(DONGGUAN, "2024-01-01")],
    claim: at(CHANGSHA, "2025-01-01"),
    reason: "C1",
    spells: [`2023-01-01..2023-12-31 ${YIWU}`, `2024-01-01..2024-12-31 ${DONGGUAN}`, `2025-01-01.. ${CHANGSHA}`],
  },
];

const rowOf = (n: number, row: WorkRow | null) => (row === null ? idle(n) : working(n, row));
let base: string;
let may: BatchSummary;
let reasons: Record<string, string>;
let preview: OutputOf<typeof previewApply>;

/** One table for March, one for April, one for May hold all cases, a person each; the one for May is looked at. */
beforeAll(async () => {
  runtime = await testRuntime(modules);
  await addOffice(runtime);
  office = new Office(runtime, modules);
  await office.adopt(workLedger(...cases.map(({ held }, n) => rowOf(n, held[0]!))), { month: "2025-03" });
  await office.adopt(workLedger(...cases.map(({ held }, n) => rowOf(n, held.at(-1)!))), { month: "2025-04" });
  base = await snapshot(runtime);
  const content = workLedger(...cases.map(({ claim }, n) => rowOf(n, claim)));
  may = await office.take(content, { month: "2025-05" });
  reasons = await office.reasons(may.batchId);
  preview = await office.act(previewApply, { batchId: may.batchId });
  may = await office.apply(may.batchId);
});
afterAll(() => runtime?.close());

async function spellsOf(n: number): Promise<string[]> {
  const rows = await office.rows<{
    spell: string;
  }>(`SELECT e.start_date || CASE e.start_precision WHEN 'month' THEN '~' ELSE '' END || '..' || coalesce(e.end_date::text, '') || CASE e.end_precision WHEN 'month' THEN '~' ELSE '' END || ' ' || e.employer_name AS spell
    FROM registry.employment e JOIN registry.person p USING (person_id) WHERE p.name = '${man(n).name}' ORDER BY e.start_date`);
  return rows.map((row) => row.spell);
}

describe("a spell claimed beside the spells held", () => {
  test("the whole table is applied", () => expect([may.state, may.problem]).toEqual(["applied", null]));

  test.each(cases.map((one, n) => ({ ...one, n })))("$title", async ({ n, reason, spells, state = "working" }) => {
    expect([reasons[man(n).name], await spellsOf(n)]).toEqual([reason, spells]);
    expect(await office.rows(`SELECT work_state FROM registry.person WHERE name = '${man(n).name}'`)).toEqual([
      { work_state: state },
    ]);
  });

  test("the preview has promised what happened", async () => {
    const [now] = await office.rows<
      Record<string, number>
    >(`SELECT (SELECT count(*) FROM registry.employment WHERE created_batch = ${may.batchId})::int AS records, (SELECT count(*) FROM registry.person WHERE work_state = 'working')::int AS working,
      (SELECT count(DISTINCT person_id) FROM registry.change WHERE batch_id = ${may.batchId} AND entity = 'employment' AND after->>'end_reason' IS DISTINCT FROM '换单位')::int AS corrected`);
    const conflicts = cases.filter(({ reason }) => reason === "X3" || reason === "X4").length;
    const said = cases.filter(({ reason }) => reason !== undefined).length;
    expect(preview).toMatchObject({
      newPersons: 0,
      newRecords: now!["records"],
      changedPersons: now!["corrected"],
      workingAfter: now!["working"],
      tasks: conflicts,
      places: said - conflicts,
      left: 0,
      unchanged: cases.length - said,
    });
  });

  test("spells at one employer follow each other in the chain", async () => {
    expect(
      await office.rows(
        `SELECT person_id FROM (SELECT *, lag(end_date) OVER (PARTITION BY person_id, employer_key ORDER BY start_date) AS before FROM registry.employment) e WHERE previous_end IS DISTINCT FROM before`,
      ),
    ).toEqual([]);
  });

  test("said again, only what nobody could decide is still there", async () => {
    const again = await office.take(workLedger(...cases.map(({ claim }, n) => rowOf(n, claim))), { month: "2025-05" });
    const open = Object.fromEntries(
      cases.flatMap(({ reason }, n) => (reason && ["X3", "X4"].includes(reason) ? [[man(n).name, reason]] : [])),
    );
    expect(await office.reasons(again.batchId)).toEqual(open);
  });

  test("undone, everything is as it was", async () => {
    expect(await office.undo(may.batchId)).toMatchObject({ state: "undone", problem: null });
    expect(await snapshot(runtime)).toBe(base);
  });
});
