/**
 * The calculator's service worker. Keeps one calculator (the last one opened) by the addresses that the page names, and answers from
 * there: what never changes first, the page itself only when there is no network. Addresses are kept without what follows `?`.
 */
import type { Keep } from "./keep.ts";

/** What of a worker's surroundings is used; the program is otherwise typed for pages. */
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Surroundings {
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", listener: (event: Lasting) => void): void;
  addEventListener(type: "message", listener: (event: Lasting & { readonly data: Keep }) => void): void;
  addEventListener(type: "fetch", listener: (event: Fetching) => void): void;
}
const worker = globalThis as unknown as Surroundings;

const SHELF = "calculator";
// Written here and not shared with the page: a module that both import would be a chunk, which a classic script cannot load.
const KEPT = /^\/(assets\/|calculator\/)/;
/** Their address changes with their content. */
const LASTING = /^\/(assets\/|calculator\/rules\/)/;
/** On a phone without a signal a request may hang; what is kept is better than a white page. */
const PATIENCE_MS = 4_000;

worker.addEventListener("install", (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("message", (event) => event.waitUntil(keepOnly(event.data.keep)));
worker.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== worker.location.origin || !KEPT.test(pathname)) return;
  event.respondWith(
    LASTING.test(pathname) ? keptOrFetched(event.request, pathname) : fetchedOrKept(event.request, pathname),
  );
});

async function keepOnly(paths: readonly string[]): Promise<void> {
  const shelf = await caches.open(SHELF);
  for (const path of paths) {
    if (!KEPT.test(path)) continue;
    if (LASTING.test(path) && (await shelf.match(path))) continue;
    const answer = await fetch(path);
    if (answer.ok) await shelf.put(path, answer);
  }
  for (const { url } of await shelf.keys()) if (paths.indexOf(new URL(url).pathname) < 0) await shelf.delete(url);
}

async function keptOrFetched(request: Request, path: string): Promise<Response> {
  return (await (await caches.open(SHELF)).match(path)) ?? fetch(request);
}

async function fetchedOrKept(request: Request, path: string): Promise<Response> {
  const kept = await (await caches.open(SHELF)).match(path);
  if (!kept) return fetch(request);
  const late = new Promise<Response>((resolve) => setTimeout(() => resolve(kept), PATIENCE_MS));
  return Promise.race([fetch(request).catch(() => kept), late]);
}
