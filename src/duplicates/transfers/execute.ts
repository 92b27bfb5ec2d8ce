import { lockApply } from "#ledger";
import { regionNames, sourceNumbers } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import type { Services } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import { executeMerge, type Actor, type MergeServices } from "../merge/execute.ts";
import { findMerge, insertMerge } from "../merge/store.ts";
import { duplicatesProblems } from "../problems.ts";
import { holderOf, moveHome, patchTransfer, recordsOfPair, writeHome, type StoredTransfer } from "./store.ts";

const EVERYWHERE = "";

/** What two counties have agreed on is done: two records become one, or somebody's home becomes another. */
export async function executeTransfer(
  tx: Tx,
  services: Pick<Services, "keys" | "businessDate">,
  parts: MergeServices,
  transfer: StoredTransfer,
  actor: Actor,
): Promise<void> {
  await lockApply(tx);
  const effect =
    transfer.kind === "duplicate"
      ? await mergeAcross(tx, services, parts, transfer, actor)
      : await moveAcross(tx, services, parts, transfer, actor);
  await patchTransfer(tx, transfer.transfer_id, { state: "done", effect });
}

async function mergeAcross(
  tx: Tx,
  services: Pick<Services, "keys" | "businessDate">,
  parts: MergeServices,
  transfer: StoredTransfer,
  actor: Actor,
): Promise<string> {
  const records = await recordsOfPair(tx, transfer.pair_id!);
  const stays = transfer.keeps === "asking" ? transfer.asking_county : transfer.asked_county;
  const survivor = records.find(({ home_region }) => home_region.startsWith(stays));
  const loser = records.find((record) => record !== survivor);
  if (!survivor || !loser) return refuse(duplicatesProblems.recordGone());
  const mergeId = await insertMerge(tx, {
    pairId: transfer.pair_id!,
    survivorId: survivor.person_id,
    loserId: loser.person_id,
    cells: {},
    state: "working",
    whySecond: "county",
    note: `跨县转移，两县同意：${transfer.reason}`,
    officerId: transfer.asked_by,
    officerName: transfer.asked_by_name,
    decidedBy: { id: actor.id, name: actor.name },
    businessDate: services.businessDate(stays),
  });
  const merge = (await findMerge(tx, EVERYWHERE, mergeId, true))!;
  await executeMerge(tx, services, parts, merge, actor);
  const nameOf = await regionNames(tx, [stays]);
  return `两份档案已合并为一份，户籍地在${nameOf(stays).name}。`;
}

async function moveAcross(
  tx: Tx,
  services: Pick<Services, "businessDate">,
  { tables }: MergeServices,
  transfer: StoredTransfer,
  actor: Actor,
): Promise<string> {
  const home = transfer.to_region!;
  const person = await holderOf(tx, transfer.number_hash!);
  if (!person?.home_region.startsWith(transfer.asked_county)) return refuse(duplicatesProblems.recordGone());
  await writeHome(tx, person, home, {
    officerId: actor.id,
    officerName: actor.name,
    reason: `户籍迁移，两县同意：${transfer.reason}`,
    source: sourceNumbers.transfer,
    businessDate: services.businessDate(home),
  });
  await moveHome(tx, tables, person.person_id, home);
  const nameOf = await regionNames(tx, [home]);
  return `户籍地已改为${nameOf(home).fullName}。`;
}
