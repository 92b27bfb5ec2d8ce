/**
 * Looking for records of one person in a whole registry:
 *   node bench/duplicates.ts [--size county|province] [--persons N] [--json]
 * persons of made-up counties, of whom one in a hundred is registered twice (number typed wrong, another document, another county);
 * then all are compared, and then those that a batch touched (one in two hundred). Beside it, as a floor, the plain self-join on one
 * blocking key (name and birth date), which finds a part and judges nothing.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sql } from "kysely";
import { modules } from "../src/app.ts";
import { gatherAll } from "../src/duplicates/matching/candidates.ts";
import { matchPersons, type MatchResult } from "../src/duplicates/matching/match.ts";
import { readConfig } from "../src/platform/config.ts";
import { runnerOf } from "../src/platform/db/database.ts";
import { openRuntime } from "../src/platform/runtime.ts";
import { sealPersonSecret } from "../src/registry/numbers.ts";
import { checkCharacter } from "../src/registry/dictionaries/identity-check.ts";
import { machine, print, serverPids, stage, type Stage } from "./lib/measure.ts";

const SIZES = { county: 20_000, city: 200_000, province: 2_540_000 } as const;
const { values } = parseArgs({
  options: {
    size: { type: "string", default: "city" },
    persons: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const persons = Number(values.persons ?? SIZES[values.size as keyof typeof SIZES]);
const AS_OF = "2025-06-18";
const ONE_IN = 100;
const TOUCHED_ONE_IN = 200;
const PER_COUNTY = 20_000;
const NAMES = 9_000;
const ROWS_AT_A_TIME = 4_000;

const folder = mkdtempSync(join(tmpdir(), "wengang-duplicates-"));
const runtime = await openRuntime(
  { ...readConfig({ ...process.env, WENGANG_DATA: join(folder, "data"), WENGANG_DATE: AS_OF }), logLevel: "warn" },
  modules,
);
const pids = () => serverPids(join(folder, "data"));

/** A number below `below`, the same for the same person and purpose on every machine. */
function draw(who: number, purpose: number, below: number): number {
  let mixed = Math.imul(who ^ (purpose * 0x9e37_79b1), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) % below;
}

/** The i-th person: names repeat as they do, a hundred to a village; some are the one before, registered once more. */
function rowOf(i: number): Record<string, unknown> {
  const twice = i % ONE_IN === ONE_IN - 1;
  const who = twice ? i - 1 : i;
  const county = 430_000 + Math.trunc(who / PER_COUNTY);
  const village = `${county}${100 + (Math.trunc(who / 1_000) % 20)}${200 + (Math.trunc(who / 100) % 10)}`;
  const day = new Date(Date.UTC(1950, 0, 1 + draw(who, 1, 20_000))).toISOString().slice(0, 10);
  const sequence = String(draw(who, 2, 1_000)).padStart(3, "0");
  let seventeen = `${county}${day.replaceAll("-", "")}${sequence}`;
  if (twice && i % 3 !== 0)
    seventeen = seventeen.slice(0, 15) + String((Number(seventeen[15]) + 1) % 10) + seventeen[16];
  const number = seventeen + checkCharacter(seventeen)!;
  const home = twice && i % 2 === 0 ? `${village.slice(0, 9)}299` : village;
  return {
    person_id: String(i + 1),
    name: `人${draw(who, 3, NAMES)}`,
    sex: 1 + (Number(sequence) % 2 === 1 ? 0 : 1),
    birth_date: day,
    identity_kind: twice && i % 3 === 0 ? "temporary" : "resident-id",
    identity_mask: `${number.slice(0, 6)}********${number.slice(-4)}`,
    home_region: home,
    household_id: String(Math.trunc(who / 4)),
    phone: who % 5 === 0 ? `p${who}` : null,
    secret: sealPersonSecret(runtime.keys, { identity: number, phone: null, bankAccount: null }).toString("hex"),
  };
}

async function load(): Promise<void> {
  const { worker } = runtime.database;
  for (let from = 0; from < persons; from += ROWS_AT_A_TIME) {
    const rows = Array.from({ length: Math.min(ROWS_AT_A_TIME, persons - from) }, (_, index) => rowOf(from + index));
    await sql`INSERT INTO registry.person (person_id, name, sex, birth_date, identity_kind, identity_mask, home_region, household_id, phone_hash, secret, recorded_on, source)
      SELECT r.person_id, r.name, r.sex, r.birth_date, r.identity_kind, r.identity_mask, r.home_region, r.household_id, md5(r.phone)::uuid, decode(r.secret, 'hex'), ${AS_OF}, 2
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(person_id bigint, name text, sex smallint, birth_date date, identity_kind text, identity_mask text, home_region text, household_id bigint, phone text, secret text)`.execute(
      worker,
    );
  }
  await sql`SELECT registry.refresh_statistics()`.execute(worker);
}

try {
  const { worker } = runtime.database;
  const stages: Stage[] = [];
  stages.push(await stage("persons written", persons, pids, load));
  let floor = 0;
  stages.push(
    await stage("floor: plain self-join on name and birth date", persons, pids, async () => {
      const { rows } = await sql<{
        n: string;
      }>`SELECT count(*) AS n FROM registry.person a JOIN registry.person b USING (name, birth_date) WHERE a.person_id < b.person_id`.execute(
        worker,
      );
      floor = Number(rows[0]!.n);
    }),
  );
  stages.push(
    await stage("candidates by all blocking keys", persons, pids, () =>
      worker.transaction().execute(async (tx) => {
        await sql`SET LOCAL work_mem = '256MB'`.execute(tx);
        await gatherAll(runnerOf(tx));
      }),
    ),
  );
  let whole: MatchResult | undefined;
  stages.push(
    await stage("whole registry matched", persons, pids, async () => {
      whole = await worker.transaction().execute((tx) => matchPersons(tx, runtime, null));
    }),
  );
  const touched = Math.trunc(persons / TOUCHED_ONE_IN);
  let ofBatch: MatchResult | undefined;
  stages.push(
    await stage("persons of a batch matched", touched, pids, async () => {
      const relation = `(SELECT person_id FROM registry.person WHERE person_id % ${TOUCHED_ONE_IN} = 0) t`;
      ofBatch = await worker.transaction().execute((tx) => matchPersons(tx, runtime, relation));
    }),
  );
  print(
    values.json,
    {
      machine: machine(),
      persons,
      registeredTwice: Math.trunc(persons / ONE_IN),
      floorPairs: floor,
      whole,
      touched,
      ofBatch,
    },
    stages,
  );
} finally {
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
}
