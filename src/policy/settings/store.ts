import { sql } from "kysely";
import type { ParameterValue } from "#kernel/contract";
import type { Db, Tx } from "../../platform/db/database.ts";

export interface SettingRow {
  readonly setting_id: string;
  /** A shared parameter's id, or `<measure>/<region>:<name>`. */
  readonly parameter: string;
  readonly region: string;
  readonly for_case: string | null;
  readonly value: ParameterValue["value"];
  readonly valid_from: string;
  readonly valid_to: string | null;
  readonly document: string;
  readonly document_date: string | null;
  readonly sample: boolean;
  readonly set_by_name: string;
  readonly set_at: Date;
}

export interface NewSetting {
  readonly parameter: string;
  readonly region: string;
  readonly forCase: string | null;
  readonly value: ParameterValue["value"];
  readonly from: string;
  readonly to: string | null;
  readonly document: string;
  readonly documentDate: string | null;
  readonly sample?: boolean;
}

export async function listSettings(db: Db | Tx, parameter?: string): Promise<readonly SettingRow[]> {
  return (
    await sql<SettingRow>`SELECT setting_id, parameter, region, for_case, value, valid_from, valid_to, document, document_date, sample, set_by_name, set_at
      FROM policy.setting WHERE removed_at IS NULL ${parameter === undefined ? sql`` : sql`AND parameter = ${parameter}`}
      ORDER BY parameter, region, for_case NULLS FIRST, valid_from`.execute(db)
  ).rows;
}

/** Null when the division has set a value from that very day already. */
export async function insertSetting(
  tx: Db | Tx,
  setting: NewSetting,
  officer: { readonly officerId: string | null; readonly name: string },
): Promise<string | null> {
  const inserted = await sql<{ setting_id: string }>`INSERT INTO policy.setting
      (parameter, region, for_case, value, valid_from, valid_to, document, document_date, sample, set_by, set_by_name)
    VALUES (${setting.parameter}, ${setting.region}, ${setting.forCase}, ${JSON.stringify(setting.value)}::jsonb, ${setting.from}, ${setting.to},
      ${setting.document}, ${setting.documentDate}, ${setting.sample ?? false}, ${officer.officerId}, ${officer.name})
    ON CONFLICT DO NOTHING RETURNING setting_id`.execute(tx);
  return inserted.rows[0]?.setting_id ?? null;
}

export async function removeSetting(tx: Tx, settingId: string, officerName: string): Promise<SettingRow | null> {
  const removed = await sql<SettingRow>`UPDATE policy.setting SET removed_at = now(), removed_by_name = ${officerName}
    WHERE setting_id = ${settingId} AND removed_at IS NULL
    RETURNING setting_id, parameter, region, for_case, value, valid_from, valid_to, document, document_date, sample, set_by_name, set_at`.execute(
    tx,
  );
  return removed.rows[0] ?? null;
}
