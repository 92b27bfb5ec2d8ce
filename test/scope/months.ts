import { secretText, type Secret } from "./tokens.ts";
import { counties, places, type World } from "./world.ts";

const MONTH = "2025-04";

/** Closed months of towns, counties and cities, each with a note, a step and figures that only its own area may read. */
export async function addMonths(world: World): Promise<void> {
  for (const region of [places.town, ...counties, places.prefecture, places.farPrefecture])
    await addMonth(world, region);
}

async function addMonth(world: World, region: string): Promise<void> {
  const secret: Secret = { class: "私", places: [region] };
  const own = secretText(secret);
  const leaf = region.length >= 6;
  const closingId = world.id("closing", secret);
  const first = `${MONTH}-01`;
  await world.put("months.closing", {
    closing_id: closingId,
    region,
    month: first,
    registry_mark: leaf ? 1 : null,
    registers_mark: leaf ? 1 : null,
    note: own,
    missing: [],
    closed_on: "2025-05-28",
    closed_by_name: own,
    organisation: own,
  });
  await world.put("months.counted", { closing_id: closingId, region });
  await world.put("months.month", {
    region,
    month: first,
    state: "submitted",
    closing_id: closingId,
    reason: own,
    changed_on: "2025-05-28",
    changed_by_name: own,
  });
  await world.put("months.step", {
    region,
    month: first,
    act: "submit",
    closing_id: closingId,
    reason: own,
    officer_name: own,
    organisation: own,
    business_date: "2025-05-28",
  });
  if (leaf) {
    await world.put("months.figure", {
      closing_id: closingId,
      region,
      indicator: "workers",
      total: 7,
      lifted: 7,
      monitored: 1,
      low_income: 0,
      entered: 2,
      gone: 1,
    });
    await world.put("months.quality", {
      closing_id: closingId,
      region,
      persons: 9,
      waiting_rows: 1,
      comparisons: 1,
      overdue: 0,
      decided: 2,
      to_verify: 1,
    });
    await world.put("ledger.closed_month", { region, month: "2024-12-01" });
  }
  await world.put("months.reminder", {
    owing: region,
    duty: "monthly-report",
    month: first,
    step: "late",
    due_on: "2025-05-25",
    region,
    permission: "months.close",
    sent_on: "2025-05-26",
  });
}
