import { sql } from "kysely";
import type { Services } from "../platform/module.ts";
import type { TaskDefinition } from "../platform/tasks/definition.ts";
import { countFigures } from "./figures.ts";
import { countQuality } from "./quality.ts";
import { closingsById, leavesOf, momentOf, sumFigures } from "./store.ts";

export const COUNT_TASK = "months.count";
const TOWN_DIGITS = 9;
const VILLAGE_DIGITS = 12;

/** Counts what a town or county has closed, from history at its marks. Idempotent: a closing is counted once. */
export const countTask: TaskDefinition = {
  name: COUNT_TASK,
  async run(context, payload) {
    await context.progress("汇总月度数据");
    await countClosing(context.services, String(payload["closingId"]));
  },
};

async function countClosing({ database }: Services, closingId: string): Promise<void> {
  const closing = (await closingsById(database.worker, [closingId])).get(closingId);
  if (!closing || closing.counted) return;
  const { region, month, closed_on: closedOn } = closing;
  const leaf = closing.registry_mark !== null;
  const figures = leaf ? await countFigures(database.worker, region, month, momentOf(closing)) : [];
  const digits = region.length < TOWN_DIGITS ? TOWN_DIGITS : VILLAGE_DIGITS;
  const quality = leaf ? await countQuality(database.worker, region, month, closedOn, digits) : [];
  await database.worker.transaction().execute(async (tx) => {
    const begun =
      await sql`INSERT INTO months.counted (closing_id, region) VALUES (${closingId}, ${region}) ON CONFLICT DO NOTHING`.execute(
        tx,
      );
    if (begun.numAffectedRows === 0n) return;
    await sql`INSERT INTO months.figure (closing_id, region, indicator, total, lifted, monitored, low_income, entered, gone)
      SELECT ${closingId}, f.region, f.indicator, f.total, f.lifted, f.monitored, f.low_income, f.entered, f.gone
      FROM jsonb_to_recordset(${JSON.stringify(figures)}::jsonb) AS f(region text, indicator text, total int, lifted int, monitored int, low_income int, entered int, gone int)`.execute(
      tx,
    );
    await sql`INSERT INTO months.quality (closing_id, region, persons, waiting_rows, comparisons, overdue, decided, to_verify)
      SELECT ${closingId}, q.region, q.persons, q.waiting_rows, q.comparisons, q.overdue, q.decided, q.to_verify
      FROM jsonb_to_recordset(${JSON.stringify(quality)}::jsonb) AS q(region text, persons int, waiting_rows int, comparisons int, overdue int, decided int, to_verify int)`.execute(
      tx,
    );
  });
}

/** Counts a closing once more from history and names every village and indicator that no longer comes out the same. None is right. */
export async function verifyClosing({ database }: Services, closingId: string): Promise<string[]> {
  const faults: string[] = [];
  const leaves = await leavesOf(database.worker, [closingId]);
  for (const [id, closing] of await closingsById(database.worker, leaves)) {
    const again = await countFigures(database.worker, closing.region, closing.month, momentOf(closing));
    const kept = await sumFigures(database.worker, [id], VILLAGE_DIGITS);
    const text = (rows: readonly { region: string; indicator: string }[]) =>
      new Set(rows.map((row) => JSON.stringify(Object.entries(row).toSorted(([a], [b]) => a.localeCompare(b)))));
    const [now, then] = [text(again), text(kept)];
    for (const row of then) if (!now.has(row)) faults.push(`${closing.region} ${closing.month} ${row}`);
    for (const row of now) if (!then.has(row)) faults.push(`${closing.region} ${closing.month} ${row}`);
  }
  return faults;
}
