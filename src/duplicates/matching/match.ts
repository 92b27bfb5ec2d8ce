import { hash } from "node:crypto";
import { openPersonSecret } from "#registry";
import { addDays } from "../../platform/dates/index.ts";
import { runnerOf, type Tx } from "../../platform/db/database.ts";
import type { Services } from "../../platform/module.ts";
import { PAIR_DUE_DAYS } from "../pairs/contract.ts";
import { gatherAll, gatherTouched } from "./candidates.ts";
import { areSwapped, scored, scorePair, type ComparedPerson } from "./score.ts";
import {
  addFound,
  keepFound,
  nextPairs,
  prepareFound,
  thresholds,
  type CandidatePair,
  type FoundPair,
  type MatchCounts,
  type StoredSide,
  type Thresholds,
} from "./store.ts";

const PAIRS_AT_A_TIME = 5_000;
const COUNTY_DIGITS = 6;

export interface MatchResult extends MatchCounts {
  readonly compared: number;
  readonly found: number;
}

/**
 * Finds records that may be of one person: all, or those of the relation `touched` (with person_id) against all. In one transaction
 * of the worker's. Numbers are opened for candidates only: sealed they cannot be compared but for sameness, and hashes of all their
 * neighbours would let somebody with the table tell a number from three digits of it (decision 0015).
 */
export async function matchPersons(
  tx: Tx,
  services: Pick<Services, "keys" | "businessDate">,
  touched: string | null,
  progress: (compared: number) => Promise<void> = async () => {},
): Promise<MatchResult> {
  const run = runnerOf(tx);
  await run.query("SET LOCAL work_mem = '256MB'");
  await (touched === null ? gatherAll(run) : gatherTouched(run, touched));
  await prepareFound(run);
  const limits = await thresholds(tx);
  let [compared, found] = [0, 0];
  for (const table of ["candidate", "swapped"] as const) {
    let after: [string, string] = ["0", "0"];
    for (;;) {
      const pairs = await nextPairs(tx, table, after, PAIRS_AT_A_TIME);
      if (pairs.length === 0) break;
      const judged = pairs.flatMap((pair) => judge(services, pair, table, limits));
      await addFound(tx, judged);
      compared += pairs.length;
      found += judged.length;
      const last = pairs.at(-1)!;
      after = [last.a.personId, last.b.personId];
      await progress(compared);
    }
  }
  return { compared, found, ...(await keepFound(tx, touched)) };
}

function judge(
  { keys, businessDate }: Pick<Services, "keys" | "businessDate">,
  pair: CandidatePair,
  table: "candidate" | "swapped",
  { upper, lower }: Thresholds,
): FoundPair[] {
  const opened = (side: StoredSide): ComparedPerson => ({
    ...side,
    number: openPersonSecret(keys, side.secret).identity,
  });
  const [a, b] = [opened(pair.a), opened(pair.b)];
  const swapped = table === "swapped";
  if (swapped && !areSwapped(a, b)) return [];
  const { score, reasons } = swapped ? scored(["swapped"]) : scorePair(a, b);
  if (score < lower) return [];
  const [countyA, countyB] = [a, b].map(({ home }) => home.slice(0, COUNTY_DIGITS)) as [string, string];
  // Of two counties that stand at different days (a demonstration's), no term begins before the later one's.
  const raisedOn = [businessDate(countyA), businessDate(countyB)].toSorted().at(-1)!;
  return [
    {
      a: a.personId,
      b: b.personId,
      kind: swapped ? "swapped" : "duplicate",
      score,
      reasons,
      band: score >= upper ? "likely" : "possible",
      facts: hash("md5", `${pair.a.digest}|${pair.b.digest}`),
      countyA,
      countyB,
      raisedOn,
      dueOn: addDays(raisedOn, PAIR_DUE_DAYS),
    },
  ];
}
