import { sql } from "kysely";
import type { CurrentRulebook } from "#policy";
import { within } from "#registry";
import type { Db, Tx } from "../../platform/db/database.ts";
import type { Services } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import { subsidiesProblems } from "../problems.ts";
import { weigh } from "./weigh.ts";
import { locks } from "../../platform/db/locks.ts";

export interface Recalculated {
  readonly items: number;
  readonly found: number;
  readonly gone: number;
}

/**
 * Decides everything that was decided under `region` once more and keeps what comes out otherwise: each difference once, as it is now, and
 * none that is no longer there. What somebody dismissed stays so until it becomes another one. Items whose arrears are on their way, or
 * that are being recovered, wait until that has ended.
 */
export async function recalculate(
  { rulebook }: { readonly rulebook: CurrentRulebook },
  services: Services,
  region: string,
  by: { readonly name: string },
): Promise<Recalculated> {
  const { worker } = services.database;
  const { mark } = await rulebook.get(worker);
  const on = services.businessDate(region);
  return worker.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(${locks.recalculating})`.execute(tx);
    await weigh(
      tx,
      { rulebook, services, region },
      sql`${within("c.region", region)} AND NOT EXISTS (SELECT 1 FROM subsidies.difference d
        LEFT JOIN subsidies.claim_item a ON a.difference_id = d.difference_id AND a.live LEFT JOIN subsidies.claim ac ON ac.claim_id = a.claim_id
        LEFT JOIN subsidies.recovery r ON r.recovery_id = d.recovery_id
        WHERE d.item_id = i.item_id AND ((d.state = 'arrears' AND ac.state NOT IN ('paid', 'closed')) OR (d.state = 'recovery' AND r.ended_on IS NULL)))`,
    );
    const found = await sql<{ difference_id: string; fresh: boolean }>`
      INSERT INTO subsidies.difference AS d (region, claim_id, item_id, was_fen, now_fen, outcome, causes, failed, version_id, changed, found_on, state)
      SELECT w.region, w.claim_id, w.item_id, w.was_fen, w.now_fen, w.outcome, w.causes, w.failed, w.version_id, w.changed, ${on}::date, 'open'
      FROM weighed w WHERE w.asked AND w.now_fen IS DISTINCT FROM w.was_fen AND w.was_fen >= 0
        AND NOT EXISTS (SELECT 1 FROM subsidies.difference o WHERE o.item_id = w.item_id AND o.was_fen = w.was_fen AND o.now_fen IS NOT DISTINCT FROM w.now_fen
          AND (o.state = 'dismissed' OR (o.state = 'arrears' AND NOT EXISTS (SELECT 1 FROM subsidies.claim_item a WHERE a.difference_id = o.difference_id AND a.live))))
      ON CONFLICT (item_id) WHERE state = 'open' DO UPDATE SET was_fen = EXCLUDED.was_fen, now_fen = EXCLUDED.now_fen, outcome = EXCLUDED.outcome,
        causes = EXCLUDED.causes, failed = EXCLUDED.failed, version_id = EXCLUDED.version_id, changed = EXCLUDED.changed
      WHERE (d.was_fen, d.now_fen, d.outcome, d.causes, d.failed, d.version_id, d.changed)
        IS DISTINCT FROM (EXCLUDED.was_fen, EXCLUDED.now_fen, EXCLUDED.outcome, EXCLUDED.causes, EXCLUDED.failed, EXCLUDED.version_id, EXCLUDED.changed)
      RETURNING d.difference_id, (d.xmax = 0) AS fresh`.execute(tx);
    const gone =
      await sql`UPDATE subsidies.difference d SET state = 'gone', ended_by_name = '系统', ended_on = ${on}::date
      WHERE d.state = 'open' AND ${within("d.region", region)}
        AND NOT EXISTS (SELECT 1 FROM weighed w WHERE w.item_id = d.item_id AND (NOT w.asked OR (w.now_fen IS DISTINCT FROM w.was_fen AND w.was_fen = d.was_fen AND w.now_fen IS NOT DISTINCT FROM d.now_fen)))`.execute(
        tx,
      );
    const fresh = found.rows.flatMap((row) => (row.fresh ? [row.difference_id] : []));
    await sql`INSERT INTO subsidies.claim_event (claim_id, region, act, state, amount_fen, officer_name, note, business_date)
      SELECT c.claim_id, c.region, 'differ', c.state, c.amount_fen, '系统', '重算：' || n.n || ' 项与审定时不一致，见“重算差异”', ${on}::date
      FROM (SELECT claim_id, count(*) AS n FROM subsidies.difference WHERE difference_id = ANY(${fresh}::bigint[]) GROUP BY claim_id) n
      JOIN subsidies.claim c ON c.claim_id = n.claim_id`.execute(tx);
    const counted = await sql<{ n: string }>`SELECT count(*) AS n FROM weighed`.execute(tx);
    const done = {
      items: Number(counted.rows[0]!.n),
      found: fresh.length,
      gone: Number(gone.numAffectedRows ?? 0),
    };
    await sql`INSERT INTO subsidies.recalculation (region, rulebook, items, found, gone, officer_name, business_date)
      VALUES (${region}, ${mark}, ${done.items}, ${done.found}, ${done.gone}, ${by.name}, ${on}::date)`.execute(tx);
    return done;
  });
}

/** Whether something was published or set since the whole was asked last. */
export async function isOutdated({ rulebook }: { readonly rulebook: CurrentRulebook }, worker: Db): Promise<boolean> {
  const { mark } = await rulebook.get(worker);
  const last = await sql<{
    rulebook: string;
  }>`SELECT rulebook FROM subsidies.recalculation WHERE region = '' ORDER BY recalculation_id DESC LIMIT 1`.execute(
    worker,
  );
  return last.rows[0]?.rulebook !== mark;
}

/** Refuses what acts on differences while they are being found: the one would undo the other. */
export async function whileNotRecalculating(tx: Tx): Promise<void> {
  const free = await sql<{
    free: boolean;
  }>`SELECT pg_try_advisory_xact_lock_shared(${locks.recalculating}) AS free`.execute(tx);
  if (!free.rows[0]!.free) refuse(subsidiesProblems.recalculating());
}
