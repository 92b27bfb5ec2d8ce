import "@fastify/cookie";
import { createHash, randomBytes } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { recordEntry } from "#audit";
import { BACKGROUND_HEADER } from "../../platform/contract.ts";
import { noSight } from "../../platform/db/database.ts";
import { cookieName } from "../../platform/http/cookies.ts";
import type { ActionContext, AuditEntry, Caller, DomainModule, Gate, Services } from "../../platform/module.ts";
import { permissionsOf, sightOf } from "../permissions.ts";
import { useSession, type LiveSession } from "./store.ts";

export const SESSION_COOKIE = "wengang_session";

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** 256 random bits, for a cookie or a CSRF token. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

export function tokenDigest(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

const nobody: Caller = {
  officerId: null,
  name: "",
  organisation: "",
  permissions: new Set(),
  sight: noSight,
  session: null,
};

/** The identity domain's part in every request: who asks, and the audit row of what he did. */
export function createGate(modules: readonly DomainModule[]): Gate {
  return {
    async identify(services: Services, request: FastifyRequest): Promise<Caller> {
      const accounts = modules.find((module) => module.accounts && request.url.startsWith(module.accounts.prefix));
      // There no officer is known, whatever cookies the browser has besides.
      if (accounts?.accounts) return (await accounts.accounts.identify(services, request)) ?? nobody;
      const token = request.cookies[cookieName(services.config, SESSION_COOKIE)];
      if (token === undefined || !TOKEN.test(token)) return nobody;
      const hash = tokenDigest(token);
      const byHand = request.headers[BACKGROUND_HEADER] === undefined;
      const session = await useSession(services.database.app, hash, byHand, services.config.passwords.days);
      return session ? callerOf(session, hash, modules) : nobody;
    },
    record: recordAct,
  };
}

function callerOf(session: LiveSession, hash: string, modules: readonly DomainModule[]): Caller {
  const { officer_id: officerId, name, organisation, duties, region } = session;
  const opened = {
    id: hash,
    csrf: session.csrf,
    singleSignOn: session.single_sign_on,
    mustEnrol: session.must_enrol,
    mustChangePassword: session.must_change_password,
  };
  const own = { officerId, name, organisation, session: opened };
  // Until the code has come he is nobody: what every officer may do he may not.
  if (session.stage === "second-factor")
    return { ...own, officerId: null, permissions: new Set(), sight: { ...noSight, officerId } };
  // Whoever still has a password that another person knows may do nothing but replace it; likewise he who lacks a second factor.
  if (session.must_change_password || session.must_enrol)
    return { ...own, permissions: new Set(), sight: { ...noSight, officerId } };
  return { ...own, permissions: permissionsOf(duties, modules), sight: sightOf(duties, region, officerId) };
}

/** Who acted, when the act itself is what makes him known: signing in. */
export interface Actor {
  readonly officerId: string;
  readonly name: string;
  readonly organisation: string;
}

async function recordAct(context: ActionContext, entry: AuditEntry): Promise<void> {
  const { caller } = context;
  const { self } = caller.sight;
  const { subject, region, count, actor, ...detail } = entry.detail;
  const author = entry.kind === "sign-in" && actor ? (actor as Actor) : caller;
  await recordEntry(context.tx, {
    kind: entry.kind,
    act: entry.act,
    outcome: entry.outcome,
    officerId: author.officerId,
    officerName: author.name,
    organisation: author.organisation,
    region: region ?? caller.sight.region ?? caller.sight.administers ?? self?.homeRegion ?? "",
    subject,
    count,
    detail: self ? { ...detail, account: self.accountId } : detail,
    problem: entry.problem,
    ip: context.request.ip,
    requestId: context.requestId,
  });
}
