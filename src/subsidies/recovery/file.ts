import { formatYuan } from "../../platform/money.ts";
import type { ActionContext } from "../../platform/module.ts";
import { actorOf } from "../claims/steps.ts";
import { noteClaims, type StoredClaim } from "../claims/store.ts";
import { endDifferences, type StoredDifference } from "../recalculation/store.ts";
import { insertRecovery, noteRecovery } from "./store.ts";
import { recoveryDueOn, termsOf } from "./terms.ts";

/** 立案: what one claim was paid too much becomes a case, with its differences. */
export async function fileRecovery(
  context: ActionContext,
  claim: StoredClaim,
  own: readonly StoredDifference[],
  note: string,
): Promise<{ readonly recoveryId: string; readonly number: string; readonly amountFen: number }> {
  const { tx, caller, businessDate } = context;
  const amountFen = own.reduce((sum, { was_fen, now_fen }) => sum + Number(was_fen) - Number(now_fen), 0);
  const terms = await termsOf(tx, { region: claim.region, filed_on: businessDate });
  const made = (await insertRecovery(tx, {
    region: claim.region,
    claimId: claim.claim_id,
    fundLineId: claim.fund_line_id!,
    amountFen,
    grounds: `${claim.title} ${own.length} 项按今天的事实和规则应发的少于已发的，共多发 ${formatYuan(amountFen)} 元。`,
    dueOn: recoveryDueOn(terms, "filed", businessDate),
    officerId: caller.officerId!,
    officerName: caller.name,
    on: businessDate,
  }))!;
  const ids = own.map(({ difference_id }) => difference_id);
  await endDifferences(tx, ids, { state: "recovery", recoveryId: made.recoveryId, by: caller.name, on: businessDate });
  await noteRecovery(tx, made.recoveryId, { ...actorOf(context, note), act: "file", amountFen });
  const says = actorOf(context, `多发 ${formatYuan(amountFen)} 元，立追回件 ${made.number}。${note}`);
  await noteClaims(tx, [claim.claim_id], { ...says, act: "recovery" });
  return { ...made, amountFen };
}
