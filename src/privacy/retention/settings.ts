import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/database.ts";
import { periodIds, periodOf, type Length, type PeriodId } from "../../platform/privacy/index.ts";

/** An area for which lengths hold: a province by its two digits, or everything (""), and what was agreed to there. */
export interface AgreedLengths {
  readonly area: string;
  readonly lengths: ReadonlyMap<PeriodId, Length>;
}

const fixed = new Map<PeriodId, Length>(
  periodIds
    .filter((id) => periodOf(id).fixed)
    .map((id) => [id, { length: periodOf(id).length, unit: periodOf(id).unit }]),
);

/** What is agreed to now, by area. The program's own lengths hold everywhere and need nobody's agreement. */
export async function agreedLengths(db: Db | Tx): Promise<readonly AgreedLengths[]> {
  const rows = await db
    .selectFrom("privacy.setting")
    .distinctOn(["area", "period"])
    .select(["area", "period", "length", "unit"])
    .where("state", "=", "approved")
    .orderBy("area")
    .orderBy("period")
    .orderBy("setting_id", "desc")
    .execute();
  const areas = new Map<string, Map<PeriodId, Length>>([["", new Map(fixed)]]);
  for (const { area, period, length, unit } of rows) {
    const known = areas.get(area) ?? new Map<PeriodId, Length>();
    known.set(period as PeriodId, { length, unit: unit as Length["unit"] });
    areas.set(area, known);
  }
  const everywhere = areas.get("")!;
  return [...areas].map(([area, lengths]) => ({
    area,
    lengths: area === "" ? lengths : new Map([...everywhere, ...lengths]),
  }));
}

/** Where nobody has agreed to a length, the proposed one, or the program's example: for previews and for what a citizen is told. */
export async function expectedLengths(
  db: Db | Tx,
  area: string,
): Promise<ReadonlyMap<PeriodId, Length & { agreed: boolean }>> {
  const rows = await db
    .selectFrom("privacy.setting")
    .distinctOn("period")
    .select(["period", "length", "unit", "state"])
    .where("state", "in", ["approved", "waiting"])
    .where("area", "=", area)
    .orderBy("period")
    .orderBy(sql`state = 'approved'`, "desc")
    .orderBy("setting_id", "desc")
    .execute();
  const found = new Map(rows.map((row) => [row.period, row]));
  return new Map(
    periodIds.map((id) => {
      const own = found.get(id);
      const { length, unit, fixed: given } = periodOf(id);
      return [
        id,
        own
          ? { length: own.length, unit: own.unit as Length["unit"], agreed: own.state === "approved" }
          : { length, unit, agreed: given === true },
      ];
    }),
  );
}

/** SQL: a length as an interval. */
export const intervalSql = ({ length, unit }: Length): string => `interval '${length} ${unit}'`;

/** What holds in one area, be it its own or the program's. */
export async function agreedFor(db: Db | Tx, area: string): Promise<ReadonlyMap<PeriodId, Length>> {
  const all = await agreedLengths(db);
  return (all.find((one) => one.area === area) ?? all.find((one) => one.area === ""))!.lengths;
}
