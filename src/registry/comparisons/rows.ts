import type { Tx } from "../../platform/db/database.ts";
import { personCategory } from "../dictionaries/index.ts";
import { fieldLabel, isRegistryEntity, labelOfId, registryFields, showValue } from "../fields.ts";
import type { ComparisonRow, ComparisonState } from "../persons/page-contract.ts";
import { regionNames } from "../regions/store.ts";
import { sourceLabel } from "../sources.ts";
import type { StoredComparison } from "./store.ts";

/** Stored tasks in the words of the screen. */
export async function toComparisonRows(tx: Tx, stored: readonly StoredComparison[], businessDate: string): Promise<ComparisonRow[]> {
  const regionValues = stored.flatMap((row) =>
    isRegistryEntity(row.entity) && registryFields[row.entity][row.field]?.type.kind === "region" ? [row.held_value, row.claimed_value] : [],
  );
  const nameOf = await regionNames(tx, [...stored.map((row) => row.home_region), ...regionValues]);
  return stored.map((row) => {
    const entity = isRegistryEntity(row.entity) ? row.entity : "person";
    const show = (value: string | null) => showValue(entity, row.field, value, (code) => nameOf(code).fullName);
    return {
      comparisonId: row.comparison_id,
      personId: row.person_id,
      personName: row.person_name,
      identityMask: row.identity_mask,
      home: nameOf(row.home_region),
      reason: row.reason,
      entity,
      field: row.field,
      fieldLabel: fieldLabel(entity, row.field),
      about: aboutRow(row),
      held: show(row.held_value),
      heldSourceLabel: row.held_source === null ? null : sourceLabel(row.held_source),
      claimed: show(row.claimed_value),
      claimedSourceLabel: sourceLabel(row.claimed_source),
      state: row.state as ComparisonState,
      dueOn: row.due_on,
      overdue: row.state === "open" && row.due_on !== null && row.due_on < businessDate,
      decidedAt: row.decided_at?.toISOString() ?? null,
      decisionNote: row.decision_note,
      raisedAt: row.raised_at.toISOString(),
      batchId: row.batch_id,
    };
  });
}

function aboutRow(row: StoredComparison): string {
  const key = row.entity_key as Record<string, unknown>;
  if (row.employer_name !== null) return `${row.employer_name} ${row.start_date ?? ""} 起`;
  if (row.entity === "person_category") return labelOfId(personCategory, typeof key["category"] === "string" ? key["category"] : null);
  return typeof key["month"] === "string" ? key["month"].slice(0, 7) : "";
}
