import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import type { FastifyInstance } from "fastify";
import { Kysely, PostgresDialect, sql } from "kysely";
import { Pool, type Client } from "pg";
import PgCursor from "pg-cursor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGate } from "#identity";
import type { DB } from "../../src/platform/db/types.ts";
import { poolConfig, withSight, type Sight } from "../../src/platform/db/database.ts";
import { createServer } from "../../src/platform/http/server.ts";
import type { Handler, Services } from "../../src/platform/module.ts";
import { testRuntime, type TestRuntime } from "../../src/platform/testing/index.ts";
import { ask, type Answer } from "./ask.ts";
import { addAuditEntries, addBatches } from "./batches.ts";
import { addFindings } from "./findings.ts";
import { addSubsidies } from "./subsidies.ts";
import { cardRoutes, generators } from "./generators.ts";
import { addAliases, addEmployerElsewhere, addEmployers, addPeople } from "./people.ts";
import { modules } from "./modules.ts";
import { addDuplicates } from "./duplicates.ts";
import { addMonths } from "./months.ts";
import { addRegisters } from "./registers.ts";
import { addCitizens } from "./citizens.ts";
import { listExports } from "../../src/exports/contract.ts";
import { addExports } from "./exports.ts";
import { addPrivacy } from "./privacy.ts";
import { addRules } from "./rules.ts";
import { leaksIn, secretsIn } from "./tokens.ts";
import { uploadedTable } from "./uploaded.ts";
import { places, World, type Officer } from "./world.ts";
import { locks } from "../../src/platform/db/locks.ts";

const SEED = 20_250_618;
const BYPASSING = "wengang_scope_test";

let runtime: TestRuntime;
let server: FastifyInstance;
let owner: Client;
let world: World;
/** The same program on a role that row security does not bind. */
let unwalled: Services;
let bypassing: Pool;
const handlers = modules.flatMap((module) => module.handlers ?? []);
const nameOf = ({ route }: Handler) => `${route.method} ${route.path}`;
const reads = handlers.filter(
  ({ route }) =>
    route.kind === "query" || route.kind === "download" || nameOf({ route } as Handler) === "POST /api/registry/find",
);
const changes = handlers.filter((handler) => !reads.includes(handler));
/** The log grows with every question, so that two answers of it are never the same. */
/** Tells of what was asked, and so of every question of this test. */
const isLog = ({ route }: Handler) =>
  route.path.startsWith("/api/audit/") || route.path.startsWith("/api/operations") || route.path === listExports.path;
const MOST_SHOWN = 12;
const MOST_OF_ONE_PLACE = 2;
/** What officers of this test have typed: the audit log of their own area keeps it. */
const typed = new Set<string>();

beforeAll(async () => {
  runtime = await testRuntime(modules);
  owner = await runtime.owner();
  world = new World(runtime, owner, modules);
  await world.addRegions();
  await world.addOfficers();
  await addPeople(world);
  await addEmployers(world);
  await addEmployerElsewhere(world);
  await addAliases(world);
  await addBatches(world);
  await addRegisters(world);
  await addAuditEntries(world);
  await addRules(world);
  await addDuplicates(world);
  await addCitizens(world);
  await addFindings(world);
  await addSubsidies(world);
  await addMonths(world);
  await addExports(world);
  await addPrivacy(world);
  server = await createServer({ services: runtime, modules, gate: createGate(modules) });
  bypassing = await bypassRowSecurity();
  unwalled = {
    ...runtime,
    database: {
      ...runtime.database,
      app: new Kysely<DB>({ dialect: new PostgresDialect({ pool: bypassing, cursor: PgCursor }) }),
    },
  };
});
afterAll(async () => {
  await bypassing?.end();
  await server?.close();
  await runtime?.close();
});

/** A role with the serving role's grants and without row security. Roles belong to the cluster: it goes when nobody needs it. */
async function bypassRowSecurity(): Promise<Pool> {
  await owner.query("SELECT pg_advisory_lock($1)", [locks.testRoles]);
  try {
    const known = await owner.query("SELECT FROM pg_roles WHERE rolname = $1", [BYPASSING]);
    if (known.rowCount === 0)
      await owner.query(`CREATE ROLE ${BYPASSING} LOGIN INHERIT BYPASSRLS PASSWORD '${BYPASSING}' IN ROLE wengang_app`);
  } finally {
    await owner.query("SELECT pg_advisory_unlock($1)", [locks.testRoles]);
  }
  const pool = new Pool({
    ...poolConfig(runtime.address, runtime.keys, "wengang_app"),
    user: BYPASSING,
    password: BYPASSING,
    max: 4,
  });
  pool.on("error", () => {});
  return pool;
}

/** Questions to a route, the same for everybody and in every run. */
function questions(handler: Handler, count: number, salt = 0): Record<string, unknown>[] {
  return fc.sample(generators[nameOf(handler)]!(world), { seed: SEED + salt, numRuns: count });
}

const permitted = ({ caller }: Officer, { route }: Handler) =>
  typeof route.access === "string" || caller.permissions.has(route.access.permission);

function leaks(officer: Officer, handler: Handler, answer: Answer): string[] {
  const log = isLog(handler);
  return leaksIn(answer.text, world.numbers, {
    sight: officer.caller.sight,
    cards: cardRoutes.has(nameOf(handler)),
    log,
    ...(log ? { echoes: typed } : {}),
  });
}

async function askAs(
  services: Services,
  officer: Officer,
  handler: Handler,
  input: Record<string, unknown>,
): Promise<Answer> {
  for (const secret of secretsIn(JSON.stringify(input), world.numbers)) typed.add(secret);
  return ask(services, modules, handler, officer.caller, input, uploadedTable);
}

test("every route of the running program has a generator, and no generator is left of a route that is gone", async () => {
  const { paths } = (await server.inject("/api/docs/json")).json<{ paths: Record<string, Record<string, unknown>> }>();
  const running = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`),
  );
  expect(running.toSorted()).toEqual(handlers.map(nameOf).toSorted());
  expect(Object.keys(generators).toSorted()).toEqual(running.toSorted());
});

describe("an officer's answers", () => {
  test("show nothing from outside his scope, and the same when row security is switched off", async () => {
    const faults = new Faults();
    let answered = 0;
    for (const handler of reads) {
      for (const officer of world.officers) {
        if (!permitted(officer, handler)) {
          expect((await askAs(runtime, officer, handler, questions(handler, 1)[0]!)).outcome).toBe("refused");
          continue;
        }
        for (const input of questions(handler, 3)) {
          const where = `${nameOf(handler)} ${JSON.stringify(input)} asked by ${officer.label}`;
          const walled = await askAs(runtime, officer, handler, input);
          const alone = await askAs(unwalled, officer, handler, input);
          const [seen, seenAlone] = [leaks(officer, handler, walled), leaks(officer, handler, alone)];
          if (seen.length > 0) faults.add(nameOf(handler), { where, seen });
          if (seenAlone.length > 0) faults.add(nameOf(handler), { where, wall: "first wall alone", seen: seenAlone });
          if (!isLog(handler) && !isDeepStrictEqual(timeless(alone), timeless(walled)))
            faults.add(nameOf(handler), {
              where,
              wall: "first wall alone",
              ...firstDifference(timeless(alone), timeless(walled)),
            });
          if (walled.outcome === "done") answered++;
        }
      }
    }
    expect(faults.found).toEqual([]);
    expect(answered).toBeGreaterThan(500);
  });

  test("are not empty: every office finds its own, and the search above would find what is not", async () => {
    const clerk = world.officers.find(({ label }) => label === `county-clerk of ${places.county}`)!;
    const list = reads.find((handler) => nameOf(handler) === "GET /api/registry/persons")!;
    const own = await askAs(runtime, clerk, list, { size: 200 });
    expect(JSON.parse(own.text).total).toBeGreaterThan(10);
    const stranger = world.officers.find(({ region }) => region === places.farCounty)!;
    expect(leaks(stranger, list, own).length).toBeGreaterThan(10);
  });

  test("do not change with what is recorded elsewhere: no count, order or total tells of it", async () => {
    const near = world.officers.filter(({ region }) => region.startsWith(places.county));
    const asked = reads.filter((handler) => !isLog(handler));
    const questionsOf = (handler: Handler) => questions(handler, 2, 1);
    // Drawn before: new ids must not change what is asked.
    const plan = asked.flatMap((handler) => questionsOf(handler).map((input) => ({ handler, input })));
    const answers = () =>
      Promise.all(
        near.map((officer) =>
          inTurn(
            plan.filter(({ handler }) => permitted(officer, handler)),
            ({ handler, input }) => askAs(runtime, officer, handler, input),
          ),
        ),
      );
    const before = await answers();
    const elsewhere = [places.sisterVillage, places.farVillage];
    await addPeople(world, elsewhere, [places.sisterCounty, places.farCounty]);
    await addEmployers(world, elsewhere);
    await addBatches(world, [places.sisterCounty, places.farCounty]);
    await addRegisters(world, elsewhere);
    await addAuditEntries(world, elsewhere);
    await addRules(world, elsewhere, [places.sisterCounty, places.farCounty]);
    await addCitizens(world, elsewhere, [places.sisterCounty, places.farCounty]);
    await addFindings(world, elsewhere, [places.sisterCounty, places.farCounty]);
    await addSubsidies(world, [places.sisterCounty, places.farCounty]);
    await addExports(world, [places.sisterCounty, places.farCounty]);
    await addPrivacy(world, elsewhere, [places.sisterCounty, places.farCounty]);
    await addStrangersTo(places.village);
    const after = await answers();
    const faults = new Faults();
    for (const [index, officer] of near.entries()) {
      const mine = plan.filter(({ handler }) => permitted(officer, handler));
      for (const [position, { handler, input }] of mine.entries()) {
        const [now, then] = [timeless(after[index]![position]!), timeless(before[index]![position]!)];
        if (!isDeepStrictEqual(now, then))
          faults.add(nameOf(handler), {
            where: `${nameOf(handler)} ${JSON.stringify(input)} asked by ${officer.label}`,
            ...firstDifference(now, then),
          });
      }
    }
    expect(faults.found).toEqual([]);
  });
});

describe("what an officer does", () => {
  test.each([
    ["with both walls", () => runtime],
    ["with the first wall alone", () => unwalled],
  ] as const)("reaches nothing outside his scope, %s", async (_, services) => {
    const faults = new Faults();
    for (const officer of world.officers) {
      const before = await digestOutside(officer.caller.sight);
      for (const handler of changes) {
        if (!permitted(officer, handler)) continue;
        for (const input of questions(handler, 3, 2)) {
          const seen = leaks(officer, handler, await askAs(services(), officer, handler, input));
          const where = `${nameOf(handler)} ${JSON.stringify(input)} done by ${officer.label}`;
          if (seen.length > 0) faults.add(nameOf(handler), { where, seen });
        }
      }
      expect(await digestOutside(officer.caller.sight), officer.label).toEqual(before);
    }
    expect(faults.found).toEqual([]);
  });
});

test("two officers on one connection never see with each other's eyes", async () => {
  const single = new Pool({ ...poolConfig(runtime.address, runtime.keys, "wengang_app"), max: 1 });
  single.on("error", () => {});
  const services: Services = {
    ...runtime,
    database: {
      ...runtime.database,
      app: new Kysely<DB>({ dialect: new PostgresDialect({ pool: single, cursor: PgCursor }) }),
    },
  };
  try {
    const two = [places.county, places.farCounty].map((region) => world.officers.find((one) => one.region === region)!);
    const signIn = changes.find((handler) => nameOf(handler) === "POST /api/identity/sign-in")!;
    const list = reads.find((handler) => nameOf(handler) === "GET /api/registry/persons")!;
    const alone = await Promise.all(two.map((officer) => askAs(services, officer, list, { size: 200 })));
    const mixed = Array.from({ length: 60 }, (_, index) => index);
    await Promise.all(
      mixed.map(async (index) => {
        const officer = two[index % 2]!;
        if (index % 5 === 4) return askAs(services, officer, signIn, { login: officer.login, password: "wrong" });
        if (index % 7 === 6)
          return askAs(services, officer, list, {
            size: 200,
            region: officer === two[0] ? places.farCounty : places.county,
          });
        const answer = await askAs(services, officer, list, { size: 200 });
        expect(answer).toEqual(alone[index % 2]);
      }),
    );
    const left = await single.query(
      "SELECT current_setting('app.region', true) AS region, current_setting('app.officer', true) AS officer, (SELECT count(*)::int FROM registry.person) AS people",
    );
    expect(left.rows).toEqual([{ region: "", officer: "", people: 0 }]);
  } finally {
    await single.end();
  }
});

test("row security alone: whatever is read of any table is of the reader's own area", async () => {
  const { rows: tables } = await owner.query<{ name: string; columns: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE n.nspname IN ('registry', 'ledger', 'identity', 'audit', 'platform', 'registers', 'trial', 'policy', 'oversight', 'citizens') AND c.relkind IN ('r', 'p', 'v') AND has_column_privilege('wengang_app', c.oid, a.attnum, 'SELECT')
     GROUP BY 1 ORDER BY 1`,
  );
  expect(tables.length).toBeGreaterThan(20);
  const faults = new Faults();
  for (const officer of world.officers) {
    const { sight } = officer.caller;
    await withSight(runtime.database.app, sight, async (tx) => {
      for (const { name, columns } of tables) {
        if (name in openToAll) continue;
        const { rows } = await sql<{
          row: string;
        }>`SELECT to_jsonb(t)::text AS row FROM (SELECT ${sql.raw(columns)} FROM ${sql.table(name)}) t`.execute(tx);
        const found = rows.flatMap(({ row }) =>
          leaksIn(row, world.numbers, {
            sight,
            cards: name === "registry.employment",
            log: name === "audit.entry",
            echoes: typed,
          }),
        );
        // Numbers alone: the batch that named one's own people, the household they are registered in, whom one's own register names.
        const namesPeople = name.startsWith("trial.") || name === "registers.change";
        const allowed = found.filter(
          (leak) =>
            !world.ids.batch.includes(leak) &&
            !world.ids.household.includes(leak) &&
            !(namesPeople && world.ids.person.includes(leak)),
        );
        if (allowed.length > 0)
          faults.add(name, {
            where: `${name} read by ${officer.label}`,
            seen: [...new Set(allowed)].slice(0, MOST_SHOWN),
          });
      }
    });
  }
  expect(faults.found).toEqual([]);
});

/** Tables without people that every officer reads whole, and why. */
const openToAll: Readonly<Record<string, string>> = {
  "policy.version": "the law is for everybody to read",
  "policy.setting": "what a locality has set is published by it",
  "registry.region": "names of places are public",
  "registry.region_alias": "names of places are public",
  "registry.employer_alias": "what a written name of an employer means has one answer for the whole installation",
};

/** People of other counties tied to a village's households, and other counties' batches that touch it. */
async function addStrangersTo(village: string): Promise<void> {
  const { rows } = await owner.query<{ household_id: string }>(
    "SELECT household_id FROM registry.household WHERE home_region = $1",
    [village],
  );
  await owner.query("UPDATE registry.person SET household_id = $1 WHERE home_region IN ($2, $3)", [
    rows[0]!.household_id,
    places.sisterVillage,
    places.farVillage,
  ]);
  await owner.query(
    `INSERT INTO ledger.fault (batch_id, sheet, row_no, field, code, severity, message, region)
     SELECT batch_id, 0, 900, 'phone', 'phone-invalid', 'waiting', '', $1 FROM ledger.batch WHERE region IN ($2, $3)`,
    [village, places.sisterCounty, places.farCounty],
  );
}

/** One fault in a wall shows in hundreds of answers: a few of each place are enough to find it. */
class Faults {
  readonly found: unknown[] = [];
  readonly #counts = new Map<string, number>();

  add(place: string, fault: Record<string, unknown>): void {
    const known = this.#counts.get(place) ?? 0;
    this.#counts.set(place, known + 1);
    if (known < MOST_OF_ONE_PLACE) this.found.push(fault);
  }
}

/** Where two answers part, and what each says there. */
function firstDifference(one: unknown, other: unknown, path = ""): { at: string; one: unknown; other: unknown } {
  if (typeof one === "object" && typeof other === "object" && one !== null && other !== null) {
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
      const [left, right] = [(one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]];
      if (!isDeepStrictEqual(left, right)) return firstDifference(left, right, `${path}.${key}`);
    }
  }
  return { at: path, one, other };
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

/** Without moments and numbers of exports, which differ from one asking to the next. */
function timeless({ outcome, text }: Answer): unknown {
  const same = text
    .replaceAll(/\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?/g, "then")
    .replaceAll(/编号 ?[0-9A-Fa-f-]{8,36}/g, "编号")
    .replaceAll(/DC-\d{8}-\d+/g, "DC");
  return { outcome, answer: same.startsWith("{") || same.startsWith("[") ? JSON.parse(same) : same.split("\n") };
}

/** Every row that an officer of this sight must not change. Whoever signs in may try any login, and is counted. */
async function digestOutside(sight: Sight): Promise<Record<string, string>> {
  const { rows: tables } = await owner.query<{ name: string; place: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name, column_name AS place FROM information_schema.columns
     WHERE table_schema IN ('registry', 'ledger', 'identity', 'registers', 'trial', 'policy', 'oversight', 'citizens') AND (column_name = 'home_region' OR column_name = 'region' AND table_name NOT IN ('person_access', 'fault', 'officer') OR column_name = 'organisation_region')`,
  );
  const area = sight.region ?? sight.administers;
  const digests: Record<string, string> = {};
  for (const { name, place } of tables) {
    const { rows } = await owner.query<{ digest: string | null }>(
      `SELECT md5(string_agg(t, '' ORDER BY t)) AS digest FROM (SELECT (to_jsonb(t) - 'failed_attempts' - 'locked_until' - 'locks' - 'last_lock')::text AS t, ${place} FROM ${name} t) t WHERE NOT starts_with(${place}, $1) AND NOT ${name === "registry.employer" ? `starts_with(${place}, '4498')` : "false"}`,
      [area],
    );
    digests[name] = rows[0]!.digest ?? "";
  }
  return digests;
}
