import { sql } from "kysely";
import { addWorkdays } from "../../platform/dates/workdays.ts";
import { nextState } from "../../platform/contract.ts";
import { formatYuan } from "../../platform/money.ts";
import { handle, type ActionContext, type Handler, type Services } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import { actorOf } from "../claims/steps.ts";
import { noteClaims } from "../claims/store.ts";
import {
  agreeWriteOff,
  cancelRecovery,
  decideRecovery,
  declineWriteOff,
  hearRecovery,
  notifyRecovery,
  planRecovery,
  proposeWriteOff,
  receiveRecovery,
  refundRecovery,
  recoveryActLabels,
  recoveryFlow,
  recoveryStateLabels,
  type RecoveryAct,
  type RecoveryState,
} from "../contract.ts";
import type { SubsidiesOptions } from "../options.ts";
import { prepaymentProblems } from "../prepayments/problems.ts";
import { subsidiesProblems } from "../problems.ts";
import { differencesOfRecovery, endDifferences } from "../recalculation/store.ts";
import { weigh } from "../recalculation/weigh.ts";
import { openOf, owedOf } from "./reductions.ts";
import {
  changeRecovery,
  insertReceipt,
  nextDueOf,
  noteRecovery,
  replacePlan,
  type RecoveryChange,
  type StoredRecovery,
} from "./store.ts";
import { recoveryProblems } from "./problems.ts";
import { recoveryDueOn, termsOf } from "./terms.ts";
import { isAsSettled } from "../prepayments/asked.ts";
import { recoveryFor } from "./view.ts";

/** The case, locked, if the act is possible in its state and nobody has acted since the officer saw it. */
async function lockedFor(
  context: ActionContext,
  { recoveryId, lock }: { readonly recoveryId: string; readonly lock: number },
  act: RecoveryAct,
): Promise<{ readonly one: StoredRecovery; readonly state: RecoveryState }> {
  const one = await recoveryFor(context, recoveryId, true);
  const state =
    nextState(recoveryFlow, one.state, act) ??
    refuse(subsidiesProblems.recoveryState(recoveryActLabels[act], recoveryStateLabels[one.state]));
  if (one.lock !== lock) refuse(subsidiesProblems.changedMeanwhile());
  context.audit({ subject: `subsidies.recovery:${recoveryId}`, region: one.region, act });
  return { one, state };
}

/** What came back from the bank is not the payee's to repay. */
function requirePaid(one: StoredRecovery): void {
  if (one.claim_state !== "paid" && one.claim_state !== "closed") refuse(subsidiesProblems.claimNotPaid());
}

/** Takes a case a step on, and writes it down. */
async function step(
  context: ActionContext,
  one: StoredRecovery,
  act: RecoveryAct,
  state: RecoveryState,
  said: { readonly dueOn: string | null; readonly note: string; readonly amountFen?: number },
  change: RecoveryChange = {},
): Promise<{ readonly state: RecoveryState }> {
  const { tx } = context;
  await changeRecovery(tx, one.recovery_id, state, said.dueOn, change);
  await noteRecovery(tx, one.recovery_id, {
    ...actorOf(context, said.note),
    act,
    ...(said.amountFen === undefined ? {} : { amountFen: said.amountFen }),
  });
  return { state };
}

/** Whether what was filed is still what too much was paid, on the facts and by the rule of today. */
async function isAsFiled(options: SubsidiesOptions, services: Services, one: StoredRecovery): Promise<boolean> {
  if (one.prepayment_id !== null) return isAsSettled(options, services, one.prepayment_id);
  const { rulebook } = options;
  return services.database.worker.transaction().execute(async (tx) => {
    await weigh(
      tx,
      { rulebook, services, region: one.region },
      sql`i.item_id IN (SELECT d.item_id FROM subsidies.difference d WHERE d.recovery_id = ${one.recovery_id} AND d.state = 'recovery')`,
    );
    const moved = await sql<{
      n: string;
    }>`SELECT count(*) AS n FROM weighed WHERE NOT asked OR now_fen IS DISTINCT FROM was_fen`.execute(tx);
    return moved.rows[0]!.n === "0";
  });
}

const endOf = (context: ActionContext, one: StoredRecovery, words: string) =>
  noteClaims(context.tx, [one.claim_id], { ...actorOf(context, `${one.number} ${words}`), act: "recovery" });

export function recoveryActHandlers(options: SubsidiesOptions): readonly Handler[] {
  return [
    handle(notifyRecovery, async (context, { grounds, contact, replyDays, ...which }) => {
      const { one, state } = await lockedFor(context, which, "notify");
      requirePaid(one);
      const { businessDate, caller } = context;
      const { reply } = await termsOf(context.tx, one);
      if (replyDays !== undefined && replyDays < reply) refuse(recoveryProblems.replyTooShort(reply));
      const replyBy = addWorkdays(businessDate, replyDays ?? reply);
      return step(
        context,
        one,
        "notify",
        state,
        { dueOn: replyBy, note: `陈述申辩到 ${replyBy}` },
        { grounds, contact, notified_on: businessDate, notified_by_name: caller.name, reply_by: replyBy },
      );
    }),

    handle(hearRecovery, async (context, { statement, ...which }) => {
      const { one, state } = await lockedFor(context, which, "hear");
      const { businessDate, caller } = context;
      return step(
        context,
        one,
        "hear",
        state,
        { dueOn: recoveryDueOn(await termsOf(context.tx, one), state, businessDate), note: "" },
        { statement, heard_by: caller.officerId, heard_by_name: caller.name, heard_on: businessDate },
      );
    }),

    handle(decideRecovery, async (context, { decision, payDays, ...which }) => {
      const { one, state } = await lockedFor(context, which, "decide");
      requirePaid(one);
      const { businessDate, caller } = context;
      if (one.filed_by === caller.officerId || one.heard_by === caller.officerId)
        refuse(subsidiesProblems.ownRecovery());
      if (one.state === "notified" && businessDate <= one.reply_by!)
        refuse(subsidiesProblems.replyRunning(one.reply_by!));
      if (!(await isAsFiled(options, context.services, one)))
        refuse(one.prepayment_id === null ? subsidiesProblems.differenceMoved() : prepaymentProblems.settlementMoved());
      const payBy = addWorkdays(businessDate, payDays ?? (await termsOf(context.tx, one)).pay);
      return step(
        context,
        one,
        "decide",
        state,
        { dueOn: payBy, note: decision, amountFen: owedOf(one) },
        {
          decision,
          decided_by: caller.officerId,
          decided_by_name: caller.name,
          decided_on: businessDate,
          pay_by: payBy,
        },
      );
    }),

    handle(planRecovery, async (context, { instalments, ...which }) => {
      const { one, state } = await lockedFor(context, which, "plan");
      const owed = owedOf(one);
      const planned = instalments.reduce((sum, { amountFen }) => sum + amountFen, 0);
      if (planned !== owed) refuse(subsidiesProblems.planNotWhole(formatYuan(planned), formatYuan(owed)));
      const { instalments: most } = await termsOf(context.tx, one);
      if (instalments.length > most) refuse(recoveryProblems.tooManyInstalments(most));
      if (instalments[0]!.dueOn < one.decided_on!) refuse(subsidiesProblems.planInPast(one.decided_on!));
      await replacePlan(context.tx, one, instalments);
      const dueOn = await nextDueOf(context.tx, one);
      const note = `分 ${instalments.length} 期，最后一期 ${instalments.at(-1)!.dueOn}`;
      return step(context, one, "plan", state, { dueOn, note });
    }),

    handle(receiveRecovery, async (context, { amountFen, receivedOn, method, reference, ...which }) => {
      const { one, state } = await lockedFor(context, which, "receive");
      requirePaid(one);
      const { tx, businessDate } = context;
      const open = openOf(one);
      if (amountFen > open) refuse(subsidiesProblems.aboveOwed(formatYuan(open)));
      if (receivedOn < one.decided_on! || receivedOn > businessDate)
        refuse(subsidiesProblems.receiptDay(one.decided_on!));
      const receipt = { amountFen, receivedOn, method, reference };
      if ((await insertReceipt(tx, one, receipt, actorOf(context))) === null)
        refuse(subsidiesProblems.receiptTwice(reference));
      context.audit({ amountFen, reference });
      const note = `${method} ${reference}`;
      if (amountFen < open) {
        const dueOn = await nextDueOf(context.tx, one);
        return step(context, one, "receive", state, { dueOn, note, amountFen });
      }
      await noteRecovery(tx, one.recovery_id, { ...actorOf(context, note), act: "receive", amountFen });
      const settled = nextState(recoveryFlow, state, "settle")!;
      await endOf(context, one, `已结清，缴回 ${formatYuan(owedOf(one))} 元`);
      const said = { dueOn: null, note: "全部缴回，退回原资金额度" };
      return step(context, one, "settle", settled, said, { ended_on: businessDate });
    }),

    handle(proposeWriteOff, async (context, { reason, ...which }) => {
      const { one, state } = await lockedFor(context, which, "propose");
      const { businessDate, caller } = context;
      const terms = await termsOf(context.tx, one);
      const said = { dueOn: recoveryDueOn(terms, state, businessDate), note: reason, amountFen: openOf(one) };
      return step(context, one, "propose", state, said, {
        proposed_by: caller.officerId,
        proposed_by_name: caller.name,
        proposed_on: businessDate,
        write_off_reason: reason,
      });
    }),

    handle(agreeWriteOff, async (context, { note, ...which }) => {
      const { one, state } = await lockedFor(context, which, "agree");
      const { businessDate, caller } = context;
      if (one.proposed_by === caller.officerId) refuse(subsidiesProblems.ownProposal());
      const amountFen = openOf(one);
      context.audit({ amountFen });
      await endOf(context, one, `经批准核销 ${formatYuan(amountFen)} 元`);
      return step(
        context,
        one,
        "agree",
        state,
        { dueOn: null, note, amountFen },
        {
          agreed_by: caller.officerId,
          agreed_by_name: caller.name,
          written_off_fen: amountFen,
          ended_on: businessDate,
        },
      );
    }),

    handle(declineWriteOff, async (context, { note, ...which }) => {
      const { one, state } = await lockedFor(context, which, "decline");
      const dueOn = await nextDueOf(context.tx, one);
      return step(
        context,
        one,
        "decline",
        state,
        { dueOn, note },
        {
          proposed_by: null,
          proposed_by_name: null,
          proposed_on: null,
          write_off_reason: null,
        },
      );
    }),

    handle(refundRecovery, async (context, { refundedOn, method, reference, ...which }) => {
      const { one, state } = await lockedFor(context, which, "refund");
      const { businessDate, caller } = context;
      if (refundedOn < one.decided_on! || refundedOn > businessDate)
        refuse(subsidiesProblems.receiptDay(one.decided_on!));
      const amountFen = Number(one.received_fen);
      context.audit({ amountFen, reference });
      await endOf(context, one, `已退还收款人缴回的 ${formatYuan(amountFen)} 元`);
      return step(
        context,
        one,
        "refund",
        state,
        { dueOn: null, note: `${method} ${reference}`, amountFen },
        {
          refunded_on: refundedOn,
          refund_method: method,
          refund_reference: reference,
          refunded_by_name: caller.name,
          ended_on: businessDate,
        },
      );
    }),

    handle(cancelRecovery, async (context, { reason, ...which }) => {
      const { one, state } = await lockedFor(context, which, "cancel");
      const { tx, businessDate, caller } = context;
      if (Number(one.received_fen) > 0) refuse(subsidiesProblems.repaidAlready());
      const ids = (await differencesOfRecovery(tx, one.recovery_id)).map(({ difference_id }) => difference_id);
      await endDifferences(tx, ids, {
        state: "dismissed",
        reason: `追回件 ${one.number} 撤销：${reason}`,
        by: caller.name,
        on: businessDate,
      });
      await endOf(context, one, `已撤销：${reason}`);
      return step(context, one, "cancel", state, { dueOn: null, note: reason }, { ended_on: businessDate });
    }),
  ];
}
