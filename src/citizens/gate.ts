import type { FastifyRequest } from "fastify";
import { sql } from "kysely";
import { newToken, tokenDigest } from "#identity";
import { noSight, type SelfSight } from "../platform/db/database.ts";
import { cookieName } from "../platform/http/cookies.ts";
import type { ActionContext, Caller, Services } from "../platform/module.ts";
import { platformProblems, refuse } from "../platform/problem.ts";
import { citizensProblems } from "./problems.ts";
import type { MemberRole } from "./words.ts";

/** Of its own: an officer who tries the citizens' pages stays the officer he is. */
export const CITIZEN_COOKIE = "wengang_citizen";
const IDLE_MINUTES = 15;
const LONGEST_HOURS = 12;
const SESSIONS_PER_ACCOUNT = 2;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

interface LiveSession {
  account_id: string;
  csrf: string;
  phone_mask: string;
  name: string | null;
  person_id: string | null;
  home_region: string;
  employer_id: string | null;
  employer_name: string | null;
  employer_region: string;
  role: MemberRole | null;
}

/** Who asks at the citizens' addresses: scope *self* and no permission. For an enterprise he sees the enterprise and not himself. */
export async function identifyAccount(services: Services, request: FastifyRequest): Promise<Caller | null> {
  const token = request.cookies[cookieName(services.config, CITIZEN_COOKIE)];
  if (token === undefined || !TOKEN.test(token)) return null;
  const hash = tokenDigest(token);
  const { rows } = await sql<LiveSession>`
    SELECT * FROM citizens.use_session(${hash}, ${IDLE_MINUTES}, ${LONGEST_HOURS})`.execute(services.database.app);
  return rows[0] ? callerOf(rows[0], hash) : null;
}

function callerOf(live: LiveSession, hash: string): Caller {
  const forEnterprise = live.employer_id !== null;
  const self: SelfSight = {
    accountId: live.account_id,
    personId: forEnterprise ? null : live.person_id,
    employerId: live.employer_id,
    homeRegion: forEnterprise ? live.employer_region : live.home_region,
  };
  return {
    officerId: null,
    name: live.name ?? live.phone_mask,
    organisation: live.employer_name ?? "群众账号",
    permissions: new Set(),
    sight: { ...noSight, self },
    session: { id: hash, csrf: live.csrf },
  };
}

/** Always a new token: after signing in, after the real name is bound, and when somebody changes whom he acts for. */
export async function openAccountSession(
  context: ActionContext,
  accountId: string,
  employerId: string | null,
): Promise<boolean> {
  const { tx, request, caller } = context;
  const token = newToken();
  const { rows } = await sql<{ opened: boolean }>`
    SELECT citizens.open_session(${tokenDigest(token)}, ${caller.session?.id ?? null}, ${accountId}, ${employerId}, ${newToken()},
      ${request.ip}, ${request.userAgent.slice(0, 300)}, ${SESSIONS_PER_ACCOUNT}) AS opened`.execute(tx);
  if (!rows[0]?.opened) return false;
  context.setCookie(CITIZEN_COOKIE, token, { httpOnly: true });
  return true;
}

export function selfOf({ caller }: ActionContext): SelfSight {
  return caller.sight.self ?? refuse(platformProblems.notSignedIn());
}

/** The person whose account asks. The first wall: every query of these pages is about this id and takes none from outside. */
export function ownPerson(context: ActionContext): { personId: string; accountId: string; homeRegion: string } {
  const { personId, accountId, employerId, homeRegion } = selfOf(context);
  if (employerId !== null) return refuse(citizensProblems.forHimself());
  return personId === null ? refuse(citizensProblems.needsRealName()) : { personId, accountId, homeRegion };
}
