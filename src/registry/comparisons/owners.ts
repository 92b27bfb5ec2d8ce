import { sql } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import type { ActionContext } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import { registryProblems } from "../problems.ts";
import { within, type Scope } from "../scope.ts";
import type { OwnAct } from "./contract.ts";

/** Duties whose holders decide disagreements between sources: to them tasks may be given. */
export const ownerDuties = ["county-clerk", "reviewer", "town-officer"] as const;

export const isOwnerDuty = (duty: string): boolean => ownerDuties.some((one) => one === duty);

export interface Owner {
  readonly officerId: string | null;
  readonly name: string | null;
  readonly office: string | null;
}

/** To whom an act gives tasks: oneself, nobody, or a colleague within the asker's area. */
export async function ownerFor(
  { caller, services }: ActionContext,
  act: OwnAct,
  officerId: string | undefined,
): Promise<Owner> {
  if (act === "return") return { officerId: null, name: null, office: null };
  if (act === "claim") return { officerId: caller.officerId, name: caller.name, office: caller.organisation };
  const colleagues = await services.officersIn(caller.sight.region, isOwnerDuty);
  const found = colleagues.find((one) => one.officerId === officerId) ?? refuse(registryProblems.officerUnknown());
  return { officerId: found.officerId, name: found.name, office: found.organisation };
}

/** Returns how many open tasks of the scope changed hands. */
export async function setComparisonOwner(tx: Tx, scope: Scope, ids: readonly string[], owner: Owner): Promise<number> {
  const changed =
    await sql`UPDATE registry.comparison c SET owner_id = ${owner.officerId}::bigint, owner_name = ${owner.name}, owner_office = ${owner.office},
      owned_since = CASE WHEN ${owner.officerId}::bigint IS NOT NULL THEN now() END
    WHERE c.comparison_id = ANY (${ids}::bigint[]) AND c.state = 'open' AND ${within("c.home_region", scope)}`.execute(
      tx,
    );
  return Number(changed.numAffectedRows ?? 0);
}

export interface VillageQueue {
  readonly region: string;
  readonly open: number;
  readonly overdue: number;
  readonly unowned: number;
  readonly nextDue: string | null;
}

/** Open tasks by village, the latest first. */
export async function queueByVillage(
  tx: Tx,
  scope: Scope,
  businessDate: string,
  page: { page: number; size: number },
): Promise<{ rows: VillageQueue[]; total: number }> {
  const where = sql`c.state = 'open' AND ${within("c.home_region", scope)}`;
  const total = await sql<{
    n: string;
  }>`SELECT count(DISTINCT c.home_region) AS n FROM registry.comparison c WHERE ${where}`.execute(tx);
  const { rows } = await sql<VillageQueue>`
    SELECT c.home_region AS region, count(*)::int AS open, count(*) FILTER (WHERE c.due_on < ${businessDate})::int AS overdue,
      count(*) FILTER (WHERE c.owner_id IS NULL)::int AS unowned, min(c.due_on) AS "nextDue"
    FROM registry.comparison c WHERE ${where} GROUP BY c.home_region ORDER BY overdue DESC, open DESC, c.home_region
    LIMIT ${page.size} OFFSET ${(page.page - 1) * page.size}`.execute(tx);
  return { rows, total: Number(total.rows[0]!.n) };
}
