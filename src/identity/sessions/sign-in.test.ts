import fc from "fast-check";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  changePassword,
  createOrganisation,
  listOfficers,
  signIn,
  signOut,
  SIGN_IN_ATTEMPTS,
  whoAmI,
} from "../contract.ts";
import { BACKGROUND_HEADER } from "../../platform/contract.ts";
import { addOfficer, Browser, PASSWORD, signedIn, testSite, type TestSite } from "../fixtures.ts";
import { SESSION_COOKIE, tokenDigest } from "./gate.ts";
import { passwordFaults } from "./password-rules.ts";
import { oneTimePassword } from "./passwords.ts";
import { sourceOf } from "../../platform/http/source-of.ts";
import { SOURCE_FAILURES } from "./store.ts";

let site: TestSite;
beforeAll(async () => {
  site = await testSite();
});
afterAll(() => site.close());

let addresses = 0;
/** A browser at an address of its own, so that failures of one test do not count for another. */
const newBrowser = () => new Browser(site.server, `10.2.${Math.floor(++addresses / 250)}.${addresses % 250}`);

const minutesAgo = (minutes: number) => `now() - interval '${minutes} minutes'`;
const seenAt = (browser: Browser, sqlMoment: string) =>
  site.owner.query(`UPDATE identity.session SET seen_at = ${sqlMoment} WHERE session_hash = $1`, [
    tokenDigest(browser.cookie!),
  ]);

async function auditRows(subject: string) {
  const { rows } = await site.owner.query(
    "SELECT kind, act, outcome, officer_id, officer_name, region, problem, detail FROM audit.entry WHERE subject = $1 ORDER BY entry_id",
    [subject],
  );
  return rows;
}

describe("signing in", () => {
  test("the right password opens a session, and the page learns who sits there", async () => {
    const officer = await addOfficer(site.owner, { region: "433124", duties: ["county-clerk", "reviewer"] });
    const browser = newBrowser();
    expect(await browser.signIn(officer.login)).toMatchObject({ status: 200, body: { mustChangePassword: false } });
    const { officer: me, demo, demoAccess } = await browser.openPage();
    expect(me).toMatchObject({
      officerId: officer.officerId,
      login: officer.login,
      duties: ["county-clerk", "reviewer"],
      dutyLabels: ["台账与补贴经办", "复核"],
      region: { code: "433124", name: "花垣县", path: "湘西土家族苗族自治州 · 花垣县" },
    });
    expect(me?.permissions).toContain("registry.read");
    expect({ demo, demoAccess }).toEqual({ demo: false, demoAccess: null });
    expect(await auditRows(`identity.officer:${officer.officerId}`)).toMatchObject([
      { kind: "sign-in", act: "登录", outcome: "done", officer_id: officer.officerId, region: "433124" },
    ]);
  });

  test("a login is read as it is typed: capitals and blanks around it do not matter", async () => {
    const officer = await addOfficer(site.owner, { login: "xiang.xiaolan" });
    expect(await newBrowser().signIn(` Xiang.Xiaolan `)).toMatchObject({ status: 200 });
    expect(officer.login).toBe("xiang.xiaolan");
  });

  test("the cookie is out of reach of scripts and of other sites, and the table holds only its digest", async () => {
    const officer = await addOfficer(site.owner);
    const response = await site.server.inject({
      method: "POST",
      url: signIn.path,
      payload: { login: officer.login, password: PASSWORD },
    });
    expect(response.cookies.find((cookie) => cookie.name === SESSION_COOKIE)).toMatchObject({
      httpOnly: true,
      sameSite: "Lax",
      path: "/",
    });
    const token = response.cookies[0]!.value;
    const { rows } = await site.owner.query("SELECT session_hash FROM identity.session WHERE officer_id = $1", [
      officer.officerId,
    ]);
    expect(rows).toEqual([{ session_hash: tokenDigest(token) }]);
  });

  test("a wrong password and an unknown login get the same answer", async () => {
    const officer = await addOfficer(site.owner);
    const wrong = await newBrowser().signIn(officer.login, "wrong");
    const unknown = await newBrowser().signIn("nobody-of-that-name", "wrong");
    expect(wrong).toMatchObject({ status: 422, problem: "identity.wrong-password" });
    expect(unknown).toEqual(wrong);
  });

  test("a failure is in the log: with the officer when he exists, without what was typed when not", async () => {
    const officer = await addOfficer(site.owner, { region: "433124110" });
    await newBrowser().signIn(officer.login, "wrong");
    expect(await auditRows(`identity.officer:${officer.officerId}`)).toMatchObject([
      {
        outcome: "refused",
        problem: "identity.wrong-password",
        region: "433124110",
        officer_id: null,
        detail: { login: officer.login },
      },
    ]);
    await newBrowser().signIn("my-secret-password-typed-here", "wrong");
    const { rows } = await site.owner.query(
      "SELECT region, subject FROM audit.entry WHERE kind = 'sign-in' ORDER BY entry_id DESC LIMIT 1",
    );
    expect(rows).toEqual([{ region: "", subject: null }]);
    const { rows: leaks } = await site.owner.query("SELECT 1 FROM audit.entry e WHERE e::text LIKE '%my-secret%'");
    expect(leaks).toEqual([]);
  });

  test("an account that is stopped, or whose office is, cannot be used, and says so only to who knows the password", async () => {
    const gone = await addOfficer(site.owner);
    const orphan = await addOfficer(site.owner);
    const locked = await addOfficer(site.owner);
    await site.owner.query("UPDATE identity.officer SET active = false WHERE officer_id = $1", [gone.officerId]);
    await site.owner.query("UPDATE identity.organisation SET active = false WHERE organisation_id = $1", [
      orphan.organisationId,
    ]);
    await site.owner.query("UPDATE identity.officer SET locked = true WHERE officer_id = $1", [locked.officerId]);
    expect(await newBrowser().signIn(gone.login, "wrong")).toMatchObject({ problem: "identity.wrong-password" });
    expect(await newBrowser().signIn(gone.login)).toMatchObject({ problem: "identity.account-inactive" });
    expect(await newBrowser().signIn(orphan.login)).toMatchObject({ problem: "identity.account-inactive" });
    expect(await newBrowser().signIn(locked.login)).toMatchObject({ problem: "identity.account-locked" });
  });
});

describe("lock-out", () => {
  test("five wrong passwords lock the account for a quarter of an hour, also for the right one", async () => {
    const officer = await addOfficer(site.owner);
    const browser = newBrowser();
    for (let attempt = 1; attempt <= SIGN_IN_ATTEMPTS; attempt += 1) {
      expect(await browser.signIn(officer.login, `wrong ${attempt}`)).toMatchObject({
        problem: "identity.wrong-password",
      });
    }
    expect(await browser.signIn(officer.login)).toMatchObject({ status: 423, problem: "identity.locked-for-now" });
    const rows = await auditRows(`identity.officer:${officer.officerId}`);
    expect(rows).toHaveLength(6);
    expect(rows[4].detail).toHaveProperty("lockedUntil");
    await site.owner.query(
      "UPDATE identity.officer SET locked_until = now() - interval '1 second' WHERE officer_id = $1",
      [officer.officerId],
    );
    expect(await browser.signIn(officer.login, "wrong again")).toMatchObject({ problem: "identity.wrong-password" });
    expect(await browser.signIn(officer.login)).toMatchObject({ status: 200 });
  });

  test("a login that nobody has is locked in the same way", async () => {
    const browser = newBrowser();
    for (let attempt = 1; attempt <= SIGN_IN_ATTEMPTS; attempt += 1) {
      expect(await browser.signIn("made-up-login", "wrong")).toMatchObject({ problem: "identity.wrong-password" });
    }
    expect(await browser.signIn("made-up-login", "wrong")).toMatchObject({
      status: 423,
      problem: "identity.locked-for-now",
    });
    await site.owner.query("UPDATE identity.unknown_login SET locked_until = now() - interval '1 second'");
    expect(await browser.signIn("made-up-login", "wrong")).toMatchObject({ problem: "identity.wrong-password" });
  });

  test("the right password forgets the wrong ones before it", async () => {
    const officer = await addOfficer(site.owner);
    const browser = newBrowser();
    for (let round = 0; round < 2; round += 1) {
      for (let attempt = 1; attempt < SIGN_IN_ATTEMPTS; attempt += 1) await newBrowser().signIn(officer.login, "wrong");
      expect(await browser.signIn(officer.login)).toMatchObject({ status: 200 });
    }
  });

  test("guessing many times at once gains nothing: five guesses are looked at", async () => {
    const officer = await addOfficer(site.owner);
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, n) => newBrowser().signIn(officer.login, `guess ${n}`)),
    );
    const problems = answers.map((answer) => answer.problem);
    expect(problems.filter((problem) => problem === "identity.wrong-password")).toHaveLength(SIGN_IN_ATTEMPTS);
    expect(problems.filter((problem) => problem === "identity.locked-for-now")).toHaveLength(24 - SIGN_IN_ATTEMPTS);
  });

  test("one address that fails too often is kept waiting, whichever logins it tries; others are not", async () => {
    const officer = await addOfficer(site.owner);
    const guesser = new Browser(site.server, "10.9.9.9");
    await site.owner.query("INSERT INTO identity.sign_in_source (source, failures) VALUES ('10.9.9.9', $1)", [
      SOURCE_FAILURES,
    ]);
    expect(await guesser.signIn(officer.login)).toMatchObject({ status: 429, problem: "platform.too-many" });
    expect(await newBrowser().signIn(officer.login)).toMatchObject({ status: 200 });
    await site.owner.query(
      "UPDATE identity.sign_in_source SET since = now() - interval '11 minutes' WHERE source = '10.9.9.9'",
    );
    expect(await guesser.signIn(officer.login)).toMatchObject({ status: 200 });
    const { rows } = await site.owner.query("SELECT failures FROM identity.sign_in_source WHERE source = '10.9.9.9'");
    expect(rows).toEqual([{ failures: 0 }]);
  });

  test("an address is an IPv4 address or the /64 network of an IPv6 one", () => {
    expect(sourceOf("10.1.2.3")).toBe("10.1.2.3");
    expect(sourceOf("::ffff:10.1.2.3")).toBe("10.1.2.3");
    expect(sourceOf("2001:db8:0:7::1")).toBe("2001:db8:0:7::/64");
    expect(sourceOf("2001:DB8:0:7:aaaa:bbbb:cccc:dddd")).toBe("2001:db8:0:7::/64");
    expect(sourceOf("::1")).toBe("0:0:0:0::/64");
  });
});

describe("sessions", () => {
  test("a cookie planted before signing in gets no rights", async () => {
    const officer = await addOfficer(site.owner);
    const planted = "A".repeat(43);
    const browser = newBrowser();
    browser.cookie = planted;
    await browser.signIn(officer.login);
    expect(browser.cookie).not.toBe(planted);
    const attacker = newBrowser();
    attacker.cookie = planted;
    expect((await attacker.openPage()).officer).toBeNull();
  });

  test("signing in again in the same browser ends the session it had", async () => {
    const officer = await addOfficer(site.owner);
    const browser = newBrowser();
    await browser.signIn(officer.login);
    const before = newBrowser();
    before.cookie = browser.cookie;
    await browser.signIn(officer.login);
    expect((await before.openPage()).officer).toBeNull();
    expect((await browser.openPage()).officer).not.toBeNull();
  });

  test("a change without the page's token, or with another session's, is refused", async () => {
    const officer = await addOfficer(site.owner);
    const browser = newBrowser();
    const other = newBrowser();
    await browser.signIn(officer.login);
    await other.signIn(officer.login);
    const own = browser.csrf!;
    expect(own).not.toBe(other.csrf);
    for (const token of [undefined, "", other.csrf, own.slice(0, -1)]) {
      browser.csrf = token;
      expect(await browser.ask(signOut, {})).toMatchObject({ status: 403, problem: "platform.csrf" });
    }
    browser.csrf = own;
    expect(await browser.ask(signOut, {})).toMatchObject({ status: 200 });
  });

  test("signing out ends the session on the server and removes the cookie", async () => {
    const officer = await addOfficer(site.owner);
    const browser = newBrowser();
    await browser.signIn(officer.login);
    const copied = newBrowser();
    copied.cookie = browser.cookie;
    await browser.ask(signOut, {});
    expect(browser.cookie).toBeUndefined();
    expect((await copied.openPage()).officer).toBeNull();
  });

  test("a session nobody used for a quarter of an hour has ended", async () => {
    const officer = await addOfficer(site.owner);
    const browser = newBrowser();
    await browser.signIn(officer.login);
    await seenAt(browser, minutesAgo(14));
    expect((await browser.openPage()).officer).not.toBeNull();
    await seenAt(browser, minutesAgo(16));
    expect((await browser.openPage()).officer).toBeNull();
    const { rows } = await site.owner.query("SELECT 1 FROM identity.session WHERE officer_id = $1", [
      officer.officerId,
    ]);
    expect(rows).toEqual([]);
  });

  test("what the screen asks for by itself does not prolong the session", async () => {
    const officer = await addOfficer(site.owner);
    const browser = newBrowser();
    await browser.signIn(officer.login);
    const age = async () => {
      const { rows } = await site.owner.query(
        "SELECT extract(epoch FROM now() - seen_at)::int / 60 AS minutes FROM identity.session WHERE officer_id = $1",
        [officer.officerId],
      );
      return rows[0].minutes;
    };
    await seenAt(browser, minutesAgo(10));
    await browser.ask(whoAmI, {}, { [BACKGROUND_HEADER]: "1" });
    expect(await age()).toBe(10);
    await browser.ask(whoAmI, {});
    expect(await age()).toBe(0);
  });

  test("even a busy session ends after twelve hours", async () => {
    const officer = await addOfficer(site.owner);
    const browser = newBrowser();
    await browser.signIn(officer.login);
    await site.owner.query(
      "UPDATE identity.session SET created_at = now() - interval '13 hours' WHERE officer_id = $1",
      [officer.officerId],
    );
    expect((await browser.openPage()).officer).toBeNull();
  });

  test("an officer has two sessions at most: the third ends the one used longest ago", async () => {
    const officer = await addOfficer(site.owner);
    const [first, second, third] = [newBrowser(), newBrowser(), newBrowser()];
    await first.signIn(officer.login);
    await second.signIn(officer.login);
    await seenAt(first, minutesAgo(5));
    await third.signIn(officer.login);
    const alive = [];
    for (const browser of [first, second, third]) alive.push((await browser.openPage()).officer !== null);
    expect(alive).toEqual([false, true, true]);
  });

  test("four sign-ins at once leave two sessions", async () => {
    const officer = await addOfficer(site.owner);
    await Promise.all(Array.from({ length: 4 }, () => newBrowser().signIn(officer.login)));
    const { rows } = await site.owner.query("SELECT count(*)::int AS n FROM identity.session WHERE officer_id = $1", [
      officer.officerId,
    ]);
    expect(rows).toEqual([{ n: 2 }]);
  });
});

describe("one's own password", () => {
  const next = "Another-password-2";

  test("is changed with the current one, which ends the sessions elsewhere", async () => {
    const officer = await addOfficer(site.owner);
    const [here, elsewhere] = [newBrowser(), newBrowser()];
    await here.signIn(officer.login);
    await elsewhere.signIn(officer.login);
    expect(await here.ask(changePassword, { current: PASSWORD, next })).toMatchObject({
      status: 200,
      body: { sessionsEnded: 1 },
    });
    expect((await elsewhere.openPage()).officer).toBeNull();
    expect((await here.openPage()).officer).not.toBeNull();
    expect(await newBrowser().signIn(officer.login)).toMatchObject({ problem: "identity.wrong-password" });
    expect(await newBrowser().signIn(officer.login, next)).toMatchObject({ status: 200 });
    expect((await auditRows(`identity.officer:${officer.officerId}`)).map((row) => row.act)).toContain("修改本人密码");
  });

  test("cannot be guessed from an open session: wrong guesses count towards the lock", async () => {
    const officer = await addOfficer(site.owner);
    const browser = newBrowser();
    await browser.signIn(officer.login);
    for (let attempt = 1; attempt <= SIGN_IN_ATTEMPTS; attempt += 1) {
      expect(await browser.ask(changePassword, { current: "wrong", next })).toMatchObject({
        problem: "identity.wrong-current-password",
      });
    }
    expect(await browser.ask(changePassword, { current: PASSWORD, next })).toMatchObject({
      problem: "identity.locked-for-now",
    });
  });

  test("must keep the rules and differ from the current one", async () => {
    const officer = await addOfficer(site.owner, { login: "zhang.san" });
    const browser = newBrowser();
    await browser.signIn(officer.login);
    for (const weak of ["Short-1", "onlylowercase", "alllower1234", "Zhang.San-2025"]) {
      expect(await browser.ask(changePassword, { current: PASSWORD, next: weak })).toMatchObject({
        problem: "identity.weak-password",
      });
    }
    expect(await browser.ask(changePassword, { current: PASSWORD, next: PASSWORD })).toMatchObject({
      problem: "identity.same-password",
    });
    expect(await browser.ask(changePassword, { current: PASSWORD, next: "Password-2025" })).toMatchObject({
      problem: "identity.weak-password",
    });
  });

  test("that is in the operator's list of leaked ones is refused", async () => {
    const officer = await addOfficer(site.owner);
    const browser = newBrowser();
    await browser.signIn(officer.login);
    const folder = mkdtempSync(join(tmpdir(), "wengang-leaked-"));
    const breachedFile = join(folder, "sha1.txt");
    writeFileSync(breachedFile, `${createHash("sha1").update(next).digest("hex").toUpperCase()}:12\n`);
    const { passwords } = site.runtime.config;
    try {
      Object.assign(site.runtime.config, { passwords: { ...passwords, breachedFile } });
      const answer = await browser.ask(changePassword, { current: PASSWORD, next });
      expect(answer).toMatchObject({
        problem: "identity.weak-password",
        body: { message: expect.stringContaining("泄露") },
      });
    } finally {
      Object.assign(site.runtime.config, { passwords });
      rmSync(folder, { recursive: true });
    }
    expect(await browser.ask(changePassword, { current: PASSWORD, next })).toMatchObject({ status: 200 });
  });

  test("is replaced before anything else when it is older than the operator allows; never by default", async () => {
    const officer = await addOfficer(site.owner, { duties: ["system-admin"] });
    await site.owner.query(
      "UPDATE identity.officer SET password_set_at = now() - interval '91 days' WHERE officer_id = $1",
      [officer.officerId],
    );
    const browser = newBrowser();
    await browser.signIn(officer.login);
    expect(await browser.ask(listOfficers, {})).toMatchObject({ status: 200 });
    const { passwords } = site.runtime.config;
    try {
      Object.assign(site.runtime.config, { passwords: { ...passwords, days: 90 } });
      expect((await browser.openPage()).officer).toMatchObject({ mustChangePassword: true });
      expect(await browser.ask(listOfficers, {})).toMatchObject({ status: 403 });
      expect(await browser.ask(changePassword, { current: PASSWORD, next })).toMatchObject({ status: 200 });
      await browser.openPage();
      expect(await browser.ask(listOfficers, {})).toMatchObject({ status: 200 });
    } finally {
      Object.assign(site.runtime.config, { passwords });
    }
  });

  test("when it is a one-time password, nothing can be done before it is replaced", async () => {
    const officer = await addOfficer(site.owner, { duties: ["system-admin"], mustChangePassword: true });
    const browser = newBrowser();
    expect(await browser.signIn(officer.login)).toMatchObject({ body: { mustChangePassword: true } });
    expect((await browser.openPage()).officer).toMatchObject({ mustChangePassword: true, permissions: [] });
    expect(await browser.ask(listOfficers, {})).toMatchObject({ status: 403 });
    expect(await browser.ask(changePassword, { current: PASSWORD, next })).toMatchObject({ status: 200 });
    expect(await browser.ask(listOfficers, {})).toMatchObject({ status: 200 });
  });

  test("a generated one keeps the rules, whatever the login", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9][a-z0-9._-]{4,39}$/), (login) => {
        const password = oneTimePassword();
        expect(passwordFaults(password, login)).toEqual([]);
        expect(password).toMatch(/^([A-Za-z2-9]{4}-){3}[A-Za-z2-9]{4}$/);
      }),
    );
  });
});

test("who is not signed in is told so, not what there is", async () => {
  expect(await newBrowser().ask(listOfficers, {})).toMatchObject({ status: 401, problem: "platform.not-signed-in" });
  const officer = await addOfficer(site.owner, { duties: ["county-clerk"] });
  const browser = await signedIn(site.server, officer.login);
  expect(await browser.ask(listOfficers, {})).toMatchObject({ status: 403, problem: "platform.not-permitted" });
});

test("what somebody tried that is not his duty is in the log, under his name; what nobody tried is not", async () => {
  const officer = await addOfficer(site.owner, { duties: ["county-clerk"], region: "433124" });
  const browser = await signedIn(site.server, officer.login);
  const attempts = async () => {
    const { rows } = await site.owner.query(
      "SELECT outcome, problem, officer_id, region FROM audit.entry WHERE act = $1 AND kind = 'change' AND problem LIKE 'platform.%'",
      [createOrganisation.summary],
    );
    return rows;
  };
  const wanted = { name: "测试局", department: "finance", region: "433124" } as const;
  expect(await newBrowser().ask(createOrganisation, wanted)).toMatchObject({ status: 401 });
  expect(await attempts()).toEqual([]);
  expect(await browser.ask(createOrganisation, wanted)).toMatchObject({ problem: "platform.not-permitted" });
  expect(await attempts()).toEqual([
    { outcome: "refused", problem: "platform.not-permitted", officer_id: officer.officerId, region: "433124" },
  ]);
});
