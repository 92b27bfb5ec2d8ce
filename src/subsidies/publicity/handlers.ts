import { sql } from "kysely";
import { recordEntry } from "#audit";
import { narrow, regionNames, sees, type Scope } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import { addWorkdays } from "../../platform/dates/workdays.ts";
import { handle, handleDownload, type ActionContext, type Handler, type Services } from "../../platform/module.ts";
import { printMedia } from "../../platform/print/index.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { actorOf, stepFrom, UNDECIDED, type Actor } from "../claims/steps.ts";
import { lockClaims, stepClaims } from "../claims/store.ts";
import {
  clearLists,
  decideObjection,
  downloadPublication,
  getPublication,
  listPublications,
  publishClaims,
  raiseObjection,
  type Publication,
} from "../contract.ts";
import { moveClaims } from "../funds/store.ts";
import type { SubsidiesOptions } from "../options.ts";
import { placeOf } from "../places.ts";
import { subsidiesProblems } from "../problems.ts";
import { inForce } from "../settings/store.ts";
import { listFile } from "./document.ts";
import { listSubject } from "./list-lines.ts";
import {
  closeObjection,
  endPublications,
  findObjection,
  findPublication,
  insertObjection,
  insertPublication,
  linesOf,
  listStoredPublications,
  objectionsOf,
  openOnes,
  runOut,
  takeOffLists,
  waitingRules,
  type StoredPublication,
  type WaitingRule,
} from "./store.ts";

async function toPublications(tx: Tx, rows: readonly StoredPublication[]): Promise<Publication[]> {
  const nameOf = await regionNames(
    tx,
    rows.flatMap(({ region, area }) => [region, area]),
  );
  return rows.map((row) => ({
    publicationId: row.publication_id,
    number: row.number,
    place: placeOf(nameOf, row.region),
    area: row.area === "" ? null : placeOf(nameOf, row.area),
    title: row.title,
    fund: row.fund,
    claims: row.claims,
    amountFen: Number(row.amount_fen),
    startsOn: row.starts_on,
    endsOn: row.ends_on,
    state: row.state,
    objections: row.objections,
    publishedByName: row.published_by_name,
  }));
}

/** What waits, by rule, and of each rule where the payees are at home. */
async function toWaiting(tx: Tx, rows: readonly WaitingRule[]) {
  const nameOf = await regionNames(
    tx,
    rows.map(({ village }) => village),
  );
  const sumOf = (own: readonly WaitingRule[]) => ({
    claims: own.reduce((sum, { claims }) => sum + claims, 0),
    amountFen: own.reduce((sum, { amount }) => sum + Number(amount), 0),
  });
  return [...Map.groupBy(rows, ({ rule_id }) => rule_id)].map(([rule, own]) => ({
    rule,
    title: own[0]!.title,
    ...sumOf(own),
    villages: [...Map.groupBy(own, ({ village }) => village)].map(([code, there]) => ({
      code,
      name: nameOf(code).fullName,
      ...sumOf(there),
    })),
  }));
}

export function publicityHandlers({ rulebook }: SubsidiesOptions): readonly Handler[] {
  const getFor = async ({ tx, caller }: ActionContext, publicationId: string): Promise<StoredPublication> =>
    (await findPublication(tx, caller.sight.region, publicationId)) ?? refuse(platformProblems.notFound("这份公示"));

  return [
    handle(listPublications, async ({ tx, caller, businessDate }, { page, size, state, region }) => {
      const scope = narrow(caller.sight.region, region);
      const { rows, total } = await listStoredPublications(tx, scope, state, { page, size });
      const office = (scope ?? "").slice(0, 6);
      const { workdays } = (await inForce(tx, "publicity", [office], businessDate))(office);
      return {
        total,
        rows: await toPublications(tx, rows),
        waiting: await toWaiting(tx, await waitingRules(tx, scope)),
        workdays,
        runOut: (await overIn(tx, scope, businessDate)).length,
      };
    }),

    handle(getPublication, async (context, { publicationId, page, size }) => {
      const { tx } = context;
      const stored = await getFor(context, publicationId);
      const lines = await linesOf(tx, publicationId, { page, size });
      const objections = await objectionsOf(tx, publicationId);
      const nameOf = await regionNames(
        tx,
        lines.map(({ village }) => village),
      );
      context.audit({ subject: `subsidies.publication:${publicationId}`, region: stored.region, count: lines.length });
      const [row] = await toPublications(tx, [stored]);
      return {
        ...row!,
        digest: stored.digest,
        contact: stored.contact,
        total: stored.claims,
        lines: lines.map((line) => ({
          line: line.line,
          claimId: line.claim_id,
          place: nameOf(line.village).name,
          payeeName: line.payee_name,
          identityMask: line.identity_mask,
          persons: line.persons,
          amountFen: Number(line.amount_fen),
          takenOut: line.taken_out,
        })),
        objectionList: objections.map((one) => ({
          objectionId: one.objection_id,
          claimId: one.claim_id,
          claimNumber: one.claim_number,
          payeeName: one.payee_name,
          raisedBy: one.raised_by,
          content: one.content,
          raisedOn: one.raised_on,
          dueOn: one.due_on,
          state: one.state,
          answer: one.answer,
          decidedByName: one.decided_by_name,
          decidedOn: one.decided_on,
        })),
      };
    }),

    handleDownload(downloadPublication, async (context, { publicationId, format }) => {
      const stored = await getFor(context, publicationId);
      context.audit({ subject: `subsidies.publication:${publicationId}`, region: stored.region, count: stored.claims });
      const { fileName, body } = await listFile(context.services, await rulebook.get(context.tx), stored, format);
      return { fileName, mediaType: printMedia[format], body };
    }),

    handle(clearLists, async (context) => {
      const { tx, caller, businessDate } = context;
      const over = await overIn(tx, caller.sight.region, businessDate);
      const done = await clearOver(tx, over, actorOf(context, CLEARED));
      context.audit({ count: done.claims, lists: done.lists });
      return done;
    }),

    handle(publishClaims, async (context, { rule, area = "", workdays, contact }) => {
      const { tx, caller, businessDate } = context;
      const region = caller.sight.region;
      // A list is one county's; who sees a whole city does not publish for its counties.
      if (region === null || region.length < 6) refuse(platformProblems.outOfScope());
      const county = region.slice(0, 6);
      if (area !== "" && !area.startsWith(region)) refuse(platformProblems.outOfScope());
      const { workdays: least } = (await inForce(tx, "publicity", [county], businessDate))(county);
      if (workdays !== undefined && workdays < least) refuse(subsidiesProblems.tooFewDays(least));
      const endsOn = addWorkdays(businessDate, workdays ?? least);
      const given = { region: county, area, rule, startsOn: businessDate, endsOn, contact, by: caller.name };
      const made = (await insertPublication(tx, given)) ?? refuse(subsidiesProblems.nothingToPublish());
      await stepClaims(tx, made.claimIds, stepFrom("approved", "publish", actorOf(context, `公示至 ${endsOn}`)));
      context.audit({
        subject: `subsidies.publication:${made.publicationId}`,
        region: given.region,
        count: made.claimIds.length,
        amountFen: made.amountFen,
        digest: made.digest,
      });
      // Says nothing but what everybody may see: the row by which anybody can check the list later.
      await recordEntry(tx, {
        kind: "change",
        act: "公示名单存证",
        outcome: "done",
        officerId: caller.officerId,
        officerName: "",
        organisation: "",
        region: given.region,
        subject: listSubject(made.publicationId),
        count: made.claimIds.length,
        detail: { digest: made.digest, amountFen: made.amountFen },
        requestId: context.requestId,
      });
      return { publicationId: made.publicationId, claims: made.claimIds.length, amountFen: made.amountFen, endsOn };
    }),

    handle(raiseObjection, async (context, { publicationId, claimId, raisedBy, content }) => {
      const { tx, caller, businessDate } = context;
      const stored = await getFor(context, publicationId);
      if (stored.state !== "open" || businessDate > stored.ends_on)
        refuse(subsidiesProblems.publicationOver(stored.ends_on));
      const lines = await linesOf(tx, publicationId, { page: 1, size: stored.claims });
      if (!lines.some((line) => line.claim_id === claimId && !line.taken_out))
        refuse(platformProblems.notFound("名单里的这一件"));
      const { workdays } = (await inForce(tx, "answer", [stored.region], businessDate))(stored.region);
      const objectionId = await insertObjection(tx, {
        publicationId,
        claimId,
        region: stored.region,
        raisedBy,
        content,
        raisedOn: businessDate,
        dueOn: addWorkdays(businessDate, workdays),
        officerId: caller.officerId,
      });
      context.audit({ subject: `subsidies.claim:${claimId}`, region: stored.region, objectionId });
      return { objectionId };
    }),

    handle(decideObjection, async (context, { objectionId, upheld, answer }) => {
      const { tx, caller, businessDate } = context;
      const found =
        (await findObjection(tx, caller.sight.region, objectionId)) ?? refuse(platformProblems.notFound("这件异议"));
      if (found.state !== "open") refuse(subsidiesProblems.objectionAnswered());
      if (found.recorded_by === caller.officerId) refuse(subsidiesProblems.ownObjection());
      const decision = { upheld, answer, officerId: caller.officerId, name: caller.name, on: businessDate };
      await closeObjection(tx, objectionId, decision);
      context.audit({ subject: `subsidies.claim:${found.claim_id}`, region: found.region, objectionId, upheld });
      const [claim] = await lockClaims(tx, caller.sight.region, sql`c.claim_id = ${found.claim_id}`);
      // Sent back meanwhile for another reason, it is examined anew anyhow.
      if (!upheld || claim?.state !== "published") return {};
      await takeOffLists(tx, [found.claim_id]);
      await moveClaims(tx, "release", [found.claim_id], actorOf(context));
      const step = stepFrom("published", "sendBack", actorOf(context, `公示异议成立：${answer}`));
      await stepClaims(tx, [found.claim_id], step, UNDECIDED);
      return {};
    }),
  ];
}

const CLEARED = "公示期满，无未答复的异议";

/** Open lists of an area whose last day lies before `on`. */
async function overIn(tx: Tx, scope: Scope, on: string): Promise<readonly string[]> {
  const open = await openOnes(tx);
  return open
    .filter(({ region, ends_on }) => sees(scope, region) && ends_on < on)
    .map(({ publication_id }) => publication_id);
}

/** Lets go on what nobody objects to; a list of which something is left stays open for it. */
async function clearOver(tx: Tx, publications: readonly string[], by: Actor) {
  const claims = await runOut(tx, publications);
  await stepClaims(tx, claims, stepFrom("published", "clear", by));
  const lists = await endPublications(tx, publications);
  return { lists, claims: claims.length, held: publications.length - lists };
}

/** Lets claims go on to payment whose list was open to the end of its last day without an objection that is still to be answered. */
export async function clearPublished(services: Services): Promise<void> {
  const { worker } = services.database;
  const over = (await openOnes(worker)).filter(({ region, ends_on }) => services.businessDate(region) > ends_on);
  for (const [region, own] of Map.groupBy(over, (one) => one.region))
    await worker.transaction().execute(async (tx) => {
      const businessDate = services.businessDate(region);
      const by = { officerId: null, officerName: "系统", organisation: "", note: CLEARED, businessDate };
      await clearOver(
        tx,
        own.map(({ publication_id }) => publication_id),
        by,
      );
    });
}
