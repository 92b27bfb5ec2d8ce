import { sql } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import { formatYuan } from "../../platform/money.ts";
import type { Services } from "../../platform/module.ts";
import { noteClaims } from "../claims/store.ts";
import { insertRecovery, noteRecovery } from "./store.ts";
import { recoveryDueOn, termsOf } from "./terms.ts";

/** Published when more was prepaid than the items come to. `{ prepaymentId }`: what is owed is read when the case is filed. */
export const PREPAYMENT_OWED = "subsidies.prepayment-owed";

interface Owed {
  readonly region: string;
  readonly claim_id: string;
  readonly fund_line_id: string;
  readonly prepaid_fen: string;
  readonly actual_fen: string;
  readonly owed_fen: string;
  readonly settled_by: string;
  readonly settled_by_name: string;
  readonly organisation: string | null;
}

/**
 * 应退 becomes a case of recovery, filed by whoever settled. However often it is asked for there is one: the prepayment is locked and its case
 * unique. Nothing is filed where a corrected settlement has left nothing owed, or where the bank has given the prepayment back since.
 */
export async function fileOwed(tx: Tx, services: Services, prepaymentId: string): Promise<void> {
  const found =
    await sql<Owed>`SELECT p.region, p.claim_id, c.fund_line_id, p.amount_fen AS prepaid_fen, p.actual_fen, p.owed_fen, p.settled_by, p.settled_by_name,
      (SELECT e.organisation FROM subsidies.claim_event e WHERE e.claim_id = p.claim_id AND e.act = 'settle' ORDER BY e.event_id DESC LIMIT 1) AS organisation
    FROM subsidies.prepayment p JOIN subsidies.claim c ON c.claim_id = p.claim_id
    WHERE p.prepayment_id = ${prepaymentId} AND p.state = 'owed' AND c.state IN ('paid', 'closed') AND c.amount_fen = p.amount_fen FOR UPDATE OF p`.execute(
      tx,
    );
  const [owed] = found.rows;
  if (!owed) return;
  const [prepaid, actual, amount] = [owed.prepaid_fen, owed.actual_fen, owed.owed_fen].map((fen) =>
    formatYuan(Number(fen)),
  );
  const on = services.businessDate(owed.region);
  const terms = await termsOf(tx, { region: owed.region, filed_on: on });
  const made = await insertRecovery(tx, {
    region: owed.region,
    claimId: owed.claim_id,
    fundLineId: owed.fund_line_id,
    amountFen: Number(owed.owed_fen),
    grounds: `定额预付 ${prepaid} 元，结算时按筛查核实的事项应发 ${actual} 元，多预付 ${amount} 元。`,
    dueOn: recoveryDueOn(terms, "filed", on),
    officerId: owed.settled_by,
    officerName: owed.settled_by_name,
    on,
    prepaymentId,
  });
  if (made === null) return;
  const by = {
    officerId: owed.settled_by,
    officerName: owed.settled_by_name,
    organisation: owed.organisation ?? "",
    businessDate: on,
  };
  await noteRecovery(tx, made.recoveryId, {
    ...by,
    note: "预付结算应退",
    act: "file",
    amountFen: Number(owed.owed_fen),
  });
  await noteClaims(tx, [owed.claim_id], { ...by, note: `应退 ${amount} 元，立追回件 ${made.number}`, act: "recovery" });
}
