import { sql } from "kysely";
import { entitlementsOf } from "#policy";
import { maskName } from "#registry";
import { dayWords } from "../../platform/day-words.ts";
import { handle, handleDownload, type ActionContext, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { eventsOfClaim } from "../claims/store.ts";
import { uncountedOf } from "../claims/uncounted.ts";
import {
  claimActLabels,
  downloadMyLetter,
  listMyUncounted,
  myBenefit,
  myBenefits,
  payeeAnswerLabels,
  payeeAnswers,
  type ClaimAct,
  type ClaimState,
  type MyBenefits,
  type OwnClaim,
  type PayeeAnswer,
  type ReviewKind,
} from "../contract.ts";
import { claims } from "../counted-claims.ts";
import { lettersOfClaim } from "../letters/store.ts";
import { writeLetterPdf } from "../letters/write-pdf.ts";
import type { SubsidiesOptions } from "../options.ts";
import { accountOf } from "../payments/store.ts";
import { officeOf } from "./office.ts";
import { plainStates } from "./plain-words.ts";
import { reviewsOf, toReviewRow } from "./reviews-store.ts";
import { selfAsPayee, type Self } from "./self.ts";
import {
  applicationOf,
  findOwnClaim,
  findOwnLetter,
  ownClaims,
  ownItems,
  ownPayments,
  wantsMessages,
  type OwnClaimRow,
  type OwnPaymentRow,
} from "./store.ts";
import { basisOf, judgeItems } from "./why.ts";

export function toOwnClaim(row: OwnClaimRow): OwnClaim {
  const { says, next } = plainStates[row.state];
  return {
    claimId: row.claim_id,
    number: row.number,
    title: row.title,
    amountFen: Number(row.amount_fen),
    state: row.state,
    says,
    next,
    dueOn: row.due_on,
    receivedOn: row.received_on,
    paidOn: row.paid_on,
  };
}

/** What of an office's notes its payee reads: reasons that were meant for him, and days. Others are between officers. */
const TOLD = new Set<string>(["return", "refuse", "withdraw", "publish", "bounce", ...payeeAnswers]);

const isAnswer = (act: string): act is PayeeAnswer => (payeeAnswers as readonly string[]).includes(act);

function actWords(act: string): string {
  if (act === "find") return "人社部门主动发现您可以领取";
  if (act === "supply") return "补充了材料";
  if (isAnswer(act)) return payeeAnswerLabels[act];
  return Object.hasOwn(claimActLabels, act) ? claimActLabels[act as ClaimAct] : "办理";
}

const PAYMENT_WORDS: Record<OwnPaymentRow["state"], string> = {
  planned: "已编入发放批次",
  sent: "已送银行",
  paid: "已到账",
  returned: "银行退回",
  cancelled: "已取消",
};

const DECIDED = new Set<ClaimState>(["approved", "published", "cleared", "paying", "paid", "closed"]);

/** What may be held to be wrong: a refusal of what was refused, an amount of what was decided, facts of what is not over. */
export function mayAsk(state: ClaimState, open: boolean): ReviewKind[] {
  if (open || state === "withdrawn") return [];
  if (state === "refused") return ["refusal", "facts"];
  return DECIDED.has(state) ? ["amount", "facts"] : ["facts"];
}

/** The act whose words its payee has to read before anything else. */
const TELLING: Partial<Record<ClaimState, ClaimAct>> = { correction: "return", refused: "refuse" };

const WITHDRAWABLE = new Set<ClaimState>(["submitted", "accepted", "correction"]);

/** Until somebody has examined it. What was prepaid and what is owed as arrears stands apart (`subsidies.step_own`). */
const mayWithdraw = ({ state, way }: Pick<OwnClaimRow, "state" | "way">): boolean =>
  WITHDRAWABLE.has(state) && (way === "proactive" || way === "applied");

const MET = "符合条件，等人社部门生成补贴件";
/** Outcomes of which nothing is claimed yet, and that may become money. */
const POSSIBLE: Readonly<Record<string, string>> = {
  ELIGIBLE: MET,
  ELIGIBLE_UP_TO_CAP: MET,
  PARTLY_ELIGIBLE: "部分符合",
  NOT_YET: "还没到时候",
  PARAM_MISSING: "当地标准还没有公布",
  REVIEW: "要由人社部门认定",
  UNKNOWN: "还缺信息，等核实",
};

export function ownBenefitHandlers({ rulebook }: Pick<SubsidiesOptions, "rulebook">): readonly Handler[] {
  /** One line for what is alike: a dozen months of one measure are one thing to its reader. */
  async function possibleOf({ tx, services }: ActionContext, self: Self): Promise<MyBenefits["possible"]> {
    if (self.kind !== "person") return [];
    const rows = await entitlementsOf(tx, services, { rulebook, claims }, self.personId);
    const book = await rulebook.get(tx);
    const { measures } = book;
    const paying = new Set(
      measures.filter(({ definition }) => definition.pays.length > 0).map(({ version }) => version.version_id),
    );
    const lines = rows.flatMap(({ title, versionId, explanation }) => {
      const says = POSSIBLE[explanation.outcome];
      if (says === undefined) return [];
      const { notYet, missing, conditions, amount } = explanation;
      const lacks = [
        ...missing.map(({ label, supplier }) => `${label}（由${supplier}提供）`),
        ...conditions.filter(({ state }) => state === "not-yet" || state === "review").map((one) => one.says),
      ].slice(0, 6);
      const outcome =
        explanation.outcome === "NOT_YET" && notYet
          ? `${dayWords(notYet)}起可以领`
          : says === MET && !paying.has(versionId)
            ? "符合条件，不直接发钱"
            : says;
      const basis = basisOf(
        book,
        measures.find(({ version }) => version.version_id === versionId),
      );
      return [{ title, outcome, amountFen: amount, lacks, basis }];
    });
    return [...Map.groupBy(lines, ({ title, outcome, lacks }) => [title, outcome, ...lacks].join("\n")).values()].map(
      (alike) => ({
        ...alike[0]!,
        rows: alike.length,
        amountFen: alike.some(({ amountFen }) => amountFen !== null)
          ? alike.reduce((sum, { amountFen }) => sum + (amountFen ?? 0), 0)
          : null,
      }),
    );
  }

  return [
    handle(myBenefits, async (context, { page, size }) => {
      const self = selfAsPayee(context);
      const { rows, total } = await ownClaims(context.tx, self, { page, size });
      return {
        total,
        rows: rows.map(toOwnClaim),
        possible: page === 1 ? await possibleOf(context, self) : [],
        messages: self.kind === "person" ? await wantsMessages(context.tx, self.personId) : null,
      };
    }),

    handle(myBenefit, async (context, { claimId, page, size }) => {
      const { tx, businessDate } = context;
      const self = selfAsPayee(context);
      const row = (await findOwnClaim(tx, self, claimId)) ?? refuse(platformProblems.notFound("这件补贴"));
      const book = await rulebook.get(tx);
      // The text by which it was decided: another would explain what nobody decided.
      const measure = (await rulebook.versionOf(tx, row.version_id)) ?? undefined;
      const items = await ownItems(tx, claimId, { page, size });
      const judged = await judgeItems(
        tx,
        book,
        measure,
        items.rows.map(({ facts }) => facts),
        row.decided_on ?? businessDate,
      );
      const names = await namesOf(
        context,
        self,
        items.rows.flatMap(({ person_id }) => person_id ?? []),
      );
      const reviews = await reviewsOf(tx, claimId);
      const { office } = await officeOf(tx, row.region);
      const [events, payments, letters] = [
        await eventsOfClaim(tx, claimId),
        await ownPayments(tx, claimId),
        await lettersOfClaim(tx, claimId),
      ];
      const account = await accountOf(tx, row);
      // Of a case that was refused no item is left: it is told by the first that there was.
      const first = Math.max(
        0,
        items.rows.findIndex(({ live }) => live),
      );
      const open = reviews.some(({ state }) => state === "open");
      return {
        ...toOwnClaim(row),
        accountMask: account?.mask ?? null,
        office: office.name,
        contact: office.contact,
        answers: row.state === "proposed" ? [...payeeAnswers] : [],
        told: events.findLast(({ act }) => act === TELLING[row.state])?.note ?? "",
        maySupply: row.state === "correction",
        applicationId: row.state === "correction" ? await applicationOf(tx, claimId) : null,
        mayWithdraw: mayWithdraw(row),
        ofPerson: self.kind === "person",
        bounced: row.state === "cleared" && payments[0]?.state === "returned",
        mayAsk: mayAsk(row.state, open),
        basis: basisOf(book, measure),
        conditions: (judged[first] ?? []).map(({ says, facts }) => ({ says, facts })),
        items: items.rows.map((item, index) => ({
          itemId: item.item_id,
          person: item.person_id === null ? null : (names.get(item.person_id) ?? null),
          eventDate: item.event_date,
          amountFen: Number(item.amount_fen),
          live: item.live,
          dropped: item.dropped,
          failed: item.live
            ? []
            : (judged[index] ?? []).filter(({ state }) => state === "failed").map(({ says }) => says),
        })),
        itemTotal: items.total,
        itemsOut: items.out,
        forWorkers: self.kind === "employer" && items.rows.some(({ person_id }) => person_id !== null),
        timeline: events.map((event) => ({
          on: event.business_date,
          says: actWords(event.act),
          note: TOLD.has(event.act) ? event.note : "",
        })),
        payments: payments.map((payment) => ({
          on: payment.answered_on,
          amountFen: Number(payment.amount_fen),
          accountMask: payment.account_mask,
          says: [PAYMENT_WORDS[payment.state], payment.reason].filter(Boolean).join("："),
        })),
        letters: letters.map((letter) => ({
          letterId: letter.letter_id,
          kind: letter.kind,
          number: letter.number,
          title: letter.title,
          body: letter.body,
          office: letter.office,
          issuedOn: letter.issued_on,
        })),
        reviews: reviews.map(toReviewRow),
      };
    }),

    handle(listMyUncounted, async (context, { claimId, page, size }) => {
      const { tx, services, businessDate } = context;
      const self = selfAsPayee(context);
      const claim = (await findOwnClaim(tx, self, claimId)) ?? refuse(platformProblems.notFound("这件补贴"));
      const found = await uncountedOf(tx, { rulebook }, services, claim, { page, size });
      if (!found) return { asOf: businessDate, total: 0, byOutcome: [], rows: [] };
      const names = await namesOf(
        context,
        self,
        found.rows.flatMap(({ personId }) => personId ?? []),
      );
      return {
        ...found,
        rows: found.rows.map(({ personId, ...row }) => ({
          ...row,
          personName: personId === null ? null : (names.get(personId) ?? null),
          identityMask: null,
          // Which condition it is says enough: what the register holds of an employee is not his employer's.
          reasons: row.reasons.map((reason) => ({ ...reason, facts: [] })),
        })),
      };
    }),

    handleDownload(downloadMyLetter, async (context, { letterId }) => {
      const letter =
        (await findOwnLetter(context.tx, selfAsPayee(context), letterId)) ??
        refuse(platformProblems.notFound("这份文书"));
      context.audit({ subject: `subsidies.letter:${letterId}`, region: letter.region });
      return {
        fileName: `${letter.title}-${letter.number}.pdf`,
        mediaType: "application/pdf",
        body: await writeLetterPdf(letter),
      };
    }),
  ];
}

/**
 * Names of people because of whom the caller is paid or might be, masked: an enterprise knows whom it employs, and needs no more of the
 * register to tell them apart. Its account sees no person, so that they are read with the worker's eyes.
 */
async function namesOf(
  { services }: ActionContext,
  self: Self,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = await sql<{ person_id: string; name: string; identity_mask: string }>`
    SELECT p.person_id, p.name, p.identity_mask FROM registry.person p WHERE p.person_id = ANY(${personIds}::bigint[])`.execute(
    services.database.worker,
  );
  return new Map(
    found.rows.map(({ person_id, name, identity_mask }) => [
      person_id,
      self.kind === "person" ? maskName(name) : `${maskName(name)}（尾号 ${identity_mask.slice(-4)}）`,
    ]),
  );
}
