import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Services } from "../module.ts";
import { Refusal } from "../problem.ts";
import { html } from "./html.ts";
import type { PrintFormat, printMedia } from "../print/index.ts";
import type { Turnstile } from "./turnstile.ts";

/** What the build made of one of the light entries: paths from the root of the site. */
export interface BuiltEntry {
  readonly script: string;
  readonly styles: readonly string[];
}

export interface PageRequest {
  readonly services: Pick<Services, "businessDate" | "config" | "database" | "demo" | "keys">;
  readonly params: Readonly<Record<string, string | undefined>>;
  /** Of a name given twice, the last. */
  readonly query: Readonly<Record<string, string | undefined>>;
  /** By the entry's source file; null where the pages have not been built. */
  readonly entry: (source: string) => BuiltEntry | null;
}

export interface PageBody {
  readonly mediaType:
    | "text/html; charset=utf-8"
    | "text/javascript; charset=utf-8"
    | "text/plain; charset=utf-8"
    | (typeof printMedia)[PrintFormat];
  readonly body: string;
  /** A file to be kept instead of a page to be read. */
  readonly file?: { readonly name: string; readonly bytes: Buffer };
  readonly status?: 200 | 404;
  /** The address carries the digest of the content, so a browser need never ask again. */
  readonly immutable?: boolean;
  /** A service worker's script: it may fetch from this site alone, to keep what a page needs for when there is no network. */
  readonly fetches?: boolean;
}

/**
 * A page that everybody may read, written by the server without session, transaction or audit row. It sees no data of persons and
 * sets no cookie; its policy lets no script send anything anywhere, unless it is one that asks this server.
 */
export interface PublicPage {
  /** Path with `:name` parameters. */
  readonly path: string;
  readonly answer: (request: PageRequest) => Promise<PageBody>;
  /** Its script asks this server, and shows pictures that the reader has chosen; nothing else may be reached from it either. */
  readonly asks?: boolean;
}

/** Compressed bodies kept, by digest: the same pages are asked for again and again. */
const MOST_KEPT = 200;
/** Written by the second build (scripts/build-web.ts). */
export const LIGHT_MANIFEST = ".vite/light.json";

const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join(";");
const ASKING_POLICY = `${CONTENT_POLICY};connect-src 'self'`;

const WORKER_POLICY = "default-src 'none';script-src 'self';connect-src 'self'";

export function mountPublicPages(
  server: FastifyInstance,
  services: Services,
  turnstile: Pick<Turnstile, "admitPublic" | "load">,
  pages: readonly PublicPage[],
  webFolder: string | undefined,
): void {
  const entry = builtEntries(webFolder);
  const kept = new Map<string, Buffer>();
  for (const page of pages)
    server.get(page.path, { errorHandler: answerReader }, async (request, reply) => {
      await turnstile.admitPublic(request);
      const {
        mediaType,
        body: text,
        status = 200,
        immutable,
        fetches,
        file,
      } = await turnstile.load.run("public", () =>
        page.answer({
          services,
          params: request.params as Record<string, string>,
          query: lastOfEach(request.query as Record<string, string | string[]>),
          entry,
        }),
      );
      const body = file?.bytes ?? text;
      const digest = createHash("sha256").update(body).digest("base64url").slice(0, 22);
      void reply
        .status(status)
        .header("content-type", mediaType)
        .header("content-security-policy", fetches ? WORKER_POLICY : page.asks ? ASKING_POLICY : CONTENT_POLICY)
        .header("cache-control", immutable ? "public, max-age=31536000, immutable" : "no-cache")
        .header("etag", `"${digest}"`)
        .header("vary", "accept-encoding");
      if (file)
        void reply.header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`);
      if (request.headers["if-none-match"] === `"${digest}"` && status === 200) return reply.status(304).send();
      if (!/\bgzip\b/.test(request.headers["accept-encoding"] ?? "")) return reply.send(body);
      return reply.header("content-encoding", "gzip").send(compressed(kept, digest, body));
    });
}

/** Whoever reads a page gets a sentence and not what programs get; where waiting helps the page comes again by itself. */
function answerReader(cause: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!(cause instanceof Refusal) || !/\btext\/html\b/.test(request.headers.accept ?? "")) throw cause;
  const { status, message, retryAfter } = cause.problem;
  return reply
    .status(status)
    .header("content-type", "text/html; charset=utf-8")
    .header("content-security-policy", CONTENT_POLICY)
    .header("cache-control", "no-store")
    .send(
      html`<!doctype html>
        <html lang="zh-CN">
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            ${retryAfter === undefined ? null : html`<meta http-equiv="refresh" content="${retryAfter}" />`}
            <title>请稍候 · 稳岗</title>
          </head>
          <body>
            <h1>请稍候</h1>
            <p>${message}${retryAfter === undefined ? null : "本页会自动再打开。"}</p>
            <p><a href="/policies">看政策清单</a></p>
          </body>
        </html>`.text,
    );
}

function lastOfEach(query: Readonly<Record<string, string | string[]>>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, Array.isArray(value) ? value.at(-1) : value]),
  );
}

function compressed(kept: Map<string, Buffer>, digest: string, body: string | Buffer): Buffer {
  const known = kept.get(digest);
  if (known) return known;
  const made = gzipSync(body, { level: 9 });
  if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!);
  kept.set(digest, made);
  return made;
}

function builtEntries(webFolder: string | undefined): PageRequest["entry"] {
  const file = webFolder && join(webFolder, LIGHT_MANIFEST);
  if (!file || !existsSync(file)) return () => null;
  const manifest = JSON.parse(readFileSync(file, "utf8")) as Record<string, BuiltChunk | undefined>;
  // What two entries share is built once, with its style sheet: it belongs to both.
  const sheetsOf = ({ css = [], imports = [] }: BuiltChunk): readonly string[] => [
    ...imports.flatMap((one) => (manifest[one] ? sheetsOf(manifest[one]) : [])),
    ...css,
  ];
  return (source) => {
    const chunk = manifest[source];
    return chunk
      ? { script: `/${chunk.file}`, styles: [...new Set(sheetsOf(chunk))].map((sheet) => `/${sheet}`) }
      : null;
  };
}

interface BuiltChunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
}
