import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { decideLink, finishSingleSignOn, listLinks, signOut, startSingleSignOn, whoAmI } from "../contract.ts";
import { addOfficer, Browser, signedIn, testSite, type AddedOfficer, type TestSite } from "../fixtures.ts";
import { SESSION_COOKIE } from "../sessions/gate.ts";

/** A real OpenID Connect server that logs in whoever its test page names. */
interface RunningProvider {
  readonly issuer: string;
  /** How far its clock is behind when it hands out tokens: one good for a minute has then expired. */
  behindMs: number;
  close(): Promise<void>;
}

const PUBLIC_URL = "http://office.test";

async function startProvider(): Promise<RunningProvider> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const running: RunningProvider = {
    issuer,
    behindMs: 0,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "wengang",
        client_secret: "a-secret-of-thirty-two-characters",
        redirect_uris: [`${PUBLIC_URL}/sign-in/single`],
        post_logout_redirect_uris: [`${PUBLIC_URL}/sign-in`],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    claims: { openid: ["sub"], profile: ["preferred_username"] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
    cookies: { keys: ["one key of a test"] },
    ttl: { IdToken: () => (running.behindMs > 0 ? 60 : 3600) },
    // Who logs in as "s-7|xiang" is that subject and says that his login is xiang.
    findAccount: (_context, accountId) => ({
      accountId,
      claims: () => ({ sub: accountId, preferred_username: accountId.split("|")[1] ?? "" }),
    }),
  });
  provider.on("server_error", (_context, cause) => {
    throw cause;
  });
  const answer = provider.callback();
  server.on("request", (request, response) => {
    if (request.url === "/token" && running.behindMs > 0) {
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - running.behindMs });
      response.once("finish", () => vi.useRealTimers());
    }
    void answer(request, response);
  });
  return running;
}

/** Walks through the provider's own pages, as a person would, until it sends the browser back to us. */
async function walk(start: string, account: string): Promise<URL> {
  const cookies = new Map<string, string>();
  const ask = async (url: string, form?: Record<string, string>) => {
    const response = await fetch(url, {
      redirect: "manual",
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
      ...(form ? { method: "POST", body: new URLSearchParams(form) } : {}),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      cookies.set(name!, value!);
    }
    return response;
  };
  let response = await ask(start);
  for (let steps = 0; steps < 20; steps += 1) {
    const location = response.headers.get("location");
    if (location) {
      const next = new URL(location, start);
      if (next.origin === PUBLIC_URL) return next;
      response = await ask(next.href);
      continue;
    }
    const page = await response.text();
    const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1];
    if (!action) throw new Error(`the provider answered ${response.status}: ${page.slice(0, 300)}`);
    const login = page.includes('name="login"');
    response = await ask(
      new URL(action, start).href,
      login ? { prompt: "login", login: account, password: "any" } : { prompt: "consent" },
    );
  }
  throw new Error("the provider sends in circles");
}

let provider: RunningProvider;
let site: TestSite;
let security: AddedOfficer;
beforeAll(async () => {
  provider = await startProvider();
  site = await testSite({
    oidc: {
      issuer: provider.issuer,
      clientId: "wengang",
      secret: "a-secret-of-thirty-two-characters",
      label: "省统一身份认证",
      loginClaim: "preferred_username",
      scope: "openid profile",
      publicUrl: PUBLIC_URL,
    },
  });
  security = await addOfficer(site.owner, { duties: ["security-admin"] });
});
afterAll(async () => {
  await site.close();
  await provider.close();
});

interface Visit {
  readonly browser: Browser;
  /** Of the browser in which it began. */
  single: string;
  readonly url: string;
}

let addresses = 0;
async function begin(): Promise<Visit> {
  const browser = new Browser(site.server, `10.44.0.${++addresses}`);
  const response = await site.server.inject({ method: "POST", url: startSingleSignOn.path, payload: {} });
  const single = response.cookies.find(({ name }) => name === "wengang_single")!.value;
  return { browser, single, url: response.json<{ url: string }>().url };
}

async function finish(visit: Visit, returned: URL, change: Record<string, string> = {}) {
  const response = await site.server.inject({
    method: "POST",
    url: finishSingleSignOn.path,
    payload: { ...Object.fromEntries(returned.searchParams), ...change },
    headers: { cookie: `wengang_single=${visit.single}` },
    remoteAddress: `10.45.0.${++addresses}`,
  });
  const session = response.cookies.find(({ name }) => name === SESSION_COOKIE)?.value;
  if (session) visit.browser.cookie = session;
  return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
}

async function through(account: string) {
  const visit = await begin();
  return { visit, answer: await finish(visit, await walk(visit.url, account)) };
}

/** The officer's subject, agreed to by the security administrator. */
async function linked(officer: AddedOfficer): Promise<string> {
  const account = `s-${officer.officerId}|${officer.login}`;
  expect((await through(account)).answer.body).toMatchObject({ code: "identity.not-linked" });
  const browser = await signedIn(site.server, security.login);
  const { rows } = (await browser.ask(listLinks, { state: "waiting", size: 200 })).body;
  const { linkId } = rows.find((row) => row.officerId === officer.officerId)!;
  expect(await browser.ask(decideLink, { linkId, approve: true })).toMatchObject({ status: 200 });
  return account;
}

describe("signing in through a real provider", () => {
  test("asks with code, PKCE, state and nonce, and lets an agreed subject in", async () => {
    const officer = await addOfficer(site.owner);
    const account = await linked(officer);
    const visit = await begin();
    const asked = new URL(visit.url).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({ response_type: "code", code_challenge_method: "S256" });
    for (const name of ["state", "nonce", "code_challenge"]) expect(asked.get(name)!.length).toBeGreaterThan(20);
    expect(await finish(visit, await walk(visit.url, account))).toMatchObject({ status: 200 });
    const { officer: me, singleSignOn } = await visit.browser.openPage();
    expect({ id: me?.officerId, singleSignOn }).toEqual({ id: officer.officerId, singleSignOn: "省统一身份认证" });
    // Leaving here leaves there too.
    const { body } = await visit.browser.ask(signOut, {});
    expect(body.leaveAt).toContain(`${provider.issuer}/session/end`);
    expect((await visit.browser.ask(whoAmI, {})).body.officer).toBeNull();
  });

  test("a stranger and somebody with an account of that name get the same words; only the latter is put before the administrator", async () => {
    const officer = await addOfficer(site.owner);
    const known = await through(`known-${officer.officerId}|${officer.login}`);
    const stranger = await through("stranger|no.such.login");
    expect(stranger.answer).toEqual(known.answer);
    const { rows } = await site.owner.query(
      "SELECT subject, state FROM identity.link WHERE claim IN ($1, 'no.such.login')",
      [officer.login],
    );
    expect(rows).toEqual([{ subject: `known-${officer.officerId}|${officer.login}`, state: "waiting" }]);
  });

  test("the name that the provider claims never lets anybody in by itself", async () => {
    const officer = await addOfficer(site.owner);
    await linked(officer);
    // Another subject that says it has the same login.
    expect((await through(`impostor|${officer.login}`)).answer).toMatchObject({ status: 403 });
  });

  test("the security administrator agrees to no link of his own", async () => {
    await through(`own|${security.login}`);
    const browser = await signedIn(site.server, security.login);
    const { rows } = (await browser.ask(listLinks, { state: "waiting", size: 200 })).body;
    const { linkId } = rows.find((row) => row.officerId === security.officerId)!;
    expect(await browser.ask(decideLink, { linkId, approve: true })).toMatchObject({ problem: "identity.own-account" });
    await expect(
      site.owner.query("UPDATE identity.link SET state = 'approved', decided_by = officer_id WHERE link_id = $1", [
        linkId,
      ]),
    ).rejects.toThrow("link_not_by_oneself");
  });
});

describe("what is refused, in the same words", () => {
  const failed = { status: 422, body: { code: "identity.single-sign-on-failed" } };

  test("a state of one's own making, another browser's, a second use, and one that is too late", async () => {
    const account = await linked(await addOfficer(site.owner));
    const first = await begin();
    const returned = await walk(first.url, account);
    expect(await finish(first, returned, { state: "made-up-state" })).toMatchObject(failed);
    expect(await finish({ ...first, single: "another-browser" }, returned)).toMatchObject(failed);
    expect(await finish(first, returned)).toMatchObject({ status: 200 });
    expect(await finish(first, returned)).toMatchObject(failed);
    const late = await begin();
    await site.owner.query("UPDATE identity.single_sign_on_attempt SET begun_at = now() - interval '11 minutes'");
    expect(await finish(late, await walk(late.url, account))).toMatchObject(failed);
  });

  test("an answer to another question: wrong nonce, wrong verifier", async () => {
    const account = await linked(await addOfficer(site.owner));
    const nonce = await begin();
    await site.owner.query("UPDATE identity.single_sign_on_attempt SET nonce = 'another nonce'");
    expect(await finish(nonce, await walk(nonce.url, account))).toMatchObject(failed);
    const verifier = await begin();
    await site.owner.query("UPDATE identity.single_sign_on_attempt SET verifier = $1", [
      site.runtime.keys.seal("a".repeat(43)),
    ]);
    expect(await finish(verifier, await walk(verifier.url, account))).toMatchObject(failed);
  });

  test("an ID token that has expired", async () => {
    const account = await linked(await addOfficer(site.owner));
    provider.behindMs = 600_000;
    const visit = await begin();
    const returned = await walk(visit.url, account);
    expect(await finish(visit, returned)).toMatchObject(failed);
    provider.behindMs = 0;
    expect((await through(account)).answer).toMatchObject({ status: 200 });
  });

  test("a code that the provider never gave, and a provider of another name", async () => {
    const account = await linked(await addOfficer(site.owner));
    const code = await begin();
    expect(await finish(code, await walk(code.url, account), { code: "never-given" })).toMatchObject(failed);
    const issuer = await begin();
    expect(await finish(issuer, await walk(issuer.url, account), { iss: "http://evil.test" })).toMatchObject(failed);
  });

  test("an account that was locked after it was linked", async () => {
    const officer = await addOfficer(site.owner);
    const account = await linked(officer);
    await site.owner.query("UPDATE identity.officer SET locked = true WHERE officer_id = $1", [officer.officerId]);
    expect((await through(account)).answer).toMatchObject({ body: { code: "identity.account-locked" } });
  });
});
