import {
  asUuid,
  codeAtLevel,
  identityHash,
  maskIdentity,
  newPersonId,
  openPersonSecret,
  readIdentityNumber,
  sealPersonSecret,
  type IdentityKind,
} from "#registry";
import { runnerOf, type Tx } from "../platform/db/database.ts";
import type { Services } from "../platform/module.ts";
import { addDays } from "../platform/dates/index.ts";
import { addCopy, demoCounties, isWellKnown, type Original, originalsOf, seedContact } from "./demo-store.ts";
import { matchPersons } from "./matching/match.ts";
import { setPairState, sidesOf } from "./pairs/store.ts";
import { TRANSFER_DUE_DAYS } from "./transfers/contract.ts";
import { insertTransfer } from "./transfers/store.ts";

const OF_EACH_COUNTY = 6;
const COUNTY_DIGITS = 6;

/**
 * A demo holds what offices meet: somebody registered twice in one county, with a slip in the number or under another document, a
 * couple with each other's number, and somebody whom two counties both have; one such case is already under way.
 */
export async function seedDuplicates(services: Services): Promise<void> {
  const { worker } = services.database;
  await worker.transaction().execute(async (tx) => {
    const counties = await demoCounties(tx);
    const made: string[] = [];
    for (const [index, county] of counties.entries()) {
      await seedContact(tx, county);
      const originals = await originalsOf(tx, county, OF_EACH_COUNTY);
      if (originals.length < OF_EACH_COUNTY) continue;
      made.push(await copy(tx, services, originals[0]!, { number: slip(numberOf(services, originals[0]!)) }));
      made.push(await copy(tx, services, originals[1]!, { number: `LS${county}00000${index + 1}`, kind: "temporary" }));
      made.push(...(await couple(tx, services, originals[2]!)));
      const next = counties[(index + 1) % counties.length]!;
      if (next === county) continue;
      for (const original of originals.slice(4, 6)) {
        const home = `${next}${original.home_region.slice(COUNTY_DIGITS)}`;
        const there = (await isWellKnown(tx, home)) ? home : (await originalsOf(tx, next, 1))[0]!.home_region;
        made.push(await copy(tx, services, original, { number: slip(numberOf(services, original)), home: there }));
      }
    }
    if (made.length === 0) return;
    await matchPersons(tx, services, `(SELECT unnest('{${made.join(",")}}'::bigint[]) AS person_id) t`);
    await askForOne(tx, services, counties);
  });
}

const numberOf = ({ keys }: Services, original: Original): string => openPersonSecret(keys, original.secret).identity;

/** Position of the digit that somebody typed wrong: in the running number, where it changes neither birth date nor place. */
const SLIP_AT = 14;

/** One digit wrong, so that the check no longer fits. */
function slip(number: string): string {
  return number.slice(0, SLIP_AT) + String((Number(number[SLIP_AT]) + 1) % 10) + number.slice(SLIP_AT + 1);
}

interface Changed {
  readonly number: string;
  readonly kind?: IdentityKind;
  readonly home?: string;
  readonly name?: string;
  readonly sex?: number;
  readonly birthDate?: string;
  readonly householdId?: string;
}

async function copy(tx: Tx, { keys }: Services, original: Original, changed: Changed): Promise<string> {
  const kind = changed.kind ?? "resident-id";
  const hash = identityHash(keys, kind, changed.number);
  const secret = openPersonSecret(keys, original.secret);
  const personId = newPersonId(hash);
  await addCopy(tx, original, {
    personId,
    keyHash: asUuid(hash),
    kind,
    mask: maskIdentity(changed.number),
    secret: sealPersonSecret(keys, { ...secret, identity: changed.number }),
    home: changed.home ?? original.home_region,
    name: changed.name ?? original.name,
    sex: changed.sex ?? original.sex,
    birthDate: changed.birthDate ?? original.birth_date,
    householdId: changed.householdId ?? null,
  });
  return personId;
}

/** A couple entered with each other's number: two records of nobody else's. */
async function couple(tx: Tx, services: Services, original: Original): Promise<string[]> {
  const number = numberOf(services, original);
  const reading = readIdentityNumber(number);
  if (!reading.ok || reading.birthDate === null) return [];
  const [husband, wife] = [numberFor(number, "1975-03-08", 1), numberFor(number, "1978-11-20", 2)];
  const householdId = newPersonId(identityHash(services.keys, "temporary", `${number}户`));
  return [
    await copy(tx, services, original, { number: wife, name: "石大勇", sex: 1, birthDate: "1975-03-08", householdId }),
    await copy(tx, services, original, {
      number: husband,
      name: "龙小妹",
      sex: 2,
      birthDate: "1978-11-20",
      householdId,
    }),
  ];
}

/** A made-up number of a birth date and sex in the place of another one; which of the ten ends is right, the reading says. */
function numberFor(pattern: string, birthDate: string, sex: 1 | 2): string {
  const stem = `${pattern.slice(0, COUNTY_DIGITS)}${birthDate.replaceAll("-", "")}98${sex === 1 ? 7 : 8}`;
  const found = [..."0123456789X"].map((end) => stem + end).find((number) => readIdentityNumber(number).ok);
  return found ?? stem;
}

/** The second pair across counties is asked for already, so that both sides have something to see. */
async function askForOne(tx: Tx, services: Services, counties: readonly string[]): Promise<void> {
  const run = runnerOf(tx);
  const { rows } = await run.query<{ pair_id: string }>(
    "SELECT pair_id::text FROM duplicates.pair WHERE across AND state = 'open' ORDER BY pair_id DESC LIMIT 1",
  );
  const pairId = rows[0]?.pair_id;
  if (pairId === undefined) return;
  const [side] = await sidesOf(tx, "", [pairId]);
  const asking = codeAtLevel(side!.home_region, "county") ?? counties[0]!;
  const askedOn = addDays(services.businessDate(asking), -3);
  await insertTransfer(tx, {
    kind: "duplicate",
    askingCounty: asking,
    askedCounty: side!.other_county,
    keeps: "asking",
    pairId,
    numberHash: null,
    toRegion: null,
    reason: "本人已回本县居住，户口簿核对一致",
    dueOn: addDays(services.businessDate(side!.other_county), TRANSFER_DUE_DAYS - 3),
    askedBy: null,
    askedByName: "经办人员",
    askedByOffice: "县人力资源和社会保障局",
    askedOn,
  });
  await setPairState(tx, [pairId], "transferring", null);
}
