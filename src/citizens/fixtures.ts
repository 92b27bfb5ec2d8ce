import type { FastifyInstance } from "fastify";
import type { Client } from "pg";
import { auditModule } from "#audit";
import { exportsModule } from "#exports";
import { identityModule } from "#identity";
import { registryModule } from "#registry";
import { testSite, type TestSite } from "../identity/fixtures.ts";
import type { OutputOf, RequestOf, Route } from "../platform/contract.ts";
import type { DomainModule } from "../platform/module.ts";
import { enterWithCode, requestCode, whoEntered } from "./contract.ts";
import { CITIZEN_COOKIE } from "./gate.ts";
import { waitingMessages } from "./messages.ts";
import { citizensModule } from "./module.ts";

export const modules: readonly DomainModule[] = [
  exportsModule(() => []),
  registryModule,
  auditModule,
  identityModule,
  citizensModule,
];

/** A demonstration, so that codes stay in the outbox and can be read there. */
export function citizensSite(): Promise<TestSite> {
  return testSite({ modules, demo: true });
}

export interface PhoneAnswer<T> {
  readonly status: number;
  readonly body: T;
  readonly problem: string | undefined;
  readonly message: string;
}

let addresses = 0;

/** One telephone's browser: its cookies and its page's token. */
export class Phone {
  readonly #site: Pick<TestSite, "runtime">;
  readonly #server: FastifyInstance;
  readonly ip: string;
  cookie: string | undefined;
  /** What ties a code to the browser that asked for it. */
  asking: string | undefined;
  csrf: string | undefined;

  constructor(site: TestSite, ip = `10.60.${Math.floor(++addresses / 250)}.${addresses % 250}`) {
    this.#site = site;
    this.#server = site.server;
    this.ip = ip;
  }

  async ask<R extends Route>(
    route: R,
    input: RequestOf<R>,
    more: { file?: { name: string; bytes: Buffer }; headers?: Record<string, string> } = {},
  ): Promise<PhoneAnswer<OutputOf<R>>> {
    const rest: Record<string, unknown> = { ...(input as Record<string, unknown>) };
    const url = route.path.replaceAll(/:(\w+)/g, (_, name: string) => {
      const value = String(rest[name]);
      delete rest[name];
      return encodeURIComponent(value);
    });
    const reading = route.method === "GET";
    const form = more.file ? multipart(rest as Record<string, string>, more.file) : undefined;
    const response = await this.#server.inject({
      method: route.method,
      url: reading ? `${url}?${new URLSearchParams(rest as Record<string, string>).toString()}` : url,
      remoteAddress: this.ip,
      headers: {
        cookie: `${CITIZEN_COOKIE}=${this.cookie ?? ""}; wengang_code=${this.asking ?? ""}`,
        ...(this.csrf ? { "x-csrf-token": this.csrf } : {}),
        ...form?.headers,
        ...more.headers,
      },
      ...(reading ? {} : { payload: form?.payload ?? rest }),
    });
    for (const { name, value } of response.cookies) {
      if (name === CITIZEN_COOKIE) this.cookie = value || undefined;
      if (name === "wengang_code") this.asking = value || undefined;
    }
    const json = response.headers["content-type"]?.toString().startsWith("application/json");
    const body = json ? response.json() : response.body;
    const done = response.statusCode === 200;
    return {
      status: response.statusCode,
      body,
      problem: done ? undefined : body.code,
      message: done ? "" : body.message,
    };
  }

  async openPage(): Promise<OutputOf<typeof whoEntered>> {
    const { body } = await this.ask(whoEntered, {});
    this.csrf = body.account?.csrf;
    return body;
  }

  /** The code that lies in the outbox for this number. */
  async codeFor(phone: string): Promise<string> {
    const messages = await waitingMessages(this.#site.runtime);
    return /验证码 (\d{6})/.exec(messages.find((message) => message.phone === phone)?.text ?? "")?.[1] ?? "";
  }

  async enter(phone: string): Promise<void> {
    const asked = await this.ask(requestCode, { phone });
    if (asked.status !== 200) throw new Error(`no code: ${asked.message}`);
    const entered = await this.ask(enterWithCode, { phone, code: await this.codeFor(phone) });
    if (entered.status !== 200) throw new Error(`not let in: ${entered.message}`);
    await this.openPage();
  }
}

const BOUNDARY = "----a-test-of-forms";

export function multipart(fields: Record<string, string>, file: { name: string; bytes: Buffer }) {
  const part = (head: string) => `--${BOUNDARY}\r\nContent-Disposition: form-data; ${head}`;
  const before = Object.entries(fields).map(([name, value]) => `${part(`name="${name}"`)}\r\n\r\n${value}\r\n`);
  return {
    headers: { "content-type": `multipart/form-data; boundary=${BOUNDARY}` },
    payload: Buffer.concat([
      Buffer.from(before.join("")),
      Buffer.from(`${part(`name="file"; filename="${file.name}"`)}\r\nContent-Type: application/octet-stream\r\n\r\n`),
      file.bytes,
      Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
    ]),
  };
}

/** The least that calls itself a PNG. */
export const picture = { name: "户口本.png", bytes: Buffer.from("89504e470d0a1a0a0000000d49484452", "hex") };

/** Codes may be asked for again at once: what a test does in a second takes people a day. */
export async function forgetAttempts(owner: Client): Promise<void> {
  await owner.query("DELETE FROM identity.attempt");
}
