import { sql } from "kysely";
import { narrow, regionNames } from "#registry";
import { addWorkdays } from "../../platform/dates/workdays.ts";
import { nextState } from "../../platform/contract.ts";
import { handle, type ActionContext, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { letGo } from "../claims/acts.ts";
import { actorOf, stepFrom, UNDECIDED } from "../claims/steps.ts";
import { lockClaims, reviveItems, stepClaims } from "../claims/store.ts";
import {
  askReview,
  claimFlow,
  countReviews,
  decideReview,
  listReviews,
  withdrawReview,
  type ClaimState,
} from "../contract.ts";
import { mayAsk } from "./own.ts";
import { payeeProblems } from "./problems.ts";
import {
  closeReview,
  countOpenReviews,
  listStoredReviews,
  lockReview,
  reviewsOf,
  toReviewRow,
} from "./reviews-store.ts";
import { selfAsPayee } from "./self.ts";
import { findOwnClaim } from "./store.ts";

/** Working days in which a payee is answered: a sample, as no source gives a number (AMB-29). */
const ANSWER_DAYS = 15;
/** Acts by which something was decided; who did the last of them does not answer what is said against it. */
const DECIDING = ["check", "approve", "escalate", "endorse", "refuse"] as const;

export const reviewHandlers: readonly Handler[] = [
  handle(askReview, async (context, { claimId, kind, content }) => {
    const { tx, businessDate } = context;
    const self = selfAsPayee(context);
    const claim = (await findOwnClaim(tx, self, claimId)) ?? refuse(platformProblems.notFound("这件补贴"));
    const open = (await reviewsOf(tx, claimId)).some(({ state }) => state === "open");
    if (!mayAsk(claim.state, open).includes(kind)) refuse(payeeProblems.nothingToReview());
    const dueOn = addWorkdays(businessDate, ANSWER_DAYS);
    const [personId, employerId] = self.kind === "person" ? [self.personId, null] : [null, self.employerId];
    const made = await sql<{ review_id: string; number: string }>`
      INSERT INTO subsidies.review (claim_id, region, person_id, employer_id, account_id, kind, content, asked_on, due_on, state, decision_by)
      SELECT ${claimId}, ${claim.region}, ${personId}::bigint, ${employerId}::bigint, ${self.accountId}, ${kind}, ${content}, ${businessDate}::date, ${dueOn}::date, 'open',
        (SELECT e.officer_id FROM subsidies.claim_event e WHERE e.claim_id = ${claimId} AND e.act = ANY(${DECIDING}::text[]) ORDER BY e.event_id DESC LIMIT 1)
      ON CONFLICT (claim_id) WHERE state = 'open' DO NOTHING RETURNING review_id, number`.execute(tx);
    const [row] = made.rows;
    if (!row) return refuse(payeeProblems.nothingToReview());
    context.audit({ subject: `subsidies.claim:${claimId}`, region: claim.region, review: row.review_id });
    return { number: row.number, dueOn };
  }),

  handle(withdrawReview, async (context, { reviewId }) => {
    const self = selfAsPayee(context);
    const own = self.kind === "person" ? sql`person_id = ${self.personId}` : sql`employer_id = ${self.employerId}`;
    const taken =
      await sql`UPDATE subsidies.review SET state = 'withdrawn' WHERE review_id = ${reviewId} AND state = 'open' AND ${own}`.execute(
        context.tx,
      );
    context.audit({ subject: `subsidies.review:${reviewId}` });
    if (taken.numAffectedRows !== 1n) refuse(payeeProblems.reviewSettled());
    return {};
  }),

  handle(listReviews, async (context, { page, size, region, state }) => {
    const { tx, caller, businessDate } = context;
    const { rows, total } = await listStoredReviews(tx, narrow(caller.sight.region, region), state, { page, size });
    const nameOf = await regionNames(
      tx,
      rows.map((row) => row.region),
    );
    context.audit({ count: rows.length, total });
    return {
      total,
      rows: rows.map((row) => ({
        ...toReviewRow(row),
        claimId: row.claim_id,
        claimNumber: row.claim_number,
        title: row.title,
        payeeName: row.payee_name,
        place: nameOf(row.region).name,
        claimState: row.claim_state,
        late: row.state === "open" && row.due_on < businessDate,
        decidedByName: row.decided_by_name,
        own: row.decision_by !== null && row.decision_by === caller.officerId,
      })),
    };
  }),

  handle(countReviews, ({ tx, caller, businessDate }) => countOpenReviews(tx, caller.sight.region, businessDate)),

  handle(decideReview, async (context, { reviewId, upheld, answer }) => {
    const { tx, caller, businessDate } = context;
    const review =
      (await lockReview(tx, caller.sight.region, reviewId)) ?? refuse(platformProblems.notFound("这件复核申请"));
    if (review.state !== "open") refuse(payeeProblems.reviewSettled());
    if (review.decision_by !== null && review.decision_by === caller.officerId) refuse(payeeProblems.ownDecision());
    await closeReview(tx, reviewId, {
      upheld,
      answer,
      officerId: caller.officerId,
      name: caller.name,
      on: businessDate,
    });
    context.audit({ subject: `subsidies.claim:${review.claim_id}`, region: review.region, review: reviewId, upheld });
    const claimState = await examineAnew(context, review.claim_id, upheld ? `复核申请成立：${answer}` : null);
    return { claimState };
  }),
];

/** What was decided wrongly goes back to the first desk, where the life cycle knows a way; what was paid stays for recalculation. */
async function examineAnew(context: ActionContext, claimId: string, why: string | null): Promise<ClaimState> {
  const { tx, caller } = context;
  const [claim] = await lockClaims(tx, caller.sight.region, sql`c.claim_id = ${claimId}`);
  if (!claim) return refuse(platformProblems.notFound("这件补贴"));
  const act = claim.state === "refused" ? "reopen" : "sendBack";
  if (why === null || nextState(claimFlow, claim.state, act) === null) return claim.state;
  // Rows that were refused may have been claimed anew since: then the newer claim is the one that goes on.
  if (act === "reopen" && !(await reviveItems(tx, [claimId])).has(claimId)) return claim.state;
  if (act === "sendBack") await letGo(context, [claim]);
  const step = stepFrom(claim.state, act, actorOf(context, why));
  await stepClaims(tx, [claimId], step, UNDECIDED);
  return step.state;
}
