import { Kysely, PostgresDialect, sql } from "kysely";
import { Pool } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ownerConfig, withSight, type Sight, type Tx } from "../../platform/db/database.ts";
import type { DB } from "../../platform/db/types.ts";
import { createServer } from "../../platform/http/server.ts";
import {
  assignOfficer,
  createOfficer,
  createOrganisation,
  duties,
  listOfficers,
  listOrganisations,
  lockOfficer,
  renameOrganisation,
  resetOfficerPassword,
  setOrganisationActive,
  type Duty,
} from "../contract.ts";
import {
  addOfficer,
  addOrganisation,
  modules,
  signedIn,
  testSite,
  type AddedOfficer,
  type Browser,
  type TestSite,
} from "../fixtures.ts";
import { sightOf } from "../permissions.ts";
import { createGate } from "../sessions/gate.ts";

let site: TestSite;
let here: {
  system: AddedOfficer;
  security: AddedOfficer;
  log: AddedOfficer;
  clerk: AddedOfficer;
  colleague: AddedOfficer;
};
let foreign: { clerk: AddedOfficer; organisationId: string };
let above: AddedOfficer;
beforeAll(async () => {
  site = await testSite();
  const one = (duty: Duty, region = "433124") => addOfficer(site.owner, { region, duties: [duty] });
  here = {
    system: await one("system-admin"),
    security: await one("security-admin"),
    log: await one("audit-admin"),
    clerk: await one("county-clerk"),
    colleague: await one("reviewer"),
  };
  const clerk = await one("county-clerk", "433125");
  foreign = { clerk, organisationId: clerk.organisationId };
  above = await one("city-dispatcher", "4331");
});
afterAll(() => site.close());

const sight = (officer: AddedOfficer, ...held: Duty[]): Sight => sightOf(held, officer.region, officer.officerId);

test("the database knows the same duties as the contract", async () => {
  const { rows } = await site.owner.query(
    "SELECT pg_get_constraintdef(oid) AS rule FROM pg_constraint WHERE conname = 'officer_duties_known'",
  );
  const known = [...(rows[0].rule as string).matchAll(/'([a-z-]+)'::text/g)].map((match) => match[1]);
  expect(known).toEqual([...duties]);
});

test("the database keeps the three administrators apart, whoever writes", async () => {
  const write = (held: Duty[]) => addOfficer(site.owner, { duties: held });
  await expect(write(["system-admin", "security-admin"])).rejects.toThrow("officer_administrator_apart");
  await expect(write(["audit-admin", "auditor"])).rejects.toThrow("officer_administrator_apart");
  await expect(write([])).rejects.toThrow("officer_duties_known");
  const organisationId = await addOrganisation(site.owner, { region: "433124110" });
  await expect(addOfficer(site.owner, { region: "433124", organisationId })).rejects.toThrow(
    "officer_within_organisation",
  );
});

describe("the program's wall, with row security switched off", () => {
  let bare: Awaited<ReturnType<typeof createServer>>;
  let asSystem: Browser;
  let asSecurity: Browser;
  beforeAll(async () => {
    // The owner of the embedded server is a superuser: no policy binds it.
    const pool = new Pool({ ...ownerConfig(site.runtime.address), max: 4 });
    pool.on("error", () => {});
    const unguarded = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
    const services = { ...site.runtime, database: { ...site.runtime.database, app: unguarded } };
    bare = await createServer({ services, modules, gate: createGate(modules) });
    bare.addHook("onClose", () => unguarded.destroy());
  });
  beforeEach(async () => {
    asSystem = await signedIn(bare, here.system.login);
    asSecurity = await signedIn(bare, here.security.login);
  });
  afterAll(() => bare.close());

  test("lists show the administered area only, whatever is asked", async () => {
    const officers = await asSystem.ask(listOfficers, { size: 200 });
    const regions = new Set(officers.body.rows.map((row) => row.region));
    expect([...regions]).toEqual(["433124"]);
    expect(officers.body.total).toBe(officers.body.rows.length);
    expect((await asSystem.ask(listOfficers, { region: "433125" })).body.total).toBe(0);
    expect((await asSystem.ask(listOfficers, { organisationId: foreign.organisationId })).body.total).toBe(0);
    const organisations = await asSystem.ask(listOrganisations, { size: 200 });
    expect(new Set(organisations.body.rows.map((row) => row.region.slice(0, 6)))).toEqual(new Set(["433124"]));
  });

  test("what lies outside is not found, above included", async () => {
    for (const { officerId, organisationId, region } of [foreign.clerk, above]) {
      expect(await asSystem.ask(lockOfficer, { officerId })).toMatchObject({ status: 404 });
      expect(await asSystem.ask(resetOfficerPassword, { officerId })).toMatchObject({ status: 404 });
      expect(
        await asSystem.ask(assignOfficer, { officerId, name: "某某", organisationId, region, duties: ["leader"] }),
      ).toMatchObject({ status: 404 });
      expect(
        await asSystem.ask(createOfficer, {
          login: "foreign.new",
          name: "某某",
          organisationId,
          region,
          duties: ["leader"],
        }),
      ).toMatchObject({
        status: 404,
      });
      expect(
        await asSystem.ask(renameOrganisation, { organisationId, name: "改名", department: "other" }),
      ).toMatchObject({ status: 404 });
      expect(await asSystem.ask(setOrganisationActive, { organisationId, active: false })).toMatchObject({
        status: 404,
      });
      expect(await asSystem.ask(createOrganisation, { name: "外地单位", department: "other", region })).toMatchObject({
        status: 403,
        problem: "platform.out-of-scope",
      });
    }
  });

  test("an own officer cannot be moved out of the area", async () => {
    const { officerId } = here.clerk;
    const move = {
      officerId,
      name: "某某",
      organisationId: foreign.organisationId,
      region: "433125",
      duties: ["county-clerk" as const],
    };
    expect(await asSystem.ask(assignOfficer, move)).toMatchObject({ status: 404 });
    const { organisationId } = here.clerk;
    expect(await asSystem.ask(assignOfficer, { ...move, organisationId })).toMatchObject({
      problem: "identity.region-outside-organisation",
    });
  });

  test("grants to oneself and across the three administrators are refused", async () => {
    const self = {
      officerId: here.system.officerId,
      name: "某某",
      organisationId: here.system.organisationId,
      region: "433124",
    };
    expect(await asSystem.ask(assignOfficer, { ...self, duties: ["county-clerk"] })).toMatchObject({
      problem: "identity.own-account",
    });
    expect(await asSystem.ask(lockOfficer, { officerId: here.security.officerId })).toMatchObject({
      problem: "identity.kept-by-security-administrator",
    });
    expect(await asSecurity.ask(lockOfficer, { officerId: here.clerk.officerId })).toMatchObject({
      problem: "identity.kept-by-system-administrator",
    });
  });
});

describe("the database's wall, with the program's switched off", () => {
  const under = <T>(seen: Sight, work: (tx: Tx) => Promise<T>) => withSight(site.runtime.database.app, seen, work);
  const lock = (seen: Sight, officerId: string) =>
    under(seen, async (tx) => {
      const result = await tx
        .updateTable("identity.officer")
        .set({ locked: true })
        .where("officer_id", "=", officerId)
        .executeTakeFirst();
      return Number(result.numUpdatedRows);
    });
  const grant = (seen: Sight, officerId: string, held: Duty[]) =>
    under(seen, async (tx) => {
      const result = await tx
        .updateTable("identity.officer")
        .set({ duties: held })
        .where("officer_id", "=", officerId)
        .executeTakeFirst();
      return Number(result.numUpdatedRows);
    });
  const loginsSeen = (seen: Sight) =>
    under(seen, (tx) => tx.selectFrom("identity.officer").select(["login", "region"]).orderBy("officer_id").execute());

  test("an administrator sees accounts of his area, a business officer himself, an unknown caller nobody", async () => {
    const seen = await loginsSeen(sight(here.system, "system-admin"));
    expect(seen.map((row) => row.login)).toEqual(expect.arrayContaining([here.clerk.login, here.colleague.login]));
    expect(seen.filter((row) => !row.region.startsWith("433124"))).toEqual([]);
    expect(await loginsSeen(sight(here.clerk, "county-clerk"))).toEqual([
      { login: here.clerk.login, region: "433124" },
    ]);
    expect(await loginsSeen({ region: null, administers: null, audits: false, officerId: null })).toEqual([]);
  });

  test("organisations: those of one's area and above, none beside", async () => {
    const seen = await under(sight(here.clerk, "county-clerk"), (tx) =>
      tx.selectFrom("identity.organisation").select(["organisation_id"]).execute(),
    );
    const ids = seen.map((row) => row.organisation_id);
    expect(ids).toEqual(expect.arrayContaining([here.system.organisationId, above.organisationId]));
    expect(ids).not.toContain(foreign.organisationId);
  });

  test("administrators see no person's row: their sight has no region", async () => {
    for (const duty of ["system-admin", "security-admin", "audit-admin"] as const) {
      expect(sight(here.system, duty)).toMatchObject({ region: null, administers: "433124" });
    }
    await site.owner.query(
      `INSERT INTO registry.person (person_id, name, identity_mask, home_region, secret, recorded_on, source)
       SELECT 1, '测试', '433124********0000', '433124110226', '', '2025-06-18', min(source) FROM registry.source`,
    );
    const tables = await site.owner.query<{ name: string }>(
      `SELECT c.oid::regclass::text AS name FROM pg_class c
        WHERE c.relnamespace = 'registry'::regnamespace AND c.relkind IN ('r', 'v', 'p') AND has_table_privilege('wengang_app', c.oid, 'SELECT')
          AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'person_id' AND NOT a.attisdropped)`,
    );
    const rowsSeen = async (seen: Sight) => {
      let total = 0;
      for (const { name } of tables.rows) {
        const { rows } = await under(seen, (tx) =>
          sql<{ n: number }>`SELECT count(*)::int AS n FROM ${sql.raw(name)}`.execute(tx),
        );
        total += rows[0]!.n;
      }
      return total;
    };
    expect(await rowsSeen(sight(here.clerk, "county-clerk"))).toBeGreaterThan(0);
    expect(await rowsSeen(sight(foreign.clerk, "county-clerk"))).toBe(0);
    for (const duty of ["system-admin", "security-admin", "audit-admin"] as const)
      expect(await rowsSeen(sight(here.system, duty))).toBe(0);
  });

  test("only the keeper of an account changes it, within his area, and never his own", async () => {
    const system = sight(here.system, "system-admin");
    const security = sight(here.security, "security-admin");
    expect(await lock(system, here.colleague.officerId)).toBe(1);
    expect(await lock(system, foreign.clerk.officerId)).toBe(0);
    expect(await lock(system, above.officerId)).toBe(0);
    expect(await lock(system, here.security.officerId)).toBe(0);
    expect(await lock(security, here.clerk.officerId)).toBe(0);
    expect(await lock(system, here.system.officerId)).toBe(0);
    expect(await lock(security, here.security.officerId)).toBe(0);
    expect(await lock(sight(here.log, "audit-admin"), here.clerk.officerId)).toBe(0);
  });

  test("nobody gives himself or others what is not his to give, even with a forged scope", async () => {
    const forged: Sight = { region: "433124", administers: "43", audits: true, officerId: here.clerk.officerId };
    expect(await grant(forged, here.clerk.officerId, ["leader"])).toBe(0);
    expect(await grant(forged, here.system.officerId, ["audit-admin"])).toBe(0);
    expect(await grant(sight(here.system, "system-admin"), here.system.officerId, ["county-clerk"])).toBe(0);
    for (const held of [["system-admin"], ["county-clerk", "reviewer"], ["leader"]] as Duty[][])
      await expect(grant(sight(here.system, "system-admin"), here.clerk.officerId, held)).rejects.toThrow(
        /rights are widened by two|row-level security/,
      );
    expect(await grant(sight(here.security, "security-admin"), here.clerk.officerId, ["system-admin"])).toBe(0);
  });

  test("no account or organisation is made outside the area, or by who does not keep it", async () => {
    const make = (seen: Sight, place: AddedOfficer, held: Duty[]) =>
      under(seen, (tx) =>
        tx
          .insertInto("identity.officer")
          .values({
            login: "smuggled",
            name: "某某",
            organisation_id: place.organisationId,
            organisation_region: place.region,
            region: place.region,
            duties: held,
            password_hash: "$argon2id$",
          })
          .execute(),
      );
    await expect(make(sight(here.system, "system-admin"), foreign.clerk, ["leader"])).rejects.toThrow(
      "row-level security",
    );
    await expect(make(sight(here.system, "system-admin"), here.clerk, ["security-admin"])).rejects.toThrow(
      "row-level security",
    );
    await expect(make(sight(here.clerk, "county-clerk"), here.clerk, ["leader"])).rejects.toThrow("row-level security");
    const found = (seen: Sight, region: string) =>
      under(seen, (tx) =>
        tx.insertInto("identity.organisation").values({ name: "外地单位", department: "other", region }).execute(),
      );
    await expect(found(sight(here.system, "system-admin"), "433125")).rejects.toThrow("row-level security");
    await expect(found(sight(here.security, "security-admin"), "433124")).rejects.toThrow("row-level security");
  });

  test("passwords, sessions and attempts cannot be read, logins not changed, nothing deleted", async () => {
    const pool = site.runtime.database.pools.app;
    for (const statement of [
      "SELECT password_hash FROM identity.officer",
      "SELECT * FROM identity.session",
      "SELECT * FROM identity.unknown_login",
      "SELECT * FROM identity.sign_in_source",
      "UPDATE identity.officer SET login = 'other'",
      "UPDATE identity.organisation SET region = '43'",
      "DELETE FROM identity.officer",
      "DELETE FROM identity.organisation",
    ]) {
      await expect(pool.query(statement), statement).rejects.toThrow("permission denied");
    }
  });

  test("another's sessions are ended by his keeper only", async () => {
    const close = (seen: Sight, officerId: string) =>
      under(seen, async (tx) => {
        const { rows } = await sql<{
          ended: string;
        }>`SELECT identity.close_sessions_of(${officerId}, NULL) AS ended`.execute(tx);
        return Number(rows[0]?.ended);
      });
    await signedIn(site.server, foreign.clerk.login);
    expect(await close(sight(here.system, "system-admin"), foreign.clerk.officerId)).toBe(0);
    expect(await close(sight(here.clerk, "county-clerk"), foreign.clerk.officerId)).toBe(0);
    expect(await close(sight(foreign.clerk, "county-clerk"), foreign.clerk.officerId)).toBe(1);
  });
});
