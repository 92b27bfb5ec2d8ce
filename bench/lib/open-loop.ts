import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** Requests that leave when their time has come, whether or not earlier ones were answered: a slow answer delays nobody's question. */
export interface Arrival {
  /** After the begin. */
  readonly atMs: number;
  readonly officer: number;
}

export interface Answered {
  readonly kind: string;
  readonly atMs: number;
  /** From the moment it was due, not from when it was sent: what waited in this program counts too. */
  readonly tookMs: number;
  /** 0: no answer. */
  readonly status: number;
}

/** Arrivals of officers who each think for one to three seconds between two requests; `pace` of 5 is five times as many. */
export function schedule(officers: number, seconds: number, pace: number, random: () => number): Arrival[] {
  const arrivals: Arrival[] = [];
  for (let officer = 0; officer < officers; officer++)
    for (let at = (random() * 3_000) / pace; at < seconds * 1_000; at += (1_000 + random() * 2_000) / pace)
      arrivals.push({ atMs: at, officer });
  return arrivals.toSorted((one, other) => one.atMs - other.atMs);
}

/** Sends each at its time and waits for the last answer. */
export async function send(
  arrivals: readonly Arrival[],
  ask: (arrival: Arrival) => Promise<{ kind: string; status: number }>,
): Promise<Answered[]> {
  const began = performance.now();
  const answers: Promise<Answered>[] = [];
  for (const arrival of arrivals) {
    const wait = arrival.atMs - (performance.now() - began);
    if (wait > 1) await sleep(wait);
    const tell = ({ kind, status }: { kind: string; status: number }): Answered => ({
      kind,
      status,
      atMs: arrival.atMs,
      tookMs: performance.now() - began - arrival.atMs,
    });
    answers.push(ask(arrival).then(tell, () => tell({ kind: "none", status: 0 })));
  }
  return Promise.all(answers);
}

export interface Spread {
  readonly kind: string;
  readonly n: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Refused because of load or frequency, and faults. */
  readonly shed: number;
  readonly limited: number;
  readonly failed: number;
}

/** Times of what was answered with success, by kind; refusals and faults are counted beside them, lest they pass for quick answers. */
export function spreadOf(answers: readonly Answered[]): Spread[] {
  const kinds = [...new Set(answers.map(({ kind }) => kind))].toSorted();
  return [
    ...kinds.map((kind) => [kind, answers.filter((one) => one.kind === kind)] as const),
    ["all", answers] as const,
  ].map(([kind, own]) => {
    const times = own
      .filter(({ status }) => status === 200)
      .map(({ tookMs }) => tookMs)
      .toSorted((a, b) => a - b);
    const at = (share: number) =>
      Math.round((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0) * 10) / 10;
    return {
      kind,
      n: own.length,
      p50: at(0.5),
      p95: at(0.95),
      p99: at(0.99),
      shed: own.filter(({ status }) => status === 503).length,
      limited: own.filter(({ status }) => status === 429).length,
      failed: own.filter(({ status }) => status !== 200 && status !== 503 && status !== 429).length,
    };
  });
}

const agent = new Agent({ keepAlive: true, maxSockets: 2_000 });
const PATIENCE_MS = 60_000;

/** A request with little of its own: the officers' processor time must not be the generator's. */
export function ask(
  url: string,
  options: { method: string; headers: Record<string, string>; body?: string },
): Promise<{ status: number; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const sent = request(
    url,
    {
      agent,
      method: options.method,
      headers: {
        ...options.headers,
        ...(options.body === undefined
          ? {}
          : { "content-type": "application/json", "content-length": String(Buffer.byteLength(options.body)) }),
      },
      timeout: PATIENCE_MS,
    },
    (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }));
      response.on("error", reject);
    },
  );
  sent.on("timeout", () => sent.destroy(new Error("no answer in time")));
  sent.on("error", reject);
  sent.end(options.body);
  return promise;
}

/** Numbers from a seed, the same in every run. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
