import { sql } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import type { ActionContext } from "../../platform/module.ts";
import { letGo } from "../claims/acts.ts";
import { sumUp } from "../claims/intake.ts";
import { forgetLevels } from "../claims/levels.ts";
import { actorOf, stepFrom, UNDECIDED } from "../claims/steps.ts";
import { lockClaims, stepClaims } from "../claims/store.ts";
import { addWorkdays } from "../../platform/dates/workdays.ts";
import { inForce } from "../settings/store.ts";

const OVER = "('cancelled', 'refunding', 'refunded')";

/** Locks the cases of claims whose payments the bank gives back; taken before lines of funds, as whoever registers a receipt does. */
export async function lockRecoveriesOf(tx: Tx, claimIds: readonly string[]): Promise<void> {
  if (claimIds.length === 0) return;
  await sql`SELECT FROM subsidies.recovery r WHERE r.claim_id = ANY(${claimIds}::bigint[]) ORDER BY r.recovery_id FOR UPDATE`.execute(
    tx,
  );
}

/**
 * The bank gave payments back that had been called paid. Where too much of one was being recovered (decision 0031) nothing is owed of it any
 * more: the case is reduced to what had come in and ends, or waits until that is given back to the payee. What was paid too much is not
 * paid again: the claim goes back to be examined by what is known today, a prepaid one for what its settlement came to. The fund's side,
 * `refund`, is written with the return itself (`movePaid`). Few claims of a batch are concerned, all by the same statements.
 */
export async function endReturned(context: ActionContext, claimIds: readonly string[]): Promise<void> {
  if (claimIds.length === 0) return;
  const { tx, caller, businessDate } = context;
  const claims = await lockClaims(
    tx,
    caller.sight.region,
    sql`c.claim_id = ANY(${claimIds}::bigint[]) AND (EXISTS (SELECT FROM subsidies.recovery r WHERE r.claim_id = c.claim_id AND r.state NOT IN ${sql.raw(OVER)})
      OR EXISTS (SELECT FROM subsidies.prepayment p WHERE p.claim_id = c.claim_id AND p.state = 'owed' AND c.amount_fen = p.amount_fen))`,
  );
  if (claims.length === 0) return;
  const ids = claims.map(({ claim_id }) => claim_id);
  const says = "银行退回了原发放款，没有可追回的";
  await sql`INSERT INTO subsidies.recovery_reduction (recovery_id, region, amount_fen, cause, note, officer_name, business_date)
    SELECT r.recovery_id, r.region, r.amount_fen - r.received_fen - r.written_off_fen - r.reduced_fen, 'returned', ${says}, ${caller.name}, ${businessDate}::date
    FROM subsidies.recovery r WHERE r.claim_id = ANY(${ids}::bigint[]) AND r.state NOT IN ${sql.raw(OVER)}
      AND r.amount_fen > r.received_fen + r.written_off_fen + r.reduced_fen ORDER BY r.recovery_id`.execute(tx);
  // Of cases of one office few differ in the day on which they were filed; the day of giving back is the office's to keep from now on.
  const regions = [...new Set(claims.map(({ region }) => region))];
  const terms = await inForce(tx, "recovery", regions, businessDate);
  const dues = regions.map((region) => addWorkdays(businessDate, terms(region).refund));
  await sql`WITH ended AS (
      UPDATE subsidies.recovery r SET lock = r.lock + 1,
        state = CASE WHEN r.received_fen > 0 THEN 'refunding' WHEN r.state IN ('settled', 'written-off') THEN r.state ELSE 'cancelled' END,
        due_on = CASE WHEN r.received_fen > 0 THEN d.due_on END,
        ended_on = CASE WHEN r.received_fen > 0 THEN NULL ELSE coalesce(r.ended_on, ${businessDate}::date) END
      FROM unnest(${regions}::text[], ${dues}::date[]) AS d(region, due_on)
      WHERE r.region = d.region AND r.claim_id = ANY(${ids}::bigint[]) AND r.state NOT IN ${sql.raw(OVER)} RETURNING r.*)
    INSERT INTO subsidies.recovery_event (recovery_id, region, act, state, amount_fen, officer_name, organisation, note, business_date)
    SELECT recovery_id, region, 'come-back', state, CASE WHEN received_fen > 0 THEN received_fen END, ${caller.name}, ${caller.organisation},
      CASE WHEN received_fen > 0 THEN ${`${says}；收款人已缴回的应退还`} ELSE ${says} END, ${businessDate}::date FROM ended ORDER BY recovery_id`.execute(
    tx,
  );
  await sql`UPDATE subsidies.difference SET state = 're-examined', ended_by_name = ${caller.name}, ended_on = ${businessDate}::date
    WHERE claim_id = ANY(${ids}::bigint[]) AND state IN ('open', 'recovery')`.execute(tx);
  await letGo(context, claims);
  await forgetLevels(tx, ids);
  await sumUp(tx, sql`SELECT claim_id FROM subsidies.claim WHERE way = 'prepaid' AND claim_id = ANY(${ids}::bigint[])`);
  const back = actorOf(context, "原发放款已退回，多发的部分不再发放，退回重审");
  await stepClaims(tx, ids, stepFrom("cleared", "sendBack", back), UNDECIDED);
}
