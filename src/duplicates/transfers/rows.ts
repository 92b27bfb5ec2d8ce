import { regionNames, sees, type Scope } from "#registry";
import { nextState } from "../../platform/contract.ts";
import type { Tx } from "../../platform/db/database.ts";
import { contactWords } from "../pairs/rows.ts";
import { contactsOf } from "../pairs/store.ts";
import { transferFlow, type TransferRow } from "./contract.ts";
import { personsOf, type StoredTransfer } from "./store.ts";

/** What an officer of `scope` may do: the asked county answers, the asking one withdraws, who stands above both decides once it is late. */
export function possibleFor(scope: Scope, transfer: StoredTransfer): ("consent" | "refuse" | "withdraw")[] {
  const [asks, isAsked] = [sees(scope, transfer.asking_county), sees(scope, transfer.asked_county)];
  const acts: ("consent" | "refuse" | "withdraw")[] = [];
  if (isAsked && (!asks || transfer.state === "escalated")) acts.push("consent", "refuse");
  if (asks && !isAsked) acts.push("withdraw");
  return acts.filter((act) => nextState(transferFlow, transfer.state, act) !== null);
}

/** Stored transfers in the words of the screen. Of the other county nobody is named but its contact. */
export async function toTransferRows(
  tx: Tx,
  scope: Scope,
  stored: readonly StoredTransfer[],
  businessDate: string,
): Promise<TransferRow[]> {
  const counties = stored.flatMap(({ asking_county, asked_county }) => [asking_county, asked_county]);
  const contacts = await contactsOf(tx, counties);
  const nameOf = await regionNames(tx, [...counties, ...stored.map(({ to_region }) => to_region)]);
  const persons = await personsOf(tx, scope, stored);
  return stored.map((row) => {
    const [asks, isAsked] = [sees(scope, row.asking_county), sees(scope, row.asked_county)];
    const other = asks ? row.asked_county : row.asking_county;
    const person = persons.get(row.transfer_id);
    return {
      transferId: row.transfer_id,
      kind: row.kind,
      keeps: row.keeps,
      state: row.state,
      box: asks && isAsked ? "between" : asks ? "sent" : "received",
      other: contactWords(nameOf(other), contacts.get(other)),
      asking: nameOf(row.asking_county),
      asked: nameOf(row.asked_county),
      person: person ? { personId: person.person_id, name: person.name, identityMask: person.identity_mask } : null,
      pairId: row.pair_id,
      toRegion: row.to_region === null ? null : nameOf(row.to_region),
      reason: row.reason,
      dueOn: row.due_on,
      overdue: (row.state === "requested" || row.state === "escalated") && row.due_on < businessDate,
      askedByName: asks ? row.asked_by_name : null,
      askedByOffice: asks ? row.asked_by_office : null,
      askedOn: row.asked_on,
      escalatedOn: row.escalated_on,
      answeredByName: isAsked ? row.answered_by_name : null,
      answeredByOffice: isAsked ? row.answered_by_office : null,
      answeredOn: row.answered_on,
      answer: row.answer,
      effect: row.effect,
      may: possibleFor(scope, row),
    };
  });
}
