import { sql } from "kysely";
import { narrow } from "#registry";
import type { InputOf, OutputOf } from "../../platform/contract.ts";
import { nextState } from "../../platform/contract.ts";
import { formatYuan } from "../../platform/money.ts";
import { handle, type ActionContext, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import {
  acceptClaims,
  approveClaims,
  checkClaims,
  claimActLabels,
  claimFlow,
  claimStateLabels,
  closeClaims,
  confirmClaims,
  endorseClaims,
  refuseClaims,
  reopenClaims,
  returnClaims,
  sendBackClaims,
  supplyClaims,
  withdrawClaims,
  type ClaimAct,
} from "../contract.ts";
import { uncheckedStatements } from "../applications/store.ts";
import { issueLetters } from "../letters/issue.ts";
import { leftOf, lockLinesOf, moveClaims, usableLines, type StoredFundLine } from "../funds/store.ts";
import type { SubsidiesOptions } from "../options.ts";
import { subsidiesProblems } from "../problems.ts";
import { takeOffLists } from "../publicity/store.ts";
import { decideClaims } from "../recalculation/arrears.ts";
import type { Changed } from "./decide.ts";
import { agreeAt, askLevels, forgetLevels, levelsFor, nextLevels, whyNotAt } from "./levels.ts";
import { sumUp } from "./intake.ts";
import { actorOf, stepFrom, UNDECIDED } from "./steps.ts";
import {
  dropItems,
  lockClaims,
  matching,
  noteClaims,
  reviveItems,
  stepClaims,
  type ClaimChange,
  type StoredClaim,
} from "./store.ts";
import { locks } from "../../platform/db/locks.ts";

/** So many claims may go one step by one act. */
const MOST = 100_000;

type Chosen = Pick<InputOf<typeof acceptClaims>, "claimIds" | "all" | "note">;
type Outcome = OutputOf<typeof acceptClaims>;
interface Left {
  readonly claim: StoredClaim;
  readonly why: string;
}

/** Claims chosen for an act, locked: those that may go on, and those that may not, with the reason. */
async function take(
  context: ActionContext,
  { claimIds, all }: Chosen,
  act: ClaimAct,
): Promise<{ readonly possible: readonly StoredClaim[]; readonly left: Left[] }> {
  const { tx, caller, businessDate } = context;
  const scope = caller.sight.region;
  if (claimIds.length === 0 && !all) refuse(subsidiesProblems.nothingChosen());
  const where = all
    ? matching(narrow(scope, all.region), all, businessDate)
    : sql`c.claim_id = ANY(${[...new Set(claimIds)]}::bigint[])`;
  const claims = await lockClaims(tx, scope, where);
  if (claims.length === 0) refuse(platformProblems.notFound("所选补贴件"));
  if (claims.length > MOST) refuse(subsidiesProblems.tooMany(MOST));
  const left: Left[] = [];
  const possible = claims.filter((claim) => {
    if (nextState(claimFlow, claim.state, act) !== null) return true;
    left.push({ claim, why: `现在是“${claimStateLabels[claim.state]}”，不能${claimActLabels[act]}` });
    return false;
  });
  return { possible, left };
}

const idsOf = (claims: readonly StoredClaim[]): string[] => claims.map(({ claim_id }) => claim_id);
const sumOf = (claims: readonly StoredClaim[]): number =>
  claims.reduce((sum, { amount_fen }) => sum + Number(amount_fen), 0);

function outcomeOf(
  context: ActionContext,
  done: readonly StoredClaim[],
  left: readonly Left[],
  act: ClaimAct,
): Outcome {
  const amountFen = sumOf(done);
  context.audit({
    count: done.length,
    act,
    amountFen,
    left: left.length,
    ...(done.length === 1 ? { subject: `subsidies.claim:${done[0]!.claim_id}`, region: done[0]!.region } : {}),
  });
  return {
    done: done.length,
    amountFen,
    left: left.slice(0, 200).map(({ claim, why }) => ({ claimId: claim.claim_id, number: claim.number, why })),
  };
}

/** What a claim's changed items come to, in one sentence. */
function changedWords(changed: readonly Changed[]): string {
  const gone = changed.filter(({ now }) => now === null).length;
  const other = changed.length - gone;
  const parts = [
    ...(gone > 0 ? [`${gone} 项按今天的事实和规则已不符合`] : []),
    ...(other > 0 ? [`${other} 项金额有变`] : []),
  ];
  return parts.join("，");
}

export function claimActHandlers(options: SubsidiesOptions): readonly Handler[] {
  const { rulebook } = options;

  /** Takes claims one step further, by the state that each is in, and issues the letters that tell of it. */
  async function go(
    context: ActionContext,
    possible: readonly StoredClaim[],
    act: ClaimAct,
    note: string,
    change: ClaimChange = {},
  ): Promise<void> {
    for (const [from, own] of Map.groupBy(possible, ({ state }) => state))
      await stepClaims(context.tx, idsOf(own), stepFrom(from, act, actorOf(context, note)), change);
    await issueLetters(context, rulebook, possible, { act, note });
  }

  /** A step that asks nothing but its place in the life cycle. */
  const plain =
    (act: ClaimAct, change: (context: ActionContext) => ClaimChange = () => ({})) =>
    async (context: ActionContext, chosen: Chosen): Promise<Outcome> => {
      const { possible, left } = await take(context, chosen, act);
      await go(context, possible, act, chosen.note, change(context));
      return outcomeOf(context, possible, left, act);
    };

  /** A step after which nothing is owed: what was kept for the claim is free again, and its rows may be claimed anew. */
  const ending =
    (act: "refuse" | "withdraw") =>
    async (context: ActionContext, chosen: Chosen): Promise<Outcome> => {
      const { possible, left } = await take(context, chosen, act);
      await letGo(context, possible);
      await dropItems(context.tx, idsOf(possible), act);
      await go(context, possible, act, chosen.note, { fundLineId: null });
      return outcomeOf(context, possible, left, act);
    };

  /**
   * 初审. Items that today's facts no longer bear are taken out and amounts set to what they are now, so that the next desk decides
   * on what is true today.
   */
  async function check(context: ActionContext, chosen: Chosen): Promise<Outcome> {
    const taken = await take(context, chosen, "check");
    const { left } = taken;
    // 承诺的情况 is looked at here, before anybody decides on it.
    const unchecked = await uncheckedStatements(context.tx, idsOf(taken.possible));
    const possible = taken.possible.filter((claim) => {
      const n = unchecked.get(claim.claim_id);
      if (n !== undefined) left.push({ claim, why: `申请人承诺的 ${n} 项情况还没有核实，请打开申请逐项核实后再审` });
      return n === undefined;
    });
    const changed = Map.groupBy(
      await decideClaims(options, context.services, idsOf(possible)),
      ({ claimId }) => claimId,
    );
    const all = [...changed.values()].flat();
    await applyChanges(context, all);
    const empty = new Set(
      possible
        .filter(
          // What is prepaid has no items before it is settled, and nothing to pay where its settlement found none.
          ({ claim_id, items, way, amount_fen }) =>
            way === "prepaid" && items === 0
              ? amount_fen === "0"
              : (changed.get(claim_id) ?? []).filter(({ now }) => now === null).length === items,
        )
        .map(({ claim_id }) => claim_id),
    );
    const { measures } = await rulebook.get(context.tx);
    const passed = possible.filter(({ claim_id }) => !empty.has(claim_id));
    const words = (claim: StoredClaim) => {
      const own = changed.get(claim.claim_id);
      return own ? `${changedWords(own)}，已按今天的结果改正。${chosen.note}` : chosen.note;
    };
    for (const [says, same] of Map.groupBy(passed, words))
      await go(context, same, "check", says, { checkedBy: context.caller.officerId });
    await stampVersions(context, passed, new Map(measures.map(({ version }) => [version.path, version.version_id])));
    const lapsed = possible.filter(({ claim_id, items }) => empty.has(claim_id) && items > 0);
    const nothing = "按今天的事实和规则，没有一项还符合";
    await noteClaims(context.tx, idsOf(lapsed), { ...actorOf(context, nothing), act: "lapse" });
    for (const claim of possible)
      if (empty.has(claim.claim_id)) left.push({ claim, why: `${nothing}。请撤销这件，或核对事实后再审` });
    return outcomeOf(context, passed, left, "check");
  }

  /** 复核: decided once more, by another hand, with money kept for it. Large amounts go on to as many levels as the office has set. */
  async function approve(
    context: ActionContext,
    { fundLineId, ...chosen }: InputOf<typeof approveClaims>,
  ): Promise<Outcome> {
    const { caller } = context;
    await sql`SELECT pg_advisory_xact_lock(${locks.claiming})`.execute(context.tx);
    const { possible, left } = await take(context, chosen, "approve");
    const own = possible.filter((claim) => {
      if (claim.accepted_by !== caller.officerId && claim.checked_by !== caller.officerId) return true;
      left.push({ claim, why: "是您受理或初审的，须由另一人复核" });
      return false;
    });
    const sure = await unchanged(context, own, left);
    const levelsOf = await levelsFor(context.tx, sure, context.businessDate);
    const major = sure.filter((claim) => levelsOf(claim).length > 0);
    const minor = sure.filter((claim) => levelsOf(claim).length === 0);
    await askLevels(context.tx, major, levelsOf);
    await go(context, major, "escalate", chosen.note, { approvedBy: caller.officerId });
    await reserve(context, minor, fundLineId);
    await go(context, minor, "approve", chosen.note, { approvedBy: caller.officerId, decidedOn: context.businessDate });
    return outcomeOf(context, sure, left, "approve");
  }

  async function endorse(context: ActionContext, chosen: Chosen): Promise<Outcome> {
    const { caller } = context;
    await sql`SELECT pg_advisory_xact_lock(${locks.claiming})`.execute(context.tx);
    const { possible, left } = await take(context, chosen, "endorse");
    const levels = await nextLevels(context.tx, idsOf(possible), caller.officerId);
    const own = possible.filter((claim) => {
      const level = levels.get(claim.claim_id);
      const why =
        claim.approved_by === caller.officerId
          ? "是您复核的，须由领导另行审批"
          : level
            ? whyNotAt(level, caller)
            : null;
      if (why !== null) left.push({ claim, why });
      return why === null;
    });
    const sure = await unchanged(context, own, left);
    await agreeAt(
      context.tx,
      sure.flatMap(({ claim_id }) => levels.get(claim_id) ?? []),
      { officerId: caller.officerId, name: caller.name, on: context.businessDate },
    );
    const further = sure.filter(({ claim_id }) => levels.get(claim_id)?.last === false);
    await go(context, further, "agree", chosen.note);
    const last = sure.filter((claim) => !further.includes(claim));
    await reserve(context, last, undefined);
    await go(context, last, "endorse", chosen.note, { endorsedBy: caller.officerId, decidedOn: context.businessDate });
    return outcomeOf(context, sure, left, "endorse");
  }

  /** Claims that today's facts and rule still bear to the fen; the others are left with the reason. */
  async function unchanged(
    context: ActionContext,
    claims: readonly StoredClaim[],
    left: Left[],
  ): Promise<readonly StoredClaim[]> {
    const changed = Map.groupBy(await decideClaims(options, context.services, idsOf(claims)), ({ claimId }) => claimId);
    for (const claim of claims) {
      const own = changed.get(claim.claim_id);
      if (own) left.push({ claim, why: `${changedWords(own)}，请退回重审` });
    }
    return claims.filter(({ claim_id }) => !changed.has(claim_id));
  }

  return [
    handle(confirmClaims, async (context, { agent, ...chosen }) => {
      const { possible, left } = await take(context, chosen, "confirm");
      await go(context, possible, "confirm", `${agent}。${chosen.note}`, { agent });
      return outcomeOf(context, possible, left, "confirm");
    }),
    handle(
      acceptClaims,
      plain("accept", ({ caller }) => ({ acceptedBy: caller.officerId })),
    ),
    handle(returnClaims, plain("return")),
    handle(supplyClaims, plain("supply")),
    handle(checkClaims, check),
    handle(withdrawClaims, ending("withdraw")),
    handle(refuseClaims, ending("refuse")),
    handle(reopenClaims, async (context, chosen) => {
      // An intake would claim the same rows meanwhile.
      await sql`SELECT pg_advisory_xact_lock(${locks.claiming})`.execute(context.tx);
      const { possible, left } = await take(context, chosen, "reopen");
      const free = await reviveItems(context.tx, idsOf(possible));
      const back = possible.filter(({ claim_id }) => free.has(claim_id));
      for (const claim of possible)
        if (!free.has(claim.claim_id)) left.push({ claim, why: "其中的事实已另立一件，不能重新受理" });
      await go(context, back, "reopen", chosen.note, UNDECIDED);
      return outcomeOf(context, back, left, "reopen");
    }),
    handle(sendBackClaims, async (context, chosen) => {
      const { possible, left } = await take(context, chosen, "sendBack");
      await letGo(context, possible);
      await forgetLevels(context.tx, idsOf(possible));
      await go(context, possible, "sendBack", chosen.note, UNDECIDED);
      return outcomeOf(context, possible, left, "sendBack");
    }),
    handle(approveClaims, approve),
    handle(endorseClaims, endorse),
    handle(closeClaims, plain("close")),
  ];
}

/** Frees the money that was kept for claims, and takes them off the lists on which they are published. */
export async function letGo(context: ActionContext, claims: readonly StoredClaim[]): Promise<void> {
  const kept = claims.filter(({ fund_line_id }) => fund_line_id !== null);
  if (kept.length > 0) await moveClaims(context.tx, "release", idsOf(kept), actorOf(context));
  await takeOffLists(context.tx, idsOf(claims.filter(({ state }) => state === "published")));
}

/** Sets items to what they come to today. */
async function applyChanges({ tx }: ActionContext, changed: readonly Changed[]): Promise<void> {
  if (changed.length === 0) return;
  await sql`UPDATE subsidies.claim_item i SET live = n.amount IS NOT NULL, amount_fen = coalesce(n.amount, i.amount_fen),
      dropped = CASE WHEN n.amount IS NULL THEN '初审时已不符合' END
    FROM unnest(${changed.map(({ itemId }) => itemId)}::bigint[], ${changed.map(({ now }) => now)}::bigint[]) AS n(item_id, amount)
    WHERE i.item_id = n.item_id`.execute(tx);
  await sumUp(
    tx,
    sql`SELECT DISTINCT unnest(${[...new Set(changed.map(({ claimId }) => claimId))]}::bigint[]) AS claim_id`,
  );
}

/** Says by which version of its rule a claim was examined. */
async function stampVersions(
  { tx }: ActionContext,
  claims: readonly StoredClaim[],
  versions: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [path, own] of Map.groupBy(claims, ({ rule_path }) => rule_path)) {
    const version = versions.get(path);
    if (version)
      await sql`UPDATE subsidies.claim SET version_id = ${version} WHERE claim_id = ANY(${idsOf(own)}::bigint[])`.execute(
        tx,
      );
  }
}

/** Keeps money for claims: of one line for each county, rule and fund, the one named or the first that has enough. */
async function reserve(
  context: ActionContext,
  claims: readonly StoredClaim[],
  fundLineId: string | undefined,
): Promise<void> {
  const { tx, businessDate } = context;
  await lockLinesOf(tx, [...new Set(claims.map(({ region }) => region))]);
  for (const own of Map.groupBy(claims, ({ region, rule_id, fund }) => `${region} ${rule_id} ${fund}`).values()) {
    const [{ region, rule_id, fund }] = own as [StoredClaim, ...StoredClaim[]];
    const lines = await usableLines(tx, { region, fund, rule: rule_id, on: businessDate });
    const needed = sumOf(own);
    const line = fundLineId ? lineNamed(lines, fundLineId) : lines.find((one) => leftOf(one) >= needed);
    if (lines.length === 0) refuse(subsidiesProblems.noFundLine(fund, businessDate.slice(0, 4)));
    if (!line || leftOf(line) < needed)
      refuse(subsidiesProblems.notEnough(fund, formatYuan(needed), formatYuan(Math.max(...lines.map(leftOf)))));
    await sql`UPDATE subsidies.claim SET fund_line_id = ${line!.fund_line_id} WHERE claim_id = ANY(${idsOf(own)}::bigint[])`.execute(
      tx,
    );
    await moveClaims(tx, "reserve", idsOf(own), actorOf(context));
  }
}

const lineNamed = (lines: readonly StoredFundLine[], fundLineId: string): StoredFundLine =>
  lines.find(({ fund_line_id }) => fund_line_id === fundLineId) ?? refuse(subsidiesProblems.wrongFundLine());
