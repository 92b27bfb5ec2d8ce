import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addSecondFactorRule,
  beginSecondFactor,
  changePassword,
  confirmSecondFactor,
  endOtherSessions,
  endOwnSession,
  listOfficers,
  listSecondFactorRules,
  mySecurity,
  passSecondFactor,
  removeSecondFactor,
  removeSecondFactorRule,
  resetSecondFactor,
  SECOND_FACTOR_ATTEMPTS,
  signIn,
} from "../contract.ts";
import { addOfficer, Browser, PASSWORD, signedIn, testSite, type AddedOfficer, type TestSite } from "../fixtures.ts";

let site: TestSite;
beforeAll(async () => {
  site = await testSite({ factorRules: true });
});
afterAll(() => site.close());

const STEP = 30_000;
/** A device: each code it shows is of a later step than the last, for a code is good once. */
class Device {
  readonly #totp: TOTP;
  constructor(secret: string) {
    this.#totp = new TOTP({ secret: Secret.fromBase32(secret) });
  }
  /** -1: the step before, which is still accepted; 1: the next, as a clock that goes before shows it. */
  code(step: -1 | 0 | 1 | 9 = 0): string {
    return this.#totp.generate({ timestamp: Date.now() + step * STEP });
  }
}

async function enrol(browser: Browser): Promise<{ device: Device; recoveryCodes: string[] }> {
  const { body } = await browser.ask(beginSecondFactor, { password: PASSWORD });
  const device = new Device(body.secret);
  const confirmed = await browser.ask(confirmSecondFactor, { code: device.code(-1) });
  expect(confirmed.status).toBe(200);
  return { device, recoveryCodes: confirmed.body.recoveryCodes };
}

/** Password only: what somebody has who has stolen it. */
async function withPassword(officer: AddedOfficer): Promise<Browser> {
  const browser = new Browser(site.server);
  const { body } = await browser.ask(signIn, { login: officer.login, password: PASSWORD });
  browser.csrf = body.secondFactor!.csrf;
  return browser;
}

describe("setting up", () => {
  test("takes the password and a code of the new device, and gives recovery codes that stand nowhere in clear", async () => {
    const officer = await addOfficer(site.owner);
    const browser = await signedIn(site.server, officer.login);
    expect(await browser.ask(beginSecondFactor, { password: "wrong" })).toMatchObject({
      problem: "identity.wrong-current-password",
    });
    const { body } = await browser.ask(beginSecondFactor, { password: PASSWORD });
    expect(body.uri).toContain("otpauth://totp/");
    expect(body.qr).toContain("<svg");
    expect(await browser.ask(confirmSecondFactor, { code: new Device(body.secret).code(9) })).toMatchObject({
      problem: "identity.wrong-second-factor",
    });
    const { body: confirmed } = await browser.ask(confirmSecondFactor, { code: new Device(body.secret).code() });
    expect(new Set(confirmed.recoveryCodes).size).toBe(10);
    const { rows } = await site.owner.query(
      "SELECT to_jsonb(f)::text || (SELECT string_agg(c.code_hash, ' ') FROM identity.recovery_code c) AS text FROM identity.second_factor f WHERE officer_id = $1",
      [officer.officerId],
    );
    for (const secret of [body.secret, ...confirmed.recoveryCodes]) expect(rows[0].text).not.toContain(secret);
    const { rows: logged } = await site.owner.query("SELECT 1 FROM audit.entry e WHERE e::text LIKE $1", [
      `%${confirmed.recoveryCodes[0]}%`,
    ]);
    expect(logged).toEqual([]);
  });

  test("ends the sessions elsewhere, and another device needs the present one's code", async () => {
    const officer = await addOfficer(site.owner);
    const elsewhere = await signedIn(site.server, officer.login);
    const browser = await signedIn(site.server, officer.login);
    const { device } = await enrol(browser);
    expect((await elsewhere.openPage()).officer).toBeNull();
    expect(await browser.ask(beginSecondFactor, { password: PASSWORD })).toMatchObject({
      problem: "identity.second-factor-needed",
    });
    expect(await browser.ask(beginSecondFactor, { password: PASSWORD, code: device.code() })).toMatchObject({
      status: 200,
    });
  });
});

describe("signing in with one", () => {
  test("the password alone opens nothing: no page, no list, no way to change factor or password", async () => {
    const officer = await addOfficer(site.owner);
    await enrol(await signedIn(site.server, officer.login));
    const thief = await withPassword(officer);
    expect(await thief.openPage()).toMatchObject({
      officer: null,
      awaiting: { csrf: thief.csrf ?? expect.anything() },
    });
    const awaiting = (await thief.openPage()).awaiting!;
    thief.csrf = awaiting.csrf;
    for (const answer of [
      await thief.ask(mySecurity, {}),
      await thief.ask(listOfficers, {}),
      await thief.ask(beginSecondFactor, { password: PASSWORD }),
      await thief.ask(removeSecondFactor, { password: PASSWORD, code: "123456" }),
      await thief.ask(changePassword, { current: PASSWORD, next: "Another-password-3" }),
      await thief.ask(endOtherSessions, {}),
    ])
      expect(answer).toMatchObject({ status: 401 });
  });

  test("the code opens a session of its own; the one that waited is worth nothing afterwards", async () => {
    const officer = await addOfficer(site.owner);
    const { device } = await enrol(await signedIn(site.server, officer.login));
    const browser = await withPassword(officer);
    const seen = new Browser(site.server);
    seen.cookie = browser.cookie;
    seen.csrf = browser.csrf;
    expect(await browser.ask(passSecondFactor, { code: device.code() })).toMatchObject({ status: 200 });
    expect((await browser.openPage()).officer?.officerId).toBe(officer.officerId);
    expect(await seen.openPage()).toMatchObject({ officer: null, awaiting: null });
    const { rows } = await site.owner.query(
      "SELECT act, outcome, officer_id FROM audit.entry WHERE subject = $1 AND act = $2",
      [`identity.officer:${officer.officerId}`, passSecondFactor.summary],
    );
    expect(rows).toEqual([{ act: "登录第二步", outcome: "done", officer_id: officer.officerId }]);
  });

  test("a code is good once, and guessing is counted, here too without a free try at the same moment", async () => {
    const officer = await addOfficer(site.owner);
    const { device } = await enrol(await signedIn(site.server, officer.login));
    const code = device.code();
    expect(await (await withPassword(officer)).ask(passSecondFactor, { code })).toMatchObject({ status: 200 });
    const replay = await withPassword(officer);
    expect(await replay.ask(passSecondFactor, { code })).toMatchObject({ problem: "identity.wrong-second-factor" });
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => replay.ask(passSecondFactor, { code: "000000" })),
    );
    const looked = answers.filter(({ problem }) => problem === "identity.wrong-second-factor");
    expect(looked).toHaveLength(SECOND_FACTOR_ATTEMPTS - 1);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(12 - looked.length);
    expect(await replay.ask(passSecondFactor, { code: device.code(1) })).toMatchObject({ status: 429 });
  });

  test("a recovery code opens once, and its use is in the log", async () => {
    const officer = await addOfficer(site.owner);
    const { recoveryCodes } = await enrol(await signedIn(site.server, officer.login));
    const code = recoveryCodes[0]!.toLowerCase();
    expect(await (await withPassword(officer)).ask(passSecondFactor, { code })).toMatchObject({
      body: { codesLeft: 9 },
    });
    expect(await (await withPassword(officer)).ask(passSecondFactor, { code })).toMatchObject({
      problem: "identity.wrong-second-factor",
    });
    const { rows } = await site.owner.query(
      "SELECT detail->'recovered' AS recovered FROM audit.entry WHERE subject = $1 AND act = $2 AND outcome = 'done'",
      [`identity.officer:${officer.officerId}`, passSecondFactor.summary],
    );
    expect(rows).toEqual([{ recovered: true }]);
  });

  test("five minutes are given for it; whoever has only the password pushes no session of the officer's out", async () => {
    const officer = await addOfficer(site.owner);
    const own = await signedIn(site.server, officer.login);
    const { device } = await enrol(own);
    const waiting = [await withPassword(officer), await withPassword(officer), await withPassword(officer)];
    expect((await own.openPage()).officer).not.toBeNull();
    await site.owner.query(
      "UPDATE identity.session SET created_at = now() - interval '6 minutes' WHERE officer_id = $1 AND stage = 'second-factor'",
      [officer.officerId],
    );
    expect(await waiting[2]!.ask(passSecondFactor, { code: device.code() })).toMatchObject({ status: 401 });
  });
});

describe("who must have one", () => {
  test("an administrator without one can do nothing but set it up", async () => {
    const officer = await addOfficer(site.owner, { duties: ["security-admin"] });
    const browser = await signedIn(site.server, officer.login);
    expect((await browser.openPage()).officer).toMatchObject({ mustEnrol: true, permissions: [] });
    expect(await browser.ask(listOfficers, {})).toMatchObject({ status: 403 });
    const { device } = await enrol(browser);
    expect((await browser.openPage()).officer).toMatchObject({ mustEnrol: false });
    expect(await browser.ask(listOfficers, {})).toMatchObject({ status: 200 });
    expect(await browser.ask(removeSecondFactor, { password: PASSWORD, code: device.code() })).toMatchObject({
      problem: "identity.second-factor-demanded",
    });
  });

  test("the security administrator says so for duties and offices of his area, and for no other", async () => {
    const security = await addOfficer(site.owner, { duties: ["security-admin"], region: "433124" });
    const browser = await signedIn(site.server, security.login);
    await enrol(browser);
    const clerk = await addOfficer(site.owner, { region: "433124110", duties: ["town-officer"] });
    const foreign = await addOfficer(site.owner, { region: "433125", duties: ["town-officer"] });
    const [asClerk, asForeign] = [await signedIn(site.server, clerk.login), await signedIn(site.server, foreign.login)];
    expect(await browser.ask(addSecondFactorRule, { duty: "town-officer", region: "43" })).toMatchObject({
      status: 403,
    });
    expect(await browser.ask(addSecondFactorRule, { organisationId: foreign.organisationId })).toMatchObject({
      status: 404,
    });
    const { body } = await browser.ask(addSecondFactorRule, { duty: "town-officer", region: "433124" });
    expect(body.officersWithout).toBe(1);
    expect((await asClerk.openPage()).officer?.mustEnrol).toBe(true);
    expect((await asForeign.openPage()).officer?.mustEnrol).toBe(false);
    const { rules } = (await browser.ask(listSecondFactorRules, {})).body;
    for (const rule of rules.filter(({ fixed }) => fixed))
      expect(await browser.ask(removeSecondFactorRule, { ruleId: rule.ruleId })).toMatchObject({ status: 404 });
    expect(await browser.ask(removeSecondFactorRule, { ruleId: body.ruleId })).toMatchObject({ status: 200 });
    expect((await asClerk.openPage()).officer?.mustEnrol).toBe(false);
  });

  test("a lost device is taken away by the security administrator, in the log, and by nobody else", async () => {
    const officer = await addOfficer(site.owner);
    await enrol(await signedIn(site.server, officer.login));
    const administrator = async (duty: "system-admin" | "security-admin" | "audit-admin", region = "433124") => {
      const one = await addOfficer(site.owner, { duties: [duty], region });
      const browser = await signedIn(site.server, one.login);
      await enrol(browser);
      return { browser, officerId: one.officerId };
    };
    const { officerId } = officer;
    for (const duty of ["system-admin", "audit-admin"] as const)
      expect(await (await administrator(duty)).browser.ask(resetSecondFactor, { officerId })).toMatchObject({
        status: 403,
      });
    const far = await administrator("security-admin", "433125");
    expect(await far.browser.ask(resetSecondFactor, { officerId })).toMatchObject({ status: 404 });
    const near = await administrator("security-admin");
    expect(await near.browser.ask(resetSecondFactor, { officerId: near.officerId })).toMatchObject({
      problem: "identity.own-account",
    });
    expect(await near.browser.ask(resetSecondFactor, { officerId })).toMatchObject({ body: { sessionsEnded: 1 } });
    expect(await new Browser(site.server).signIn(officer.login)).toMatchObject({ body: { secondFactor: null } });
  });
});

describe("one's own sessions", () => {
  test("are listed and ended one by one or all but this; nobody else's are reached", async () => {
    const officer = await addOfficer(site.owner);
    const stranger = await addOfficer(site.owner);
    const [here, there] = [await signedIn(site.server, officer.login), await signedIn(site.server, officer.login)];
    const { sessions } = (await here.ask(mySecurity, {})).body;
    expect(sessions.filter(({ current }) => current)).toHaveLength(1);
    const other = sessions.find(({ current }) => !current)!;
    const asStranger = await signedIn(site.server, stranger.login);
    expect(await asStranger.ask(endOwnSession, { sessionId: other.sessionId })).toMatchObject({ status: 404 });
    expect(await here.ask(endOwnSession, { sessionId: other.sessionId })).toMatchObject({ status: 200 });
    expect((await there.openPage()).officer).toBeNull();
    const third = await signedIn(site.server, officer.login);
    expect((await here.ask(endOtherSessions, {})).body).toEqual({ sessionsEnded: 1 });
    expect((await third.openPage()).officer).toBeNull();
  });

  test("a new password gives this session a new token too: a copy of the old one is worth nothing", async () => {
    const officer = await addOfficer(site.owner);
    const browser = await signedIn(site.server, officer.login);
    const copy = new Browser(site.server);
    copy.cookie = browser.cookie;
    await browser.ask(changePassword, { current: PASSWORD, next: "Another-password-3" });
    expect(browser.cookie).not.toBe(copy.cookie);
    expect((await copy.openPage()).officer).toBeNull();
    expect((await browser.openPage()).officer).not.toBeNull();
  });
});

test("each lock in a row lasts twice as long, for logins that exist and those that do not alike", async () => {
  const officer = await addOfficer(site.owner);
  let browsers = 0;
  for (const login of [officer.login, "nobody.here"]) {
    const minutes: number[] = [];
    for (let lock = 0; lock < 3; lock += 1) {
      let answer = await new Browser(site.server, `10.77.0.${++browsers}`).signIn(login, "wrong");
      while (answer.problem === "identity.wrong-password")
        answer = await new Browser(site.server, `10.77.0.${++browsers}`).signIn(login, "wrong");
      minutes.push(Number(/请 (\d+) 分钟后/.exec((answer.body as unknown as { message: string }).message)?.[1]));
      await site.owner.query(
        "UPDATE identity.officer SET locked_until = now() - interval '1 second' WHERE login = $1",
        [login],
      );
      await site.owner.query("UPDATE identity.unknown_login SET locked_until = now() - interval '1 second'");
    }
    expect(minutes).toEqual([15, 30, 60]);
  }
});
