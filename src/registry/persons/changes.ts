import type { Tx } from "../../platform/db/database.ts";
import type { Services } from "../../platform/module.ts";
import { personCategory } from "../dictionaries/index.ts";
import {
  entityLabels,
  fieldLabel,
  fieldOfColumn,
  isRegistryEntity,
  labelOfId,
  showValue,
  type RegistryEntity,
} from "../fields.ts";
import { reasonWords } from "../reasons.ts";
import { regionNames } from "../regions/store.ts";
import { sourceLabel } from "../sources.ts";
import { shownColumn, textOf } from "./origins.ts";
import type { ChangeRow } from "./page-contract.ts";
import type { StoredChange } from "./page-store.ts";

/** A batch's changes bear its business day and its officer; the clock only says when they were written. */
export async function attributeChanges(
  { batchOrigins }: Pick<Services, "batchOrigins">,
  stored: readonly StoredChange[],
): Promise<StoredChange[]> {
  const origins = await batchOrigins([...new Set(stored.flatMap((row) => row.batch_id ?? []))]);
  return stored.map((row) => {
    const origin = row.batch_id === null ? undefined : origins.get(row.batch_id);
    return origin ? { ...row, day: origin.businessDate, officer_name: origin.officerName } : row;
  });
}

/** History in the words of the screen: only cells that an officer knows, numbers masked. */
export async function toChangeRows(tx: Tx, stored: readonly StoredChange[]): Promise<ChangeRow[]> {
  const nameOf = await regionNames(
    tx,
    stored.flatMap((row) => [...regionValues(row.before), ...regionValues(row.after)]),
  );
  return stored.map((row) => {
    const entity: RegistryEntity = isRegistryEntity(row.entity) ? row.entity : "other_record";
    const before = (row.before ?? {}) as Record<string, unknown>;
    const after = (row.after ?? {}) as Record<string, unknown>;
    const fields = new Set(
      [...Object.keys(before), ...Object.keys(after)]
        .map((column) => fieldOfColumn(entity, column))
        .filter((field) => field !== null),
    );
    const show = (values: Record<string, unknown>, field: string) =>
      showValue(entity, field, textOf(values[shownColumn(entity, field)]), (code) => nameOf(code).fullName);
    return {
      changeId: row.change_id,
      at: row.at.toISOString(),
      day: row.day,
      entityLabel: entityLabels[entity],
      about: aboutChange(entity, row.entity_key as Record<string, unknown>, { ...before, ...after }),
      act: row.act as ChangeRow["act"],
      cells: [...fields]
        .map((field) => ({ label: fieldLabel(entity, field), before: show(before, field), after: show(after, field) }))
        .filter((cell) => cell.before !== cell.after),
      sourceLabel: sourceLabel(row.source),
      reason: reasonWords(row.reason),
      officerName: row.officer_name,
      batchId: row.batch_id,
    };
  });
}

function aboutChange(entity: RegistryEntity, key: Record<string, unknown>, values: Record<string, unknown>): string {
  if (entity === "person_category") return labelOfId(personCategory, textOf(key["category"]));
  if (typeof values["employer_name"] === "string") return values["employer_name"];
  return textOf(key["month"])?.slice(0, 7) ?? textOf(key["title"]) ?? "";
}

function regionValues(values: unknown): (string | null)[] {
  const row = (values ?? {}) as Record<string, unknown>;
  return ["home_region", "residence_region", "work_region", "insured_region"].map((column) => textOf(row[column]));
}
