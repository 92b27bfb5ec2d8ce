import { toBasis } from "#policy";
import type { ActionContext } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { differenceCauseLabels, recoveryActsOf, type RecoveryRow, type RecoveryView } from "../contract.ts";
import type { SubsidiesOptions } from "../options.ts";
import { remedyWords } from "../letters/values.ts";
import { officeOf as officeOfPayees } from "../payee/office.ts";
import { toDifferences } from "../recalculation/rows.ts";
import { differencesOfRecovery } from "../recalculation/store.ts";
import { formatYuan } from "../../platform/money.ts";
import { termsOf } from "./terms.ts";
import { reductionsOf } from "./reductions.ts";
import { eventsOfRecovery, findRecovery, instalmentsOf, officeOf, receiptsOf, type StoredRecovery } from "./store.ts";

/** The case, in sight of the caller. */
export async function recoveryFor(
  { tx, caller, businessDate }: ActionContext,
  recoveryId: string,
  lock = false,
): Promise<StoredRecovery> {
  return (
    (await findRecovery(tx, caller.sight.region, recoveryId, businessDate, lock)) ??
    refuse(platformProblems.notFound("这件追回"))
  );
}

/** Everything that a case's page and its letters say. */
export async function viewOf(
  { rulebook }: SubsidiesOptions,
  { tx, caller, businessDate }: ActionContext,
  stored: StoredRecovery,
  row: RecoveryRow,
): Promise<RecoveryView> {
  const recoveryId = stored.recovery_id;
  const book = await rulebook.get(tx);
  const measure = await rulebook.versionOf(tx, stored.version_id);
  const differences = await toDifferences(tx, rulebook, await differencesOfRecovery(tx, recoveryId));
  const [instalments, receipts] = [await instalmentsOf(tx, recoveryId), await receiptsOf(tx, recoveryId)];
  const reductions = await reductionsOf(tx, recoveryId);
  const terms = await termsOf(tx, stored);
  const events = await eventsOfRecovery(tx, recoveryId);
  return {
    ...row,
    grounds: stored.grounds,
    contact: stored.contact,
    remedy: remedyWords((await officeOfPayees(tx, stored.region)).office),
    organisation: await officeOf(tx, recoveryId),
    fundLine: { fundLineId: stored.fund_line_id, fund: stored.fund, document: stored.document },
    paidOn: stored.paid_on,
    filedByName: stored.filed_by_name,
    notifiedByName: stored.notified_by_name,
    notifiedOn: stored.notified_on,
    replyBy: stored.reply_by,
    statement: stored.statement,
    heardByName: stored.heard_by_name,
    heardOn: stored.heard_on,
    decision: stored.decision,
    decidedByName: stored.decided_by_name,
    decidedOn: stored.decided_on,
    payBy: stored.pay_by,
    proposedByName: stored.proposed_by_name,
    proposedOn: stored.proposed_on,
    writeOffReason: stored.write_off_reason,
    agreedByName: stored.agreed_by_name,
    prepaid:
      stored.prepaid_fen === null ? null : { amountFen: Number(stored.prepaid_fen), settledOn: stored.settled_on! },
    items:
      stored.prepaid_fen === null
        ? differences.map((one) => ({
            differenceId: one.differenceId,
            personName: one.personName,
            eventDate: one.eventDate,
            wasFen: one.wasFen,
            nowFen: one.nowFen ?? 0,
            why:
              one.failed.length > 0
                ? one.failed.map((says) => `不再符合：${says}`)
                : one.causes.map((cause) => differenceCauseLabels[cause]),
            changed: one.changed,
          }))
        : [settledItem(stored, Number(stored.prepaid_fen))],
    basis: measure ? measure.definition.basis.map((basis) => toBasis(book.library, basis)) : [],
    terms: { replyDays: terms.reply, payDays: terms.pay, instalments: terms.instalments },
    instalments: instalments.map((one) => ({
      line: one.line,
      dueOn: one.due_on,
      amountFen: Number(one.amount_fen),
      receivedFen: Number(one.received),
      overdue: stored.ended_on === null && one.due_on < businessDate && Number(one.received) < Number(one.amount_fen),
    })),
    receipts: receipts.map((one) => ({
      receiptId: one.receipt_id,
      amountFen: Number(one.amount_fen),
      receivedOn: one.received_on,
      method: one.method,
      reference: one.reference,
      officerName: one.officer_name,
    })),
    reductions: reductions.map((one) => ({
      reductionId: one.reduction_id,
      amountFen: Number(one.amount_fen),
      cause: one.cause,
      note: one.note,
      officerName: one.officer_name,
      on: one.business_date,
    })),
    refund:
      stored.refunded_on === null
        ? null
        : {
            refundedOn: stored.refunded_on,
            method: stored.refund_method!,
            reference: stored.refund_reference!,
            officerName: stored.refunded_by_name!,
          },
    events: events.map((event) => ({
      eventId: event.event_id,
      act: event.act,
      state: event.state,
      amountFen: event.amount_fen === null ? null : Number(event.amount_fen),
      officerName: event.officer_name,
      organisation: event.organisation,
      note: event.note,
      businessDate: event.business_date,
      at: event.at.toISOString(),
    })),
    acts: recoveryActsOf(
      {
        state: stored.state,
        filedBy: stored.filed_by,
        heardBy: stored.heard_by,
        proposedBy: stored.proposed_by,
        replyBy: stored.reply_by,
        receivedFen: row.receivedFen,
      },
      caller,
      businessDate,
    ),
    lock: stored.lock,
  };
}

/** The settlement as it was when the case was filed; what was put right later stands among the reductions. */
function settledItem(stored: StoredRecovery, prepaidFen: number): RecoveryView["items"][number] {
  return {
    differenceId: null,
    personName: null,
    eventDate: stored.settled_on!,
    wasFen: prepaidFen,
    nowFen: prepaidFen - Number(stored.amount_fen),
    why: [`定额预付 ${formatYuan(prepaidFen)} 元，结算核实的少于预付的`],
    changed: [],
  };
}
