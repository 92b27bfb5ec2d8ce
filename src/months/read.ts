import { narrow, parentCode, regionNames } from "#registry";
import { addMonths, daysBetween, lateness, monthOf, type Urgency } from "../platform/dates/index.ts";
import type { Tx } from "../platform/db/database.ts";
import { possibleActs } from "../platform/contract.ts";
import { handle, type ActionContext, type Handler } from "../platform/module.ts";
import { platformProblems, refuse } from "../platform/problem.ts";
import {
  closingDueOn,
  getMonths,
  getRegionMonth,
  isClosed,
  monthFlow,
  monthsPermissions,
  ownActs,
  type ClosingSummary,
  type MonthAct,
  type MonthState,
  type RegionMonth,
} from "./contract.ts";
import { monthsProblems } from "./problems.ts";
import { openWorkOf } from "./open-work.ts";
import { expectedBelow, isLevel } from "./regions.ts";
import {
  closingsById,
  closingsOf,
  figuresByClosing,
  monthsOf,
  recentMonths,
  stepsOf,
  type ClosingRow,
} from "./store.ts";

const PROVINCE_DIGITS = 2;

/** The month that is being closed in the month of the business date. */
export const monthInHand = (businessDate: string): string => addMonths(monthOf(businessDate), -1);

export function lateDaysOf(closing: Pick<ClosingRow, "closed_on" | "month">): number {
  return Math.max(0, daysBetween(closingDueOn(closing.month), closing.closed_on));
}

export async function summariesOf(
  tx: Tx,
  closings: readonly ClosingRow[],
  standing: ReadonlySet<string>,
): Promise<ClosingSummary[]> {
  const names = await regionNames(
    tx,
    closings.flatMap(({ missing }) => missing),
  );
  return closings.map((closing) => ({
    closingId: closing.closing_id,
    closedOn: closing.closed_on,
    closedAt: closing.closed_at.toISOString(),
    closedBy: closing.closed_by_name,
    organisation: closing.organisation,
    note: closing.note,
    missing: closing.missing.map((code) => ({ code, name: names(code).name })),
    lateDays: lateDaysOf(closing),
    current: standing.has(closing.closing_id),
  }));
}

/** Which acts the officer may do with a region's month: by his duties and his level. */
function actsOf({ caller }: ActionContext, region: string, state: MonthState, counted: boolean): MonthAct[] {
  const own = caller.sight.region === region;
  const above = caller.sight.region !== null && parentCode(region) === caller.sight.region;
  const top = region.length === PROVINCE_DIGITS;
  return possibleActs(monthFlow, state).filter((act) => {
    if (ownActs.includes(act))
      return own && caller.permissions.has(monthsPermissions.close) && (act === "seal") === top;
    // What the officer's own closed month counts on stays closed under it.
    if (act === "reopen" && above && counted) return false;
    return (above || (own && top && act === "reopen")) && caller.permissions.has(monthsPermissions.acknowledge);
  });
}

export async function regionMonthsOf(
  context: ActionContext,
  regions: readonly string[],
  month: string,
): Promise<RegionMonth[]> {
  const { tx, businessDate } = context;
  const own = context.caller.sight.region;
  const states = await monthsOf(tx, [...regions, ...(own === null ? [] : [own])], month);
  const standing = states.get(own ?? "")?.closing_id;
  const above = standing ? (await closingsById(tx, [standing])).get(standing) : undefined;
  const ids = [...states.values()].flatMap(({ closing_id: id }) => id ?? []);
  const closings = await closingsById(tx, ids);
  const summaries = new Map(
    (await summariesOf(tx, [...closings.values()], new Set(ids))).map((summary) => [summary.closingId, summary]),
  );
  const figures = await figuresByClosing(tx, ids);
  const names = await regionNames(tx, regions);
  const dueOn = closingDueOn(month);
  return regions.map((code) => {
    const row = states.get(code);
    const state = row?.state ?? "open";
    const closing = row?.closing_id ? (closings.get(row.closing_id) ?? null) : null;
    const lateDays = closing ? lateDaysOf(closing) : 0;
    return {
      region: { code, name: names(code).name },
      state,
      dueOn,
      ...(isClosed(state) ? punctual(lateDays) : pressing(dueOn, businessDate)),
      reason: row?.reason ?? "",
      closing: closing ? summaries.get(closing.closing_id)! : null,
      figures: closing?.counted
        ? (figures.get(closing.closing_id) ?? []).map(({ indicator, total, entered, gone }) => ({
            indicator,
            total,
            entered,
            gone,
          }))
        : null,
      acts: actsOf(context, code, state, above !== undefined && !above.missing.includes(code)),
    };
  });
}

function pressing(due: string, businessDate: string): { tone: Urgency; words: string } {
  const { tone, words } = lateness(due, businessDate);
  return { tone, words };
}

export function punctual(lateDays: number): { tone: Urgency; words: string } {
  return lateDays === 0 ? { tone: "plain", words: "按时" } : { tone: "late", words: `迟报 ${lateDays} 天` };
}

export const readHandlers: readonly Handler[] = [
  handle(getMonths, async (context, input) => {
    const { tx, caller, businessDate } = context;
    const month = input.month ?? monthInHand(businessDate);
    const region = caller.sight.region;
    if (region === null || !isLevel(region)) return { month, own: null, below: [], recent: [] };
    const below = await expectedBelow(tx, region);
    const [own, ...rest] = await regionMonthsOf(context, [region, ...below], month);
    const recent = await recentMonths(tx, region);
    return { month, own: own!, below: rest, recent: recent.map((row) => ({ month: row.month, state: row.state })) };
  }),

  handle(getRegionMonth, async (context, { region, month }) => {
    const { tx, caller, businessDate } = context;
    if (!isLevel(region)) refuse(monthsProblems.notClosable());
    if (narrow(caller.sight.region, region) !== region) refuse(platformProblems.outOfScope());
    const [found] = await regionMonthsOf(context, [region], month);
    const below = await expectedBelow(tx, region);
    const closings = await closingsOf(tx, region, month);
    const standing = new Set(found!.closing ? [found!.closing.closingId] : []);
    const steps = await stepsOf(tx, region, month);
    return {
      month: found!,
      open: isClosed(found!.state) ? null : await openWorkOf(tx, region, month, businessDate, below),
      steps: steps.map((step) => ({
        act: step.act,
        reason: step.reason,
        officer: step.officer_name,
        organisation: step.organisation,
        on: step.business_date,
        at: step.at.toISOString(),
      })),
      closings: await summariesOf(tx, closings, standing),
    };
  }),
];
