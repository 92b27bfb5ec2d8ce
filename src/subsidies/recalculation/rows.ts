import type { FactField, PreparedMeasure } from "#kernel";
import { saysOf, type CurrentRulebook } from "#policy";
import { regionNames } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import { formatYuan } from "../../platform/money.ts";
import type { Difference, DifferenceKind } from "../contract.ts";
import { placeOf } from "../places.ts";
import type { StoredDifference } from "./store.ts";

/** A fact in an officer's words. Null: nobody has said it. */
export function factWords(field: FactField, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map((one) => factWords(field, one) ?? "").join("、");
  if (typeof value === "boolean") return value ? "是" : "否";
  if (field.type === "fen" && typeof value === "number") return `${formatYuan(value)} 元`;
  const text = typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
  return field.codes?.[text] ?? text;
}

/** What the facts of a difference were and are, by the words of the rule's source. */
export const changedWords = (
  rule: PreparedMeasure | null,
  changed: StoredDifference["changed"],
): Difference["changed"] =>
  changed.flatMap(({ column, before, after }) => {
    const field = rule?.source.fields.find((one) => one.column === column);
    return field ? [{ label: field.label, before: factWords(field, before), after: factWords(field, after) }] : [];
  });

export const kindOf = ({ was_fen, now_fen }: Pick<StoredDifference, "was_fen" | "now_fen">): DifferenceKind =>
  now_fen === null ? "unclear" : Number(now_fen) > Number(was_fen) ? "short" : "over";

/** Why a row refuses now, in the rule's words. */
export function failedWords(rule: PreparedMeasure | null, { outcome, failed }: StoredDifference): readonly string[] {
  if (outcome === "GONE") return ["所依据的记录已不存在"];
  return rule ? failed.map((name) => saysOf(rule, name)) : failed;
}

/** Rules of stored differences, each made ready once. */
export async function rulesOf(
  tx: Tx,
  rulebook: CurrentRulebook,
  rows: readonly Pick<StoredDifference, "version_id">[],
): Promise<ReadonlyMap<string, PreparedMeasure | null>> {
  const rules = new Map<string, PreparedMeasure | null>();
  for (const { version_id } of rows)
    if (!rules.has(version_id)) rules.set(version_id, await rulebook.measureOf(tx, version_id));
  return rules;
}

export async function toDifferences(
  tx: Tx,
  rulebook: CurrentRulebook,
  rows: readonly StoredDifference[],
): Promise<Difference[]> {
  const nameOf = await regionNames(
    tx,
    rows.map(({ region }) => region),
  );
  const rules = await rulesOf(tx, rulebook, rows);
  return rows.map((row) => {
    const rule = rules.get(row.version_id) ?? null;
    return {
      differenceId: row.difference_id,
      place: placeOf(nameOf, row.region),
      claimId: row.claim_id,
      claimNumber: row.claim_number,
      claimState: row.claim_state,
      title: row.title,
      payeeName: row.payee_name,
      // A person of another place is not this officer's to see.
      personName: row.person_name ?? (row.person_id === null ? null : "（外地人员）"),
      personId: row.person_name === null ? null : row.person_id,
      eventDate: row.event_date,
      wasFen: Number(row.was_fen),
      nowFen: row.now_fen === null ? null : Number(row.now_fen),
      outcome: row.outcome,
      kind: kindOf(row),
      causes: row.causes,
      failed: [...failedWords(rule, row)],
      versionId: row.version_id,
      changed: changedWords(rule, row.changed),
      foundOn: row.found_on,
      state: row.state,
      arrearsClaimId: row.arrears_claim_id,
      recoveryId: row.recovery_id,
      reason: row.reason,
      endedByName: row.ended_by_name,
      endedOn: row.ended_on,
    };
  });
}
