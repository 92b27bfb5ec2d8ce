import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { citizensSite, modules, Phone } from "../../src/citizens/fixtures.ts";
import { requestCode } from "../../src/citizens/contract.ts";
import { listOfficers, lockOfficer, signIn, signOut, whoAmI } from "../../src/identity/contract.ts";
import { addOfficer, PASSWORD, signedIn, type TestSite } from "../../src/identity/fixtures.ts";
import { createGate } from "../../src/identity/sessions/gate.ts";
import { createServer } from "../../src/platform/http/server.ts";
import { listPersons } from "../../src/registry/contract.ts";

type Server = Awaited<ReturnType<typeof createServer>>;

let site: TestSite;
/** As it stands behind HTTPS, with built pages. */
let secure: Server;
let folder: string;
const logged: string[] = [];
beforeAll(async () => {
  site = await citizensSite();
  folder = mkdtempSync(join(tmpdir(), "wengang-pages-"));
  mkdirSync(join(folder, "web/assets"), { recursive: true });
  writeFileSync(join(folder, "web/index.html"), "<!doctype html><title>稳岗</title>");
  writeFileSync(join(folder, "web/assets/page-1a2b.js"), "export {}");
  writeFileSync(join(folder, "beside.txt"), "not for the web");
  const config = { ...site.runtime.config, secureCookie: true };
  const log = pino({ base: undefined }, { write: (line: string) => void logged.push(line) });
  secure = await createServer({
    services: { ...site.runtime, config, log },
    modules,
    gate: createGate(modules),
    webFolder: join(folder, "web"),
  });
});
afterAll(async () => {
  await secure.close();
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

const everywhere = ["/", "/persons/1", "/assets/page-1a2b.js", "/api/health", whoAmI.path, "/api/nowhere"];

describe("what every answer tells the browser", () => {
  test("no page, file, interface or refusal may be framed, guessed at, or said where it was come from", async () => {
    for (const url of everywhere) {
      const { headers } = await secure.inject({ method: "GET", url });
      const policy = String(headers["content-security-policy"]);
      for (const part of ["frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'", "form-action 'self'"])
        expect(policy, url).toContain(part);
      expect(headers, url).toMatchObject({
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
      });
      expect(headers["x-powered-by"] ?? headers["server"], url).toBeUndefined();
    }
  });

  test("scripts come from here and from nowhere else, and none stands in a page or an attribute", async () => {
    for (const url of ["/", "/api/health"]) {
      const policy = String((await secure.inject({ method: "GET", url })).headers["content-security-policy"]);
      const scripts = policy
        .split(";")
        .filter((part) => part.startsWith("script-src") || part.startsWith("default-src"));
      expect(scripts.toSorted(), url).toEqual(["default-src 'self'", "script-src 'self'", "script-src-attr 'none'"]);
    }
  });

  test("behind HTTPS for a year and every host below, over plain HTTP not at all", async () => {
    for (const url of everywhere) {
      const { headers } = await secure.inject({ method: "GET", url });
      expect(headers["strict-transport-security"], url).toBe("max-age=31536000; includeSubDomains");
    }
    const plain = await site.server.inject({ method: "GET", url: "/api/health" });
    expect(plain.headers["strict-transport-security"]).toBeUndefined();
  });

  test("what the interface answers is kept by no browser and no proxy, refusals included", async () => {
    const officer = await addOfficer(site.owner);
    const browser = await signedIn(site.server, officer.login);
    const headers = { cookie: `wengang_session=${browser.cookie}` };
    for (const url of [
      whoAmI.path,
      listPersons.path,
      listOfficers.path,
      "/api/health",
      "/api/nowhere",
      "/api/citizen/me",
    ]) {
      const answer = await site.server.inject({ method: "GET", url, headers });
      expect(answer.headers["cache-control"], url).toBe("no-store");
    }
    const page = await secure.inject({ method: "GET", url: "/persons/1" });
    expect(page.headers["cache-control"]).toBe("no-cache");
    expect(page.body).not.toContain(officer.login);
  });

  test("no other site is let in: no answer allows an origin, and nothing is answered before a foreign request", async () => {
    for (const method of ["GET", "OPTIONS"] as const) {
      const answer = await secure.inject({
        method,
        url: whoAmI.path,
        headers: { origin: "https://elsewhere.example", "access-control-request-method": "POST" },
      });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });

  test("text says how it is written down", async () => {
    for (const url of ["/", "/api/health", "/api/nowhere"])
      expect(String((await secure.inject({ method: "GET", url })).headers["content-type"]), url).toMatch(
        /charset=utf-8/i,
      );
  });
});

describe("cookies", () => {
  const cookiesOf = async (server: Server) => {
    const officer = await addOfficer(site.owner);
    const payload = { login: officer.login, password: PASSWORD };
    const entered = await server.inject({ method: "POST", url: signIn.path, payload, remoteAddress: "10.77.0.1" });
    const asked = await server.inject({
      method: "POST",
      url: requestCode.path,
      payload: { phone: `1391222${String(Math.floor(performance.now() * 1000) % 10_000).padStart(4, "0")}` },
      remoteAddress: "10.77.0.2",
    });
    return { officer, cookies: [...entered.cookies, ...asked.cookies] };
  };

  test("behind HTTPS belong to this host alone, go over TLS alone, and are out of reach of scripts and other sites", async () => {
    const { cookies } = await cookiesOf(secure);
    expect(cookies.map(({ name }) => name)).toEqual([
      "__Host-wengang_session",
      "__Host-wengang_device",
      "__Host-wengang_code",
    ]);
    for (const cookie of cookies) {
      expect(cookie).toMatchObject({ secure: true, httpOnly: true, sameSite: "Lax", path: "/" });
      expect(cookie.domain).toBeUndefined();
    }
  });

  test("one of the name without the prefix, which a neighbouring host could plant, is nobody's", async () => {
    const { cookies } = await cookiesOf(secure);
    const { value } = cookies[0]!;
    const who = async (cookie: string) =>
      (await secure.inject({ method: "GET", url: whoAmI.path, headers: { cookie } })).json().officer;
    expect(await who(`__Host-wengang_session=${value}`)).not.toBeNull();
    expect(await who(`wengang_session=${value}`)).toBeNull();
  });
});

describe("requests that are not what they seem", () => {
  test("the host that a request names stands in no answer", async () => {
    for (const url of ["/", "/api/health", "/api/nowhere", whoAmI.path]) {
      const answer = await secure.inject({
        method: "GET",
        url,
        headers: { host: "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "gopher" },
      });
      expect(answer.body + JSON.stringify(answer.headers), url).not.toContain("evil.example");
    }
  });

  test("an address that a client claims to have is not believed; what the proxy on this machine says is", async () => {
    const officer = await addOfficer(site.owner);
    const guess = (remoteAddress: string, forwarded: string) =>
      site.server.inject({
        method: "POST",
        url: signIn.path,
        payload: { login: officer.login, password: "wrong" },
        remoteAddress,
        headers: { "x-forwarded-for": forwarded, "x-real-ip": forwarded },
      });
    await guess("203.0.113.9", "10.99.0.1");
    await guess("127.0.0.1", "203.0.113.10");
    await guess("127.0.0.1", "10.99.0.2, 203.0.113.11");
    const { rows } = await site.owner.query("SELECT ip FROM audit.entry WHERE subject = $1 ORDER BY entry_id", [
      `identity.officer:${officer.officerId}`,
    ]);
    expect(rows.map(({ ip }) => ip)).toEqual(["203.0.113.9", "203.0.113.10", "203.0.113.11"]);
  });

  test("a change is read from its body and not from its address", async () => {
    const system = await addOfficer(site.owner, { duties: ["system-admin"] });
    const clerk = await addOfficer(site.owner, { organisationId: system.organisationId });
    const payload = { login: clerk.login, password: "wrong" };
    const answer = await site.server.inject({
      method: "POST",
      url: `${signIn.path}?password=${PASSWORD}&login=${system.login}`,
      payload,
      remoteAddress: "10.78.0.1",
    });
    expect(answer.cookies).toEqual([]);
    const empty = await site.server.inject({
      method: "POST",
      url: `${signIn.path}?login=${clerk.login}&password=${PASSWORD}`,
      payload: {},
      remoteAddress: "10.78.0.1",
    });
    expect(empty.statusCode).toBe(422);
  });

  test("a parameter given twice, one with a prototype in it, and one nested without end are refused", async () => {
    const officer = await addOfficer(site.owner);
    const browser = await signedIn(site.server, officer.login);
    const headers = { cookie: `wengang_session=${browser.cookie}`, "x-csrf-token": browser.csrf! };
    const twice = await site.server.inject({ method: "GET", url: `${listPersons.path}?page=1&page=2`, headers });
    expect(twice.statusCode).toBe(422);
    for (const payload of [
      '{"login":"x","password":"y","__proto__":{"isAdmin":true}}',
      '{"login":"x","password":"y","constructor":{"prototype":{"isAdmin":true}}}',
      `{"login":${"[".repeat(50_000)}${"]".repeat(50_000)},"password":"y"}`,
    ]) {
      const answer = await site.server.inject({
        method: "POST",
        url: signIn.path,
        headers: { "content-type": "application/json" },
        payload,
      });
      expect(answer.statusCode).toBe(422);
    }
    expect("isAdmin" in {}).toBe(false);
  });

  test("a form, plain text or nothing at all changes nothing from another site", async () => {
    const forms = ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"];
    for (const type of forms)
      for (const url of [signIn.path, requestCode.path]) {
        const payload = '{"phone":"13900000009","login":"x","password":"y"}';
        const answer = await site.server.inject({ method: "POST", url, headers: { "content-type": type }, payload });
        expect(answer.statusCode, `${type} ${url}`).toBe(422);
        // Not read at all, rather than read and found wanting.
        if (!type.startsWith("multipart")) expect(answer.json().message).toContain("请求的格式有误");
        expect(answer.cookies).toEqual([]);
      }
  });

  test("an address changes nothing: every change of the running program is asked for by another method", async () => {
    const officer = await addOfficer(site.owner);
    const browser = await signedIn(site.server, officer.login);
    const headers = { cookie: `wengang_session=${browser.cookie}` };
    for (const url of [signOut.path, lockOfficer.path.replace(":officerId", officer.officerId)])
      expect((await site.server.inject({ method: "GET", url, headers })).statusCode).toBe(404);
    expect((await browser.openPage()).officer).not.toBeNull();
    for (const method of ["TRACE", "PUT", "DELETE", "PATCH"] as const)
      expect((await site.server.inject({ method: method as "PUT", url: signOut.path, headers })).statusCode).toBe(404);
  });

  test("one message whose end is told in two ways is not two", async () => {
    const listening = await createServer({ services: site.runtime, modules, gate: createGate(modules) });
    await listening.listen({ port: 0, host: "127.0.0.1" });
    const { port } = listening.server.address() as AddressInfo;
    const smuggled = [
      "POST /api/identity/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/health HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /api/health HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 44\r\n\r\nGET /api/health HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /api/health HTTP/1.1\r\nHost: x\r\nX: a\nb: c\r\n\r\n",
    ];
    for (const text of smuggled) {
      const answered = await new Promise<string>((resolve, reject) => {
        let all = "";
        const socket = connect(port, "127.0.0.1", () => socket.write(text));
        socket.on("data", (chunk) => (all += chunk.toString()));
        socket.on("close", () => resolve(all));
        socket.on("error", reject);
        socket.setTimeout(1_500, () => socket.destroy());
      });
      expect(answered.match(/^HTTP\/1\.1 200/gm), text).toBeNull();
    }
    await listening.close();
  });
});

describe("faults", () => {
  test("tell nothing of the program's inside: no stack, path, statement or library", async () => {
    const officer = await addOfficer(site.owner);
    const { database, ...rest } = site.runtime;
    let isBroken = false;
    const broken = await createServer({
      services: {
        ...rest,
        database: new Proxy(database, {
          get(whole, name, receiver) {
            if (isBroken) throw new Error("SELECT secret FROM registry.person -- password=hunter2");
            return Reflect.get(whole, name, receiver) as unknown;
          },
        }),
      },
      modules,
      gate: createGate(modules),
    });
    isBroken = true;
    const asked = [
      await broken.inject({ method: "POST", url: signIn.path, payload: { login: officer.login, password: PASSWORD } }),
      await broken.inject({
        method: "GET",
        url: whoAmI.path,
        headers: { cookie: `wengang_session=${"A".repeat(43)}` },
      }),
    ];
    for (const answer of asked) {
      expect(answer.statusCode).toBe(500);
      expect(answer.json()).toEqual({ code: "platform.fault", message: expect.stringContaining("系统内部出错") });
    }
    isBroken = false;
    await broken.close();
    for (const payload of ["{", '{"login":', "null", "[]", '"x"', "\u0000", "{}"]) {
      const answer = await site.server.inject({
        method: "POST",
        url: signIn.path,
        headers: { "content-type": "application/json" },
        payload,
      });
      expect(answer.statusCode).toBeLessThan(500);
      expect(answer.body).not.toMatch(/ at |node_modules|\.ts\b|SyntaxError|Zod|fastify|JSON/i);
    }
  });

  test("a line of the log stays one line, and holds nothing of the address's query", async () => {
    const wicked = '{"level":60,"msg":"forged"}';
    const phone = new Phone({ runtime: site.runtime, server: secure } as TestSite);
    logged.length = 0;
    await secure.inject({
      method: "POST",
      url: `${signIn.path}?token=%0a${encodeURIComponent(wicked)}&idNumber=433124198503120011`,
      headers: { "sec-fetch-site": "cross-site", "user-agent": `x\t${wicked}`, "content-type": "application/json" },
      payload: { login: "x", password: "y" },
    });
    await phone.ask(requestCode, { phone: "13911119999" }, { headers: { "sec-fetch-site": `x ${wicked}` } });
    expect(logged.length).toBeGreaterThan(0);
    for (const line of logged) {
      expect(line.indexOf("\n")).toBe(line.length - 1);
      expect(JSON.parse(line)).toMatchObject({ msg: "refused", problem: "platform.csrf", level: 40 });
      expect(line).not.toContain("433124198503120011");
    }
  });

  test("what somebody may not is in the log of the program, reading included", async () => {
    const officer = await addOfficer(site.owner, { duties: ["county-clerk"] });
    const entered = await secure.inject({
      method: "POST",
      url: signIn.path,
      payload: { login: officer.login, password: PASSWORD },
      remoteAddress: "10.79.0.1",
    });
    logged.length = 0;
    const answer = await secure.inject({
      method: "GET",
      url: listOfficers.path,
      headers: { cookie: `__Host-wengang_session=${entered.cookies[0]!.value}` },
      remoteAddress: "10.79.0.1",
    });
    expect(answer.statusCode).toBe(403);
    expect(logged.map((line) => JSON.parse(line) as object)).toMatchObject([
      { msg: "refused", problem: "platform.not-permitted", act: `GET ${listOfficers.path}`, ip: "10.79.0.1" },
    ]);
  });
});

test("nothing beside the built pages is handed out, however the address is written, and no folder is listed", async () => {
  const paths = [
    "/../beside.txt",
    "/%2e%2e/beside.txt",
    "/assets/..%2f..%2fbeside.txt",
    "/..\\beside.txt",
    "//etc/passwd",
  ];
  for (const url of [
    ...paths,
    "/assets/",
    "/.git/config",
    "/package.json",
    "/src/cli.ts",
    "/data/postgres/PG_VERSION",
  ]) {
    const answer = await secure.inject({ method: "GET", url });
    expect(answer.body, url).not.toMatch(/not for the web|root:|page-1a2b|repositoryformat|"dependencies"|import /);
  }
});
