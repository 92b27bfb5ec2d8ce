import { sql } from "kysely";
import { isIPv6 } from "node:net";
import { sightStatement } from "../../platform/db/database.ts";
import type { Keys } from "../../platform/keys.ts";
import { handle, type ActionContext, type Caller } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { changePassword, signIn, signOut } from "../contract.ts";
import { identityProblems } from "../problems.ts";
import { officerSubject } from "../subjects.ts";
import { newToken, SESSION_COOKIE, tokenDigest, type Actor } from "./gate.ts";
import { passwordFaults } from "./password-rules.ts";
import { hashPassword, passwordMatches } from "./passwords.ts";
import {
  beginSignIn,
  closeSession,
  closeSessionsOf,
  forgiveAttempts,
  openSession,
  ownAccount,
  setOwnPassword,
} from "./store.ts";

export const signInHandler = handle(signIn, async (context, { login, password }) => {
  const { tx, services, request } = context;
  const attempt = await checkPassword(context, login, password);
  if (!attempt.matches) return refuse(identityProblems.wrongPassword());
  const account = await forgiveAttempts(tx, attempt.officerId, attempt.source);
  if (!account.active) refuse(identityProblems.accountInactive());
  if (account.locked) refuse(identityProblems.accountLocked());
  // Always a new token: one that somebody planted in the browser before gets no rights by signing in.
  const token = newToken();
  await openSession(tx, {
    hash: tokenDigest(token),
    replaces: context.caller.session?.id ?? null,
    officerId: attempt.officerId,
    csrf: newToken(),
    ip: request.ip,
    userAgent: request.userAgent.slice(0, 300),
  });
  const actor: Actor = { officerId: attempt.officerId, name: account.name, organisation: account.organisation };
  context.audit({ actor });
  context.setCookie(SESSION_COOKIE, token, { httpOnly: true });
  services.log.info({ officerId: attempt.officerId }, "signed in");
  return { mustChangePassword: account.must_change_password };
});

export const signOutHandler = handle(signOut, async (context) => {
  const { session, officerId } = signedIn(context.caller);
  await closeSession(context.tx, session.id);
  context.audit({ subject: officerSubject(officerId) });
  context.setCookie(SESSION_COOKIE, null);
  return {};
});

export const changePasswordHandler = handle(changePassword, async (context, { current, next }) => {
  const { tx, caller } = context;
  const { session, officerId } = signedIn(caller);
  const { login } = await ownAccount(tx, officerId);
  const faults = passwordFaults(next, login);
  if (faults.length > 0) refuse(identityProblems.weakPassword(faults));
  const attempt = await checkPassword(context, login, current);
  await sql.raw(sightStatement(caller.sight)).execute(tx);
  if (!attempt.matches) return refuse(identityProblems.wrongCurrentPassword());
  if (next === current) refuse(identityProblems.samePassword());
  await forgiveAttempts(tx, officerId, attempt.source);
  await setOwnPassword(tx, await hashPassword(next));
  return { sessionsEnded: await closeSessionsOf(tx, officerId, session.id) };
});

type CheckedPassword = { matches: true; officerId: string; source: string } | { matches: false };

/** Counts the attempt, refuses a locked login or a flooding address, and compares. Ends the transaction's scope (see beginSignIn). */
async function checkPassword(context: ActionContext, login: string, password: string): Promise<CheckedPassword> {
  const { tx, services, request } = context;
  const source = sourceOf(request.ip);
  const attempt = await beginSignIn(tx, login, loginDigest(services.keys, login), source);
  context.audit({
    ...(attempt.officerId === null ? {} : { subject: officerSubject(attempt.officerId), login }),
    region: attempt.region,
    userAgent: request.userAgent.slice(0, 300),
  });
  if (attempt.verdict === "flooded") refuse(platformProblems.tooMany(secondsUntil(attempt.freeAt)));
  const matches = await passwordMatches(attempt.passwordHash, password);
  if (attempt.verdict === "locked") refuse(identityProblems.lockedForNow(Math.ceil(secondsUntil(attempt.freeAt) / 60)));
  if (matches && attempt.officerId !== null) return { matches: true, officerId: attempt.officerId, source };
  if (attempt.freeAt !== null) context.audit({ lockedUntil: attempt.freeAt.toISOString() });
  return { matches: false };
}

function signedIn(caller: Caller): { session: { id: string }; officerId: string } {
  if (!caller.session || caller.officerId === null) return refuse(platformProblems.notSignedIn());
  return { session: caller.session, officerId: caller.officerId };
}

function loginDigest(keys: Keys, login: string): string {
  return keys.keyedHash("row", `login|${login}`);
}

/** What one guesser can be taken for: an IPv4 address, or the /64 network in which an IPv6 host picks its address freely. */
export function sourceOf(ip: string): string {
  const plain = ip.replace(/^::ffff:(?=\d+\.)/i, "");
  if (!isIPv6(plain)) return plain;
  const [head = "", tail] = plain.split("::");
  const groups = head === "" ? [] : head.split(":");
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === "" ? 0 : tail.split(":").length);
  const all = [...groups, ...Array.from({ length: missing }, () => "0"), ...(tail ? tail.split(":") : [])];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}

function secondsUntil(moment: Date | null): number {
  return moment === null ? 1 : Math.max(1, Math.ceil((moment.getTime() - Date.now()) / 1000));
}
