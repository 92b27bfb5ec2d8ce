import { gunzipSync } from "node:zlib";
import Fastify from "fastify";
import { describe, expect, it } from "vitest";
import type { Services } from "../module.ts";
import { platformProblems, refuse } from "../problem.ts";
import { mountPublicPages, type PublicPage } from "./public-pages.ts";
import type { Turnstile } from "./turnstile.ts";

const greeting: PublicPage = {
  path: "/greeting/:name",
  answer: ({ params, query }) =>
    Promise.resolve({
      mediaType: "text/html; charset=utf-8",
      body: `<p>${params["name"]} ${query["word"] ?? "您好"}</p>`,
      immutable: params["name"] === "fixed",
    }),
};

const crowded: PublicPage = { path: "/crowded", answer: () => refuse(platformProblems.busy(5)) };
const echoing: PublicPage = {
  path: "/echo",
  answer: () => refuse({ code: "test.echo", status: 404, message: "没有“<img src=x>”" }),
};
const broken: PublicPage = { path: "/broken", answer: () => Promise.reject(new Error("a fault of ours")) };

const server = Fastify();
const open = { admitPublic: async () => {}, load: { run: (_: string, work: () => Promise<unknown>) => work() } };
mountPublicPages(
  server,
  {} as unknown as Services,
  open as unknown as Turnstile,
  [greeting, crowded, echoing, broken],
  undefined,
);
const get = (url: string, headers: Readonly<Record<string, string>> = {}) =>
  server.inject({ method: "GET", url, headers });

describe("a page for everybody", () => {
  it("may run no script but ours, and may send nothing", async () => {
    const { headers, body } = await get("/greeting/a?word=x&word=y");
    expect(body).toBe("<p>a y</p>");
    expect(headers["content-security-policy"]).toContain("default-src 'none';script-src 'self';style-src 'self'");
    expect(headers["content-security-policy"]).not.toMatch(/unsafe|connect-src/);
    expect(headers["set-cookie"]).toBeUndefined();
  });

  it("is sent again only when it has changed, and compressed to whoever takes it", async () => {
    const first = await get("/greeting/a");
    expect(first.headers["cache-control"]).toBe("no-cache");
    const again = await get("/greeting/a", { "if-none-match": first.headers["etag"] as string });
    expect([again.statusCode, again.body]).toEqual([304, ""]);
    expect((await get("/greeting/b", { "if-none-match": first.headers["etag"] as string })).statusCode).toBe(200);
    const small = await get("/greeting/a", { "accept-encoding": "gzip" });
    expect(gunzipSync(small.rawPayload).toString()).toBe(first.body);
    expect((await get("/greeting/fixed")).headers["cache-control"]).toContain("immutable");
  });

  it("says to a reader in a sentence that it is busy, and comes again by itself; a program gets what programs get", async () => {
    const read = await get("/crowded", { accept: "text/html,application/xhtml+xml" });
    expect([read.statusCode, read.headers["content-type"]]).toEqual([503, "text/html; charset=utf-8"]);
    expect(read.body).toContain("系统繁忙");
    expect(read.body).toContain('http-equiv="refresh" content="5"');
    // What a sentence repeats of what was asked for is text and no markup.
    expect((await get("/echo", { accept: "text/html" })).body).toContain("&lt;img src=x&gt;");
    for (const [url, accept] of [
      ["/crowded", "application/json"],
      ["/broken", "text/html"],
    ] as const)
      expect((await get(url, { accept })).headers["content-type"]).toContain("application/json");
  });
});
