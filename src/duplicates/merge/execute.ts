import { recordEntry } from "#audit";
import { lockApply } from "#ledger";
import { fieldAuthority, openPersonSecret, sealPersonSecret, type FieldAuthority, type PersonTable } from "#registry";
import { runnerOf, type Tx } from "../../platform/db/database.ts";
import type { Services } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import { emit } from "../../platform/tasks/queue.ts";
import { setPairState } from "../pairs/store.ts";
import { duplicatesProblems } from "../problems.ts";
import { choicesOf, columnsOf, isNumberField, sourceOf, type Choice, type PersonColumns } from "./cells.ts";
import { raiseConflicts } from "./conflicts.ts";
import { mergeRecords, type MergeFacts } from "./merge-records.ts";
import {
  countMapped,
  laterMergeOf,
  lockPersons,
  patchMerge,
  stillWorks,
  withdrawPairsOf,
  type StoredMerge,
} from "./store.ts";
import { unmergeRecords } from "./unmerge-records.ts";

export interface MergeServices {
  readonly tables: readonly PersonTable[];
}

/** Event: what is computed of persons is to be computed again. Payload: personIds. */
export const PERSONS_MERGED = "duplicates.merged";

export interface Actor {
  readonly id: string | null;
  readonly name: string;
  readonly organisation: string;
}

/** Makes the two records one, in a transaction of the worker's that holds the lock of applying tables. */
export async function executeMerge(
  tx: Tx,
  services: Pick<Services, "keys">,
  { tables }: MergeServices,
  merge: StoredMerge,
  actor: Actor,
): Promise<void> {
  await lockApply(tx);
  const rows = await lockPersons(tx, [merge.survivor_id, merge.loser_id]);
  const survivor = rows.find((row) => row["person_id"] === merge.survivor_id);
  const loser = rows.find((row) => row["person_id"] === merge.loser_id);
  if (!survivor || !loser) return refuse(duplicatesProblems.recordGone());
  const facts = factsOf(merge, survivor["home_region"]!, actor, `合并档案：${merge.note}`);
  const authority = await fieldAuthority(tx);
  await mergeRecords(runnerOf(tx), tables, facts, await cellsToWrite(tx, services, survivor, loser, authority, merge));
  const counts = { moved: {} as Record<string, number>, aside: {} as Record<string, number> };
  for (const { table_name, act, n } of await countMapped(tx, merge.merge_id))
    if (act === "moved" || act === "aside") counts[act][table_name] = n;
  await patchMerge(tx, merge.merge_id, { state: "done", counts: JSON.stringify(counts) });
  await setPairState(tx, [merge.pair_id], "merged", {
    officerId: actor.id,
    officerName: actor.name,
    note: merge.note,
  });
  await withdrawPairsOf(tx, merge.loser_id, merge.pair_id);
  await raiseConflicts(tx, tables, {
    mergeId: merge.merge_id,
    survivorId: merge.survivor_id,
    survivorHome: facts.survivorHome,
    businessDate: merge.business_date,
  });
  await note(tx, merge, actor, "合并档案", facts.survivorHome, counts);
}

/** Parts them again by the map. */
export async function executeUnmerge(
  tx: Tx,
  { tables }: MergeServices,
  merge: StoredMerge,
  actor: Actor,
): Promise<void> {
  await lockApply(tx);
  const [survivor] = await lockPersons(tx, [merge.survivor_id]);
  if (!survivor) return refuse(duplicatesProblems.recordGone());
  if (await laterMergeOf(tx, merge)) refuse(duplicatesProblems.laterMerge());
  const facts = factsOf(merge, survivor["home_region"]!, actor, `撤销合并：${merge.undo_note ?? ""}`);
  await unmergeRecords(runnerOf(tx), tables, facts);
  await patchMerge(tx, merge.merge_id, { state: "undone", undone_at: new Date() });
  // Whoever parts them says that they are two: matching does not propose them again as they are.
  await setPairState(tx, [merge.pair_id], "different", {
    officerId: actor.id,
    officerName: actor.name,
    note: merge.undo_note ?? "",
  });
  await note(tx, merge, actor, "撤销档案合并", facts.survivorHome, {});
}

function factsOf(merge: StoredMerge, survivorHome: string, actor: Actor, reason: string): MergeFacts {
  return {
    mergeId: merge.merge_id,
    survivorId: merge.survivor_id,
    loserId: merge.loser_id,
    survivorHome,
    officerId: actor.id,
    officerName: actor.name,
    businessDate: merge.business_date,
    reason,
  };
}

async function note(
  tx: Tx,
  merge: StoredMerge,
  actor: Actor,
  act: string,
  region: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  await recordEntry(tx, {
    kind: "change",
    act,
    outcome: "done",
    officerId: actor.id,
    officerName: actor.name,
    organisation: actor.organisation,
    region,
    subject: `registry.person:${merge.survivor_id}`,
    count: 2,
    detail: { mergeId: merge.merge_id, into: merge.survivor_id, from: merge.loser_id, ...detail },
  });
  await emit(tx, PERSONS_MERGED, { personIds: [merge.survivor_id, merge.loser_id] });
}

/** Columns of the survivor's record to write: cells chosen from the other, with their sources; its numbers in a new envelope. */
async function cellsToWrite(
  tx: Tx,
  { keys }: Pick<Services, "keys">,
  survivor: PersonColumns,
  loser: PersonColumns,
  authority: FieldAuthority,
  merge: StoredMerge,
): Promise<Record<string, unknown> | null> {
  const choice = (field: string, proposed: Choice): Choice => merge.cells[field] ?? proposed;
  const taken = choicesOf(survivor, loser, authority, (code) => code)
    .filter(({ field, proposed }) => choice(field, proposed) === "loser")
    .map(({ field }) => field);
  // A household goes with the place in it, and only where the survivor has none.
  if (survivor["household_id"] === null && loser["household_id"] !== null && sameCounty(survivor, loser))
    taken.push("household_id", "relation_to_head");
  const columns: Record<string, unknown> = {};
  for (const field of taken) for (const column of columnsOf(field)) columns[column] = loser[column];
  const works = (await stillWorks(tx, merge.survivor_id)) || (await stillWorks(tx, merge.loser_id));
  if (works && survivor["work_state"] !== "working") columns["work_state"] = "working";
  if (Object.keys(columns).length === 0) return null;
  if (taken.some(isNumberField)) columns["secret"] = sealed(keys, survivor, loser, new Set(taken));
  const sources = Object.fromEntries(
    [
      ...Object.entries(JSON.parse(survivor["cell_sources"] ?? "{}") as Record<string, number>),
      ...taken.map((field) => [field, sourceOf(loser, field)] as const),
    ].filter(([, source]) => source !== Number(survivor["source"])),
  );
  columns["cell_sources"] = Object.keys(sources).length > 0 ? sources : null;
  columns["recorded_on"] = merge.business_date;
  return columns;
}

const COUNTY_DIGITS = 6;
const sameCounty = (a: PersonColumns, b: PersonColumns): boolean =>
  a["home_region"]!.slice(0, COUNTY_DIGITS) === b["home_region"]!.slice(0, COUNTY_DIGITS);

function sealed(
  keys: Services["keys"],
  survivor: PersonColumns,
  loser: PersonColumns,
  taken: ReadonlySet<string>,
): string {
  // A bytea column as PostgreSQL prints it: \x0102…
  const open = (row: PersonColumns) => openPersonSecret(keys, Buffer.from(row["secret"]!.slice(2), "hex"));
  const [own, other] = [open(survivor), open(loser)];
  const secret = {
    identity: taken.has("identity") ? other.identity : own.identity,
    phone: taken.has("phone") ? other.phone : own.phone,
    bankAccount: taken.has("bank_account") ? other.bankAccount : own.bankAccount,
  };
  return `\\x${sealPersonSecret(keys, secret).toString("hex")}`;
}
