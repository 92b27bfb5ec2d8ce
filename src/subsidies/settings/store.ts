import { sql } from "kysely";
import { addWorkdays } from "../../platform/dates/workdays.ts";
import type { Db, Tx } from "../../platform/db/database.ts";
import type { ClaimState, SettingKind, SettingValue } from "../contract.ts";
import { SAMPLES } from "../terms.ts";

export interface StoredSetting {
  readonly setting_id: string;
  readonly region: string;
  readonly kind: SettingKind;
  readonly value: SettingValue<SettingKind>;
  readonly valid_from: string;
  readonly document: string;
  readonly set_by_name: string;
}

const columns = sql.raw("s.setting_id, s.region, s.kind, s.value, s.valid_from, s.document, s.set_by_name");

/** What holds on a day in each of these regions: the nearest place's last word, else nothing. */
export async function storedInForce(
  db: Db | Tx,
  kind: SettingKind,
  regions: readonly string[],
  on: string,
): Promise<ReadonlyMap<string, StoredSetting>> {
  const found = await sql<StoredSetting & { asked: string }>`SELECT DISTINCT ON (r.asked) r.asked, ${columns}
    FROM unnest(${[...new Set(regions)]}::text[]) AS r(asked) JOIN subsidies.setting s ON s.kind = ${kind} AND starts_with(r.asked, s.region) AND s.valid_from <= ${on}::date
    ORDER BY r.asked, length(s.region) DESC, s.valid_from DESC, s.setting_id DESC`.execute(db);
  return new Map(found.rows.map(({ asked, ...row }) => [asked, row]));
}

/** The same as values, with the program's sample where nobody has set anything. */
export async function inForce<K extends SettingKind>(
  db: Db | Tx,
  kind: K,
  regions: readonly string[],
  on: string,
): Promise<(region: string) => SettingValue<K>> {
  const stored = await storedInForce(db, kind, regions, on);
  return (region) => (stored.get(region)?.value as SettingValue<K> | undefined) ?? SAMPLES[kind];
}

/** Last day of the act that `state` awaits, by region; null where the clock stands (补正, 公示) or nothing is awaited. */
export async function duesIn(
  db: Db | Tx,
  regions: readonly string[],
  state: ClaimState,
  on: string,
): Promise<{ readonly regions: readonly string[]; readonly dues: readonly (string | null)[] }> {
  const asked = [...new Set(regions)];
  const termsOf = await inForce(db, "terms", asked, on);
  const dues = asked.map((region) => {
    const days = (termsOf(region) as Partial<Record<ClaimState, number>>)[state];
    return days === undefined ? null : addWorkdays(on, days);
  });
  return { regions: asked, dues };
}

/** Last day of the act that a state awaits at one office; null where none is awaited. */
export async function dueIn(tx: Tx, region: string, state: ClaimState, businessDate: string): Promise<string | null> {
  return (await duesIn(tx, [region], state, businessDate)).dues[0] ?? null;
}

/** Everything set for a region or above it, newest first. */
export async function settingsAbove(tx: Tx, region: string): Promise<readonly StoredSetting[]> {
  const found =
    await sql<StoredSetting>`SELECT ${columns} FROM subsidies.setting s WHERE starts_with(${region}, s.region)
    ORDER BY s.setting_id DESC LIMIT 200`.execute(tx);
  return found.rows;
}

export async function insertSetting(
  tx: Tx,
  given: {
    readonly region: string;
    readonly kind: SettingKind;
    readonly value: unknown;
    readonly validFrom: string;
    readonly document: string;
    readonly officerId: string | null;
    readonly name: string;
  },
): Promise<string> {
  const made = await sql<{
    setting_id: string;
  }>`INSERT INTO subsidies.setting (region, kind, value, valid_from, document, set_by, set_by_name)
    VALUES (${given.region}, ${given.kind}, ${JSON.stringify(given.value)}::jsonb, ${given.validFrom}::date, ${given.document}, ${given.officerId}::bigint, ${given.name})
    RETURNING setting_id`.execute(tx);
  return made.rows[0]!.setting_id;
}
