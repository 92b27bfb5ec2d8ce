import type { FastifyInstance } from "fastify";
import type { Client } from "pg";
import { auditModule } from "#audit";
import { registryModule } from "#registry";
import type { OutputOf, RequestOf, Route } from "../platform/contract.ts";
import { createServer } from "../platform/http/server.ts";
import type { Config } from "../platform/config.ts";
import type { DomainModule } from "../platform/module.ts";
import { testRuntime, type TestOptions, type TestRuntime } from "../platform/testing/index.ts";
import { signIn, whoAmI, type Duty } from "./contract.ts";
import { DEVICE_COOKIE } from "./sessions/devices.ts";
import { createGate, SESSION_COOKIE } from "./sessions/gate.ts";
import { hashPassword } from "./sessions/passwords.ts";
import { identityModule } from "./module.ts";

export const modules: readonly DomainModule[] = [registryModule, auditModule, identityModule];

/** Keeps the rules for passwords; every officer of the fixtures has it. */
export const PASSWORD = "Right-password-1";

export interface TestSite {
  readonly runtime: TestRuntime;
  readonly server: FastifyInstance;
  readonly owner: Client;
  close(): Promise<void>;
}

/** An installation of its own with its server, which is asked without a network. */
export async function testSite(
  options: TestOptions & { modules?: readonly DomainModule[]; oidc?: Config["oidc"]; factorRules?: boolean } = {},
): Promise<TestSite> {
  const all = options.modules ?? modules;
  // A test database is a copy of a template, which is no demo; here the answer is arranged.
  const opened = await testRuntime(all, options);
  const runtime = { ...opened, demo: options.demo ?? false, config: { ...opened.config, oidc: options.oidc } };
  const server = await createServer({ services: runtime, modules: all, gate: createGate(all) });
  const owner = await runtime.owner();
  // Most tests are about something else than the second factor that administrators need.
  if (!options.factorRules) await owner.query("DELETE FROM identity.second_factor_rule");
  return {
    runtime,
    server,
    owner,
    async close() {
      await server.close();
      await runtime.close();
    },
  };
}

let made = 0;

export async function addOrganisation(owner: Client, given: { region: string; name?: string }): Promise<string> {
  made += 1;
  const { rows } = await owner.query<{ organisation_id: string }>(
    `INSERT INTO identity.organisation (name, department, region) VALUES ($1, 'human-resources', $2) RETURNING organisation_id`,
    [given.name ?? `测试单位${made}`, given.region],
  );
  return rows[0]!.organisation_id;
}

export interface AddedOfficer {
  readonly officerId: string;
  readonly organisationId: string;
  readonly login: string;
  readonly region: string;
}

let passwordHash: Promise<string> | undefined;

/** An officer who may sign in with PASSWORD, in an organisation of his own region unless told otherwise. */
export async function addOfficer(
  owner: Client,
  given: {
    region?: string;
    duties?: Duty[];
    organisationId?: string;
    login?: string;
    mustChangePassword?: boolean;
  } = {},
): Promise<AddedOfficer> {
  made += 1;
  passwordHash ??= hashPassword(PASSWORD);
  const login = given.login ?? `officer${made}`;
  const region = given.region ?? "433124";
  const organisationId = given.organisationId ?? (await addOrganisation(owner, { region }));
  const { rows } = await owner.query<{ officer_id: string }>(
    `INSERT INTO identity.officer (login, name, organisation_id, organisation_region, region, duties, password_hash, must_change_password)
     SELECT $1, $2, organisation_id, region, $3, $4, $5, $6 FROM identity.organisation WHERE organisation_id = $7 RETURNING officer_id`,
    [
      login,
      `测试人员${made}`,
      region,
      given.duties ?? ["county-clerk"],
      await passwordHash,
      given.mustChangePassword ?? false,
      organisationId,
    ],
  );
  return { officerId: rows[0]!.officer_id, organisationId, login, region };
}

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  /** Code of the problem; undefined when the act was done. */
  readonly problem: string | undefined;
}

function cookieHeader(cookies: Readonly<Record<string, string | undefined>>): { cookie?: string } {
  const held = Object.entries(cookies).flatMap(([name, value]) => (value ? [`${name}=${value}`] : []));
  return held.length > 0 ? { cookie: held.join("; ") } : {};
}

/** One browser: keeps its cookie and its page's CSRF token. */
export class Browser {
  readonly #server: FastifyInstance;
  readonly #ip: string;
  cookie: string | undefined;
  csrf: string | undefined;
  /** The mark that a right password leaves on a browser. */
  device: string | undefined;

  constructor(server: FastifyInstance, ip = "10.1.0.1") {
    this.#server = server;
    this.#ip = ip;
  }

  async ask<R extends Route>(
    route: R,
    input: RequestOf<R>,
    headers: Record<string, string> = {},
  ): Promise<Answer<OutputOf<R>>> {
    const rest: Record<string, unknown> = { ...(input as Record<string, unknown>) };
    const url = route.path.replaceAll(/:(\w+)/g, (_, name: string) => {
      const value = String(rest[name]);
      delete rest[name];
      return encodeURIComponent(value);
    });
    const reading = route.method === "GET";
    const response = await this.#server.inject({
      method: route.method,
      url: reading ? `${url}?${new URLSearchParams(rest as Record<string, string>).toString()}` : url,
      remoteAddress: this.#ip,
      headers: {
        ...cookieHeader({ [SESSION_COOKIE]: this.cookie, [DEVICE_COOKIE]: this.device }),
        ...(this.csrf ? { "x-csrf-token": this.csrf } : {}),
        ...headers,
      },
      ...(reading ? {} : { payload: rest }),
    });
    for (const cookie of response.cookies) {
      if (cookie.name === SESSION_COOKIE) this.cookie = cookie.value || undefined;
      if (cookie.name === DEVICE_COOKIE) this.device = cookie.value;
    }
    const json = response.headers["content-type"]?.toString().startsWith("application/json");
    const body = json ? response.json() : response.body;
    return { status: response.statusCode, body, problem: response.statusCode === 200 ? undefined : body.code };
  }

  /** Signs in and opens the first page, which hands out the CSRF token. */
  async signIn(login: string, password = PASSWORD): Promise<Answer<OutputOf<typeof signIn>>> {
    const answer = await this.ask(signIn, { login, password });
    if (answer.status === 200) await this.openPage();
    return answer;
  }

  async openPage(): Promise<OutputOf<typeof whoAmI>> {
    const { body } = await this.ask(whoAmI, {});
    this.csrf = body.officer?.csrf;
    return body;
  }
}

export async function signedIn(server: FastifyInstance, login: string, ip?: string): Promise<Browser> {
  const browser = new Browser(server, ip);
  const answer = await browser.signIn(login);
  if (answer.status !== 200) throw new Error(`${login} could not sign in: ${JSON.stringify(answer.body)}`);
  return browser;
}
