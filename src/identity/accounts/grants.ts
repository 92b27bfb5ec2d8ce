import { sql } from "kysely";
import type { Sight, Tx } from "../../platform/db/database.ts";
import { handle, type ActionContext } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { keeperPermission, type Duty } from "../contract.ts";
import { identityPermissions } from "./duties.ts";
import {
  approveGrant,
  listGrants,
  refuseGrant,
  withdrawGrant,
  type GrantKind,
  type GrantRow,
  type GrantState,
} from "../grants-contract.ts";
import { identityProblems } from "../problems.ts";
import { officerSubject } from "../subjects.ts";
import { administered, type Organisation } from "./store.ts";

export interface Grant {
  readonly officerId: string;
  readonly kind: GrantKind;
  readonly name: string;
  readonly organisation: Organisation;
  readonly region: string;
  readonly duties: readonly string[];
}

/** Does the change give him anything that he does not hold? The database asks the same of every row (identity.refuse_widening). */
export function widens(before: { region: string; duties: readonly string[] }, after: Pick<Grant, "region" | "duties">) {
  return !after.region.startsWith(before.region) || after.duties.some((duty) => !before.duties.includes(duty));
}

/** Leaves the grant to the other administrator. One at a time for an officer. */
export async function proposeGrant(context: ActionContext, grant: Grant): Promise<void> {
  const { tx, caller } = context;
  const waiting = await tx
    .selectFrom("identity.grant_proposal as p")
    .select("p.proposal_id")
    .where("p.officer_id", "=", grant.officerId)
    .where("p.state", "=", "waiting")
    .executeTakeFirst();
  if (waiting) refuse(identityProblems.grantWaiting());
  await tx
    .insertInto("identity.grant_proposal")
    .values({
      officer_id: grant.officerId,
      kind: grant.kind,
      name: grant.name,
      organisation_id: grant.organisation.organisation_id,
      organisation_region: grant.organisation.region,
      region: grant.region,
      duties: [...grant.duties],
      proposed_by: caller.officerId!,
      proposed_by_name: caller.name,
    })
    .execute();
}

const mine = (tx: Tx, sight: Sight) =>
  tx
    .selectFrom("identity.grant_proposal as p")
    .innerJoin("identity.officer as o", "o.officer_id", "p.officer_id")
    .where(administered("p.organisation_region", sight));

function approves(context: ActionContext, held: readonly string[]): boolean {
  const keeper = keeperPermission(held);
  const approver =
    keeper === identityPermissions.businessAccounts
      ? identityPermissions.administratorAccounts
      : identityPermissions.businessAccounts;
  return context.caller.permissions.has(approver);
}

const list = handle(listGrants, async (context, { page, size, state }) => {
  const { tx, caller } = context;
  const found = mine(tx, caller.sight).$if(state !== undefined, (q) => q.where("p.state", "=", state!));
  const { n } = await found.select((eb) => eb.fn.countAll<string>().as("n")).executeTakeFirstOrThrow();
  const rows = await found
    .innerJoin("identity.organisation as g", "g.organisation_id", "p.organisation_id")
    .innerJoin("registry.region as r", "r.code", "p.region")
    .innerJoin("registry.region as held", "held.code", "o.region")
    .selectAll("p")
    .select([
      "o.login",
      "o.duties as held_duties",
      "g.name as organisation",
      "r.full_name",
      "held.full_name as held_name",
    ])
    .orderBy(sql`p.state = 'waiting'`, "desc")
    .orderBy("p.proposal_id", "desc")
    .limit(size)
    .offset((page - 1) * size)
    .execute();
  return {
    total: Number(n),
    rows: rows.map((row): GrantRow => {
      const own = row.proposed_by === caller.officerId;
      const waiting = row.state === "waiting";
      return {
        proposalId: row.proposal_id,
        kind: row.kind as GrantKind,
        officerId: row.officer_id,
        login: row.login,
        name: row.name,
        organisation: row.organisation,
        regionName: row.full_name,
        duties: row.duties as Duty[],
        before: row.kind === "create" ? null : { regionName: row.held_name, duties: row.held_duties as Duty[] },
        state: row.state as GrantState,
        proposedBy: row.proposed_by_name,
        proposedAt: row.proposed_at.toISOString(),
        decidedBy: row.decided_by_name,
        reason: row.reason,
        mayDecide: waiting && !own && row.officer_id !== caller.officerId && approves(context, row.duties),
        mayWithdraw: waiting && own,
      };
    }),
  };
});

/** Both walls say who may: here by permission and area, in the database by decide_grant. */
async function decide(
  context: ActionContext,
  proposalId: string,
  verdict: Exclude<GrantState, "waiting">,
  reason: string,
): Promise<Record<string, never>> {
  const { tx, caller } = context;
  const proposal = await mine(tx, caller.sight)
    .select(["p.officer_id", "p.duties", "p.proposed_by", "p.state", "o.login", "p.region"])
    .where("p.proposal_id", "=", proposalId)
    .executeTakeFirst();
  if (!proposal) return refuse(platformProblems.notFound("该授权申请"));
  context.audit({
    subject: officerSubject(proposal.officer_id),
    login: proposal.login,
    region: proposal.region,
    proposalId,
    reason,
  });
  if (proposal.officer_id === caller.officerId) refuse(identityProblems.ownAccount());
  if (proposal.state !== "waiting") refuse(platformProblems.wrongState("该申请已经办结，请刷新列表。"));
  const own = proposal.proposed_by === caller.officerId;
  if (verdict === "withdrawn" ? !own : own || !approves(context, proposal.duties))
    refuse(identityProblems.notYoursToApprove());
  const { rows } = await sql<{ decided: boolean }>`
    SELECT identity.decide_grant(${proposalId}, ${verdict}, ${reason}) AS decided`.execute(tx);
  if (!rows[0]?.decided) throw new Error("the database refused a grant that the program had allowed");
  return {};
}

export const grantHandlers = [
  list,
  handle(approveGrant, (context, { proposalId }) => decide(context, proposalId, "approved", "")),
  handle(refuseGrant, (context, { proposalId, reason }) => decide(context, proposalId, "refused", reason)),
  handle(withdrawGrant, (context, { proposalId }) => decide(context, proposalId, "withdrawn", "")),
];
