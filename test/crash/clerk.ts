import { setTimeout as sleep } from "node:timers/promises";
import { signIn, whoAmI } from "../../src/identity/contract.ts";
import { PASSWORD } from "../../src/identity/fixtures.ts";
import { SESSION_COOKIE } from "../../src/identity/sessions/gate.ts";
import { receiveBatch } from "../../src/ledger/contract.ts";
import type { OutputOf, RequestOf, Route } from "../../src/platform/contract.ts";
import type { LedgerFile } from "./ledger-files.ts";

const BUSY_MS = 1_000;

/** The answer never came, or said that nothing was done: the act may or may not have taken effect. */
export class Unacknowledged extends Error {}

/** There was too much to do: nothing was begun. */
export class TurnedAway extends Unacknowledged {}

/** The server said no, with the problem's code: nothing was done. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(message: string, status: number, code: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** An officer at a browser, over HTTP. His session lives in the database and outlives the server. */
export class Clerk {
  readonly #installation: { readonly address: string };
  #cookie = "";
  #csrf = "";
  readonly #patienceMs: number;

  constructor(installation: { readonly address: string }, patienceMs = 30_000) {
    this.#installation = installation;
    this.#patienceMs = patienceMs;
  }

  async signIn(login: string): Promise<void> {
    await this.ask(signIn, { login, password: PASSWORD });
    const { officer } = await this.ask(whoAmI, {});
    this.#csrf = officer?.csrf ?? "";
  }

  ask<R extends Route>(route: R, input: RequestOf<R>): Promise<OutputOf<R>> {
    const { path, rest } = addressOf(route, input);
    if (route.method !== "GET") return this.#send(route, path, JSON.stringify(rest), "application/json");
    return this.#send(route, `${path}?${new URLSearchParams(rest as Record<string, string>).toString()}`);
  }

  /** Hands a file to a route of uploads. */
  upload<R extends Route>(route: R, input: RequestOf<R>, name: string, bytes: BlobPart): Promise<OutputOf<R>> {
    const { path, rest } = addressOf(route, input);
    const form = new FormData();
    for (const [key, value] of Object.entries(rest)) form.append(key, String(value));
    form.append("file", new Blob([bytes]), name);
    return this.#send(route, path, form);
  }

  /** The bytes of a download. */
  async take<R extends Route>(route: R, input: RequestOf<R>): Promise<Buffer> {
    const { path, rest } = addressOf(route, input);
    const response = await fetch(
      `${this.#installation.address}${path}?${new URLSearchParams(rest as Record<string, string>).toString()}`,
      { headers: { cookie: `${SESSION_COOKIE}=${this.#cookie}` }, signal: AbortSignal.timeout(this.#patienceMs) },
    );
    // A download gives way first where a machine has too much to do.
    if (response.status === 503) {
      await sleep(BUSY_MS);
      return this.take(route, input);
    }
    if (response.status !== 200) throw new Error(`${route.summary}: ${response.status} ${await response.text()}`);
    return Buffer.from(await response.arrayBuffer());
  }

  receive(file: LedgerFile): Promise<OutputOf<typeof receiveBatch>> {
    const form = new FormData();
    form.append("kind", file.kind);
    form.append("month", file.month);
    form.append("sender", "测试移交单位");
    form.append("complete", String(file.complete));
    form.append("file", new Blob([file.text]), `${file.month}.csv`);
    return this.#send(receiveBatch, receiveBatch.path, form);
  }

  /** The same until it is answered: for what may be asked again without harm. */
  async askUntilAnswered<R extends Route>(route: R, input: RequestOf<R>, patienceMs = 60_000): Promise<OutputOf<R>> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      try {
        return await this.ask(route, input);
      } catch (cause) {
        if (!(cause instanceof Unacknowledged) || Date.now() > deadline) throw cause;
        await sleep(100);
      }
    }
  }

  async #send<R extends Route>(route: R, path: string, body?: string | FormData, type?: string): Promise<OutputOf<R>> {
    const headers: Record<string, string> = { cookie: `${SESSION_COOKIE}=${this.#cookie}`, "x-csrf-token": this.#csrf };
    if (type) headers["content-type"] = type;
    let status: number;
    let text: string;
    try {
      const response = await fetch(this.#installation.address + path, {
        method: route.method,
        headers,
        ...(body === undefined ? {} : { body }),
        signal: AbortSignal.timeout(this.#patienceMs),
      });
      const cookie = response.headers.getSetCookie().find((one) => one.startsWith(`${SESSION_COOKIE}=`));
      if (cookie) this.#cookie = cookie.slice(SESSION_COOKIE.length + 1).split(";")[0]!;
      status = response.status;
      text = await response.text();
    } catch (cause) {
      throw new Unacknowledged(`${route.summary}: ${(cause as Error).message}`, { cause });
    }
    if (status === 503 && text.includes("platform.busy")) throw new TurnedAway(`${route.summary}: busy`);
    if (status >= 500) throw new Unacknowledged(`${route.summary}: ${status} ${text}`);
    if (status !== 200) {
      const { code = "" } = JSON.parse(text) as { code?: string };
      throw new Refused(`${route.summary}: ${status} ${text}`, status, code);
    }
    return route.output.parse(JSON.parse(text)) as OutputOf<R>;
  }
}

/** The path with its parts filled in, and what is left of the input. */
function addressOf<R extends Route>(route: R, input: RequestOf<R>): { path: string; rest: Record<string, unknown> } {
  const rest: Record<string, unknown> = { ...(input as Record<string, unknown>) };
  const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = String(rest[name]);
    delete rest[name];
    return value;
  });
  return { path, rest };
}
