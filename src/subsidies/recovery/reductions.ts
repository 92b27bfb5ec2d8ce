import { sql } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import type { Actor } from "../claims/steps.ts";
import type { ReductionCause } from "../contract.ts";
import type { StoredRecovery } from "./store.ts";

type Sums = Pick<StoredRecovery, "amount_fen" | "received_fen" | "written_off_fen" | "reduced_fen">;

/** What a case asks for: the amount that it was filed with, less what has turned out not to be owed. */
export const owedOf = ({ amount_fen, reduced_fen }: Pick<Sums, "amount_fen" | "reduced_fen">): number =>
  Number(amount_fen) - Number(reduced_fen);
/** What is still to come in. */
export const openOf = (one: Sums): number => owedOf(one) - Number(one.received_fen) - Number(one.written_off_fen);

/** Takes off a case what is not owed after all; its sum and its last instalments follow by themselves. */
export async function reduceRecovery(
  tx: Tx,
  { recovery_id, region }: Pick<StoredRecovery, "recovery_id" | "region">,
  amountFen: number,
  cause: ReductionCause,
  { note, officerName, businessDate }: Actor,
): Promise<void> {
  await sql`INSERT INTO subsidies.recovery_reduction (recovery_id, region, amount_fen, cause, note, officer_name, business_date)
    VALUES (${recovery_id}, ${region}, ${amountFen}, ${cause}, ${note}, ${officerName}, ${businessDate}::date)`.execute(
    tx,
  );
}

export interface StoredReduction {
  readonly reduction_id: string;
  readonly amount_fen: string;
  readonly cause: ReductionCause;
  readonly note: string;
  readonly officer_name: string;
  readonly business_date: string;
}

export async function reductionsOf(tx: Tx, recoveryId: string): Promise<readonly StoredReduction[]> {
  const found =
    await sql<StoredReduction>`SELECT reduction_id, amount_fen, cause, note, officer_name, business_date FROM subsidies.recovery_reduction
    WHERE recovery_id = ${recoveryId} ORDER BY reduction_id`.execute(tx);
  return found.rows;
}
