import { addDays } from "../../platform/dates/index.ts";
import type { Tx } from "../../platform/db/database.ts";
import { refuse } from "../../platform/problem.ts";
import { addSpell, changeCells, followSpells, type CellValue, type ChangeOrigin } from "../cells/change.ts";
import { openSpells, type RowAddress } from "../cells/store.ts";
import { readIdentityNumber } from "../dictionaries/index.ts";
import { entityLabels, fieldLabel } from "../fields.ts";
import { householdByNumber } from "../households/store.ts";
import { openPersonSecret } from "../numbers.ts";
import { registryProblems } from "../problems.ts";
import { sourceNumbers } from "../sources.ts";
import { kindOfClaim, needsOf, readSpell, type Claim } from "./claims.ts";
import type { OpenComparison } from "./store.ts";

const COUNTY_DIGITS = 6;

function claimOf(task: OpenComparison): Claim {
  return { entity: task.entity, field: task.field, claimed: task.claimedValue, hasSecret: task.claimedSecret !== null };
}

/** Does what the other source says. What only the officer could find out, he is the source of. */
export async function adoptClaim(
  tx: Tx,
  task: OpenComparison,
  endDate: string | undefined,
  origin: Omit<ChangeOrigin, "source">,
): Promise<void> {
  const claim = claimOf(task);
  const label = fieldLabel(task.entity, task.field);
  const byOther: ChangeOrigin = { ...origin, source: task.claimedSource };
  const byOfficer: ChangeOrigin = { ...origin, source: sourceNumbers.officer };
  switch (kindOfClaim(claim, task.reason)) {
    case "cell":
      if (needsOf(claim, task.reason) === "cannot-adopt") {
        return refuse(
          claim.field === "phone" || claim.field === "bank_account" || claim.field === "identity"
            ? registryProblems.numberNotKept(label)
            : registryProblems.notAdoptable(label),
        );
      }
      await changeCells(tx, task, [await claimedCell(tx, task, origin)], byOther);
      if (task.entity === "employment") await followSpells(tx, task.personId, byOther);
      return;
    case "spell":
      await adoptSpell(tx, task, byOther);
      return followSpells(tx, task.personId, byOther);
    case "end-without-date":
      if (endDate === undefined) return refuse(registryProblems.endDateMissing());
      await changeCells(tx, task, [{ field: "end_date", value: endDate }], byOfficer);
      return followSpells(tx, task.personId, byOfficer);
    case "vanished":
      if (endDate === undefined) return refuse(registryProblems.endDateMissing());
      for (const spell of await openSpells(tx, task.personId)) {
        await changeCells(
          tx,
          spellAddress(task, spell.employmentId),
          [{ field: "end_date", value: endDate }],
          byOfficer,
        );
      }
      return followSpells(tx, task.personId, byOfficer);
    case "left-list":
      return refuse(registryProblems.notAdoptable(label));
  }
}

/** What keeping means beyond leaving the value: somebody no longer reported was found to be at work still. */
export async function keepHeld(tx: Tx, task: OpenComparison, origin: Omit<ChangeOrigin, "source">): Promise<void> {
  if (kindOfClaim(claimOf(task), task.reason) !== "vanished") return;
  await followSpells(tx, task.personId, { ...origin, source: sourceNumbers.officer });
}

function spellAddress(task: OpenComparison, employmentId: string): RowAddress {
  return { entity: "employment", personId: task.personId, entityKey: { employment_id: employmentId } };
}

/** The claimed spell is entered; an open one that began before it ends on the day before. */
async function adoptSpell(tx: Tx, task: OpenComparison, origin: ChangeOrigin): Promise<void> {
  const spell = readSpell(task.claimedValue) ?? refuse(registryProblems.notAdoptable(entityLabels.employment));
  for (const open of await openSpells(tx, task.personId)) {
    if (open.startDate >= spell.startDate) continue;
    await changeCells(
      tx,
      spellAddress(task, open.employmentId),
      [{ field: "end_date", value: addDays(spell.startDate, -1) }],
      origin,
    );
  }
  await addSpell(tx, { ...spell, personId: task.personId, homeRegion: task.homeRegion }, origin);
}

/** The value to store: the number behind a mask, the household behind its number. */
async function claimedCell(tx: Tx, task: OpenComparison, { keys }: Pick<ChangeOrigin, "keys">): Promise<CellValue> {
  const { field } = task;
  if (task.claimedSecret !== null) {
    const secret = openPersonSecret(keys, task.claimedSecret);
    if (field === "phone") return { field, value: secret.phone };
    if (field === "bank_account") return { field, value: secret.bankAccount };
    const reading = readIdentityNumber(secret.identity);
    return { field, value: secret.identity, ...(reading.ok ? { identityKind: reading.kind } : {}) };
  }
  if (task.entity !== "person" || field !== "household_id" || task.claimedValue === null)
    return { field, value: task.claimedValue };
  const household = await householdByNumber(tx, task.homeRegion.slice(0, COUNTY_DIGITS), task.claimedValue);
  return { field, value: household ?? refuse(registryProblems.rowGone(entityLabels.household)) };
}
