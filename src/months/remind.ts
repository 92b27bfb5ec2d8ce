import { sql } from "kysely";
import { addMonths, monthOf } from "../platform/dates/index.ts";
import type { Services } from "../platform/module.ts";
import type { TaskDefinition } from "../platform/tasks/definition.ts";
import { owedOf, type Owed } from "./calendar.ts";
import { calendarDuties, stepOn, stepsReached } from "./contract.ts";

/** How many months back something that never came is still called for. */
const MONTHS_BACK = 3;
/** Digits of a region's code, from one level to the one above. */
const ABOVE: Readonly<Record<number, number>> = { 9: 6, 6: 4, 4: 2 };

/**
 * Every morning: whoever owes something, and those above him as days pass, are told once for each step of the escalation. A step that
 * fell while the program stood still is told with the day on which it fell; what has been done is not called for any more.
 */
export const remindTask: TaskDefinition = {
  name: "months.remind",
  // 8:00 in China.
  schedule: "0 0 * * *",
  run: async ({ services }) => {
    await remindAll(services);
  },
};

/** How many reminders were new. */
export async function remindAll(services: Services): Promise<number> {
  let sent = 0;
  for (const jurisdiction of new Set(calendarDuties.map((duty) => duty.jurisdiction))) {
    const businessDate = services.businessDate(jurisdiction);
    const begun = await firstMonths(services, jurisdiction);
    for (let back = 1; back <= MONTHS_BACK; back++) {
      const month = addMonths(monthOf(businessDate), -back);
      // Nobody is called to account for the time before his office began to work here.
      const answers = (region: string) => back === 1 || (begun.get(region) ?? "9999") <= month;
      for (const owed of await owedOf(services.database.worker, jurisdiction, month))
        sent += await remind(services, owed, businessDate, answers);
    }
  }
  return sent;
}

async function remind(
  { database }: Services,
  { duty, month, due, regions }: Owed,
  businessDate: string,
  answers: (region: string) => boolean,
): Promise<number> {
  const owing = [...regions].flatMap(([region, doneOn]) => (doneOn === null && answers(region) ? [region] : []));
  const rows = owing.flatMap((region) =>
    stepsReached(due, businessDate).flatMap((step) => {
      const to = upFrom(region, step.up);
      return to === null
        ? []
        : [{ owing: region, step: step.key, region: to, permission: step.to, sent_on: stepOn(due, step) }];
    }),
  );
  const { numAffectedRows } = await sql`
    INSERT INTO months.reminder (owing, duty, month, step, due_on, region, permission, sent_on)
    SELECT r.owing, ${duty.key}, ${`${month}-01`}, r.step, ${due}, r.region, r.permission, r.sent_on
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(owing text, step text, region text, permission text, sent_on date)
    ON CONFLICT DO NOTHING`.execute(database.worker);
  return Number(numAffectedRows ?? 0);
}

/** The first month of which an office handed anything over. */
async function firstMonths({ database }: Services, jurisdiction: string): Promise<Map<string, string>> {
  const { rows } = await sql<{ region: string; month: string }>`
    SELECT region, to_char(min(month), 'YYYY-MM') AS month FROM ledger.batch WHERE starts_with(region, ${jurisdiction}) GROUP BY 1`.execute(
    database.worker,
  );
  return new Map(rows.map((row) => [row.region, row.month]));
}

function upFrom(region: string, levels: number): string | null {
  let code = region;
  for (let level = 0; level < levels; level++) {
    const digits = ABOVE[code.length];
    if (digits === undefined) return null;
    code = code.slice(0, digits);
  }
  return code;
}
