import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { registryModule } from "#registry";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import type { OutputOf } from "../../platform/contract.ts";
import { previewApply, type BatchSummary } from "../contract.ts";
import { addOffice, idle, man, Office, snapshot, workLedger, working } from "../fixtures.ts";
import { ledgerModule } from "../module.ts";

const modules = [registryModule, auditModule, identityModule, ledgerModule];
let runtime: TestRuntime;
let office: Office;

const EMPLOYERS: Readonly<Record<string, string>> = { Y: "义乌丰禾服饰厂", D: "东莞锦达电子公司", C: "长沙乐邻家政" };

/**
 * Title | what was said in March (then in April) | what May claims | the reason | the spells held afterwards | idle. A spell is
 * `employer start..end`, a month as 2025-04 in a claim and with 「~」 where it is held; @ is the place, $ the wage. `-` is 否 with
 * nothing of work, or no difference.
 */
const CASES = `
the first work | - | Y 2025-05-10.. | N1 | Y 2025-05-10..
the first work, already over | - | Y 2025-01-10..2025-04-30 | N1 | Y 2025-01-10..2025-04-30 | idle
another employer: the old spell ends the day before | Y 2024-03-01.. | D 2025-05-10.. | C1 | Y 2024-03-01..2025-05-09, D 2025-05-10..
another employer since a month | Y 2024-03-01.. | D 2025-05.. | C1 | Y 2024-03-01..2025-04-30~, D 2025-05-01~..
another employer a day later | Y 2024-03-01.. | D 2024-03-02.. | C1 | Y 2024-03-01..2024-03-01, D 2024-03-02..
another employer on the same day: a correction | Y 2024-03-01.. | D 2024-03-01.. | C1 | D 2024-03-01..
another employer in the month of the start: a correction, the day stays | Y 2024-03-15.. | D 2024-03.. | C1 | D 2024-03-15..
another employer on a day of the month of the start: a correction, the day is better | Y 2024-03.. | D 2024-03-15.. | C1 | D 2024-03-15..
another employer a day before: overlap | Y 2024-03-02.. | D 2024-03-01.. | X3 | Y 2024-03-02..
another employer in between, over already | Y 2024-03-01.. | D 2025-01-01..2025-03-31 | C1 | Y 2024-03-01..2024-12-31, D 2025-01-01..2025-03-31 | idle
work before this one, until the day before | Y 2025-01-01.. | D 2024-01-01..2024-12-31 | C8 | D 2024-01-01..2024-12-31, Y 2025-01-01..
work before this one, until its first day: overlap | Y 2025-01-01.. | D 2024-01-01..2025-01-01 | X3 | Y 2025-01-01..
work at the same employer before, until the day before | Y 2025-01-01.. | Y 2024-01-01..2024-12-31 | C8 | Y 2024-01-01..2024-12-31, Y 2025-01-01..
back at the same employer | Y 2023-01-01..2023-12-31 | Y 2025-02-01.. | R1 | Y 2023-01-01..2023-12-31, Y 2025-02-01..
back at the same employer the day after | Y 2023-01-01..2023-12-31 | Y 2024-01-01.. | R1 | Y 2023-01-01..2023-12-31, Y 2024-01-01..
back for a third time | Y 2022-01-01..2022-12-31 then Y 2023-06-01..2023-12-31 | Y 2025-02-01.. | R1 | Y 2022-01-01..2022-12-31, Y 2023-06-01..2023-12-31, Y 2025-02-01..
a gap filled at the same employer | Y 2022-01-01..2022-12-31 then Y 2025-02-01.. | Y 2023-06-01..2023-12-31 | C8 | Y 2022-01-01..2022-12-31, Y 2023-06-01..2023-12-31, Y 2025-02-01..
back at work elsewhere | Y 2023-01-01..2023-12-31 | D 2025-02-01.. | R1 | Y 2023-01-01..2023-12-31, D 2025-02-01..
elsewhere on the last day of the ended one: overlap | Y 2023-01-01..2023-12-31 | D 2023-12-31.. | X3 | Y 2023-01-01..2023-12-31 | idle
elsewhere in the month in which it ended | Y 2023-01-01..2023-12 | D 2023-12-15.. | R1 | Y 2023-01-01..2023-12-31~, D 2023-12-15..
elsewhere since the month of a day on which it ended | Y 2023-01-01..2023-12-20 | D 2023-12.. | R1 | Y 2023-01-01..2023-12-20, D 2023-12-01~..
an ended spell goes on | Y 2023-01-01..2025-03-31 | Y 2023-01-01.. | R1 | Y 2023-01-01..
an ended spell goes on, but another has followed: overlap | Y 2023-01-01..2023-12-31 then D 2024-02-01.. | Y 2023-01-01.. | X3 | Y 2023-01-01..2023-12-31, D 2024-02-01..
an ended spell lasted longer, until the day before the next | Y 2023-01-01..2023-12-31 then D 2024-02-01.. | Y 2023-01-01..2024-01-31 | C5 | Y 2023-01-01..2024-01-31, D 2024-02-01..
an ended spell lasted longer, into the next: overlap | Y 2023-01-01..2023-12-31 then D 2024-02-01.. | Y 2023-01-01..2024-02-01 | X3 | Y 2023-01-01..2023-12-31, D 2024-02-01..
an open spell began during an earlier one there: overlap | Y 2023-01-01..2023-12-31 then Y 2025-01-01.. | Y 2023-06-01.. | X3 | Y 2023-01-01..2023-12-31, Y 2025-01-01..
it has ended | Y 2024-03-01.. | Y 2024-03-01..2025-04-30 | C5 | Y 2024-03-01..2025-04-30 | idle
it has ended some day of a month | Y 2024-03-01.. | Y 2024-03-01..2025-04 | C5 | Y 2024-03-01..2025-04-30~ | idle
it has ended on its first day | Y 2024-03-01.. | Y 2024-03-01..2024-03-01 | C5 | Y 2024-03-01..2024-03-01 | idle
the month of the end says nothing new | Y 2024-03-01..2025-03-20 | Y 2024-03-01..2025-03 | - | Y 2024-03-01..2025-03-20 | idle
the month of the start says nothing new | Y 2024-03-20.. | Y 2024-03.. | - | Y 2024-03-20..
the day of a start known to the month | Y 2024-03.. | Y 2024-03-20.. | C5 | Y 2024-03-20..
it began earlier | Y 2024-03-20.. | Y 2023-01-05.. | C5 | Y 2023-01-05..
it began earlier, in the time of work elsewhere: overlap | Y 2022-01-01..2022-12-31 then D 2023-02-01.. | D 2022-06-01.. | X3 | Y 2022-01-01..2022-12-31, D 2023-02-01..
it ended before the day on which it began, as we know that day: overlap | Y 2024-03-20.. | Y 2024-03..2024-03-14 | X3 | Y 2024-03-20..
it began later, after an earlier spell there | Y 2022-01-01..2022-12-31 then Y 2023-01-01.. | Y 2023-01-05.. | C5 | Y 2022-01-01..2022-12-31, Y 2023-01-05..
it began earlier, the day after an earlier spell there | Y 2022-01-01..2022-12-31 then Y 2023-02-01.. | Y 2023-01-01.. | C5 | Y 2022-01-01..2022-12-31, Y 2023-01-01..
a correction to an employer of before | D 2022-01-01..2022-12-31 then Y 2023-02-01.. | D 2023-02-01.. | C1 | D 2022-01-01..2022-12-31, D 2023-02-01..
said to be idle, but nobody says since when | Y 2024-03-01.. | - | X4 | Y 2024-03-01..
idle, as his spell says | Y 2024-03-01..2025-03-31 | - | - | Y 2024-03-01..2025-03-31 | idle
the employer in another spelling | 义乌市丰禾（集团）有限公司 2024-03-01.. | 义乌市丰禾(集团) 有限公司 2024-03-01.. | - | 义乌市丰禾(集团)有限公司 2024-03-01..
a place said more exactly | Y 2024-03-01.. @浙江省 | Y 2024-03-01.. @浙江省义乌市 | C2 | Y 2024-03-01..
a place said less exactly | Y 2024-03-01.. @浙江省义乌市 | Y 2024-03-01.. @浙江省 | - | Y 2024-03-01..
another place, the same employer | Y 2024-03-01.. @浙江省义乌市 | Y 2024-03-01.. @广东省东莞市 | M2 | Y 2024-03-01..
another wage | Y 2024-03-01.. | Y 2024-03-01.. $4200 | C3 | Y 2024-03-01..
a third employer after two | Y 2023-01-01.. then D 2024-01-01.. | C 2025-01-01.. | C1 | Y 2023-01-01..2023-12-31, D 2024-01-01..2024-12-31, C 2025-01-01..`;

interface SpellCase {
  readonly n: number;
  readonly title: string;
  readonly held: readonly string[];
  readonly claim: string;
  readonly reason: string | undefined;
  readonly spells: readonly string[];
  readonly state: string;
}

const cases = CASES.trim()
  .split("\n")
  .map((line, n): SpellCase => {
    const [title, held, claim, reason, spells, state = "working"] = line.split(" | ") as [
      string,
      string,
      string,
      string,
      string,
      string?,
    ];
    return {
      n,
      title,
      held: held.split(" then "),
      claim,
      reason: reason === "-" ? undefined : reason,
      spells: spells.split(", "),
      state,
    };
  });

/** The row of a ledger that says a spell; the employer may have spaces in it, the rest has none. */
function rowOf(n: number, spell: string): string[] {
  if (spell === "-") return idle(n);
  const [, employer, start, end, place, wage] = /^(.+) (\S+?)\.\.(\S*)(?: @(\S+))?(?: \$(\S+))?$/.exec(
    spell,
  ) as unknown as [string, string, string, string, string?, string?];
  return working(n, {
    务工单位: EMPLOYERS[employer] ?? employer,
    开始务工时间: start,
    结束务工时间: end,
    是否务工: end === "" ? "是" : "否",
    ...(place ? { 务工地点: place } : {}),
    ...(wage ? { "月工资(元)": wage } : {}),
  });
}

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
  const precision = (column: string) => `CASE e.${column} WHEN 'month' THEN '~' ELSE '' END`;
  const rows = await office.rows<{
    spell: string;
    employer: string;
  }>(`SELECT e.start_date || ${precision("start_precision")} || '..' || coalesce(e.end_date::text, '') || ${precision("end_precision")} AS spell,
    e.employer_name AS employer FROM registry.employment e JOIN registry.person p USING (person_id) WHERE p.name = '${man(n).name}' ORDER BY e.start_date`);
  const letters = new Map(Object.entries(EMPLOYERS).map(([letter, name]) => [name, letter]));
  return rows.map(({ spell, employer }) => `${letters.get(employer) ?? employer} ${spell}`);
}

describe("a spell claimed beside the spells held", () => {
  test("the whole table is applied", () => expect([may.state, may.problem]).toEqual(["applied", null]));

  test.each(cases)("$title", async ({ n, reason, spells, state }) => {
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
