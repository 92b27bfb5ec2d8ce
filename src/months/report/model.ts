import { narrow, regionNames } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import { lastDay, addMonths } from "../../platform/dates/index.ts";
import type { ActionContext, Services } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { indicators, isClosed, type Bridge, type MonthReport, type QualityRow } from "../contract.ts";
import { countFigures } from "../figures.ts";
import { NOW, type Moment } from "../members.ts";
import { monthsProblems } from "../problems.ts";
import { countQuality } from "../quality.ts";
import { lateDaysOf } from "../read.ts";
import { expectedBelow, isLevel } from "../regions.ts";
import { qualityOf, stepsOf, type SummedFigure } from "../store.ts";
import {
  closingsById,
  closingsOf,
  leavesOf,
  momentOf,
  monthsOf,
  sumFigures,
  type ClosingRow,
  type MonthRow,
} from "../store.ts";

const COUNTY_DIGITS = 6;
/** Digits of the regions right below. */
const BELOW: Readonly<Record<number, number>> = { 2: 4, 4: 6, 6: 9, 9: 12 };

export interface Asked {
  readonly region: string;
  readonly month: string;
  readonly closingId?: string | undefined;
}

/** What a report speaks of: a closing, or, of an open month, what is known now. */
export interface Standing {
  readonly row: MonthRow | undefined;
  readonly closing: ClosingRow | null;
  readonly previous: ClosingRow | null;
  /** Of towns and counties. */
  readonly moment: Moment | null;
}

export async function standingOf({ tx, caller }: ActionContext, asked: Asked): Promise<Standing> {
  const { region, month, closingId } = asked;
  if (!isLevel(region)) refuse(monthsProblems.notClosable());
  if (narrow(caller.sight.region, region) !== region) refuse(platformProblems.outOfScope());
  const row = (await monthsOf(tx, [region], month)).get(region);
  const wanted = closingId ?? row?.closing_id ?? null;
  const closing = wanted === null ? null : ((await closingsById(tx, [wanted])).get(wanted) ?? null);
  if (closingId && (closing?.region !== region || closing.month !== month)) refuse(monthsProblems.noClosing());
  const previousId = closing
    ? closing.previous_closing_id
    : (await closingsOf(tx, region, addMonths(month, -1)))[0]?.closing_id;
  const previous = previousId ? ((await closingsById(tx, [previousId])).get(previousId) ?? null) : null;
  const moment = region.length < COUNTY_DIGITS ? null : closing ? momentOf(closing) : NOW;
  return { row, closing, previous, moment };
}

export async function reportOf(context: ActionContext, asked: Asked): Promise<MonthReport> {
  const { tx, services } = context;
  const { region, month } = asked;
  const standing = await standingOf(context, asked);
  const { row, closing, previous } = standing;
  const digits = BELOW[region.length]!;
  const expected = await expectedBelow(tx, region);
  const leaves = closing ? await leavesOf(tx, [closing.closing_id]) : await leavesBelow(tx, expected, month, region);
  const live = closing === null && region.length >= COUNTY_DIGITS;
  const figures = live
    ? byPrefix(await countFigures(services.database.worker, region, month, NOW), digits)
    : await sumFigures(tx, leaves, digits);
  const before = previous ? await sumFigures(tx, await leavesOf(tx, [previous.closing_id]), digits) : null;
  const codes = [
    ...new Set([
      ...expected,
      ...figures.map((figure) => figure.region),
      ...(before ?? []).map((figure) => figure.region),
    ]),
  ].toSorted();
  const names = await regionNames(tx, [region, ...codes, ...(closing?.missing ?? [])]);
  const named = (code: string) =>
    code === region ? { code, name: `${names(code).name}（未分到下级）` } : { code, name: names(code).name };
  const steps = await stepsOf(tx, region, month);
  const acknowledged = steps.findLast((step) => step.act === "acknowledge");
  const quality = await qualityRows(context, asked, standing, expected);
  return {
    region: names(region),
    month,
    state: row?.state ?? "open",
    closingId: closing?.closing_id ?? null,
    asOf: closing?.closed_at.toISOString() ?? null,
    closedOn: closing?.closed_on ?? null,
    organisation: closing?.organisation ?? null,
    preparedBy: closing?.closed_by_name ?? null,
    acknowledgedBy:
      row?.state === "acknowledged" && acknowledged && row.closing_id === closing?.closing_id
        ? `${acknowledged.organisation} ${acknowledged.officer_name}`
        : null,
    missing: (closing?.missing ?? []).map((code) => ({ code, name: names(code).name })),
    late: quality.flatMap(({ region: place, lateDays }) => (lateDays ? [{ ...place, lateDays }] : [])),
    note: closing?.note ?? "",
    counted: closing?.counted ?? true,
    bridges: bridgesOf(figures, before),
    parts: codes.map((code) => ({
      region: named(code),
      bridges: bridgesOf(
        figures.filter((figure) => figure.region === code),
        before?.filter((figure) => figure.region === code) ?? null,
      ),
    })),
    quality: quality.map((one) => ({ ...one, region: named(one.region.code) })),
    lists: region.length >= COUNTY_DIGITS,
  };

  async function leavesBelow(db: Tx, below: readonly string[], of: string, own: string): Promise<string[]> {
    if (own.length >= COUNTY_DIGITS) return [];
    const states = await monthsOf(db, below, of);
    return leavesOf(
      db,
      [...states.values()].flatMap(({ state, closing_id: id }) => (isClosed(state) && id ? [id] : [])),
    );
  }
}

function byPrefix(figures: readonly SummedFigure[], digits: number): SummedFigure[] {
  const groups = Map.groupBy(figures, ({ region, indicator }) => `${region.slice(0, digits)} ${indicator}`);
  return [...groups.values()].map((rows) => ({
    ...sumOf(rows),
    region: rows[0]!.region.slice(0, digits),
    indicator: rows[0]!.indicator,
  }));
}

const sumOf = (rows: readonly Omit<SummedFigure, "region" | "indicator">[]) => {
  const sum = (pick: (row: Omit<SummedFigure, "region" | "indicator">) => number) =>
    rows.reduce((total, row) => total + pick(row), 0);
  return {
    total: sum((row) => row.total),
    lifted: sum((row) => row.lifted),
    monitored: sum((row) => row.monitored),
    low_income: sum((row) => row.low_income),
    entered: sum((row) => row.entered),
    gone: sum((row) => row.gone),
  };
};

/** 上月数 + 上月调整 + 新增 − 减少 = 本月数, whatever was known when: the adjustment is what makes the last month's closing that of now. */
function bridgesOf(figures: readonly SummedFigure[], before: readonly SummedFigure[] | null): Bridge[] {
  return indicators.map((indicator) => {
    const { low_income: lowIncome, ...now } = sumOf(figures.filter((figure) => figure.indicator === indicator));
    const previous = before && sumOf(before.filter((figure) => figure.indicator === indicator)).total;
    return {
      indicator,
      previous,
      adjusted: previous === null ? null : now.total - now.entered + now.gone - previous,
      ...now,
      lowIncome,
    };
  });
}

/** By town for a county and village for a town, as counted at the closing or now; above, by those below who closed, from their own closings. */
async function qualityRows(
  context: ActionContext,
  asked: Asked,
  standing: Standing,
  expected: readonly string[],
): Promise<QualityRow[]> {
  const { tx, services, businessDate } = context;
  const { region, month } = asked;
  const digits = BELOW[region.length]!;
  const { closing } = standing;
  const rows = closing
    ? await qualityOf(tx, await leavesOf(tx, [closing.closing_id]), digits)
    : await liveQuality(services, region, month, businessDate, digits);
  const names = await regionNames(tx, [...expected, ...rows.map((row) => row.region)]);
  const states = await monthsOf(tx, expected, month);
  const closings = await closingsById(
    tx,
    [...states.values()].flatMap(({ closing_id: id }) => id ?? []),
  );
  const lateOf = (code: string) => {
    const id = states.get(code)?.closing_id;
    const own = id ? closings.get(id) : undefined;
    return own ? lateDaysOf(own) : null;
  };
  const none = { persons: 0, waiting_rows: 0, comparisons: 0, overdue: 0, decided: 0, to_verify: 0 };
  const codes = [...new Set([...expected, ...rows.map((row) => row.region)])].toSorted();
  return codes.map((code) => {
    const {
      waiting_rows: waitingRows,
      to_verify: toVerify,
      ...counts
    } = { ...none, ...rows.find((row) => row.region === code) };
    return { ...counts, region: { code, name: names(code).name }, waitingRows, toVerify, lateDays: lateOf(code) };
  });
}

async function liveQuality(
  { database }: Services,
  region: string,
  month: string,
  businessDate: string,
  digits: number,
) {
  return region.length < COUNTY_DIGITS ? [] : countQuality(database.worker, region, month, businessDate, digits);
}

/** The last day of the month, on which everything is counted. */
export const countedOn = (month: string): string => lastDay(month);
