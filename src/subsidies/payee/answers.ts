import { sql } from "kysely";
import { forgiveBucket, takeAttempt, tokenDigest } from "#identity";
import { maskName, openPersonSecret } from "#registry";
import { sourceOf } from "../../platform/http/source-of.ts";
import { handle, type ActionContext, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import {
  answerBenefitLink,
  answerMyBenefit,
  answerWayLabels,
  askProgress,
  payeeAnswerLabels,
  readBenefitLink,
  setMessageWish,
  supplyMyBenefit,
  withdrawMyBenefit,
  type AnswerWay,
  type PayeeAnswer,
} from "../contract.ts";
import type { SubsidiesOptions } from "../options.ts";
import { sixDigest } from "../push/write.ts";
import { dueIn } from "../settings/store.ts";
import { officeOf } from "./office.ts";
import { toOwnClaim } from "./own.ts";
import { plainStates } from "./plain-words.ts";
import { payeeProblems } from "./problems.ts";
import { selfAsPayee } from "./self.ts";
import { findOwnClaim, type OwnClaimRow } from "./store.ts";
import { asksOf, basisOf } from "./why.ts";

/** 256 random bits are not guessed; this keeps somebody from trying all the same. */
const linksPerSource = { allowed: 30, minutes: 10 };
const progressPerSource = { allowed: 30, minutes: 60 };
const progressPerNumber = { allowed: 5, minutes: 60 };

/** What an answer that does not confirm must say: the office has to know what to do. */
const needsWords = (answer: PayeeAnswer): boolean => answer === "otherAccount";

/** 本人确认（链接）, and what he said besides. */
function wordsOf(answer: PayeeAnswer, way: AnswerWay, said: string): string {
  const head = `${answer === "confirm" ? "本人确认" : payeeAnswerLabels[answer]}（${answerWayLabels[way]}）`;
  return said === "" ? head : `${head}：${said}`;
}

interface OpenPush {
  readonly push_id: string;
  readonly claim_id: string;
  readonly region: string;
  readonly person_id: string;
  readonly title: string;
  readonly amount_fen: string;
  readonly expires_on: string;
}

/** What a token opens. One that is over, used, taken back or unknown is answered alike. */
async function openPush(context: ActionContext, token: string): Promise<OpenPush> {
  await takeAttempt(context, `benefit-link|${sourceOf(context.request.ip)}`, linksPerSource);
  const { rows } = await sql<OpenPush>`SELECT * FROM subsidies.open_push(${tokenDigest(token)})`.execute(context.tx);
  const [row] = rows;
  if (!row || row.expires_on < context.services.businessDate(row.region)) return refuse(payeeProblems.linkGone());
  return row;
}

/** One step of a claim by its own payee. */
async function step(
  context: ActionContext,
  claimId: string,
  act: "supply" | "withdraw",
  words: string,
): Promise<{ dueOn: string | null }> {
  const { tx, services } = context;
  const claim =
    (await findOwnClaim(tx, selfAsPayee(context), claimId)) ?? refuse(platformProblems.notFound("这件补贴"));
  const businessDate = services.businessDate(claim.region);
  const due = act === "supply" ? await dueIn(services.database.worker, claim.region, "accepted", businessDate) : null;
  context.audit({ subject: `subsidies.claim:${claimId}`, region: claim.region, act });
  const done = await sql<{ done: boolean }>`
    SELECT subsidies.step_own(${claimId}, ${act}, ${words}, ${businessDate}::date, ${due}::date) AS done`.execute(tx);
  if (!done.rows[0]?.done) refuse(act === "supply" ? payeeProblems.nothingToSupply() : payeeProblems.decidedAlready());
  return { dueOn: due };
}

export function answerHandlers({ rulebook }: Pick<SubsidiesOptions, "rulebook">): readonly Handler[] {
  return [
    handle(readBenefitLink, async (context, { token }) => {
      const { services } = context;
      const push = await openPush(context, token);
      // Whoever holds the link has no scope: what he may see is read with the worker's eyes, of this claim alone.
      return services.database.worker.transaction().execute(async (tx) => {
        const found = await sql<{
          name: string;
          identity_mask: string;
          bank_mask: string | null;
          version_id: string;
        }>`SELECT p.name, p.identity_mask, p.bank_mask, c.version_id FROM subsidies.claim c JOIN registry.person p ON p.person_id = c.payee_person_id
          WHERE c.claim_id = ${push.claim_id}`.execute(tx);
        const person = found.rows[0] ?? refuse(payeeProblems.linkGone());
        const book = await rulebook.get(tx);
        const measure = (await rulebook.versionOf(tx, person.version_id)) ?? undefined;
        const { office } = await officeOf(tx, push.region);
        return {
          title: push.title,
          amountFen: Number(push.amount_fen),
          person: maskName(person.name),
          // Not the last four, of which the six digits are asked.
          identityMask: `${person.identity_mask.slice(0, 6)}${"*".repeat(12)}`,
          accountMask: person.bank_mask,
          why: asksOf(measure),
          basis: basisOf(book, measure),
          office: office.name,
          contact: office.contact,
          expiresOn: push.expires_on,
        };
      });
    }),

    handle(answerBenefitLink, async (context, { token, lastSix, answer, said, stop }) => {
      const { tx, services } = context;
      if (needsWords(answer) && said === "") refuse(payeeProblems.sayWhat());
      const push = await openPush(context, token);
      const [hash, six] = [tokenDigest(token), sixDigest(services.keys, push.claim_id, lastSix)];
      const tried = await sql<{ right: boolean }>`SELECT subsidies.try_push(${hash}, ${six}) AS right`.execute(tx);
      // A wrong try is counted although the refusal rolls back.
      await sql`COMMIT AND CHAIN`.execute(tx);
      if (!tried.rows[0]?.right) refuse(payeeProblems.notHe());
      const businessDate = services.businessDate(push.region);
      const due =
        answer === "confirm" ? await dueIn(services.database.worker, push.region, "submitted", businessDate) : null;
      context.audit({ subject: `subsidies.claim:${push.claim_id}`, region: push.region, answer, by: "一次性链接" });
      if (stop) await sql`SELECT subsidies.stop_by_link(${hash}, ${six}, ${businessDate}::date)`.execute(tx);
      const done = await sql<{ done: boolean }>`
        SELECT subsidies.answer_by_link(${hash}, ${six}, ${answer}, ${wordsOf(answer, "link", said)}, ${businessDate}::date, ${due}::date) AS done`.execute(
        tx,
      );
      if (!done.rows[0]?.done) refuse(payeeProblems.linkGone());
      const numbered = await sql<{
        number: string;
      }>`SELECT number FROM subsidies.claim WHERE claim_id = ${push.claim_id}`.execute(services.database.worker);
      return { number: numbered.rows[0]!.number, dueOn: due };
    }),

    handle(answerMyBenefit, async (context, { claimId, answer, said }) => {
      const { tx, services } = context;
      const self = selfAsPayee(context);
      const claim = (await findOwnClaim(tx, self, claimId)) ?? refuse(platformProblems.notFound("这件补贴"));
      if (needsWords(answer) && said === "") refuse(payeeProblems.sayWhat());
      const businessDate = services.businessDate(claim.region);
      // A payee sees nothing of what offices set.
      const due =
        answer === "confirm" ? await dueIn(services.database.worker, claim.region, "submitted", businessDate) : null;
      context.audit({ subject: `subsidies.claim:${claimId}`, region: claim.region, answer });
      const words = wordsOf(answer, "account", said);
      const done = await sql<{ done: boolean }>`
        SELECT subsidies.answer_own(${claimId}, ${answer}, ${words}, ${businessDate}::date, ${due}::date) AS done`.execute(
        tx,
      );
      if (!done.rows[0]?.done) refuse(payeeProblems.answeredAlready());
      return { dueOn: due };
    }),

    handle(supplyMyBenefit, (context, { claimId, said }) =>
      step(context, claimId, "supply", `本人补充（网上）：${said}`),
    ),
    handle(withdrawMyBenefit, async (context, { claimId }) => {
      await step(context, claimId, "withdraw", "本人撤回（网上）");
      return {};
    }),

    handle(setMessageWish, async (context, { wanted }) => {
      const self = selfAsPayee(context);
      if (self.kind !== "person") return refuse(payeeProblems.needsRealName());
      await sql`INSERT INTO subsidies.message_wish (person_id, home_region, wanted, said_on, said_by)
        VALUES (${self.personId}, ${self.homeRegion}, ${wanted}, ${context.businessDate}::date, 'account')`.execute(
        context.tx,
      );
      context.audit({ subject: `registry.person:${self.personId}`, messages: wanted });
      return {};
    }),

    handle(askProgress, async (context, { number, lastSix }) => {
      const { services } = context;
      await takeAttempt(context, `progress-source|${sourceOf(context.request.ip)}`, progressPerSource);
      await takeAttempt(context, `progress|${number}`, progressPerNumber);
      const found = await sql<OwnClaimRow & { secret: Buffer | null; credit_code: string | null }>`
        SELECT c.claim_id, c.number, c.title, c.amount_fen, c.state, c.due_on, c.received_on, c.paid_on, p.secret, e.credit_code
        FROM subsidies.claim c LEFT JOIN registry.person p ON p.person_id = c.payee_person_id LEFT JOIN registry.employer e ON e.employer_id = c.payee_employer_id
        WHERE c.number = ${number}`.execute(services.database.worker);
      const [row] = found.rows;
      const known = row?.secret ? openPersonSecret(services.keys, row.secret).identity : (row?.credit_code ?? null);
      if (!row || known?.slice(-6).toUpperCase() !== lastSix) return refuse(payeeProblems.noProgress());
      await forgiveBucket(context.tx, services.keys, `progress|${number}`);
      const { title, dueOn: due } = toOwnClaim(row);
      return { title, ...plainStates[row.state], dueOn: due };
    }),
  ];
}
