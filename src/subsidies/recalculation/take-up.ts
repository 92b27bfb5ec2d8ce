import { sql } from "kysely";
import type { InputOf, OutputOf } from "../../platform/contract.ts";
import { formatYuan } from "../../platform/money.ts";
import type { ActionContext } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { letGo } from "../claims/acts.ts";
import { forgetLevels } from "../claims/levels.ts";
import { sumUp } from "../claims/intake.ts";
import { actorOf, stepFrom, UNDECIDED } from "../claims/steps.ts";
import { lockClaims, noteClaims, stepClaims, type StoredClaim } from "../claims/store.ts";
import { differenceStateLabels, type reExamineDifferences, type takeUpDifferences } from "../contract.ts";
import { fileRecovery } from "../recovery/file.ts";
import { duesIn } from "../settings/store.ts";
import { kindOf } from "./rows.ts";
import { whileNotRecalculating } from "./run.ts";
import { endDifferences, insertArrears, lockDifferences, openOfClaim, type StoredDifference } from "./store.ts";

type Outcome = OutputOf<typeof takeUpDifferences>;
type Left = Outcome["left"];

const PAID = new Set<string>(["paid", "closed"]);
const DECIDED = new Set<string>(["approved", "published", "cleared"]);

/** Differences chosen for an act with their claims, all locked; `left` gets those that are not possible, and why. */
async function choose(
  { tx, caller }: ActionContext,
  differenceIds: readonly string[],
  left: Left,
  whyNot: (row: StoredDifference, claim: StoredClaim | undefined) => string | null,
): Promise<ReadonlyMap<StoredClaim, readonly StoredDifference[]>> {
  const scope = caller.sight.region;
  await whileNotRecalculating(tx);
  const rows = await lockDifferences(tx, scope, [...new Set(differenceIds)]);
  if (rows.length === 0) refuse(platformProblems.notFound("所选差异"));
  const claimIds = [...new Set(rows.map(({ claim_id }) => claim_id))];
  const claims = await lockClaims(tx, scope, sql`c.claim_id = ANY(${claimIds}::bigint[])`);
  const possible = rows.filter((row) => {
    const claim = claims.find(({ claim_id }) => claim_id === row.claim_id);
    const why = row.state === "open" ? whyNot(row, claim) : `已是“${differenceStateLabels[row.state]}”`;
    if (why !== null) left.push({ differenceId: row.difference_id, why });
    return why === null;
  });
  return Map.groupBy(possible, (row) => claims.find(({ claim_id }) => claim_id === row.claim_id)!);
}

/** Acts on differences, claim by claim: each claim is locked, and a difference is taken up once. */
export async function takeUp(
  context: ActionContext,
  { differenceIds, note }: InputOf<typeof takeUpDifferences>,
): Promise<Outcome> {
  const outcome: Outcome = { arrears: [], recoveries: [], left: [] };
  const chosen = await choose(context, differenceIds, outcome.left, (row, claim) => {
    if (row.now_fen === null) return "现在还不能算出应发多少，请先核实缺的事实或标准";
    if (!claim || claim.state === "paying") return "正在发放，请等银行回盘后再处理";
    if (PAID.has(claim.state)) return null;
    return DECIDED.has(claim.state) ? "这件还没有发放，请复核人员退回重审" : "这件已退回重办，差异会自行消除";
  });
  for (const [claim, own] of chosen) {
    const ways = Map.groupBy(own, kindOf);
    const [short, over] = [ways.get("short"), ways.get("over")];
    if (short) outcome.arrears.push(await makeArrears(context, claim, short, note));
    if (over) outcome.recoveries.push(await fileRecovery(context, claim, over, note));
  }
  context.audit({
    count: [...chosen.values()].reduce((sum, own) => sum + own.length, 0),
    left: outcome.left.length,
    arrears: outcome.arrears.map(({ number }) => number),
    recoveries: outcome.recoveries.map(({ number }) => number),
  });
  return outcome;
}

/** What was approved and is not paid yet is examined anew, claim by claim with all of its differences. */
export async function reExamine(
  context: ActionContext,
  { differenceIds, note }: InputOf<typeof reExamineDifferences>,
): Promise<OutputOf<typeof reExamineDifferences>> {
  const { tx, caller, businessDate } = context;
  const left: Left = [];
  const chosen = await choose(context, differenceIds, left, (_, claim) => {
    if (claim && DECIDED.has(claim.state)) return null;
    return claim?.state === "paying"
      ? "正在发放，请等银行回盘后再处理"
      : "只有已审定、还没有发放的才能退回重审；已发放的请补发或追回";
  });
  let done = 0;
  for (const claim of chosen.keys()) {
    await letGo(context, [claim]);
    await forgetLevels(tx, [claim.claim_id]);
    const says = actorOf(context, `重算与审定不一致，退回重审。${note}`);
    await stepClaims(tx, [claim.claim_id], stepFrom(claim.state, "sendBack", says), UNDECIDED);
    const ids = await openOfClaim(tx, claim.claim_id);
    await endDifferences(tx, ids, { state: "re-examined", by: caller.name, on: businessDate });
    done += ids.length;
  }
  context.audit({ count: done, claims: chosen.size, left: left.length });
  return { claims: chosen.size, done, left };
}

async function makeArrears(
  context: ActionContext,
  claim: StoredClaim,
  own: readonly StoredDifference[],
  note: string,
): Promise<Outcome["arrears"][number]> {
  const { tx, caller, businessDate } = context;
  const ids = own.map(({ difference_id }) => difference_id);
  const { dues } = await duesIn(tx, [claim.region], "accepted", businessDate);
  const by = { officerId: caller.officerId, on: businessDate, dueOn: dues[0] ?? null };
  const made = await insertArrears(tx, claim.claim_id, ids, by);
  await sumUp(tx, sql`SELECT ${made.claimId}::bigint AS claim_id`);
  await endDifferences(tx, ids, { state: "arrears", arrearsClaimId: made.claimId, by: caller.name, on: businessDate });
  const amountFen = own.reduce((sum, { now_fen, was_fen }) => sum + Number(now_fen) - Number(was_fen), 0);
  const says = (words: string) => ({ ...actorOf(context, `${words}。${note}`), act: "arrears" });
  await noteClaims(tx, [made.claimId], says(`补发 ${claim.number} 少发的 ${own.length} 项`));
  await noteClaims(tx, [claim.claim_id], says(`少发 ${formatYuan(amountFen)} 元，立补发件 ${made.number}`));
  return { ...made, amountFen };
}
