import { createGate } from "#identity";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signIn, whoAmI } from "../../src/identity/contract.ts";
import {
  addOfficer,
  Browser,
  modules,
  PASSWORD,
  signedIn,
  testSite,
  type TestSite,
} from "../../src/identity/fixtures.ts";
import { createServer } from "../../src/platform/http/server.ts";
import { RateLimits } from "../../src/platform/load/rate-limits.ts";
import { classRules } from "../../src/platform/load/route-class.ts";
import { exportPersons, listPersons } from "../../src/registry/contract.ts";

let site: TestSite;
/** A second server on the same database, as on another machine: it shares no memory with the first. */
let second: FastifyInstance;
beforeAll(async () => {
  site = await testSite();
  second = await createServer({ services: site.runtime, modules, gate: createGate(modules) });
});
afterAll(async () => {
  await second?.close();
  await site?.close();
});

const OFFICE = "10.9.0.1";

/** Exports without their purpose: refused with 422 as long as they are not refused with 429. */
async function askUntilRefused(
  browsers: readonly Browser[],
  most: number,
): Promise<{ answered: number; refusals: number }> {
  let answered = 0;
  let refusals = 0;
  for (let index = 0; index < most; index++) {
    const { status } = await browsers[index % browsers.length]!.ask(exportPersons, {} as never);
    if (status === 422) answered++;
    else if (status === 429) refusals++;
  }
  return { answered, refusals };
}

describe("limits of frequency", () => {
  test("count an account over both servers, say when to come again, and leave a colleague at the same address alone", async () => {
    const busy = await addOfficer(site.owner);
    const here = await signedIn(site.server, busy.login, OFFICE);
    const there = new Browser(second, OFFICE);
    there.cookie = here.cookie;
    const { perAccount } = classRules.export;
    const { answered, refusals } = await askUntilRefused([here, there], perAccount + 30);
    // Each server gives away an eighth by itself; what both know is the limit.
    expect(answered).toBeGreaterThanOrEqual(perAccount * 0.9);
    expect(answered).toBeLessThanOrEqual(perAccount * 1.125);
    expect(refusals).toBeGreaterThan(0);
    for (const browser of [here, there]) {
      const refused = await site.server.inject({
        url: exportPersons.path,
        remoteAddress: OFFICE,
        headers: { cookie: `wengang_session=${browser.cookie}` },
      });
      expect(refused.statusCode).toBe(429);
      expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
      expect(refused.json<{ message: string }>().message).toMatch(/^操作过于频繁，请 \d+ 秒后再试。$/);
    }
    // His other work has a limit of its own, and his colleague's is untouched.
    expect((await here.ask(whoAmI, {})).status).toBe(200);
    const colleague = await signedIn(second, (await addOfficer(site.owner)).login, OFFICE);
    expect((await colleague.ask(listPersons, { size: 1 })).status).toBe(200);
  });

  test("an address without a session that floods is refused, and whoever is signed in there goes on", async () => {
    const officer = await signedIn(site.server, (await addOfficer(site.owner)).login, "10.9.0.2");
    expect((await officer.ask(listPersons, { size: 1 })).status).toBe(200);
    const stranger = new Browser(site.server, "10.9.0.2");
    const statuses = new Set<number>();
    for (let index = 0; index < classRules.search.perAddress + 5; index++)
      statuses.add((await stranger.ask(listPersons, { size: 1 })).status);
    expect(statuses).toEqual(new Set([401, 429]));
    expect((await officer.ask(listPersons, { size: 1 })).status).toBe(200);
    // From another address nothing was asked.
    expect((await new Browser(site.server, "10.9.0.3").ask(listPersons, { size: 1 })).status).toBe(401);
  });

  test("wrong passwords from one address keep out strangers there, on both servers, not who signed in there before", async () => {
    const address = "10.9.0.4";
    const officer = await addOfficer(site.owner);
    const known = await signedIn(site.server, officer.login, address);
    const device = known.device;
    expect(device).toMatch(/^\d{4}-\d{2}-\d{2}\.[0-9a-f]{32}$/);
    const guesser = new Browser(site.server, address);
    for (let index = 0; index < 51; index++) await guesser.ask(signIn, { login: `guess${index}`, password: "wrong" });
    expect(await new Browser(second, address).ask(signIn, { login: officer.login, password: PASSWORD })).toMatchObject({
      status: 429,
    });
    const back = new Browser(second, address);
    back.device = device;
    expect(await back.ask(signIn, { login: officer.login, password: PASSWORD })).toMatchObject({ status: 200 });
    // The mark is of his login: it opens nothing for another's.
    const other = await addOfficer(site.owner);
    const thief = new Browser(second, address);
    thief.device = device;
    expect(await thief.ask(signIn, { login: other.login, password: PASSWORD })).toMatchObject({ status: 429 });
    // His own wrong passwords lock his login as ever.
    const forgetful = new Browser(second, address);
    forgetful.device = device;
    for (let index = 0; index < 5; index++) await forgetful.ask(signIn, { login: officer.login, password: "wrong" });
    expect(await forgetful.ask(signIn, { login: officer.login, password: PASSWORD })).toMatchObject({ status: 423 });
    expect(
      await new Browser(site.server, "10.9.0.5").ask(signIn, { login: officer.login, password: PASSWORD }),
    ).toMatchObject({ status: 423 });
  });
});

describe("the shared count", () => {
  const limits = () => new RateLimits(site.runtime.database.pools, site.runtime.keys, site.runtime.log);

  test("ordinary use asks the database nothing", async () => {
    const one = limits();
    for (let index = 0; index < 100; index++)
      expect(await one.take("t", "ordinary", { allowed: 900, windowSeconds: 600 })).toBe(0);
    expect(one.asked).toBe(0);
    one.stop();
  });

  test("what is counted exactly is exact over three processes, however they are asked", async () => {
    const processes = [limits(), limits(), limits()];
    const answers = await Promise.all(
      Array.from({ length: 90 }, (_, index) =>
        processes[index % 3]!.take("t", "exact", { allowed: 30, windowSeconds: 600, exact: true }),
      ),
    );
    expect(answers.filter((seconds) => seconds === 0).length).toBe(30);
    for (const one of processes) one.stop();
  });

  test("otherwise no more than an eighth per further process passes beyond it, for any way of asking", async () => {
    for (const turns of [1, 7, 40]) {
      const processes = [limits(), limits(), limits()];
      let passed = 0;
      for (let index = 0; index < 600; index++)
        if (
          (await processes[Math.floor(index / turns) % 3]!.take("t", `shared ${turns}`, {
            allowed: 200,
            windowSeconds: 600,
          })) === 0
        )
          passed++;
      expect(passed).toBeGreaterThanOrEqual(200);
      expect(passed).toBeLessThanOrEqual(200 * (1 + 2 / 8));
      for (const one of processes) one.stop();
    }
  });

  test("nobody's account or address can be read from it", async () => {
    const { rows } = await site.owner.query<{ bucket: string }>("SELECT bucket FROM platform.rate_count");
    expect(rows.length).toBeGreaterThan(0);
    for (const { bucket } of rows) expect(bucket).toMatch(/^[0-9a-f]{32}$/);
  });
});
