import { transferStates } from "../../src/duplicates/contract.ts";
import { secretText, type Secret } from "./tokens.ts";
import { counties, villages, type World } from "./world.ts";

/** Pairs within a county and across, merges, transfers and contacts, full of what only their counties may see. */
export async function addDuplicates(world: World): Promise<void> {
  const { rows } = await world.owner.query<{ person_id: string; home_region: string }>(
    "SELECT person_id, home_region FROM registry.person ORDER BY person_id",
  );
  const at = (village: string, index: number) => rows.filter((row) => row.home_region === village)[index];
  for (const [index, village] of villages.entries()) {
    const [one, two] = [at(village, 0), at(village, 1)];
    if (one && two) await addPair(world, [one, two], "open");
    if (one && two) await addMerge(world, await addPair(world, [at(village, 1)!, at(village, 2)!], "merged"), one, two);
    const far = villages[(index + 1) % villages.length]!;
    const other = at(far, 3);
    if (one && other && !far.startsWith(village.slice(0, 6))) {
      const pairId = await addPair(world, [one, other], index % 2 === 0 ? "open" : "transferring");
      await addTransfer(world, village.slice(0, 6), far.slice(0, 6), pairId, index);
    }
  }
  for (const county of counties) {
    await world.put("duplicates.contact", {
      county,
      office: "测试局",
      person_name: "测试联系人",
      phone: "0743-1234567",
      changed_by_name: secretText({ class: "员", places: [county] }),
    });
  }
}

interface Side {
  readonly person_id: string;
  readonly home_region: string;
}

async function addPair(world: World, sides: readonly [Side, Side], state: string): Promise<string> {
  const secret: Secret = { class: "私", places: sides.map(({ home_region }) => home_region) };
  const pairId = world.id("pair", secret);
  await world.put("duplicates.pair", {
    pair_id: pairId,
    pair_key: uuidOf(pairId),
    kind: "duplicate",
    score: 90,
    reasons: ["name", "birth"],
    band: "likely",
    across: !sides[1].home_region.startsWith(sides[0].home_region.slice(0, 6)),
    state,
    facts: uuidOf(pairId),
    raised_on: "2025-06-10",
    due_on: "2025-06-17",
    decision_note: secretText(secret),
  });
  for (const [index, side] of sides.entries()) {
    await world.put("duplicates.side", {
      pair_id: pairId,
      person_id: side.person_id,
      other_county: sides[1 - index]!.home_region.slice(0, 6),
      owner_name: secretText({ class: "员", places: [side.home_region.slice(0, 6), side.home_region] }),
      owner_id: "1",
    });
  }
  return pairId;
}

async function addMerge(world: World, pairId: string, survivor: Side, loser: Side): Promise<void> {
  const secret: Secret = { class: "私", places: [survivor.home_region] };
  await world.put("duplicates.merge", {
    merge_id: world.id("merge", secret),
    pair_id: pairId,
    survivor_id: survivor.person_id,
    loser_id: loser.person_id,
    loser_name: secretText(secret),
    loser_mask: secretText(secret),
    loser_home: loser.home_region,
    state: "proposed",
    why_second: "money",
    note: secretText(secret),
    proposed_by: "1",
    proposed_by_name: secretText(secret),
    business_date: "2025-06-18",
  });
}

async function addTransfer(world: World, asking: string, asked: string, pairId: string, index: number): Promise<void> {
  const both: Secret = { class: "私", places: [asking, asked] };
  const state = transferStates[index % transferStates.length]!;
  await world.put("duplicates.transfer", {
    transfer_id: world.id("transfer", both),
    kind: "duplicate",
    asking_county: asking,
    asked_county: asked,
    keeps: "asking",
    pair_id: pairId,
    state,
    reason: secretText(both),
    due_on: "2025-06-17",
    asked_by_name: secretText({ class: "员", places: [asking] }),
    asked_by_office: secretText({ class: "员", places: [asking] }),
    asked_on: "2025-06-07",
    answered_by_name: secretText({ class: "员", places: [asked] }),
    answered_by_office: secretText({ class: "员", places: [asked] }),
    answer: secretText(both),
  });
}

function uuidOf(digits: string): string {
  const hex = digits.padStart(32, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
