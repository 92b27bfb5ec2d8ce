import { regionNames } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import { matchReasonWords } from "../matching/reasons.ts";
import type { CountyContact, PairRow } from "./contract.ts";
import { contactsOf, sidesOf, type Asker, type StoredContact, type StoredPair } from "./store.ts";

/** Stored pairs in the words of the screen: records that the asker may see, of the others the county and whom to call. */
export async function toPairRows(tx: Tx, stored: readonly StoredPair[], asker: Asker): Promise<PairRow[]> {
  const sides = await sidesOf(
    tx,
    asker.scope,
    stored.map(({ pair_id }) => pair_id),
  );
  const contacts = await contactsOf(
    tx,
    sides.map(({ other_county }) => other_county),
  );
  const nameOf = await regionNames(
    tx,
    sides.flatMap(({ home_region, other_county }) => [home_region, other_county]),
  );
  return stored.map((pair) => {
    const own = sides.filter(({ pair_id }) => pair_id === pair.pair_id);
    const owner = own.find(({ owner_id }) => owner_id !== null);
    const county = own.length === 1 && pair.across ? own[0]!.other_county : null;
    return {
      pairId: pair.pair_id,
      kind: pair.kind,
      score: pair.score,
      band: pair.band,
      reasons: pair.reasons.map(matchReasonWords),
      state: pair.state,
      across: pair.across,
      sides: own.map((side) => ({
        personId: side.person_id,
        name: side.name,
        identityMask: side.identity_mask,
        home: nameOf(side.home_region),
      })),
      other: county === null ? null : contactWords(nameOf(county), contacts.get(county)),
      ownerName: owner?.owner_name ?? null,
      ownerOffice: owner?.owner_office ?? null,
      ownedByMe: own.some(({ owner_id }) => owner_id !== null && owner_id === asker.officerId),
      raisedOn: pair.raised_on,
      dueOn: pair.due_on,
      overdue: pair.state === "open" && pair.due_on < asker.businessDate,
      decidedByName: pair.decided_by_name,
      decidedAt: pair.decided_at?.toISOString() ?? null,
      decisionNote: pair.decision_note,
    };
  });
}

export function contactWords(county: CountyContact["county"], contact: StoredContact | undefined): CountyContact {
  return {
    county,
    office: contact?.office ?? null,
    personName: contact?.person_name ?? null,
    phone: contact?.phone ?? null,
  };
}
