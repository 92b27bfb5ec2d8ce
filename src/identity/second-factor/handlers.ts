import { randomBytes } from "node:crypto";
import { handle, type ActionContext } from "../../platform/module.ts";
import type { Keys } from "../../platform/keys.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { findOfficer, findOrganisation } from "../accounts/store.ts";
import { requireRegion } from "../accounts/organisations.ts";
import { identityProblems } from "../problems.ts";
import {
  addSecondFactorRule,
  beginSecondFactor,
  confirmSecondFactor,
  listSecondFactorRules,
  passSecondFactor,
  RECOVERY_CODES,
  removeSecondFactor,
  removeSecondFactorRule,
  resetSecondFactor,
  SECOND_FACTOR_ATTEMPTS,
} from "../second-factor-contract.ts";
import { forgiveBucket, takeAttempt } from "../sessions/attempts.ts";
import { enter } from "../sessions/enter.ts";
import { requirePassword, signedIn } from "../sessions/sign-in.ts";
import { closeSessionsOf, ownAccount } from "../sessions/store.ts";
import { officerSubject } from "../subjects.ts";
import { secondFactorMethods } from "./methods.ts";
import {
  beginFactor,
  confirmFactor,
  countWithoutFactor,
  deleteFactorRule,
  factorRules,
  insertFactorRule,
  ownFactor,
  removeFactorOf,
  useFactorStep,
  useRecoveryCode,
} from "./store.ts";

const LIMIT = { allowed: SECOND_FACTOR_ATTEMPTS, minutes: 15 };

/** Checks a code against the officer's factor, or one of his recovery codes; refuses a wrong one, a used one, and too many. */
async function requireCode(context: ActionContext, officerId: string, code: string): Promise<{ recovered: boolean }> {
  const { tx, services } = context;
  const bucket = `second-factor|${officerId}`;
  await takeAttempt(context, bucket, LIMIT);
  const { kind, secret } = await ownFactor(tx);
  if (kind === null || secret === null) return refuse(identityProblems.noSecondFactor());
  const recovered = code.length > 6;
  const right = recovered
    ? await useRecoveryCode(tx, recoveryHash(services.keys, officerId, code))
    : await isFreshStep(context, secondFactorMethods[kind].check(services.keys.open(secret), code, new Date()));
  if (!right) refuse(identityProblems.wrongSecondFactor());
  await forgiveBucket(tx, services.keys, bucket);
  return { recovered };
}

async function isFreshStep({ tx }: ActionContext, step: number | null): Promise<boolean> {
  return step !== null && (await useFactorStep(tx, step));
}

/** Sixty random bits need no slow digest; the key keeps a stolen table from being tried. */
function recoveryHash(keys: Keys, officerId: string, code: string): string {
  return keys.keyedHash("row", `recovery|${officerId}|${code}`);
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** `K7QF-2MXA-PWZ5`: what is typed may leave the dashes out. */
function newRecoveryCode(): string {
  const text = [...randomBytes(12)].map((byte) => BASE32[byte % 32]).join("");
  return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`;
}

const begin = handle(beginSecondFactor, async (context, { password, code }) => {
  const { officerId } = signedIn(context.caller);
  await requirePassword(context, password, "password");
  const { kind } = await ownFactor(context.tx).then((own) => (own.secret === null ? { kind: null } : own));
  // Whoever sits down at an unlocked desk, even with the password, cannot replace the device.
  if (kind !== null) {
    if (code === undefined) refuse(identityProblems.secondFactorNeeded());
    await requireCode(context, officerId, code);
  }
  const { login } = await ownAccount(context.tx, officerId);
  const { secret, shown } = await secondFactorMethods.totp.begin(login);
  await beginFactor(context.tx, "totp", context.services.keys.seal(secret));
  context.audit({ subject: officerSubject(officerId) });
  return shown;
});

const confirm = handle(confirmSecondFactor, async (context, { code }) => {
  const { tx, services } = context;
  const { officerId, session } = signedIn(context.caller);
  context.audit({ subject: officerSubject(officerId) });
  await takeAttempt(context, `second-factor|${officerId}`, LIMIT);
  const { pending_kind: kind, pending_secret: pending } = await ownFactor(tx);
  if (kind === null || pending === null) return refuse(identityProblems.noSecondFactor());
  const step = secondFactorMethods[kind].check(services.keys.open(pending), code, new Date());
  if (step === null) return refuse(identityProblems.wrongSecondFactor());
  const recoveryCodes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
  await confirmFactor(
    tx,
    step,
    recoveryCodes.map((one) => recoveryHash(services.keys, officerId, one.replaceAll("-", ""))),
  );
  await forgiveBucket(tx, services.keys, `second-factor|${officerId}`);
  return { recoveryCodes, sessionsEnded: await closeSessionsOf(tx, officerId, session.id) };
});

const remove = handle(removeSecondFactor, async (context, { password, code }) => {
  const { officerId } = signedIn(context.caller);
  context.audit({ subject: officerSubject(officerId) });
  await requirePassword(context, password, "password");
  if ((await ownFactor(context.tx)).demanded) refuse(identityProblems.secondFactorDemanded());
  await requireCode(context, officerId, code);
  await removeFactorOf(context.tx, officerId);
  return {};
});

/** Comes from a session whose password was right and which has no rights yet; a full one takes its place, with a token of its own. */
const pass = handle(passSecondFactor, async (context, { code }) => {
  const { tx, caller } = context;
  const { session, sight } = caller;
  const officerId = sight.officerId;
  if (session === null || officerId === null || caller.officerId !== null)
    return refuse(platformProblems.notSignedIn());
  const actor = { officerId, name: caller.name, organisation: caller.organisation };
  const account = await ownAccount(tx, officerId);
  context.audit({ actor, subject: officerSubject(officerId), region: account.region });
  const { recovered } = await requireCode(context, officerId, code);
  const { codes_left: left } = await ownFactor(tx);
  await enter(context, { officerId, stage: "full", singleSignOn: session.singleSignOn ?? false });
  context.audit({ recovered });
  return { codesLeft: recovered ? Number(left) : null };
});

const reset = handle(resetSecondFactor, async (context, { officerId }) => {
  const { tx, caller } = context;
  context.audit({ subject: officerSubject(officerId) });
  if (officerId === caller.officerId) refuse(identityProblems.ownAccount());
  const officer = await findOfficer(tx, caller.sight, officerId);
  if (!officer) return refuse(platformProblems.notFound("该用户"));
  context.audit({ login: officer.login, region: officer.region });
  const sessionsEnded = await removeFactorOf(tx, officerId);
  if (sessionsEnded === null) return refuse(identityProblems.noSecondFactorOf(officer.name));
  context.audit({ sessionsEnded });
  return { sessionsEnded };
});

const rules = handle(listSecondFactorRules, async ({ tx, caller }) => ({
  rules: await factorRules(tx, caller.sight.administers),
}));

const addRule = handle(addSecondFactorRule, async (context, input) => {
  const { tx, caller } = context;
  const { administers } = caller.sight;
  if (administers === null) return refuse(platformProblems.outOfScope());
  const rule =
    "duty" in input
      ? { region: input.region, duty: input.duty, organisationId: null }
      : { region: await regionOf(context, input.organisationId), duty: null, organisationId: input.organisationId };
  if (!rule.region.startsWith(administers)) refuse(platformProblems.outOfScope());
  if (rule.duty !== null) await requireRegion(context, rule.region);
  const ruleId = await insertFactorRule(tx, rule);
  if (ruleId === null) return refuse(identityProblems.ruleExists());
  const officersWithout = await countWithoutFactor(tx, administers, rule);
  context.audit({ region: rule.region, rule, officersWithout });
  return { ruleId, officersWithout };
});

async function regionOf({ tx, caller }: ActionContext, organisationId: string): Promise<string> {
  const organisation = await findOrganisation(tx, caller.sight, organisationId);
  return organisation ? organisation.region : refuse(platformProblems.notFound("所选单位"));
}

const removeRule = handle(removeSecondFactorRule, async (context, { ruleId }) => {
  context.audit({ ruleId });
  if (!(await deleteFactorRule(context.tx, context.caller.sight.administers, ruleId)))
    refuse(platformProblems.notFound("该项要求"));
  return {};
});

export const secondFactorHandlers = [begin, confirm, remove, pass, reset, rules, addRule, removeRule];
