import type { Tx } from "../../platform/db/database.ts";
import { personCategory } from "../dictionaries/index.ts";
import { entityLabels, fieldLabel, isRegistryEntity, labelOfId, registryFields, showValue } from "../fields.ts";
import type { ComparisonRow, ComparisonState } from "../persons/page-contract.ts";
import { regionNames } from "../regions/store.ts";
import { sourceLabel } from "../sources.ts";
import { claimedRegion, kindOfClaim, needsOf, spellWords, type ClaimKind } from "./claims.ts";
import type { StoredComparison } from "./store.ts";

/** Stored tasks in the words of the screen. */
export async function toComparisonRows(
  tx: Tx,
  stored: readonly StoredComparison[],
  businessDate: string,
): Promise<ComparisonRow[]> {
  const regionValues = stored.flatMap((row) =>
    row.field === "spell"
      ? [claimedRegion(row.held_value), claimedRegion(row.claimed_value)]
      : isRegistryEntity(row.entity) && registryFields[row.entity][row.field]?.type.kind === "region"
        ? [row.held_value, row.claimed_value]
        : [],
  );
  const nameOf = await regionNames(tx, [...stored.map((row) => row.home_region), ...regionValues]);
  return stored.map((row) => {
    const entity = isRegistryEntity(row.entity) ? row.entity : "person";
    const fullName = (code: string) => nameOf(code).fullName;
    const show = (value: string | null) =>
      row.field === "spell" ? spellWords(value, fullName) : showValue(entity, row.field, value, fullName);
    const claim = {
      entity: row.entity,
      field: row.field,
      claimed: row.claimed_value,
      hasSecret: row.claimed_secret !== null,
    };
    return {
      comparisonId: row.comparison_id,
      personId: row.person_id,
      personName: row.person_name,
      identityMask: row.identity_mask,
      home: nameOf(row.home_region),
      reason: row.reason,
      entity,
      field: row.field,
      fieldLabel: row.field === "spell" ? entityLabels.employment : fieldLabel(entity, row.field),
      about: aboutRow(row),
      held: show(row.held_value),
      heldSourceLabel: row.held_source === null ? null : sourceLabel(row.held_source),
      claimed: wordsWithoutValue[kindOfClaim(claim, row.reason)] ?? show(row.claimed_value),
      claimedSourceLabel: sourceLabel(row.claimed_source),
      needs: needsOf(claim, row.reason),
      state: row.state as ComparisonState,
      dueOn: row.due_on,
      overdue: row.state === "open" && row.due_on !== null && row.due_on < businessDate,
      decidedAt: row.decided_at?.toISOString() ?? null,
      decisionNote: row.decision_note,
      ownerName: row.owner_name,
      ownerOffice: row.owner_office,
      raisedAt: row.raised_at.toISOString(),
      batchId: row.batch_id,
    };
  });
}

/** What a claim without a value says. */
const wordsWithoutValue: Partial<Record<ClaimKind, string>> = {
  vanished: "本期台账未报",
  "left-list": "本期名单未列",
  "end-without-date": "已不在岗，未写结束时间",
};

function aboutRow(row: StoredComparison): string {
  const key = row.entity_key as Record<string, unknown>;
  if (row.employer_name !== null) return `${row.employer_name} ${row.start_date ?? ""} 起`;
  if (row.entity === "person_category")
    return labelOfId(personCategory, typeof key["category"] === "string" ? key["category"] : null);
  return typeof key["month"] === "string" ? key["month"].slice(0, 7) : "";
}
