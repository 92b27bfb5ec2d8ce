import { newToken, takeAttempt, tokenDigest } from "#identity";
import { sourceOf } from "../platform/http/source-of.ts";
import { maskName, within } from "#registry";
import { sql } from "kysely";
import { handle, type ActionContext } from "../platform/module.ts";
import { platformProblems, refuse } from "../platform/problem.ts";
import { askByLink, bindByLink, issueLink, personAccount, readLink, revokeLink } from "./contract.ts";
import { correctionSubject, dueOn, readWish } from "./corrections.ts";
import { openAccountSession, selfOf } from "./gate.ts";
import { mandatesOf, requirePerson, toMandateRow } from "./mandates.ts";
import { citizensProblems } from "./problems.ts";
import { accountSubject, requireUnbound } from "./sign-in.ts";
import { linkPurposeLabels, type LinkPurpose } from "./words.ts";

/** 256 random bits are not guessed; this keeps somebody from trying all the same. */
const LIMIT = { allowed: 30, minutes: 10 };

interface OpenLink {
  purpose: LinkPurpose;
  person_id: string;
  person_name: string;
  home_region: string;
  organisation: string;
  expires_at: Date;
}

async function openLink(context: ActionContext, token: string): Promise<OpenLink> {
  await takeAttempt(context, `link|${sourceOf(context.request.ip)}`, LIMIT);
  const { rows } = await sql<OpenLink>`SELECT * FROM citizens.read_link(${tokenDigest(token)})`.execute(context.tx);
  return rows[0] ?? refuse(citizensProblems.linkGone());
}

const read = handle(readLink, async (context, { token }) => {
  const link = await openLink(context, token);
  return {
    purpose: link.purpose,
    person: maskName(link.person_name),
    organisation: link.organisation,
    expiresAt: link.expires_at.toISOString(),
  };
});

const bind = handle(bindByLink, async (context, { token }) => {
  const { accountId, employerId } = selfOf(context);
  if (employerId !== null) refuse(citizensProblems.forHimself());
  await requireUnbound(context, accountId);
  const link = await openLink(context, token);
  context.audit({ subject: accountSubject(accountId), region: link.home_region, person: link.person_id });
  const { rows } = await sql<{ bound: boolean }>`
    SELECT citizens.bind_by_link(${tokenDigest(token)}) AS bound`.execute(context.tx);
  if (!rows[0]?.bound) refuse(citizensProblems.linkGone());
  await openAccountSession(context, accountId, null);
  return {};
});

const ask = handle(askByLink, async (context, { token, ...wish }) => {
  const link = await openLink(context, token);
  const { proposed, secret } = await readWish(context, wish);
  const due = dueOn(context.services.businessDate(link.home_region));
  const { rows } = await sql<{ id: string | null }>`
    SELECT citizens.ask_by_link(${tokenDigest(token)}, ${wish.field}, ${proposed}, ${secret}, ${wish.reason}, ${due}) AS id`.execute(
    context.tx,
  );
  const correctionId = rows[0]?.id ?? null;
  if (correctionId === null) return refuse(citizensProblems.linkGone());
  context.audit({ subject: correctionSubject(correctionId), region: link.home_region, by: "一次性链接" });
  return { dueOn: due };
});

const issue = handle(issueLink, async (context, { personId, purpose, reason, hours }) => {
  const { tx, caller } = context;
  const { homeRegion } = await requirePerson(context, personId);
  const token = newToken();
  const row = await tx
    .insertInto("citizens.link")
    .values({
      token_hash: tokenDigest(token),
      purpose,
      person_id: personId,
      home_region: homeRegion,
      issued_by: caller.officerId!,
      issued_by_name: caller.name,
      organisation: caller.organisation,
      reason,
      expires_at: sql<Date>`now() + make_interval(hours => ${hours})`,
    })
    .returning(["link_id", "expires_at"])
    .executeTakeFirstOrThrow();
  context.audit({ purpose: `发放一次性链接：${linkPurposeLabels[purpose]}`, reason, link: row.link_id });
  // Behind the mark, which browsers do not send to the server: the token stands in no log of addresses.
  return { path: `/my#link=${token}`, expiresAt: row.expires_at.toISOString() };
});

const revoke = handle(revokeLink, async (context, { linkId }) => {
  const { numUpdatedRows } = await context.tx
    .updateTable("citizens.link")
    .set({ revoked_at: sql<Date>`now()` })
    .where("link_id", "=", linkId)
    .where(within("home_region", context.caller.sight.region))
    .where("used_at", "is", null)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  context.audit({ link: linkId });
  if (numUpdatedRows !== 1n) refuse(platformProblems.notFound("这个未使用的链接"));
  return {};
});

const account = handle(personAccount, async (context, { personId }) => {
  const { tx, caller, businessDate } = context;
  await requirePerson(context, personId);
  const { rows } = await sql<{ phone_mask: string; bound_at: Date; bound_by: "registry" | "officer" }>`
    SELECT * FROM citizens.account_of_person(${personId})`.execute(tx);
  const links = await tx
    .selectFrom("citizens.link as l")
    .select(["l.link_id", "l.purpose", "l.reason", "l.issued_by_name", "l.expires_at", "l.used_at", "l.revoked_at"])
    .where("l.person_id", "=", personId)
    .orderBy("l.link_id", "desc")
    .limit(20)
    .execute();
  const now = new Date();
  const stateOf = (row: (typeof links)[number]) => {
    if (row.used_at) return "used" as const;
    if (row.revoked_at) return "revoked" as const;
    return row.expires_at < now ? ("expired" as const) : ("open" as const);
  };
  return {
    account: rows[0]
      ? { phoneMask: rows[0].phone_mask, boundAt: rows[0].bound_at.toISOString(), boundBy: rows[0].bound_by }
      : null,
    mandates: (await mandatesOf(context, personId)).map((row) => ({
      ...toMandateRow(row),
      own: row.officer_id === caller.officerId,
      inForce: row.revoked_by === null && row.valid_from <= businessDate && businessDate <= row.valid_to,
    })),
    links: links.map((row) => ({
      linkId: row.link_id,
      purpose: row.purpose as LinkPurpose,
      reason: row.reason,
      issuedBy: row.issued_by_name,
      expiresAt: row.expires_at.toISOString(),
      state: stateOf(row),
    })),
  };
});

export const linkHandlers = [read, bind, ask, issue, revoke, account];
