import { randomInt } from "node:crypto";
import { sql } from "kysely";
import { newToken, takeAttempt, tokenDigest, forgiveBucket } from "#identity";
import { sourceOf } from "../platform/http/source-of.ts";
import { asUuid, identityHash, maskPhone, phoneHash } from "#registry";
import { cookieName } from "../platform/http/cookies.ts";
import type { Keys } from "../platform/keys.ts";
import { carrierOf, type TextMessage } from "../platform/messages.ts";
import { handle, type ActionContext } from "../platform/module.ts";
import { refuse } from "../platform/problem.ts";
import { actFor, bindRealName, enterWithCode, leave, requestCode, whoEntered } from "./contract.ts";
import { membershipsOf } from "./enterprises-store.ts";
import { CITIZEN_COOKIE, openAccountSession, selfOf } from "./gate.ts";
import { MESSAGE_WRITTEN } from "./messages.ts";
import { citizensProblems } from "./problems.ts";
import { CODE_AGAIN_SECONDS, CODE_MINUTES, type MemberRole } from "./words.ts";

const CODE_GUESSES = 5;
/** Each code costs money and rings somebody's telephone. */
const codeLimits = {
  perMinute: { allowed: 1, minutes: CODE_AGAIN_SECONDS / 60 },
  perHour: { allowed: 5, minutes: 60 },
  perSource: { allowed: 20, minutes: 60 },
} as const;
const guessesPerPhone = { allowed: 15, minutes: 60 };
const guessesPerSource = { allowed: 60, minutes: 60 };
const namesPerAccount = { allowed: 5, minutes: 60 };
const namesPerSource = { allowed: 30, minutes: 60 };

const phoneId = (keys: Keys, phone: string) => asUuid(phoneHash(keys, phone));
/** Ties a code to the browser that asked for it: read out to somebody else, or caught on the way, it opens nothing. */
const ASKING_COOKIE = "wengang_code";
const codeDigest = (keys: Keys, phone: string, code: string, browser: string) =>
  keys.keyedHash("row", `sms-code|${phone}|${code}|${tokenDigest(browser)}`);

const request = handle(requestCode, async (context, { phone }) => {
  const { tx, services, request: from } = context;
  if (carrierOf(services) === null && !services.demo) refuse(citizensProblems.noCarrier());
  await takeAttempt(context, `sms-source|${sourceOf(from.ip)}`, codeLimits.perSource);
  await takeAttempt(context, `sms-hour|${phone}`, codeLimits.perHour);
  await takeAttempt(context, `sms-minute|${phone}`, codeLimits.perMinute);
  const code = String(randomInt(1_000_000)).padStart(6, "0");
  const browser = newToken();
  context.setCookie(ASKING_COOKIE, browser, { httpOnly: true, maxAgeSeconds: CODE_MINUTES * 60 });
  const message: TextMessage = {
    phone,
    text: `【稳岗】验证码 ${code}，${CODE_MINUTES} 分钟内有效。工作人员不会向您索要验证码，请勿告诉他人。`,
  };
  const { rows } = await sql<{ id: string }>`
    SELECT citizens.keep_code(${phoneId(services.keys, phone)}, ${codeDigest(services.keys, phone, code, browser)}, 'sign-in',
      ${services.keys.seal(JSON.stringify(message))}) AS id`.execute(tx);
  await context.emit(MESSAGE_WRITTEN, { messageId: rows[0]!.id });
  return { minutes: CODE_MINUTES, againInSeconds: CODE_AGAIN_SECONDS };
});

const enter = handle(enterWithCode, async (context, { phone, code }) => {
  const { tx, services, request: from } = context;
  const { keys } = services;
  const browser = from.cookies?.[cookieName(services.config, ASKING_COOKIE)] ?? "";
  await takeAttempt(context, `sms-guess-source|${sourceOf(from.ip)}`, guessesPerSource);
  await takeAttempt(context, `sms-guess|${phone}`, guessesPerPhone);
  const { rows } = await sql<{ right: boolean }>`
    SELECT citizens.use_code(${phoneId(keys, phone)}, ${codeDigest(keys, phone, code, browser)}, ${CODE_MINUTES}, ${CODE_GUESSES}) AS right`.execute(
    tx,
  );
  // A wrong guess is counted although the refusal rolls back; a right one uses the code up whatever follows.
  await sql`COMMIT AND CHAIN`.execute(tx);
  if (!rows[0]?.right) return refuse(citizensProblems.codeWrong());
  await forgiveBucket(tx, keys, `sms-guess|${phone}`);
  const { rows: accounts } = await sql<{ account_id: string; locked: boolean; fresh: boolean }>`
    SELECT * FROM citizens.enter(${phoneId(keys, phone)}, ${maskPhone(phone)})`.execute(tx);
  const account = accounts[0]!;
  if (account.locked) refuse(citizensProblems.accountLocked());
  context.setCookie(ASKING_COOKIE, null);
  await openAccountSession(context, account.account_id, null);
  context.audit({
    subject: accountSubject(account.account_id),
    actor: { officerId: null, name: maskPhone(phone), organisation: "群众账号" },
    fresh: account.fresh,
  });
  return {};
});

const out = handle(leave, async (context) => {
  const { accountId } = selfOf(context);
  await sql`SELECT citizens.close_session(${context.caller.session!.id})`.execute(context.tx);
  context.audit({ subject: accountSubject(accountId) });
  context.setCookie(CITIZEN_COOKIE, null);
  return {};
});

const me = handle(whoEntered, async (context) => {
  const { tx, caller, services } = context;
  const { self } = caller.sight;
  if (!self || caller.session === null) return { account: null, demo: services.demo };
  const account = await tx
    .selectFrom("citizens.account")
    .select(["phone_mask", "name"])
    .where("account_id", "=", self.accountId)
    .executeTakeFirstOrThrow();
  const memberships = await membershipsOf(tx, self.accountId);
  const acting = memberships.find((one) => one.employerId === self.employerId && one.state === "active");
  return {
    account: {
      csrf: caller.session.csrf,
      phoneMask: account.phone_mask,
      name: account.name,
      enterprise: acting ? { name: caller.organisation, role: acting.role as MemberRole } : null,
      memberships,
    },
    demo: services.demo,
  };
});

/**
 * Three things must agree: number, name, and the telephone that the registry holds and the account has proved. Name and number alone
 * lie about in too many drawers. Whatever does not agree, the answer is the same and takes the same look-up.
 */
const bind = handle(bindRealName, async (context, { name, identity }) => {
  const { tx, services, request: from } = context;
  const { accountId, employerId } = selfOf(context);
  context.audit({ subject: accountSubject(accountId) });
  if (employerId !== null) refuse(citizensProblems.forHimself());
  await requireUnbound(context, accountId);
  await takeAttempt(context, `real-name-source|${sourceOf(from.ip)}`, namesPerSource);
  await takeAttempt(context, `real-name|${accountId}`, namesPerAccount);
  const hash = asUuid(identityHash(services.keys, "resident-id", identity));
  const { rows } = await sql<{ bound: boolean }>`SELECT citizens.bind_by_registry(${hash}, ${name}) AS bound`.execute(
    tx,
  );
  if (!rows[0]?.bound) return refuse(citizensProblems.notVerified());
  await forgiveBucket(tx, services.keys, `real-name|${accountId}`);
  await openAccountSession(context, accountId, null);
  return {};
});

export async function requireUnbound({ tx }: ActionContext, accountId: string): Promise<void> {
  const account = await tx
    .selectFrom("citizens.account")
    .select("person_id")
    .where("account_id", "=", accountId)
    .executeTakeFirstOrThrow();
  if (account.person_id !== null) refuse(citizensProblems.boundAlready());
}

const act = handle(actFor, async (context, { employerId }) => {
  const { accountId } = selfOf(context);
  context.audit({ subject: accountSubject(accountId), employerId });
  if (!(await openAccountSession(context, accountId, employerId))) refuse(citizensProblems.notMember());
  return {};
});

/** How the audit log names an account. */
export function accountSubject(accountId: string): string {
  return `citizens.account:${accountId}`;
}

export const signInHandlers = [request, enter, out, me, bind, act];
