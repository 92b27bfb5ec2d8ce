import { environmentManager, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { BACKGROUND_HEADER, query } from "../platform/contract.ts";
import { createQueryClient, routeQuery } from "./query.ts";

const route = query({
  path: "/api/count",
  summary: "",
  access: "signed-in",
  input: z.object({}),
  output: z.object({ n: z.int() }),
});
/** Of each request, whether it said that the screen asks by itself. */
let background: boolean[];
let refused: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  // A server asks nothing again; here a browser is played.
  environmentManager.setIsServer(() => false);
  background = [];
  refused = false;
  vi.stubGlobal("fetch", (_url: string, init: { headers: Record<string, string> }) => {
    background.push(init.headers[BACKGROUND_HEADER] !== undefined);
    return Promise.resolve(Response.json({ n: 1 }, { status: refused ? 403 : 200 }));
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a page that asks every minute says so after the first time, so that an unattended desk signs out", async () => {
  const client = createQueryClient();
  const stop = new QueryObserver(client, routeQuery(route, {}, { every: 60_000 })).subscribe(() => {});
  await vi.advanceTimersByTimeAsync(150_000);
  expect(background).toEqual([false, true, true]);
  // The officer has done something: what he then sees is asked for him.
  await client.invalidateQueries();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(background).toEqual([false, true, true, false, true]);
  stop();
});

test("so does one that is refused each time", async () => {
  refused = true;
  const stop = new QueryObserver(createQueryClient(), routeQuery(route, {}, { every: 60_000 })).subscribe(() => {});
  await vi.advanceTimersByTimeAsync(130_000);
  expect(background).toEqual([false, true, true]);
  stop();
});

test("what nobody asks again and again is asked by the officer", async () => {
  const client = createQueryClient();
  await client.fetchQuery({ ...routeQuery(route, {}), staleTime: 0 });
  await client.fetchQuery({ ...routeQuery(route, {}), staleTime: 0 });
  expect(background).toEqual([false, false]);
});
