import { closeLedgerMonth, reopenLedgerMonth } from "#ledger";
import { cutHistory, parentCode, regionNames } from "#registry";
import { registersMark } from "#registers";
import { nextState } from "../platform/contract.ts";
import { addMonths, lastDay } from "../platform/dates/index.ts";
import type { Tx } from "../platform/db/database.ts";
import { handle, type ActionContext, type Handler } from "../platform/module.ts";
import { platformProblems, refuse } from "../platform/problem.ts";
import {
  acknowledgeMonths,
  isClosed,
  monthActLabels,
  monthFlow,
  monthStateLabels,
  reopenMonth,
  returnMonth,
  submitMonth,
  type MonthAct,
} from "./contract.ts";
import { COUNT_TASK } from "./count.ts";
import { openWorkOf, wordsOfOpen } from "./open-work.ts";
import { monthsProblems } from "./problems.ts";
import { expectedBelow, isLevel } from "./regions.ts";
import { closingsOf, insertClosing, lockMonth, monthsOf, writeMonth, type Hand, type MonthRow } from "./store.ts";

const COUNTY_DIGITS = 6;
const PROVINCE_DIGITS = 2;

function handOf({ caller, businessDate }: ActionContext): Hand {
  return { officerId: caller.officerId, name: caller.name, organisation: caller.organisation, businessDate };
}

const monthOrOpen = (rows: Map<string, MonthRow>, region: string, month: string): MonthRow =>
  rows.get(region) ?? { region, month, state: "open", closing_id: null, reason: "", acknowledged_by: null };

async function nameOf(tx: Tx, region: string): Promise<string> {
  return (await regionNames(tx, [region]))(region).name;
}

/** The state after the act, or a refusal in words. */
async function next(tx: Tx, row: MonthRow, act: MonthAct) {
  return (
    nextState(monthFlow, row.state, act) ??
    refuse(
      monthsProblems.notPossible(
        await nameOf(tx, row.region),
        row.month,
        monthStateLabels[row.state],
        monthActLabels[act],
      ),
    )
  );
}

/** Closes the month of the officer's own region and hands it to the level above. */
const submitHandler = handle(submitMonth, async (context, { region, month, missing, note }) => {
  const { tx, caller, businessDate } = context;
  if (!isLevel(region)) refuse(monthsProblems.notClosable());
  if (caller.sight.region !== region) {
    if (!region.startsWith(caller.sight.region ?? "-")) refuse(platformProblems.outOfScope());
    refuse(monthsProblems.notYours(monthActLabels.submit, await nameOf(tx, region)));
  }
  context.audit({ subject: `months.month:${region}:${month}`, region, month });
  if (businessDate <= lastDay(month)) refuse(monthsProblems.notOver(month));
  const above = parentCode(region);
  if (above !== null) await lockMonth(tx, above, month, true);
  await lockMonth(tx, region, month);
  // From here on nothing is written to the registry or the registers until this is decided.
  const leaf = region.length >= COUNTY_DIGITS;
  const moment = leaf ? { registry: await cutHistory(tx), registers: await registersMark(tx) } : null;
  const row = monthOrOpen(await monthsOf(tx, [region], month), region, month);
  const act: MonthAct = region.length === PROVINCE_DIGITS ? "seal" : "submit";
  const state = await next(tx, row, act);
  const before = addMonths(month, -1);
  const earlier = (await monthsOf(tx, [region], before)).get(region);
  if (earlier?.state === "returned") refuse(monthsProblems.earlierReturned(before));

  const below = await expectedBelow(tx, region);
  const closedBelow = await monthsOf(tx, below, month);
  const absent = below.filter((code) => closedBelow.get(code)?.state !== "acknowledged");
  const names = await regionNames(tx, [...below, ...missing]);
  const unnamed = absent.filter((code) => !missing.includes(code));
  if (unnamed.length > 0) refuse(monthsProblems.missingNotNamed(unnamed.map((code) => names(code).name)));
  const wrong = missing.filter((code) => !absent.includes(code));
  if (wrong.length > 0) refuse(monthsProblems.notMissing(wrong.map((code) => names(code).name)));
  const open = await openWorkOf(tx, region, month, businessDate, below);
  const atWork = open.batches.find(({ state: batch }) => batch === "applying" || batch === "undoing");
  if (atWork) refuse(monthsProblems.batchAtWork(atWork.title));
  const words = [...(missing.length > 0 ? [`缺报 ${missing.length} 个`] : []), ...wordsOfOpen(open)];
  if (words.length > 0 && note === "") refuse(monthsProblems.noteNeeded(words));

  const hand = handOf(context);
  const previous = (await closingsOf(tx, region, before))[0]?.closing_id ?? null;
  const included = below.flatMap((code) =>
    closedBelow.get(code)?.state === "acknowledged" ? (closedBelow.get(code)?.closing_id ?? []) : [],
  );
  const closingId = await insertClosing(tx, { region, month, moment, previous, missing, note, included }, hand);
  await writeMonth(
    tx,
    { region, month, act, state, closingId, reason: note, acknowledgedBy: state === "acknowledged" ? region : null },
    hand,
  );
  if (leaf) await closeLedgerMonth(tx, region, month);
  await context.enqueue({ name: COUNT_TASK, payload: { closingId }, subject: `months.closing:${closingId}`, region });
  context.audit({ closing: closingId, missing: missing.length, ...(note ? { note } : {}) });
  return { closingId, state };
});

/** The month of a region right below the officer's own, with its own and the upper month locked. */
async function below(context: ActionContext, region: string, month: string, act: MonthAct): Promise<MonthRow> {
  const { tx, caller } = context;
  const own = caller.sight.region;
  if (own === null || !region.startsWith(own)) refuse(platformProblems.outOfScope());
  if (!isLevel(region)) refuse(monthsProblems.notClosable());
  const above = parentCode(region);
  if (above !== own)
    refuse(monthsProblems.notYours(monthActLabels[act], above === null ? "本级" : await nameOf(tx, above)));
  await lockMonth(tx, own, month, true);
  await lockMonth(tx, region, month);
  return monthOrOpen(await monthsOf(tx, [region], month), region, month);
}

const acknowledgeHandler = handle(acknowledgeMonths, async (context, { month, regions }) => {
  const { tx, caller } = context;
  const wanted = [...new Set(regions)].toSorted();
  context.audit({ subject: `months.month:${caller.sight.region ?? ""}:${month}`, month, count: wanted.length });
  for (const region of wanted) {
    const row = await below(context, region, month, "acknowledge");
    const state = await next(tx, row, "acknowledge");
    const change = { region, month, act: "acknowledge", state, closingId: row.closing_id, reason: "" } as const;
    await writeMonth(tx, { ...change, acknowledgedBy: caller.sight.region }, handOf(context));
  }
  return { acknowledged: wanted.length };
});

const returnHandler = handle(returnMonth, async (context, { region, month, reason }) => {
  const row = await below(context, region, month, "return");
  context.audit({ subject: `months.month:${region}:${month}`, region, month, note: reason });
  const state = await next(context.tx, row, "return");
  await writeMonth(
    context.tx,
    { region, month, act: "return", state, closingId: row.closing_id, reason, acknowledgedBy: null },
    handOf(context),
  );
  await openLedger(context.tx, region, month);
  return { state };
});

/** Opens what was acknowledged: by the level that did so, and not under its own closed month, which counts on it. */
const reopenHandler = handle(reopenMonth, async (context, { region, month, reason }) => {
  const { tx, caller } = context;
  const own = caller.sight.region;
  let row: MonthRow;
  if (own === region && region.length === PROVINCE_DIGITS) {
    await lockMonth(tx, region, month);
    row = monthOrOpen(await monthsOf(tx, [region], month), region, month);
  } else {
    row = await below(context, region, month, "reopen");
    const above = (await monthsOf(tx, [own!], month)).get(own!);
    if (above && isClosed(above.state)) {
      const [closing] = await closingsOf(tx, own!, month);
      if (!closing!.missing.includes(region)) refuse(monthsProblems.closedAbove(await nameOf(tx, own!), month));
    }
  }
  context.audit({ subject: `months.month:${region}:${month}`, region, month, note: reason });
  const state = await next(tx, row, "reopen");
  if (row.acknowledged_by !== own) refuse(monthsProblems.onlyWhoAcknowledged(await nameOf(tx, row.acknowledged_by!)));
  await writeMonth(
    tx,
    { region, month, act: "reopen", state, closingId: row.closing_id, reason, acknowledgedBy: null },
    handOf(context),
  );
  await openLedger(tx, region, month);
  return { state };
});

async function openLedger(tx: Tx, region: string, month: string): Promise<void> {
  if (region.length >= COUNTY_DIGITS) await reopenLedgerMonth(tx, region, month);
}

export const closeHandlers: readonly Handler[] = [submitHandler, acknowledgeHandler, returnHandler, reopenHandler];
