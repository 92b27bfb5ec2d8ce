import { categoriesAsOfSql, employmentAsOfSql, LATEST, personCategory, personsAsOfSql, regionNames } from "#registry";
import { sql } from "kysely";
import { addMonths, lastDay } from "../../platform/dates/index.ts";
import type { ActionContext } from "../../platform/module.ts";
import { type ChangedPerson, type ChangeList, type Indicator } from "../contract.ts";
import { membersSql, type Moment } from "../members.ts";
import { momentOf } from "../store.ts";
import { standingOf, type Asked } from "./model.ts";

interface ChangedRow {
  readonly indicator: Indicator;
  readonly subject: string;
  readonly region: string;
  readonly sign: number;
  readonly n: string;
}

/**
 * Who came and who went: entered and gone between the ends of the last month and this one as known at the closing; adjusted: the end
 * of the last month, as it was closed then against as it is known at this closing. Nobody where the last month was not closed.
 * Asked with the eyes of background work, because who has moved away since is still part of what was closed; the region has been checked.
 */
export async function changedPeople(
  context: ActionContext,
  asked: Asked & { readonly list: ChangeList },
  page: { readonly page: number; readonly size: number },
): Promise<{ rows: ChangedPerson[]; total: number }> {
  const { services, tx } = context;
  const { region: scope, month, list } = asked;
  const { moment, previous } = await standingOf(context, asked);
  if (moment === null || (list === "adjusted" && previous === null)) return { rows: [], total: 0 };
  const before = addMonths(month, -1);
  const [then, now]: [Side, Side] =
    list === "adjusted"
      ? [
          { day: lastDay(before), moment: momentOf(previous!) },
          { day: lastDay(before), moment },
        ]
      : [
          { day: lastDay(before), moment },
          { day: lastDay(month), moment },
        ];
  const wanted = list === "adjusted" ? "true" : list === "entered" ? "sign = 1" : "sign = -1";
  const side = (one: Side) => `(${membersSql({ scope, ...one })})`;
  const { rows } = await sql<ChangedRow>`${sql.raw(`
    SELECT indicator, subject, region, sign, count(*) OVER () AS n FROM (
      SELECT indicator, subject, region, 1 AS sign FROM (SELECT indicator, subject, region FROM ${side(now)} m EXCEPT SELECT indicator, subject, region FROM ${side(then)} m) come
      UNION ALL SELECT indicator, subject, region, -1 FROM (SELECT indicator, subject, region FROM ${side(then)} m EXCEPT SELECT indicator, subject, region FROM ${side(now)} m) went
    ) changed WHERE ${wanted}
    ORDER BY array_position(ARRAY['workers', 'posts', 'workshops', 'absorbed'], indicator), region, subject, sign
    LIMIT ${page.size} OFFSET ${(page.page - 1) * page.size}`)}`.execute(services.database.worker);
  const people = rows.filter((row) => row.indicator !== "workshops").map((row) => row.subject);
  const names = await namesOf(context, people, moment);
  const workshops = await workshopNames(
    context,
    rows.filter((row) => row.indicator === "workshops").map((row) => row.subject),
  );
  const places = await regionNames(
    tx,
    rows.map((row) => row.region),
  );
  const cells =
    list === "adjusted" ? await changedCells(context, people, then.moment, now.moment) : new Map<string, string[]>();
  return {
    total: Number(rows[0]?.n ?? 0),
    rows: rows.map((row) => {
      const workshop = row.indicator === "workshops";
      const person = names.get(row.subject);
      return {
        indicator: row.indicator,
        sign: row.sign,
        name: workshop ? (workshops.get(row.subject) ?? "（登记已删除）") : maskName(person?.name ?? "（记录已撤销）"),
        mask: workshop ? "" : (person?.identity_mask ?? ""),
        village: places(row.region).name,
        cells: workshop ? [] : (cells.get(row.subject) ?? []),
      };
    }),
  };
}

interface Side {
  readonly day: string;
  readonly moment: Moment;
}

/** 龙*平、龙*: enough for the village to know him, not for a list that is lost. */
export function maskName(name: string): string {
  const letters = [...name];
  if (letters.length < 2 || name.startsWith("（")) return name;
  return letters[0]! + "*".repeat(Math.max(1, letters.length - 2)) + (letters.length > 2 ? letters.at(-1)! : "");
}

/** As known at the closing; of people whose record was taken back since too. */
async function namesOf({ services }: ActionContext, people: readonly string[], moment: Moment) {
  const { rows } = await sql<{ person_id: string; name: string; identity_mask: string }>`
    SELECT DISTINCT ON (person_id) person_id, name, identity_mask FROM (
      SELECT 0 AS turn, person_id, name, identity_mask FROM registry.person WHERE person_id = ANY(${people}::bigint[])
      UNION ALL SELECT 1, person_id, name, identity_mask FROM registry.person_former WHERE existed AND person_id = ANY(${people}::bigint[]) AND mark > ${moment.registry === LATEST ? "0" : moment.registry}
    ) known ORDER BY person_id, turn`.execute(services.database.worker);
  return new Map(rows.map((row) => [row.person_id, row]));
}

async function workshopNames({ services }: ActionContext, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ carrier_id: string; name: string }>`
    SELECT carrier_id, name FROM carriers.carrier WHERE carrier_id = ANY(${ids}::bigint[])`.execute(
    services.database.worker,
  );
  return new Map(rows.map((row) => [row.carrier_id, row.name]));
}

/** "务工：义乌丰禾 2024-03-01 起 → 义乌丰禾 2024-03-01 至 2025-04-30": the cells of these people that are known otherwise, in words. */
async function changedCells(
  { services }: ActionContext,
  people: readonly string[],
  then: Moment,
  now: Moment,
): Promise<Map<string, string[]>> {
  if (people.length === 0) return new Map();
  const known = (moment: Moment) => `
    SELECT p.person_id, p.home_region AS home, p.life_state AS life,
      (SELECT string_agg(e.employer_name || ' ' || e.start_date || coalesce(' 至 ' || e.end_date, ' 起'), '；' ORDER BY e.start_date DESC, e.employment_id) FROM ${employmentAsOfSql(moment.registry, "")} e WHERE e.person_id = p.person_id) AS work,
      (SELECT string_agg(c.category || ' ' || c.valid_from || coalesce(' 至 ' || c.valid_to, ' 起'), '；' ORDER BY c.category, c.valid_from) FROM ${categoriesAsOfSql(moment.registry, "")} c WHERE c.person_id = p.person_id) AS groups
    FROM ${personsAsOfSql(moment.registry, "")} p WHERE p.person_id = ANY('{${people.join(",")}}'::bigint[])`;
  const [before, after] = await Promise.all(
    [then, now].map(async (moment) => {
      const { rows } = await sql<Known>`${sql.raw(known(moment))}`.execute(services.database.worker);
      return new Map(rows.map((row) => [row.person_id, row]));
    }),
  );
  const changes = new Map<string, string[]>();
  for (const id of new Set(people)) {
    const [was, is] = [before!.get(id), after!.get(id)];
    if (!was || !is) {
      changes.set(id, [is ? "人员：新增记录" : "人员：记录已撤销或并入他人"]);
      continue;
    }
    const cells = cellNames.flatMap(([cell, label]) =>
      was[cell] === is[cell] ? [] : [`${label}：${shown(cell, was[cell])} → ${shown(cell, is[cell])}`],
    );
    changes.set(id, cells.length > 0 ? cells : ["岗位或车间登记有更正"]);
  }
  return changes;
}

interface Known {
  readonly person_id: string;
  readonly home: string;
  readonly life: string;
  readonly work: string | null;
  readonly groups: string | null;
}
const cellNames = [
  ["home", "户籍地"],
  ["life", "状态"],
  ["work", "务工"],
  ["groups", "身份类别"],
] as const;
const lifeLabels: Readonly<Record<string, string>> = { active: "正常", moved: "已迁出", deceased: "已去世" };

function shown(cell: (typeof cellNames)[number][0], value: string | null): string {
  if (value === null || value === "") return "无";
  if (cell === "life") return lifeLabels[value] ?? value;
  if (cell !== "groups") return value;
  return value.replaceAll(
    /[a-z][a-z-]+/g,
    (id) => personCategory.labels[id as keyof typeof personCategory.labels] ?? id,
  );
}
