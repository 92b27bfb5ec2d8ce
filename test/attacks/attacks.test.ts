import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { z } from "zod";
import { modules as running } from "../../src/app.ts";
import {
  askCorrection,
  bindRealName,
  enterWithCode,
  listCorrections,
  myCorrections,
  myData,
  requestCode,
} from "../../src/citizens/contract.ts";
import { citizensSite, forgetAttempts, Phone } from "../../src/citizens/fixtures.ts";
import {
  approveGrant,
  assignOfficer,
  changePassword,
  createOfficer,
  decideLink,
  listGrants,
  listOfficers,
  lockOfficer,
  resetSecondFactor,
  signIn,
  signOut,
} from "../../src/identity/contract.ts";
import {
  addOfficer,
  Browser,
  PASSWORD,
  signedIn,
  type AddedOfficer,
  type TestSite,
} from "../../src/identity/fixtures.ts";
import { listPersons, getPerson, find } from "../../src/registry/contract.ts";
import { addPerson, inventedIdentity, type AddedPerson } from "../../src/registry/fixtures.ts";

const VILLAGE = "433124110226";
let site: TestSite;
let victim: AddedPerson;
let other: AddedPerson;
let foreign: AddedPerson;
beforeAll(async () => {
  site = await citizensSite();
  victim = await addPerson(site.owner, site.runtime, { name: "龙建平", phone: "13807430001", homeRegion: VILLAGE });
  other = await addPerson(site.owner, site.runtime, { name: "石桂英", phone: "13807430002", homeRegion: VILLAGE });
  foreign = await addPerson(site.owner, site.runtime, {
    name: "马玉兰",
    phone: "13807430003",
    homeRegion: "622927101201",
  });
});
beforeEach(() => forgetAttempts(site.owner));
afterAll(() => site.close());

async function citizen(person: AddedPerson): Promise<Phone> {
  await site.owner.query(
    "UPDATE citizens.account SET person_id = NULL, name = NULL, bound_at = NULL WHERE person_id = $1",
    [person.personId],
  );
  const phone = new Phone(site);
  await phone.enter(person.phone!);
  await phone.ask(bindRealName, { name: person.name, identity: person.identity });
  await phone.openPage();
  await forgetAttempts(site.owner);
  return phone;
}

describe("session fixation", () => {
  test("a cookie planted before gains nothing by anybody's signing in, officer or citizen", async () => {
    const planted = "A".repeat(43);
    const officer = await addOfficer(site.owner);
    const browser = new Browser(site.server);
    browser.cookie = planted;
    await browser.signIn(officer.login);
    const attacker = new Browser(site.server);
    attacker.cookie = planted;
    expect((await attacker.openPage()).officer).toBeNull();
    const phone = new Phone(site);
    phone.cookie = planted;
    await phone.enter(victim.phone!);
    expect(phone.cookie).not.toBe(planted);
    const thief = new Phone(site);
    thief.cookie = planted;
    expect((await thief.openPage()).account).toBeNull();
  });

  test("a token seen before the real name was bound is dead after it", async () => {
    await site.owner.query("UPDATE citizens.account SET person_id = NULL, name = NULL, bound_at = NULL");
    const phone = new Phone(site);
    await phone.enter(other.phone!);
    const seen = new Phone(site);
    seen.cookie = phone.cookie;
    await phone.ask(bindRealName, { name: other.name, identity: other.identity });
    expect((await seen.openPage()).account).toBeNull();
    expect((await phone.openPage()).account?.name).toBe("石桂英");
  });

  test("an officer's cookie is nobody at the citizens' addresses, and a citizen's nobody at the office's", async () => {
    const officer = await addOfficer(site.owner);
    const browser = await signedIn(site.server, officer.login);
    expect(await browser.ask(myData, {})).toMatchObject({ status: 401 });
    const phone = await citizen(victim);
    for (const route of [listPersons, listCorrections, listOfficers])
      expect(await phone.ask(route, {})).toMatchObject({ status: 401 });
  });
});

describe("forged requests from another site", () => {
  test("a change without, with an old, or with somebody else's token is refused", async () => {
    const phone = await citizen(victim);
    const own = phone.csrf;
    const wish = { field: "skills" as const, proposed: "电焊", reason: "学过电焊" };
    for (const token of [undefined, "", (await citizen(other)).csrf, own!.slice(0, -1)]) {
      phone.csrf = token;
      expect(await phone.ask(askCorrection, wish)).toMatchObject({ status: 403, problem: "platform.csrf" });
    }
    phone.csrf = own;
    expect((await phone.ask(myCorrections, {})).body.rows).toEqual([]);
  });

  test("even signing in is refused when the browser says that another site asks", async () => {
    const officer = await addOfficer(site.owner);
    const headers = { "sec-fetch-site": "cross-site" };
    expect(
      await new Browser(site.server).ask(signIn, { login: officer.login, password: PASSWORD }, headers),
    ).toMatchObject({
      problem: "platform.csrf",
    });
    for (const from of ["cross-site", "same-site"])
      expect(
        await new Phone(site).ask(requestCode, { phone: "13900000001" }, { headers: { "sec-fetch-site": from } }),
      ).toMatchObject({ problem: "platform.csrf" });
  });

  test("a form of another site cannot speak JSON, and none of our cookies goes with it", async () => {
    const response = await site.server.inject({
      method: "POST",
      url: signOut.path,
      headers: { "content-type": "text/plain" },
      payload: '{"login":"x"}',
    });
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
    const officer = await addOfficer(site.owner);
    const entered = await site.server.inject({
      method: "POST",
      url: signIn.path,
      payload: { login: officer.login, password: PASSWORD },
    });
    for (const cookie of entered.cookies) expect(cookie).toMatchObject({ sameSite: "Lax", httpOnly: true });
  });
});

describe("brute force", () => {
  test("two hundred guesses at a password from two hundred addresses: five are looked at", async () => {
    const officer = await addOfficer(site.owner);
    const answers = [];
    for (let n = 0; n < 40; n += 1) {
      const guess = new Browser(site.server, `10.90.${n}.1`).signIn(officer.login, `guess ${n}`);
      answers.push((await guess).problem);
    }
    expect(answers.filter((problem) => problem === "identity.wrong-password")).toHaveLength(5);
    expect(new Set(answers.slice(5))).toEqual(new Set(["identity.locked-for-now"]));
  });

  test("a code by text message is not guessed: fifteen an hour, whatever is asked anew and from wherever", async () => {
    const number = "13911112222";
    let looked = 0;
    for (let round = 0; round < 4; round += 1) {
      await site.owner.query("DELETE FROM identity.attempt WHERE bucket = $1", [
        site.runtime.keys.keyedHash("row", `attempt|sms-minute|${number}`),
      ]);
      const asker = new Phone(site);
      await asker.ask(requestCode, { phone: number });
      const right = Number(await asker.codeFor(number));
      for (let n = 1; n <= 6; n += 1) {
        const code = String((right + n) % 1_000_000).padStart(6, "0");
        const guesser = new Phone(site);
        guesser.asking = asker.asking;
        const { problem } = await guesser.ask(enterWithCode, { phone: number, code });
        if (problem === "citizens.code-wrong") looked += 1;
      }
    }
    expect(looked).toBe(15);
  });

  test("a code that its owner was talked into reading out opens nothing in another browser", async () => {
    const [owner, thief] = [new Phone(site), new Phone(site)];
    const number = "13911115555";
    await owner.ask(requestCode, { phone: number });
    const code = await owner.codeFor(number);
    expect(await thief.ask(enterWithCode, { phone: number, code })).toMatchObject({ problem: "citizens.code-wrong" });
    thief.asking = "A".repeat(43);
    expect(await thief.ask(enterWithCode, { phone: number, code })).toMatchObject({ problem: "citizens.code-wrong" });
    expect(await owner.ask(enterWithCode, { phone: number, code })).toMatchObject({ status: 200 });
  });

  test("a name to a number is not guessed: five an hour", async () => {
    const phone = new Phone(site);
    await phone.enter("13911113333");
    const statuses = [];
    for (let n = 0; n < 8; n += 1)
      statuses.push((await phone.ask(bindRealName, { name: `猜测${n}`, identity: victim.identity })).status);
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429, 429, 429]);
  });
});

describe("who exists is told by nothing", () => {
  const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
  const timed = async (work: () => Promise<unknown>) => {
    const from = performance.now();
    await work();
    return performance.now() - from;
  };

  test("a wrong password takes as long for a login that exists as for one that does not", async () => {
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let n = 0; n < 15; n += 1) {
      const officer = await addOfficer(site.owner);
      known.push(await timed(() => new Browser(site.server, `10.91.${n}.1`).signIn(officer.login, "wrong")));
      unknown.push(await timed(() => new Browser(site.server, `10.91.${n}.2`).signIn(`nobody${n}`, "wrong")));
    }
    // The digest of the password is nearly all of it: leaving it out would be a tenth of the time.
    expect(median(unknown) / median(known)).toBeGreaterThan(0.5);
    expect(median(unknown) / median(known)).toBeLessThan(2);
  });

  test("a code is asked for in the same words and time with and without an account", async () => {
    await citizen(victim);
    const known = await new Phone(site).ask(requestCode, { phone: victim.phone! });
    const unknown = await new Phone(site).ask(requestCode, { phone: "13911114444" });
    expect(unknown).toEqual(known);
  });

  test("a person of another county is not there: by name, number, telephone and id, in the words for nobody at all", async () => {
    const officer = await addOfficer(site.owner, { region: "433124" });
    const browser = await signedIn(site.server, officer.login);
    const nobody = await browser.ask(find, { text: inventedIdentity("622927", "1985-03-12") });
    for (const text of [foreign.identity, foreign.phone!, foreign.name]) {
      const answer = await browser.ask(find, { text });
      expect(JSON.stringify(answer.body)).not.toContain(foreign.personId);
    }
    expect(await browser.ask(find, { text: foreign.identity })).toEqual(nobody);
    const [there, nowhere] = [
      await browser.ask(getPerson, { personId: foreign.personId }),
      await browser.ask(getPerson, { personId: "4611686018427387904" }),
    ];
    expect(there).toEqual(nowhere);
  });
});

describe("fields that nobody asked for", () => {
  /** Every schema within a schema, with its place. */
  function* within(schema: z.core.$ZodType, path = ""): Generator<[string, z.core.$ZodType]> {
    yield [path, schema];
    const def = schema._zod.def as unknown as Record<string, unknown>;
    for (const [name, part] of Object.entries(def)) {
      if (name === "shape")
        for (const [field, inner] of Object.entries(part as Record<string, z.core.$ZodType>))
          yield* within(inner, `${path}.${field}`);
      else if (name === "options") for (const inner of part as z.core.$ZodType[]) yield* within(inner, path);
      else if (["innerType", "element", "in", "out", "left", "right", "valueType"].includes(name) && part)
        yield* within(part as z.core.$ZodType, `${path}.${name}`);
    }
  }

  test("no action of the running program lets a field through that its contract does not name", () => {
    const actions = running.flatMap((module) => module.handlers ?? []).filter(({ route }) => route.method !== "GET");
    expect(actions.length).toBeGreaterThan(60);
    const loose = actions.flatMap(({ route }) =>
      [...within(route.input)].flatMap(([path, schema]) => {
        const def = schema._zod.def as unknown as { type: string; catchall?: z.core.$ZodType };
        const open = def.type === "object" && def.catchall !== undefined && def.catchall._zod.def.type !== "never";
        return open || def.type === "any" || def.type === "unknown" ? [`${route.method} ${route.path}${path}`] : [];
      }),
    );
    // An export's filter is checked by the list that is exported, whose contract is among these.
    expect(loose.filter((path) => !path.startsWith("POST /api/exports/requests.input"))).toEqual([]);
  });

  test("an account is not made approved, unlocked from its password, or an administrator's by more than the form has", async () => {
    const system = await addOfficer(site.owner, { duties: ["system-admin"] });
    const browser = await signedIn(site.server, system.login);
    const { body } = await browser.ask(createOfficer, {
      login: "mass.assigned",
      name: "田小满",
      organisationId: system.organisationId,
      region: "433124",
      duties: ["county-clerk"],
      ...({
        approved: true,
        must_change_password: false,
        demo: true,
        passwordHash: "$argon2id$x",
        officerId: "1",
      } as object),
    });
    const { rows } = await site.owner.query(
      "SELECT approved, must_change_password, demo FROM identity.officer WHERE officer_id = $1",
      [body.officerId],
    );
    expect(rows).toEqual([{ approved: false, must_change_password: true, demo: false }]);
  });

  test("a citizen's request names no other person, account or state", async () => {
    const phone = await citizen(victim);
    const wish = { field: "skills" as const, proposed: "电焊", reason: "学过电焊" };
    for (const more of [
      { personId: other.personId },
      { person_id: other.personId },
      { state: "accepted" },
      { accountId: "1" },
    ])
      expect(await phone.ask(askCorrection, { ...wish, ...more })).toMatchObject({ status: 422 });
    expect((await phone.ask(myCorrections, {})).body.total).toBe(0);
  });
});

describe("rights for oneself", () => {
  let system: AddedOfficer;
  let security: AddedOfficer;
  let clerk: AddedOfficer;
  beforeAll(async () => {
    system = await addOfficer(site.owner, { duties: ["system-admin"] });
    security = await addOfficer(site.owner, { duties: ["security-admin"] });
    clerk = await addOfficer(site.owner, { duties: ["county-clerk"] });
  });
  const more = (officer: AddedOfficer, duty: "county-clerk" | "system-admin" | "leader") => ({
    officerId: officer.officerId,
    name: "某某",
    organisationId: officer.organisationId,
    region: officer.region,
    duties: [duty],
  });

  test("nobody gives himself any, by his own id however it is written", async () => {
    for (const officer of [system, security, clerk]) {
      const browser = await signedIn(site.server, officer.login);
      for (const officerId of [officer.officerId, `0${officer.officerId}`, `000${officer.officerId}`]) {
        const answer = await browser.ask(assignOfficer, { ...more(officer, "leader"), officerId });
        expect(answer.status, `${officer.login} as ${officerId}`).not.toBe(200);
        expect((await browser.ask(lockOfficer, { officerId })).status).not.toBe(200);
        expect((await browser.ask(resetSecondFactor, { officerId })).status).not.toBe(200);
      }
    }
    const { rows } = await site.owner.query(
      "SELECT duties FROM identity.officer WHERE officer_id = ANY ($1) ORDER BY officer_id",
      [[system, security, clerk].map(({ officerId }) => officerId)],
    );
    expect(rows.map(({ duties }) => duties)).toEqual([["system-admin"], ["security-admin"], ["county-clerk"]]);
  });

  test("nor by a puppet: what one administrator makes cannot sign in before another agrees", async () => {
    const browser = await signedIn(site.server, system.login);
    const { body } = await browser.ask(createOfficer, {
      login: "puppet",
      name: "木偶人",
      organisationId: system.organisationId,
      region: system.region,
      duties: ["county-clerk"],
    });
    const puppet = new Browser(site.server);
    expect(await puppet.signIn("puppet", body.oneTimePassword)).toMatchObject({ problem: "identity.account-inactive" });
    const { rows } = (await browser.ask(listGrants, { state: "waiting", size: 200 })).body;
    const { proposalId } = rows.find((row) => row.officerId === body.officerId)!;
    expect(await browser.ask(approveGrant, { proposalId })).toMatchObject({ problem: "identity.not-yours-to-approve" });
    expect(await browser.ask(decideLink, { linkId: "1", approve: true })).toMatchObject({ status: 403 });
  });

  test("the three administrators read no person; each is refused the others' work", async () => {
    const audit = await addOfficer(site.owner, { duties: ["audit-admin"] });
    for (const officer of [system, security, audit]) {
      const browser = await signedIn(site.server, officer.login);
      for (const answer of [
        await browser.ask(listPersons, {}),
        await browser.ask(getPerson, { personId: victim.personId }),
        await browser.ask(listCorrections, {}),
      ])
        expect(answer.status).toBe(403);
    }
    const asAudit = await signedIn(site.server, audit.login);
    expect(await asAudit.ask(listOfficers, {})).toMatchObject({ status: 403 });
    expect(
      await (await signedIn(site.server, system.login)).ask(resetSecondFactor, { officerId: clerk.officerId }),
    ).toMatchObject({ status: 403 });
    expect(
      await (await signedIn(site.server, security.login)).ask(lockOfficer, { officerId: clerk.officerId }),
    ).toMatchObject({ status: 403 });
  });

  test("a session taken before is worth nothing after password, lock or grant have changed", async () => {
    const officer = await addOfficer(site.owner, {
      duties: ["county-clerk", "reviewer"],
      organisationId: system.organisationId,
    });
    const keeper = await signedIn(site.server, system.login);
    const steal = async () => {
      const own = await signedIn(site.server, officer.login);
      const copy = new Browser(site.server);
      copy.cookie = own.cookie;
      return { own, copy };
    };
    const narrowed = await steal();
    expect((await keeper.ask(assignOfficer, { ...more(officer, "county-clerk") })).status).toBe(200);
    expect((await narrowed.copy.openPage()).officer).toBeNull();
    const changed = await steal();
    await changed.own.ask(changePassword, { current: PASSWORD, next: "Another-password-9" });
    expect((await changed.copy.openPage()).officer).toBeNull();
    await keeper.ask(lockOfficer, { officerId: officer.officerId });
    expect((await changed.own.openPage()).officer).toBeNull();
  });
});

describe("out of one's area by the filter", () => {
  test("no crafted region, page, sort or text shows more than the area; none breaks the server", async () => {
    const officer = await addOfficer(site.owner, { region: "433124", duties: ["county-clerk"] });
    const browser = await signedIn(site.server, officer.login);
    const crafted = [
      "62",
      "6229",
      "622927101201",
      "43312",
      "%",
      "*",
      "433124' OR '1'='1",
      "",
      "43\u0000",
      "433124,622927",
    ];
    for (const region of crafted)
      for (const route of [listPersons, listCorrections]) {
        const answer = await browser.ask(route, { region } as never);
        expect(answer.status, `${route.path} ${JSON.stringify(region)}`).toBeLessThan(500);
        expect(JSON.stringify(answer.body)).not.toContain(foreign.personId);
      }
    for (const input of [{ sort: "secret" }, { page: "-1" }, { size: "100000" }, { name: "%' UNION SELECT" }]) {
      const answer = await browser.ask(listPersons, input as never);
      expect(answer.status).toBeLessThan(500);
      expect(JSON.stringify(answer.body)).not.toContain(foreign.personId);
    }
  });
});
