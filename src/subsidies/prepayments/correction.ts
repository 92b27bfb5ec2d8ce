import { sql } from "kysely";
import { locks } from "../../platform/db/locks.ts";
import type { Tx } from "../../platform/db/database.ts";
import { nextState, type OutputOf } from "../../platform/contract.ts";
import { formatYuan } from "../../platform/money.ts";
import type { ActionContext, Services } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import type { Payable } from "../applications/offers.ts";
import { payeeSubject } from "../claims/intake.ts";
import { actorOf } from "../claims/steps.ts";
import { noteClaims } from "../claims/store.ts";
import { prepaymentStateLabels, recoveryFlow, recoveryStateLabels, type settlePrepayment } from "../contract.ts";
import { subsidiesProblems } from "../problems.ts";
import { openOf, reduceRecovery } from "../recovery/reductions.ts";
import { changeRecovery, findRecovery, nextDueOf, noteRecovery, type StoredRecovery } from "../recovery/store.ts";
import { dueIn } from "../settings/store.ts";
import { foundOf } from "./asked.ts";
import { prepaymentProblems } from "./problems.ts";
import { correctionOf } from "./settlement.ts";
import {
  attachActual,
  correctStored,
  findPrepayment,
  insertPrepaidClaim,
  lockPrepayment,
  type StoredPrepayment,
} from "./store.ts";

type Outcome = OutputOf<typeof settlePrepayment>;

const PAID = new Set<string>(["paid", "closed"]);

/** While what is owed has not come to its end, and the bank has not given the prepayment back. */
export const isCorrectable = ({ state, claim_state, recovery_ended_on }: StoredPrepayment): boolean =>
  state === "owed" && PAID.has(claim_state) && recovery_ended_on === null;

const NOTHING_YET = { receivedFen: 0 };
/** What has come in of what is owed and what is still open; before its case is filed, all of it is open. */
const stateOf = (recovery: StoredRecovery | null, stored: StoredPrepayment) =>
  recovery === null
    ? { ...NOTHING_YET, openFen: Number(stored.owed_fen) }
    : { receivedFen: Number(recovery.received_fen), openFen: openOf(recovery) };

export async function previewCorrection(
  worker: Tx,
  services: Services,
  one: Payable,
  stored: StoredPrepayment,
): Promise<Outcome> {
  const recovery =
    stored.recovery_id === null ? null : await findRecovery(worker, "", stored.recovery_id, stored.settled_on!);
  const { items, actualFen } = await foundOf(worker, services, one, stored, stored.settled_on);
  const [prepaid, settled] = [Number(stored.amount_fen), Number(stored.actual_fen)];
  return { items, ...correctionOf(prepaid, settled, actualFen, stateOf(recovery, stored)) };
}

/**
 * 更正结算: what was found since the settlement counts for the prepayment. It is taken off what is being recovered, whose case ends where
 * nothing is left of it; what the items are worth beyond that is paid as a claim of its own.
 */
export async function correctSettlement(
  context: ActionContext,
  one: Payable,
  { prepayment_id: prepaymentId }: StoredPrepayment,
  { actualFen, note }: { readonly actualFen: number; readonly note: string },
): Promise<Outcome> {
  const { services, businessDate } = context;
  return services.database.worker.transaction().execute(async (worker) => {
    await sql`SELECT pg_advisory_xact_lock(${locks.claiming})`.execute(worker);
    await lockPrepayment(worker, prepaymentId);
    const stored = (await findPrepayment(worker, "", prepaymentId))!;
    if (!isCorrectable(stored))
      refuse(
        prepaymentProblems.notCorrectable(
          stored.recovery_state ? recoveryStateLabels[stored.recovery_state] : prepaymentStateLabels[stored.state],
        ),
      );
    const recovery =
      stored.recovery_id === null ? null : await findRecovery(worker, "", stored.recovery_id, businessDate, true);
    const found = await foundOf(worker, services, one, stored, stored.settled_on);
    if (found.items === 0) refuse(prepaymentProblems.nothingToCorrect());
    const [prepaid, settled] = [Number(stored.amount_fen), Number(stored.actual_fen)];
    const sums = correctionOf(prepaid, settled, found.actualFen, stateOf(recovery, stored));
    if (sums.actualFen !== actualFen) refuse(subsidiesProblems.settlementChanged(formatYuan(sums.actualFen)));
    await attachActual(worker, stored.claim_id, one.measure);
    const words = `更正结算：又核实 ${found.items} 项 ${formatYuan(found.actualFen)} 元，共 ${formatYuan(actualFen)} 元${
      sums.balanceFen > 0 ? `，补付 ${formatYuan(sums.balanceFen)} 元` : `，应退 ${formatYuan(sums.owedFen)} 元`
    }`;
    if (recovery !== null && sums.reducedFen > 0)
      await reduce(worker, context, recovery, sums.reducedFen, `${words}。${note}`);
    const balanceClaimId =
      sums.balanceFen > 0 ? await payBalance(worker, one, stored, sums.balanceFen, businessDate) : null;
    await noteSettled(worker, context, [stored.claim_id, balanceClaimId], [words, note]);
    await correctStored(worker, prepaymentId, { ...sums, balanceClaimId });
    return { items: found.items, ...sums };
  });
}

/** Takes off the case; one of which nothing is left open ends, as settled if it was decided and as cancelled if it was not. */
async function reduce(
  worker: Tx,
  context: ActionContext,
  one: StoredRecovery,
  amountFen: number,
  words: string,
): Promise<void> {
  const { businessDate } = context;
  const by = actorOf(context, words);
  await reduceRecovery(worker, one, amountFen, "settlement", by);
  const state = nextState(recoveryFlow, one.state, "reduce")!;
  const undecided = one.decided_on === null;
  const dueOn = undecided || one.state === "write-off" ? one.due_on : await nextDueOf(worker, one);
  await changeRecovery(worker, one.recovery_id, state, dueOn, {});
  await noteRecovery(worker, one.recovery_id, { ...by, act: "reduce", amountFen });
  if (openOf(one) > amountFen) return;
  const act = undecided ? "cancel" : "settle";
  await changeRecovery(worker, one.recovery_id, nextState(recoveryFlow, state, act)!, null, { ended_on: businessDate });
  await noteRecovery(worker, one.recovery_id, { ...actorOf(context, "更正结算后不用再缴回"), act });
  const ended = `${one.number} ${undecided ? "已撤销" : "已结清"}：更正结算后不用再缴回`;
  await noteClaims(worker, [one.claim_id], { ...actorOf(context, ended), act: "recovery" });
}

/** Writes a settlement into the history of the claims that it is about. */
export const noteSettled = (
  worker: Tx,
  context: ActionContext,
  claimIds: readonly (string | null)[],
  words: readonly string[],
): Promise<void> =>
  noteClaims(
    worker,
    claimIds.filter((id) => id !== null),
    { ...actorOf(context, words.filter(Boolean).join("。")), act: "settle" },
  );

/** The claim of what the items come to beyond what was prepaid. */
export async function payBalance(
  worker: Tx,
  { measure: { definition, version, rule }, payee }: Payable,
  stored: StoredPrepayment,
  amountFen: number,
  on: string,
): Promise<string> {
  const payeeId = stored.payee_key.slice(payee.kind.length + 1);
  const found = await sql<{ id: string; name: string; person_id: string | null; employer_id: string | null }>`
    SELECT * FROM (${sql.raw(payee.sql)}) p WHERE p.id = ${payeeId}`.execute(worker);
  const [row] = found.rows;
  if (!row) return refuse(subsidiesProblems.notPrepayable());
  return insertPrepaidClaim(worker, {
    region: stored.region,
    path: definition.file,
    rule: definition.id,
    versionId: version.version_id,
    title: definition.title,
    fund: stored.fund,
    subject: payeeSubject({ definition, version, rule, problems: [] }),
    kind: payee.kind,
    payee: row,
    amountFen,
    note: `${stored.number} 预付结算后补付`,
    on,
    dueOn: await dueIn(worker, stored.region, "submitted", on),
  });
}
