import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  activateOfficer,
  approveGrant,
  assignOfficer,
  createOfficer,
  listGrants,
  createOrganisation,
  deactivateOfficer,
  duties,
  listOfficers,
  listOrganisations,
  lockOfficer,
  renameOrganisation,
  resetOfficerPassword,
  setOrganisationActive,
  signOutOfficer,
  unlockOfficer,
} from "../contract.ts";
import {
  addOfficer,
  addOrganisation,
  Browser,
  signedIn,
  testSite,
  type AddedOfficer,
  type TestSite,
} from "../fixtures.ts";

let site: TestSite;
let system: AddedOfficer;
let security: AddedOfficer;
let asSystem: Browser;
let asSecurity: Browser;
beforeAll(async () => {
  site = await testSite();
  system = await addOfficer(site.owner, { region: "433124", duties: ["system-admin"] });
  security = await addOfficer(site.owner, { region: "433124", duties: ["security-admin"] });
});
beforeEach(async () => {
  asSystem = await signedIn(site.server, system.login);
  asSecurity = await signedIn(site.server, security.login);
});
afterAll(() => site.close());

const stateOf = async (officerId: string) => {
  const { rows } = await site.owner.query(
    "SELECT active, locked, duties, region, must_change_password FROM identity.officer WHERE officer_id = $1",
    [officerId],
  );
  return rows[0];
};

async function approve(by: Browser, officerId: string): Promise<void> {
  const { body } = await by.ask(listGrants, { state: "waiting", size: 200 });
  const { proposalId } = body.rows.find((row) => row.officerId === officerId)!;
  expect(await by.ask(approveGrant, { proposalId })).toMatchObject({ status: 200 });
}

describe("making an account", () => {
  test("gives a one-time password, with which the officer signs in and must choose his own", async () => {
    const organisationId = await addOrganisation(site.owner, { region: "433124110" });
    const created = await asSystem.ask(createOfficer, {
      login: "town.clerk",
      name: "麻秀英",
      organisationId,
      region: "433124110226",
      duties: ["village-worker"],
    });
    expect(created.status).toBe(200);
    const browser = new Browser(site.server);
    // Until another administrator agrees, it is an account in name only.
    expect(await browser.signIn("town.clerk", created.body.oneTimePassword)).toMatchObject({
      problem: "identity.account-inactive",
    });
    await approve(asSecurity, created.body.officerId);
    expect(await browser.signIn("town.clerk", created.body.oneTimePassword)).toMatchObject({
      body: { mustChangePassword: true },
    });
    const { rows } = await site.owner.query(
      "SELECT act, count(*)::int AS n FROM audit.entry WHERE subject = $1 GROUP BY act ORDER BY act",
      [`identity.officer:${created.body.officerId}`],
    );
    expect(rows).toEqual([
      { act: "批准授权", n: 1 },
      { act: "新增用户", n: 1 },
      { act: "登录", n: 2 },
    ]);
    const { rows: leaked } = await site.owner.query("SELECT 1 FROM audit.entry e WHERE e::text LIKE $1", [
      `%${created.body.oneTimePassword}%`,
    ]);
    expect(leaked).toEqual([]);
  });

  test("is refused when the login is taken, the region is outside the organisation, the organisation is stopped, or is not there", async () => {
    const organisationId = await addOrganisation(site.owner, { region: "433124110" });
    const stopped = await addOrganisation(site.owner, { region: "433124" });
    await site.owner.query("UPDATE identity.organisation SET active = false WHERE organisation_id = $1", [stopped]);
    const wanted = {
      login: "new.officer",
      name: "龙志刚",
      organisationId,
      region: "433124110",
      duties: ["town-officer" as const],
    };
    expect(await asSystem.ask(createOfficer, { ...wanted, login: system.login })).toMatchObject({
      problem: "identity.login-taken",
    });
    expect(await asSystem.ask(createOfficer, { ...wanted, region: "433124" })).toMatchObject({
      problem: "identity.region-outside-organisation",
    });
    expect(await asSystem.ask(createOfficer, { ...wanted, region: "433124110999" })).toMatchObject({
      problem: "identity.region-unknown",
    });
    expect(await asSystem.ask(createOfficer, { ...wanted, organisationId: stopped })).toMatchObject({
      problem: "identity.organisation-inactive",
    });
    expect(await asSystem.ask(createOfficer, { ...wanted, organisationId: "999999" })).toMatchObject({ status: 404 });
    expect(await asSystem.ask(createOfficer, { ...wanted, login: "UPPER CASE" })).toMatchObject({
      status: 422,
      problem: "platform.invalid-input",
    });
  });

  test("with two administrators' duties, or one and business, is refused", async () => {
    const organisationId = await addOrganisation(site.owner, { region: "433124" });
    for (const held of [
      ["system-admin", "audit-admin"],
      ["security-admin", "county-clerk"],
    ] as const) {
      const answer = await asSecurity.ask(createOfficer, {
        login: "two.hats",
        name: "石建华",
        organisationId,
        region: "433124",
        duties: [...held],
      });
      expect(answer).toMatchObject({ status: 422, problem: "platform.invalid-input" });
    }
  });

  test("the system administrator makes no administrator, the security administrator nobody else", async () => {
    const organisationId = await addOrganisation(site.owner, { region: "433124" });
    const wanted = { name: "田野山", organisationId, region: "433124" };
    for (const duty of duties) {
      const administrator = duty.endsWith("-admin");
      const bySystem = await asSystem.ask(createOfficer, {
        ...wanted,
        login: `made.by.system.${duty}`,
        duties: [duty],
      });
      const bySecurity = await asSecurity.ask(createOfficer, {
        ...wanted,
        login: `made.by.security.${duty}`,
        duties: [duty],
      });
      expect([duty, bySystem.problem, bySecurity.problem]).toEqual([
        duty,
        administrator ? "identity.kept-by-security-administrator" : undefined,
        administrator ? undefined : "identity.kept-by-system-administrator",
      ]);
    }
  });
});

describe("changing an account", () => {
  test("nobody changes his own duties, region, lock or password in this way", async () => {
    for (const [browser, own] of [
      [asSystem, system],
      [asSecurity, security],
    ] as const) {
      const assignment = {
        officerId: own.officerId,
        name: "本人",
        organisationId: own.organisationId,
        region: own.region,
      };
      expect(await browser.ask(assignOfficer, { ...assignment, duties: ["county-clerk"] })).toMatchObject({
        problem: "identity.own-account",
      });
      for (const route of [
        resetOfficerPassword,
        signOutOfficer,
        lockOfficer,
        unlockOfficer,
        deactivateOfficer,
        activateOfficer,
      ]) {
        expect(await browser.ask(route, { officerId: own.officerId })).toMatchObject({
          status: 403,
          problem: "identity.own-account",
        });
      }
    }
  });

  test("what takes rights away holds at once and ends every session; the log keeps before and after", async () => {
    const officer = await addOfficer(site.owner, { region: "433124", duties: ["county-clerk", "finance"] });
    const browser = await signedIn(site.server, officer.login);
    const answer = await asSystem.ask(assignOfficer, {
      officerId: officer.officerId,
      name: "向晓岚",
      organisationId: officer.organisationId,
      region: "433124110",
      duties: ["finance"],
    });
    expect(answer).toMatchObject({ status: 200, body: { waiting: false, sessionsEnded: 1 } });
    expect((await browser.openPage()).officer).toBeNull();
    await browser.signIn(officer.login);
    expect((await browser.openPage()).officer).toMatchObject({
      duties: ["finance"],
      name: "向晓岚",
      region: { code: "433124110" },
    });
    const { rows } = await site.owner.query("SELECT detail FROM audit.entry WHERE subject = $1 AND act = $2", [
      `identity.officer:${officer.officerId}`,
      assignOfficer.summary,
    ]);
    expect(rows[0].detail).toMatchObject({
      before: { duties: ["台账与补贴经办", "财政"], region: "433124" },
      after: { duties: ["财政"], region: "433124110" },
    });
  });

  test("a business account never becomes an administrator's, nor the other way round", async () => {
    const officer = await addOfficer(site.owner, { duties: ["county-clerk"] });
    const administrator = await addOfficer(site.owner, { duties: ["audit-admin"] });
    const to = (whom: AddedOfficer, duty: "system-admin" | "county-clerk") => ({
      officerId: whom.officerId,
      name: "某某",
      organisationId: whom.organisationId,
      region: whom.region,
      duties: [duty],
    });
    expect(await asSystem.ask(assignOfficer, to(officer, "system-admin"))).toMatchObject({
      problem: "identity.administrators-apart",
    });
    expect(await asSecurity.ask(assignOfficer, to(officer, "system-admin"))).toMatchObject({
      problem: "identity.kept-by-system-administrator",
    });
    expect(await asSecurity.ask(assignOfficer, to(administrator, "county-clerk"))).toMatchObject({
      problem: "identity.administrators-apart",
    });
    expect(await asSystem.ask(resetOfficerPassword, { officerId: administrator.officerId })).toMatchObject({
      problem: "identity.kept-by-security-administrator",
    });
  });

  test("a reset password ends all sessions and must be changed; the old one no longer works", async () => {
    const officer = await addOfficer(site.owner);
    const browser = await signedIn(site.server, officer.login);
    const answer = await asSystem.ask(resetOfficerPassword, { officerId: officer.officerId });
    expect(answer).toMatchObject({ status: 200, body: { sessionsEnded: 1 } });
    expect((await browser.openPage()).officer).toBeNull();
    expect(await new Browser(site.server).signIn(officer.login)).toMatchObject({ problem: "identity.wrong-password" });
    expect(await new Browser(site.server).signIn(officer.login, answer.body.oneTimePassword)).toMatchObject({
      body: { mustChangePassword: true },
    });
  });

  test("lock, unlock, stop and start follow the life cycle, and end sessions where they should", async () => {
    const officer = await addOfficer(site.owner);
    const one = { officerId: officer.officerId };
    const browser = await signedIn(site.server, officer.login);
    expect(await asSystem.ask(unlockOfficer, one)).toMatchObject({ status: 409 });
    expect(await asSystem.ask(signOutOfficer, one)).toMatchObject({ body: { sessionsEnded: 1 } });
    expect((await browser.openPage()).officer).toBeNull();
    await browser.signIn(officer.login);
    expect(await asSystem.ask(lockOfficer, one)).toMatchObject({ body: { sessionsEnded: 1 } });
    expect(await asSystem.ask(lockOfficer, one)).toMatchObject({ status: 409, problem: "platform.wrong-state" });
    expect(await asSystem.ask(unlockOfficer, one)).toMatchObject({ status: 200 });
    expect(await browser.signIn(officer.login)).toMatchObject({ status: 200 });
    expect(await asSystem.ask(deactivateOfficer, one)).toMatchObject({ body: { sessionsEnded: 1 } });
    expect(await asSystem.ask(resetOfficerPassword, one)).toMatchObject({ status: 409 });
    expect(await asSystem.ask(activateOfficer, one)).toMatchObject({ status: 200 });
    expect(await stateOf(officer.officerId)).toMatchObject({ active: true, locked: false });
  });

  test("a lock after wrong passwords shows as locked with its end, and can be lifted", async () => {
    const officer = await addOfficer(site.owner);
    await site.owner.query(
      "UPDATE identity.officer SET failed_attempts = 5, locked_until = now() + interval '10 minutes' WHERE officer_id = $1",
      [officer.officerId],
    );
    const list = await asSystem.ask(listOfficers, { text: officer.login, state: "locked" });
    expect(list.body.rows).toMatchObject([{ login: officer.login, state: "locked", lockedUntil: expect.any(String) }]);
    await asSystem.ask(unlockOfficer, { officerId: officer.officerId });
    expect(await new Browser(site.server).signIn(officer.login)).toMatchObject({ status: 200 });
  });
});

describe("lists", () => {
  test("officers are filtered, sorted and paged by the server", async () => {
    const organisationId = await addOrganisation(site.owner, { region: "433124103", name: "民乐镇人民政府" });
    const added = [];
    for (let n = 0; n < 5; n += 1)
      added.push(await addOfficer(site.owner, { region: "433124103", organisationId, duties: ["town-officer"] }));
    const wanted = { organisationId, sort: "login", order: "desc" } as const;
    const first = await asSystem.ask(listOfficers, { ...wanted, size: 2, page: 1 });
    const last = await asSystem.ask(listOfficers, { ...wanted, size: 2, page: 3 });
    expect(first.body).toMatchObject({
      total: 5,
      rows: [{ organisation: "民乐镇人民政府", regionName: expect.stringContaining("民乐镇") }, {}],
    });
    expect(last.body.rows).toHaveLength(1);
    const logins = [...first.body.rows, ...last.body.rows].map((row) => row.login);
    expect(logins).toEqual(logins.toSorted().toReversed());
    expect((await asSystem.ask(listOfficers, { duty: "town-officer", region: "433124103" })).body.total).toBe(5);
    expect((await asSystem.ask(listOfficers, { text: "民乐镇" })).body.total).toBe(5);
    expect((await asSystem.ask(listOfficers, { text: "%" })).body.total).toBe(0);
    expect((await asSystem.ask(listOfficers, { state: "inactive", organisationId })).body.total).toBe(0);
  });

  test("names sort by sound", async () => {
    const organisationId = await addOrganisation(site.owner, { region: "433124105" });
    for (const name of ["张三", "阿旺", "李四"]) {
      const { officerId } = await addOfficer(site.owner, { region: "433124105", organisationId });
      await site.owner.query("UPDATE identity.officer SET name = $1 WHERE officer_id = $2", [name, officerId]);
    }
    const list = await asSystem.ask(listOfficers, { organisationId });
    expect(list.body.rows.map((row) => row.name)).toEqual(["阿旺", "李四", "张三"]);
  });

  test("open sessions are counted", async () => {
    const officer = await addOfficer(site.owner);
    await signedIn(site.server, officer.login);
    const list = await asSystem.ask(listOfficers, { text: officer.login });
    expect(list.body.rows).toMatchObject([{ sessions: 1 }]);
  });
});

describe("organisations", () => {
  test("are added once, renamed, stopped with their officers' sign-in, and started again", async () => {
    const wanted = { name: "花垣县审计局", department: "audit" as const, region: "433124" };
    const created = await asSystem.ask(createOrganisation, wanted);
    const { organisationId } = created.body;
    expect(await asSystem.ask(createOrganisation, wanted)).toMatchObject({
      status: 409,
      problem: "identity.organisation-exists",
    });
    expect(
      await asSystem.ask(renameOrganisation, { organisationId, name: "花垣县审计机关", department: "audit" }),
    ).toMatchObject({ status: 200 });
    const officer = await addOfficer(site.owner, { region: "433124", organisationId });
    const browser = await signedIn(site.server, officer.login);
    expect(await asSystem.ask(setOrganisationActive, { organisationId, active: false })).toMatchObject({
      body: { officersAffected: 1 },
    });
    expect((await browser.openPage()).officer).toBeNull();
    await asSystem.ask(setOrganisationActive, { organisationId, active: true });
    expect(await browser.signIn(officer.login)).toMatchObject({ status: 200 });
    const list = await asSystem.ask(listOrganisations, { text: "审计机关" });
    expect(list.body).toMatchObject({ total: 1, rows: [{ name: "花垣县审计机关", officers: 1, active: true }] });
  });

  test("the administrator's own cannot be stopped, and the security administrator changes none", async () => {
    const { organisationId } = system;
    expect(await asSystem.ask(setOrganisationActive, { organisationId, active: false })).toMatchObject({
      problem: "identity.own-organisation",
    });
    expect(
      await asSecurity.ask(createOrganisation, { name: "某局", department: "other", region: "433124" }),
    ).toMatchObject({ status: 403 });
  });
});
