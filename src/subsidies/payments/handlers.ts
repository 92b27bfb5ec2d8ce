import { narrow, regionNames } from "#registry";
import { nextState, possibleActs } from "../../platform/contract.ts";
import type { Tx } from "../../platform/db/database.ts";
import { handle, handleDownload, handleUpload, type ActionContext, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { actorOf, stepFrom } from "../claims/steps.ts";
import { stepClaims } from "../claims/store.ts";
import {
  batchActLabels,
  batchFlow,
  batchStateLabels,
  buildBatch,
  cancelBatch,
  freezeBatch,
  getBatch,
  importBankResult,
  listBatches,
  listPayments,
  releaseBatch,
  sendBatch,
  subsidiesPermissions,
  takeBankFile,
  type BatchAct,
  type BatchRow,
  type BatchState,
} from "../contract.ts";
import { findFundLine, movePaid } from "../funds/store.ts";
import { placeOf } from "../places.ts";
import { endReturned, lockRecoveriesOf } from "../recovery/come-back.ts";
import { subsidiesProblems } from "../problems.ts";
import { bankFile } from "./bank-file.ts";
import { findBankFormat } from "./bank-formats.ts";
import { applyAnswer, checkAnswer, readBankResult } from "./bank-result.ts";
import {
  changeBatch,
  digestOf,
  findBatch,
  insertBatch,
  listStoredBatches,
  listStoredPayments,
  lockPlanned,
  movePayments,
  planPayments,
  type StoredBatch,
} from "./store.ts";

async function toRows(tx: Tx, batches: readonly StoredBatch[]): Promise<BatchRow[]> {
  const nameOf = await regionNames(
    tx,
    batches.map(({ region }) => region),
  );
  return batches.map((batch) => ({
    batchId: batch.batch_id,
    number: batch.number,
    place: placeOf(nameOf, batch.region),
    fund: batch.fund,
    document: batch.document,
    state: batch.state,
    payments: batch.payments,
    totalFen: Number(batch.total_fen),
    paidFen: Number(batch.paid_fen),
    returned: batch.returned,
    builtByName: batch.built_by_name,
    builtOn: batch.built_on,
    releasedByName: batch.released_by_name,
    countersignedByName: batch.countersigned_by_name,
  }));
}

/** What the caller may do with a batch now. */
function actsOn(batch: StoredBatch, { caller }: ActionContext): BatchAct[] {
  const may = (permission: string) => caller.permissions.has(permission);
  return possibleActs(batchFlow, batch.state).filter((act) => {
    if (act === "release")
      return may(subsidiesPermissions.release) && batch.released_by === null && batch.built_by !== caller.officerId;
    if (act === "countersign")
      return (
        may(subsidiesPermissions.release) &&
        batch.released_by !== null &&
        batch.built_by !== caller.officerId &&
        batch.released_by !== caller.officerId
      );
    return may(subsidiesPermissions.pay);
  });
}

/** The batch, locked, if the act is possible in its state and nobody has acted since the officer saw it. */
async function lockedFor(
  context: ActionContext,
  batchId: string,
  act: BatchAct,
  lock?: number,
): Promise<{ readonly batch: StoredBatch; readonly state: BatchState }> {
  const { tx, caller } = context;
  const batch =
    (await findBatch(tx, caller.sight.region, batchId, true)) ?? refuse(platformProblems.notFound("这个发放批次"));
  const state =
    nextState(batchFlow, batch.state, act) ??
    refuse(subsidiesProblems.batchState(batchActLabels[act], batchStateLabels[batch.state]));
  if (lock !== undefined && batch.lock !== lock) refuse(subsidiesProblems.changedMeanwhile());
  context.audit({
    subject: `subsidies.batch:${batchId}`,
    region: batch.region,
    act,
    amountFen: Number(batch.total_fen),
  });
  return { batch, state };
}

/** What was frozen is what is paid: refuses where a line differs from what was signed. */
async function unaltered(tx: Tx, batch: StoredBatch): Promise<void> {
  if ((await digestOf(tx, batch.batch_id)) !== batch.digest) refuse(subsidiesProblems.batchAltered());
}

export function paymentHandlers(): readonly Handler[] {
  return [
    handle(listBatches, async (context, { page, size, state, region }) => {
      const { tx, caller } = context;
      const { rows, total } = await listStoredBatches(tx, narrow(caller.sight.region, region), state, { page, size });
      context.audit({ count: rows.length, total });
      return { total, rows: await toRows(tx, rows) };
    }),

    handle(getBatch, async (context, { batchId }) => {
      const { tx, caller } = context;
      const batch =
        (await findBatch(tx, caller.sight.region, batchId)) ?? refuse(platformProblems.notFound("这个发放批次"));
      context.audit({ subject: `subsidies.batch:${batchId}`, region: batch.region, count: 1 });
      const [row] = await toRows(tx, [batch]);
      return { ...row!, digest: batch.digest, acts: actsOn(batch, context), lock: batch.lock };
    }),

    handle(listPayments, async (context, { batchId, state, page, size }) => {
      const { tx, caller } = context;
      const batch =
        (await findBatch(tx, caller.sight.region, batchId)) ?? refuse(platformProblems.notFound("这个发放批次"));
      const { rows, total } = await listStoredPayments(tx, batchId, state, { page, size });
      context.audit({ subject: `subsidies.batch:${batchId}`, region: batch.region, count: rows.length, total });
      return {
        total,
        rows: rows.map((row) => ({
          paymentId: row.payment_id,
          line: row.line,
          claimId: row.claim_id,
          claimNumber: row.claim_number,
          title: row.title,
          payeeName: row.payee_name,
          accountMask: row.account_mask,
          amountFen: Number(row.amount_fen),
          state: row.state,
          bankReference: row.bank_reference,
          answeredOn: row.answered_on,
          reason: row.reason,
        })),
      };
    }),

    handle(buildBatch, async (context, { fundLineId, rule }) => {
      const { tx, caller, businessDate } = context;
      const line =
        (await findFundLine(tx, caller.sight.region, fundLineId)) ?? refuse(platformProblems.notFound("这条资金额度"));
      const batchId = await insertBatch(tx, {
        region: line.region,
        fundLineId,
        officerId: caller.officerId,
        officerName: caller.name,
        on: businessDate,
      });
      const { claimIds, totalFen, withoutAccount } = await planPayments(tx, { batchId, fundLineId, rule });
      if (claimIds.length === 0)
        refuse(withoutAccount > 0 ? subsidiesProblems.noAccounts(withoutAccount) : subsidiesProblems.nothingToPay());
      await changeBatch(tx, batchId, { payments: claimIds.length, totalFen });
      await stepClaims(tx, claimIds, stepFrom("cleared", "batch", actorOf(context)));
      context.audit({
        subject: `subsidies.batch:${batchId}`,
        region: line.region,
        count: claimIds.length,
        amountFen: totalFen,
      });
      return { batchId, payments: claimIds.length, totalFen, withoutAccount };
    }),

    handle(freezeBatch, async (context, { batchId, lock }) => {
      const { state } = await lockedFor(context, batchId, "freeze", lock);
      const digest = await digestOf(context.tx, batchId);
      await changeBatch(context.tx, batchId, { state, digest });
      context.audit({ digest });
      return { digest };
    }),

    handle(releaseBatch, async (context, { batchId, lock }) => {
      const { tx, caller } = context;
      const by = { officerId: caller.officerId, name: caller.name };
      const { batch } = await lockedFor(context, batchId, "release", lock);
      if (batch.built_by === caller.officerId || batch.released_by === caller.officerId)
        refuse(subsidiesProblems.ownBatch());
      await unaltered(tx, batch);
      if (batch.released_by === null) {
        await changeBatch(tx, batchId, { releasedBy: by });
        return { released: false };
      }
      await changeBatch(tx, batchId, { state: "released", countersignedBy: by });
      return { released: true };
    }),

    handle(cancelBatch, async (context, { batchId, lock, note }) => {
      const { tx } = context;
      const { state } = await lockedFor(context, batchId, "cancel", lock);
      await lockPlanned(tx, batchId);
      const claims = await movePayments(tx, batchId, "planned", "cancelled");
      await changeBatch(tx, batchId, { state });
      await stepClaims(tx, claims, stepFrom("paying", "bounce", actorOf(context, `批次取消：${note}`)));
      context.audit({ note, count: claims.length });
      return {};
    }),

    handle(sendBatch, async (context, { batchId, lock }) => {
      const { tx } = context;
      const { batch, state } = await lockedFor(context, batchId, "send", lock);
      await unaltered(tx, batch);
      await movePayments(tx, batchId, "planned", "sent");
      const format = (await findBankFormat(tx, batch.region))?.format ?? "plain";
      await changeBatch(tx, batchId, { state, sent: { format } });
      return {};
    }),

    handleDownload(takeBankFile, async (context, { batchId }) => {
      const { tx, caller, services } = context;
      const batch =
        (await findBatch(tx, caller.sight.region, batchId)) ?? refuse(platformProblems.notFound("这个发放批次"));
      if (batch.state !== "sent" && batch.state !== "settled")
        refuse(subsidiesProblems.batchState("取银行文件", batchStateLabels[batch.state]));
      await unaltered(tx, batch);
      context.audit({
        subject: `subsidies.batch:${batchId}`,
        region: batch.region,
        count: batch.payments,
        unmasked: true,
      });
      return bankFile(tx, services.keys, batch);
    }),

    handleUpload(importBankResult, async (context, { batchId }, file) => {
      const { tx, services, businessDate } = context;
      const { batch } = await lockedFor(context, batchId, "settle");
      const local = await services.files.asLocalFile(file.key);
      try {
        await readBankResult(tx, services.keys, batch, { path: local.path, name: file.name });
      } finally {
        await local.release();
      }
      await checkAnswer(tx, batchId);
      const { paid, returned, known } = await applyAnswer(tx, batchId);
      const idsOf = (rows: readonly { readonly claimId: string }[]) => rows.map(({ claimId }) => claimId);
      const sumOf = (rows: readonly { readonly amountFen: number }[]) =>
        rows.reduce((sum, { amountFen }) => sum + amountFen, 0);
      const late = returned.filter(({ afterPaid }) => afterPaid);
      await lockRecoveriesOf(tx, idsOf(late));
      await movePaid(tx, "spend", batchId, idsOf(paid), actorOf(context));
      await movePaid(tx, "return", batchId, idsOf(late), actorOf(context));
      await stepClaims(tx, idsOf(paid), stepFrom("paying", "pay", actorOf(context)), { paidOn: businessDate });
      const bounced = stepFrom("paying", "bounce", actorOf(context, "银行退回，请核对账户后重发"));
      await stepClaims(tx, idsOf(returned), bounced, { paidOn: null });
      await endReturned(context, idsOf(late));
      const waiting = (await listStoredPayments(tx, batchId, "sent", { page: 1, size: 1 })).total;
      if (waiting === 0) await changeBatch(tx, batchId, { state: "settled", settledOn: businessDate });
      context.audit({ count: paid.length, returned: returned.length, paidFen: sumOf(paid) });
      return {
        paid: paid.length,
        paidFen: sumOf(paid),
        returned: returned.length,
        returnedFen: sumOf(returned),
        known,
        waiting,
      };
    }),
  ];
}
