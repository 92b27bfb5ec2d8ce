import { sql } from "kysely";
import type { OutputOf } from "../../platform/contract.ts";
import { sightStatement } from "../../platform/db/database.ts";
import { sourceOf } from "../../platform/http/source-of.ts";
import type { Keys } from "../../platform/keys.ts";
import { handle, type ActionContext, type Caller } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { changePassword, signIn, signOut } from "../contract.ts";
import { identityProblems } from "../problems.ts";
import { officerSubject } from "../subjects.ts";
import { hasFactor } from "../second-factor/store.ts";
import { singleSignOnExit } from "../single-sign-on/provider.ts";
import { secondsUntil } from "./attempts.ts";
import { isBreached } from "./breached-passwords.ts";
import { DEVICE_COOKIE, DEVICE_DAYS, deviceMark, isKnownDevice } from "./devices.ts";
import { enter } from "./enter.ts";
import { SESSION_COOKIE, type Actor } from "./gate.ts";
import { passwordFaults } from "./password-rules.ts";
import { hashPassword, passwordMatches } from "./passwords.ts";
import {
  beginSignIn,
  closeSession,
  closeSessionsOf,
  forgiveAttempts,
  ownAccount,
  setOwnPassword,
  type Account,
} from "./store.ts";

export const signInHandler = handle(signIn, async (context, { login, password }) => {
  const { tx } = context;
  const attempt = await checkPassword(context, login, password);
  if (!attempt.matches) return refuse(identityProblems.wrongPassword());
  const account = await forgiveAttempts(tx, attempt.officerId, attempt.source);
  const admitted = await admit(context, attempt.officerId, account, false);
  context.setCookie(DEVICE_COOKIE, deviceMark(context.services.keys, login), { maxAgeSeconds: DEVICE_DAYS * 86_400 });
  return admitted;
});

/** Lets somebody in whose password was right, or whom the single sign-on vouched for; with a second factor, into its waiting room. */
export async function admit(
  context: ActionContext,
  officerId: string,
  account: Account,
  singleSignOn: boolean,
): Promise<OutputOf<typeof signIn>> {
  if (!account.active) refuse(identityProblems.accountInactive());
  if (account.locked) refuse(identityProblems.accountLocked());
  const actor: Actor = { officerId, name: account.name, organisation: account.organisation };
  const awaited = await hasFactor(context.tx, officerId);
  const { csrf } = await enter(context, { officerId, stage: awaited ? "second-factor" : "full", singleSignOn });
  context.audit({ actor, ...(awaited ? { awaits: "动态口令" } : {}), ...(singleSignOn ? { singleSignOn } : {}) });
  context.services.log.info({ officerId }, "signed in");
  return { mustChangePassword: account.must_change_password, secondFactor: awaited ? { csrf } : null };
}

export const signOutHandler = handle(signOut, async (context) => {
  const { session, officerId } = signedIn(context.caller);
  await closeSession(context.tx, session.id);
  context.audit({ subject: officerSubject(officerId) });
  context.setCookie(SESSION_COOKIE, null);
  return { leaveAt: session.singleSignOn ? await singleSignOnExit(context.services) : null };
});

export const changePasswordHandler = handle(changePassword, async (context, { current, next }) => {
  const { tx, caller } = context;
  const { session, officerId } = signedIn(caller);
  const { login } = await ownAccount(tx, officerId);
  const faults = passwordFaults(next, login);
  if (faults.length > 0) refuse(identityProblems.weakPassword(faults));
  await requirePassword(context, current, "current");
  const { breachedFile } = context.services.config.passwords;
  if (breachedFile !== undefined && (await isBreached(breachedFile, next)))
    refuse(identityProblems.weakPassword(["这个密码已在别处泄露，请换一个"]));
  if (next === current) refuse(identityProblems.samePassword());
  await setOwnPassword(tx, await hashPassword(next));
  const sessionsEnded = await closeSessionsOf(tx, officerId, session.id);
  await enter(context, { officerId, stage: "full", singleSignOn: session.singleSignOn ?? false });
  return { sessionsEnded };
});

/** The officer at the screen proves that it is he: guesses count towards the lock. */
export async function requirePassword(context: ActionContext, password: string, field: string): Promise<void> {
  const { tx, caller } = context;
  const { officerId } = signedIn(caller);
  const { login } = await ownAccount(tx, officerId);
  const attempt = await checkPassword(context, login, password);
  await sql.raw(sightStatement(caller.sight)).execute(tx);
  if (!attempt.matches) return refuse(identityProblems.wrongCurrentPassword(field));
  await forgiveAttempts(tx, officerId, attempt.source);
}

type CheckedPassword = { matches: true; officerId: string; source: string } | { matches: false };

/** Counts the attempt, refuses a locked login or a flooding address, and compares. Ends the transaction's scope (see beginSignIn). */
async function checkPassword(context: ActionContext, login: string, password: string): Promise<CheckedPassword> {
  const { tx, services, request } = context;
  // Somebody else who floods the county's one address must not keep out whoever signed in on this device before: his failures are
  // counted for the device, and for his login as ever.
  const device = request.cookies?.[DEVICE_COOKIE];
  const known = isKnownDevice(services.keys, device, login);
  const source = known ? `device ${device}` : sourceOf(request.ip);
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

export function signedIn(caller: Caller): { session: NonNullable<Caller["session"]>; officerId: string } {
  if (!caller.session || caller.officerId === null) return refuse(platformProblems.notSignedIn());
  return { session: caller.session, officerId: caller.officerId };
}

function loginDigest(keys: Keys, login: string): string {
  return keys.keyedHash("row", `login|${login}`);
}
