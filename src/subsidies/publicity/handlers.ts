import { sql } from "kysely";
import { narrow, regionNames } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import { addWorkdays } from "../../platform/dates/workdays.ts";
import { handle, type ActionContext, type Handler, type Services } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { actorOf, stepFrom, UNDECIDED } from "../claims/steps.ts";
import { lockClaims, stepClaims } from "../claims/store.ts";
import {
  decideObjection,
  getPublication,
  listPublications,
  publishClaims,
  raiseObjection,
  type Publication,
} from "../contract.ts";
import { moveClaims } from "../funds/store.ts";
import { placeOf } from "../places.ts";
import { subsidiesProblems } from "../problems.ts";
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
} from "./store.ts";

/** Working days in which an objection is answered (sample). */
const ANSWER_DAYS = 10;

async function toPublications(tx: Tx, rows: readonly StoredPublication[]): Promise<Publication[]> {
  const nameOf = await regionNames(
    tx,
    rows.map(({ region }) => region),
  );
  return rows.map((row) => ({
    publicationId: row.publication_id,
    number: row.number,
    place: placeOf(nameOf, row.region),
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

export function publicityHandlers(): readonly Handler[] {
  const getFor = async ({ tx, caller }: ActionContext, publicationId: string): Promise<StoredPublication> =>
    (await findPublication(tx, caller.sight.region, publicationId)) ?? refuse(platformProblems.notFound("这份公示"));

  return [
    handle(listPublications, async ({ tx, caller }, { page, size, state, region }) => {
      const scope = narrow(caller.sight.region, region);
      const { rows, total } = await listStoredPublications(tx, scope, state, { page, size });
      const waiting = await waitingRules(tx, scope);
      return {
        total,
        rows: await toPublications(tx, rows),
        waiting: waiting.map(({ rule_id, title, claims, amount }) => ({
          rule: rule_id,
          title,
          claims,
          amountFen: Number(amount),
        })),
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

    handle(publishClaims, async (context, { rule, workdays, contact }) => {
      const { tx, caller, businessDate } = context;
      const region = caller.sight.region;
      // A list is one county's; who sees a whole city does not publish for its counties.
      if (region === null || region.length < 6) refuse(platformProblems.outOfScope());
      const endsOn = addWorkdays(businessDate, workdays);
      const given = { region: region.slice(0, 6), rule, startsOn: businessDate, endsOn, contact, by: caller.name };
      const made = (await insertPublication(tx, given)) ?? refuse(subsidiesProblems.nothingToPublish());
      await stepClaims(tx, made.claimIds, stepFrom("approved", "publish", actorOf(context, `公示至 ${endsOn}`)));
      context.audit({
        subject: `subsidies.publication:${made.publicationId}`,
        region: given.region,
        count: made.claimIds.length,
        amountFen: made.amountFen,
        digest: made.digest,
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
      const objectionId = await insertObjection(tx, {
        publicationId,
        claimId,
        region: stored.region,
        raisedBy,
        content,
        raisedOn: businessDate,
        dueOn: addWorkdays(businessDate, ANSWER_DAYS),
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

/** Lets claims go on to payment whose list was open to the end of its last day without an objection that is still to be answered. */
export async function clearPublished(services: Services): Promise<void> {
  const { worker } = services.database;
  const over = (await openOnes(worker)).filter(({ region, ends_on }) => services.businessDate(region) > ends_on);
  for (const [region, own] of Map.groupBy(over, (one) => one.region))
    await worker.transaction().execute(async (tx) => {
      const publications = own.map(({ publication_id }) => publication_id);
      const businessDate = services.businessDate(region);
      const by = {
        officerId: null,
        officerName: "系统",
        organisation: "",
        note: "公示期满，无未答复的异议",
        businessDate,
      };
      await stepClaims(tx, await runOut(tx, publications), stepFrom("published", "clear", by));
      await endPublications(tx, publications);
    });
}
