import { narrow, regionNames } from "#registry";
import { sql } from "kysely";
import type { Db, Tx } from "../platform/db/database.ts";
import { addMonths, daysBetween, lateness } from "../platform/dates/index.ts";
import { handle, type Handler } from "../platform/module.ts";
import {
  dueOn,
  dutiesOfRegion,
  escalation,
  getCalendar,
  listReminders,
  monthsPermissions,
  type CalendarDuty,
  type CalendarRow,
} from "./contract.ts";
import { monthInHand, punctual } from "./read.ts";
import { inhabited } from "./store.ts";

/** A duty of one period and every region of an area that owes it. */
export interface Owed {
  readonly duty: CalendarDuty;
  readonly month: string;
  readonly due: string;
  /** Region → business day on which it was done; null: not yet. */
  readonly regions: ReadonlyMap<string, string | null>;
}

const periodWords = (duty: CalendarDuty, month: string) =>
  duty.rhythm === "half-yearly"
    ? `${month.slice(0, 4)}年${month.endsWith("01") ? "上" : "下"}半年`
    : `${Number(month.slice(5))}月`;

/** What is owed within an area for a month, and what of it is done. `scope` may be above or below those who owe. */
export async function owedOf(db: Db | Tx, scope: string, month: string): Promise<Owed[]> {
  const found: Owed[] = [];
  for (const duty of dutiesOfRegion(scope)) {
    // The half-year's list falls due within its own month, the monthly tables in the month after theirs.
    const period = duty.rhythm === "half-yearly" ? addMonths(month, 1) : month;
    const due = dueOn(duty, period);
    if (due === null || scope.length > duty.owedBy) continue;
    const owing = await owingRegions(db, scope, duty);
    found.push({ duty, month: period, due, regions: await doneBy(db, duty, period, owing) });
  }
  return found;
}

async function owingRegions(db: Db | Tx, scope: string, duty: CalendarDuty): Promise<string[]> {
  if (scope.length === duty.owedBy) return [scope];
  const { rows } = await sql<{ code: string }>`
    SELECT code FROM registry.region WHERE length(code) = ${duty.owedBy} AND starts_with(code, ${scope}) AND valid_to IS NULL`.execute(
    db,
  );
  return inhabited(
    db,
    scope,
    rows.map(({ code }) => code),
  );
}

/** Received is handed over; what was refused, put away or taken back is not. A closing counts from the first time it was submitted. */
async function doneBy(
  db: Db | Tx,
  duty: CalendarDuty,
  month: string,
  owing: readonly string[],
): Promise<Map<string, string | null>> {
  const { proof } = duty;
  const { rows } =
    proof.by === "closing"
      ? await sql<{ region: string; on: string | null }>`
          SELECT r.region, min(c.closed_on) AS on FROM unnest(${owing}::text[]) AS r(region) LEFT JOIN months.closing c ON c.region = r.region AND c.month = ${`${month}-01`} GROUP BY 1`.execute(
          db,
        )
      : await sql<{ region: string; on: string | null }>`
          SELECT r.region, CASE WHEN count(d.day) = ${proof.kinds.length} THEN max(d.day) END AS on
          FROM unnest(${owing}::text[]) AS r(region)
          LEFT JOIN LATERAL (SELECT b.kind, min(b.business_date) AS day FROM ledger.batch b
            WHERE b.kind = ANY(${proof.kinds}::text[]) AND b.month = ${`${month}-01`} AND b.counter_of IS NULL AND b.state NOT IN ('refused', 'discarded', 'undone')
              AND (starts_with(b.region, r.region) OR EXISTS (SELECT FROM unnest(b.coverage) c WHERE starts_with(r.region, c))) GROUP BY b.kind) d ON true
          GROUP BY 1`.execute(db);
  return new Map(rows.map((row) => [row.region, row.on]));
}

interface ReminderRow {
  readonly reminder_id: string;
  readonly owing: string;
  readonly duty: string;
  readonly month: string;
  readonly step: string;
  readonly due_on: string;
  readonly sent_on: string;
}

const stepWords = (key: string) => escalation.find((step) => step.key === key)?.words ?? key;

export const calendarHandlers: readonly Handler[] = [
  handle(getCalendar, async (context, input) => {
    const { tx, caller, businessDate } = context;
    const month = input.month ?? monthInHand(businessDate);
    const scope = narrow(caller.sight.region, undefined);
    if (scope === null) return { month, duties: [] };
    const duties: CalendarRow[] = [];
    for (const { duty, month: period, due, regions } of await owedOf(tx, scope, month)) {
      const names = await regionNames(tx, regions.keys());
      const { rows: sent } = await sql<ReminderRow>`
        SELECT owing, step, sent_on FROM months.reminder WHERE duty = ${duty.key} AND month = ${`${period}-01`} AND owing = ANY(${[...regions.keys()]}::text[]) ORDER BY reminder_id`.execute(
        tx,
      );
      duties.push({
        key: duty.key,
        what: duty.what,
        from: duty.from,
        to: duty.to,
        period: periodWords(duty, period),
        dueOn: due,
        source: duty.source,
        quote: duty.quote,
        dayIsOurs: duty.dayIsOurs,
        owed: [...regions].map(([code, doneOn]) => ({
          region: { code, name: names(code).name },
          doneOn,
          ...(doneOn === null ? still(due, businessDate) : punctual(Math.max(0, daysBetween(due, doneOn)))),
          reminded: sent
            .filter((row) => row.owing === code)
            .map((row) => ({ step: row.step, words: stepWords(row.step), on: row.sent_on })),
        })),
      });
    }
    return { month, duties };
  }),

  handle(listReminders, async ({ tx, caller }) => {
    const region = caller.sight.region;
    if (region === null) return [];
    const permissions = Object.values(monthsPermissions).filter((permission) => caller.permissions.has(permission));
    const { rows } = await sql<ReminderRow>`
      SELECT reminder_id, owing, duty, to_char(month, 'YYYY-MM') AS month, step, due_on, sent_on FROM months.reminder
      WHERE region = ${region} AND permission = ANY(${permissions}::text[]) ORDER BY sent_on DESC, reminder_id DESC LIMIT 100`.execute(
      tx,
    );
    const names = await regionNames(
      tx,
      rows.map((row) => row.owing),
    );
    const done = new Map<string, string | null>();
    for (const key of new Set(rows.map((row) => `${row.duty} ${row.month}`))) {
      const [name, month] = key.split(" ") as [string, string];
      const duty = dutiesOfRegion(region).find((one) => one.key === name);
      const owing = new Set(rows.filter((row) => `${row.duty} ${row.month}` === key).map((row) => row.owing));
      if (duty) for (const [code, on] of await doneBy(tx, duty, month, [...owing])) done.set(`${key} ${code}`, on);
    }
    return rows.map((row) => {
      const duty = dutiesOfRegion(row.owing).find((one) => one.key === row.duty);
      return {
        id: row.reminder_id,
        owing: { code: row.owing, name: names(row.owing).name },
        duty: duty ? `${periodWords(duty, row.month)}${duty.what}` : row.duty,
        month: row.month,
        step: row.step,
        words: stepWords(row.step),
        dueOn: row.due_on,
        sentOn: row.sent_on,
        open: (done.get(`${row.duty} ${row.month} ${row.owing}`) ?? null) === null,
      };
    });
  }),
];

function still(due: string, businessDate: string) {
  const { tone, words } = lateness(due, businessDate);
  return { tone, words };
}
