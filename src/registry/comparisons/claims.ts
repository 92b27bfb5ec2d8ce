import { registryFields, isRegistryEntity } from "../fields.ts";
import type { ComparisonNeeds } from "../persons/page-contract.ts";

/**
 * What a task asks. Most speak of one cell; a ledger raises some that do not: a whole spell (`spell`, written
 * `start|end|region|employer`), the state of somebody no longer reported, an end that the table forgot to date.
 */
export interface Claim {
  readonly entity: string;
  readonly field: string;
  readonly claimed: string | null;
  readonly hasSecret: boolean;
}

export type ClaimKind = "cell" | "spell" | "vanished" | "end-without-date" | "left-list";

/** Reason of somebody who is no longer on the list of those assisted: the list itself must say since when. */
const LEFT_LIST = "V2";

export function kindOfClaim(claim: Claim, reason: string): ClaimKind {
  if (claim.entity === "employment" && claim.field === "spell") return "spell";
  if (claim.entity === "person" && claim.field === "work_state") return reason === LEFT_LIST ? "left-list" : "vanished";
  return claim.entity === "employment" && claim.field === "end_date" && claim.claimed === null
    ? "end-without-date"
    : "cell";
}

export function needsOf(claim: Claim, reason: string): ComparisonNeeds {
  switch (kindOfClaim(claim, reason)) {
    case "vanished":
    case "end-without-date":
      return "end-date";
    case "left-list":
      return "cannot-adopt";
    case "spell":
      return readSpell(claim.claimed) === null ? "cannot-adopt" : "nothing";
    case "cell": {
      const field = isRegistryEntity(claim.entity) ? registryFields[claim.entity][claim.field] : undefined;
      if (field === undefined) return "cannot-adopt";
      return field.type.kind === "secret" && claim.claimed !== null && !claim.hasSecret ? "cannot-adopt" : "nothing";
    }
  }
}

export interface ClaimedSpell {
  readonly startDate: string;
  readonly endDate: string | null;
  readonly workRegion: string | null;
  readonly employerName: string;
}

export function readSpell(text: string | null): ClaimedSpell | null {
  const [startDate = "", endDate = "", workRegion = "", ...name] = (text ?? "").split("|");
  const employerName = name.join("|");
  if (startDate === "" || employerName === "") return null;
  return { startDate, endDate: endDate || null, workRegion: workRegion || null, employerName };
}

/** 2025-03-01 起，东莞市，锦达电子; an earlier spell of which only the end is known: 2025-01-31 止. */
export function spellWords(text: string | null, regionNameOf: (code: string) => string): string | null {
  const [startDate = "", endDate = "", workRegion = "", ...name] = (text ?? "").split("|");
  const words = [
    startDate && endDate
      ? `${startDate} 至 ${endDate}`
      : startDate
        ? `${startDate} 起`
        : endDate
          ? `${endDate} 止`
          : "",
    workRegion ? regionNameOf(workRegion) : "",
    name.join("|"),
  ].filter(Boolean);
  return words.length === 0 ? null : words.join("，");
}

export function claimedRegion(text: string | null): string | null {
  return (text ?? "").split("|")[2] || null;
}
