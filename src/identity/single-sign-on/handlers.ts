import { sql } from "kysely";
import { cookieName } from "../../platform/http/cookies.ts";
import { handle } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { administered } from "../accounts/store.ts";
import { identityProblems } from "../problems.ts";
import { takeAttempt } from "../sessions/attempts.ts";
import { newToken, tokenDigest } from "../sessions/gate.ts";
import { sourceOf } from "../../platform/http/source-of.ts";
import { admit } from "../sessions/sign-in.ts";
import { closeSessionsOf, type Account } from "../sessions/store.ts";
import {
  decideLink,
  finishSingleSignOn,
  listLinks,
  startSingleSignOn,
  type LinkRow,
  type LinkState,
} from "../single-sign-on-contract.ts";
import { officerSubject } from "../subjects.ts";
import { beginAt, configured, finishAt } from "./provider.ts";

/** Ties the way out to the way back: another browser cannot be made to finish what this one began. */
const BROWSER_COOKIE = "wengang_single";
const LIMIT = { allowed: 30, minutes: 10 };
const TEN_MINUTES = 600;

const start = handle(startSingleSignOn, async (context) => {
  const { tx, services, request } = context;
  const oidc = configured(services);
  await takeAttempt(context, `single-sign-on|${sourceOf(request.ip)}`, LIMIT);
  const { url, state, nonce, verifier } = await beginAt(oidc).catch((cause: unknown) => {
    services.log.warn({ err: cause }, "the single sign-on cannot be reached");
    return refuse(identityProblems.singleSignOnFailed());
  });
  const browser = newToken();
  const sealed = services.keys.seal(verifier);
  await sql`SELECT identity.begin_single_sign_on(${tokenDigest(state)}, ${tokenDigest(browser)}, ${nonce}, ${sealed})`.execute(
    tx,
  );
  context.setCookie(BROWSER_COOKIE, browser, { httpOnly: true, maxAgeSeconds: TEN_MINUTES });
  return { url };
});

const finish = handle(finishSingleSignOn, async (context, answer) => {
  const { tx, services, request } = context;
  const oidc = configured(services);
  await takeAttempt(context, `single-sign-on-return|${sourceOf(request.ip)}`, LIMIT);
  const browser = request.cookies?.[cookieName(services.config, BROWSER_COOKIE)] ?? "";
  context.setCookie(BROWSER_COOKIE, null);
  const { rows } = await sql<{ nonce: string; verifier: Buffer }>`
    SELECT * FROM identity.take_single_sign_on(${tokenDigest(answer.state)}, ${tokenDigest(browser)})`.execute(tx);
  await sql`COMMIT AND CHAIN`.execute(tx);
  const [begun] = rows;
  if (!begun) return refuse(identityProblems.singleSignOnFailed());
  const vouched = await finishAt(oidc, answer, {
    nonce: begun.nonce,
    verifier: services.keys.open(begun.verifier),
  }).catch((cause: unknown) => {
    services.log.warn({ err: cause }, "the single sign-on's answer was not accepted");
    return refuse(identityProblems.singleSignOnFailed());
  });
  const { rows: accounts } = await sql<Account & { officer_id: string }>`
    SELECT * FROM identity.linked_account(${vouched.issuer}, ${vouched.subject}, ${vouched.claim})`.execute(tx);
  // What was asked for must outlive the refusal that tells of it.
  await sql`COMMIT AND CHAIN`.execute(tx);
  const [account] = accounts;
  if (!account) return refuse(identityProblems.notLinked());
  context.audit({ subject: officerSubject(account.officer_id), region: account.region });
  return admit(context, account.officer_id, account, true);
});

const list = handle(listLinks, async ({ tx, caller }, { page, size, state }) => {
  const found = tx
    .selectFrom("identity.link as l")
    .where(administered("l.organisation_region", caller.sight))
    .$if(state !== undefined, (q) => q.where("l.state", "=", state!));
  const { n } = await found.select((eb) => eb.fn.countAll<string>().as("n")).executeTakeFirstOrThrow();
  const rows = await found
    .innerJoin("identity.officer as o", "o.officer_id", "l.officer_id")
    .innerJoin("identity.organisation as g", "g.organisation_id", "o.organisation_id")
    .select(["l.link_id", "l.subject", "l.claim", "l.officer_id", "l.state", "l.requested_at", "l.decided_by_name"])
    .select(["o.login", "o.name", "g.name as organisation"])
    .orderBy(sql`l.state = 'waiting'`, "desc")
    .orderBy("l.link_id", "desc")
    .limit(size)
    .offset((page - 1) * size)
    .execute();
  return {
    total: Number(n),
    rows: rows.map((row): LinkRow => ({
      linkId: row.link_id,
      subject: row.subject,
      claim: row.claim,
      officerId: row.officer_id,
      login: row.login,
      name: row.name,
      organisation: row.organisation,
      state: row.state as LinkState,
      requestedAt: row.requested_at.toISOString(),
      decidedBy: row.decided_by_name,
    })),
  };
});

const decide = handle(decideLink, async (context, { linkId, approve }) => {
  const { tx, caller } = context;
  const link = await tx
    .selectFrom("identity.link as l")
    .select(["l.officer_id", "l.subject", "l.issuer", "l.claim"])
    .where("l.link_id", "=", linkId)
    .where(administered("l.organisation_region", caller.sight))
    .executeTakeFirst();
  if (!link) return refuse(platformProblems.notFound("该关联申请"));
  context.audit({ subject: officerSubject(link.officer_id), claim: link.claim, approve });
  if (link.officer_id === caller.officerId) refuse(identityProblems.ownAccount());
  if (approve) {
    const other = await tx
      .selectFrom("identity.link")
      .select("link_id")
      .where("issuer", "=", link.issuer)
      .where("officer_id", "=", link.officer_id)
      .where("state", "=", "approved")
      .where("link_id", "<>", linkId)
      .executeTakeFirst();
    if (other) refuse(identityProblems.linkedAlready());
  }
  const { numUpdatedRows } = await tx
    .updateTable("identity.link")
    .set({
      state: approve ? "approved" : "refused",
      decided_by: caller.officerId,
      decided_by_name: caller.name,
      decided_at: new Date(),
    })
    .where("link_id", "=", linkId)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new Error("row security refused a link that the program had allowed");
  return { sessionsEnded: approve ? 0 : await closeSessionsOf(tx, link.officer_id, null) };
});

export const singleSignOnHandlers = [start, finish, list, decide];
