import { sql } from "kysely";
import type { Services } from "../../platform/module.ts";
import { decideAgain, type Changed } from "../claims/decide.ts";
import type { SubsidiesOptions } from "../options.ts";
import { weigh } from "./weigh.ts";

/**
 * Decides the live items of claims once more, whatever they stand for: rows of facts by the rule in force, arrears as what their items
 * are still short of.
 */
export async function decideClaims(
  options: SubsidiesOptions,
  services: Services,
  claimIds: readonly string[],
): Promise<readonly Changed[]> {
  return [...(await decideAgain(options, services, claimIds)), ...(await decideArrears(options, services, claimIds))];
}

async function decideArrears(
  { rulebook }: SubsidiesOptions,
  services: Services,
  claimIds: readonly string[],
): Promise<readonly Changed[]> {
  const { worker } = services.database;
  const own = sql`SELECT a.item_id AS own_id, a.claim_id, a.amount_fen, d.item_id FROM subsidies.claim_item a
    JOIN subsidies.difference d ON d.difference_id = a.difference_id WHERE a.live AND a.claim_id = ANY(${claimIds}::bigint[])`;
  return worker.transaction().execute(async (tx) => {
    const any = await sql<{ region: string | null }>`SELECT min(region) AS region FROM subsidies.claim
      WHERE way = 'arrears' AND claim_id = ANY(${claimIds}::bigint[])`.execute(tx);
    const { region } = any.rows[0]!;
    if (region === null) return [];
    await weigh(tx, { rulebook, services, region }, sql`i.item_id IN (SELECT o.item_id FROM (${own}) o)`);
    const found = await sql<{ own_id: string; claim_id: string; was: string; now: string | null; outcome: string }>`
      SELECT o.own_id, o.claim_id, o.amount_fen AS was, nullif(greatest(o.amount_fen + w.now_fen - w.was_fen, 0), 0) AS now, coalesce(w.outcome, 'GONE') AS outcome
      FROM (${own}) o LEFT JOIN weighed w ON w.item_id = o.item_id
      WHERE w.now_fen IS DISTINCT FROM w.was_fen OR w.item_id IS NULL ORDER BY o.own_id`.execute(tx);
    return found.rows.map(({ own_id, claim_id, was, now, outcome }) => ({
      itemId: own_id,
      claimId: claim_id,
      was: Number(was),
      now: now === null ? null : Number(now),
      outcome,
    }));
  });
}
