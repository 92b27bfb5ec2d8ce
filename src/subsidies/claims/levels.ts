import { sql } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import type { Caller } from "../../platform/module.ts";
import { levelHandLabels, type SettingValue } from "../contract.ts";
import { inForce } from "../settings/store.ts";
import type { StoredClaim } from "./store.ts";

type Levels = SettingValue<"levels">;

/** The levels that each claim's amount asks for on a day, by what its office has set. */
export async function levelsFor(
  tx: Tx,
  claims: readonly StoredClaim[],
  on: string,
): Promise<(claim: StoredClaim) => Levels> {
  const levelsOf = await inForce(
    tx,
    "levels",
    claims.map(({ region }) => region),
    on,
  );
  return ({ region, amount_fen }) => levelsOf(region).filter(({ fromFen }) => Number(amount_fen) >= fromFen);
}

/** Writes down which levels are to agree: what is set later changes nothing for these claims. */
export async function askLevels(
  tx: Tx,
  claims: readonly StoredClaim[],
  levelsOf: (claim: StoredClaim) => Levels,
): Promise<void> {
  const rows = claims.flatMap((claim) =>
    levelsOf(claim).map((one, at) => ({ claimId: claim.claim_id, region: claim.region, level: at + 1, ...one })),
  );
  await forgetLevels(
    tx,
    claims.map(({ claim_id }) => claim_id),
  );
  await sql`INSERT INTO subsidies.claim_level (claim_id, region, level, by, from_fen)
    SELECT * FROM unnest(${rows.map((row) => row.claimId)}::bigint[], ${rows.map((row) => row.region)}::text[], ${rows.map((row) => row.level)}::int[],
      ${rows.map((row) => row.by)}::text[], ${rows.map((row) => row.fromFen)}::bigint[])`.execute(tx);
}

/** A claim that is examined anew is agreed to anew. */
export async function forgetLevels(tx: Tx, claimIds: readonly string[]): Promise<void> {
  await sql`DELETE FROM subsidies.claim_level WHERE claim_id = ANY(${claimIds}::bigint[])`.execute(tx);
}

interface WaitingLevel {
  readonly claim_id: string;
  readonly level: number;
  readonly by: keyof typeof levelHandLabels;
  readonly last: boolean;
  /** Whether the officer who asks has agreed at a lower level. */
  readonly agreed: boolean;
}

/** The level of each claim that is to agree next. */
export async function nextLevels(
  tx: Tx,
  claimIds: readonly string[],
  officerId: string | null,
): Promise<ReadonlyMap<string, WaitingLevel>> {
  const found = await sql<WaitingLevel>`SELECT DISTINCT ON (l.claim_id) l.claim_id, l.level, l.by,
      NOT EXISTS (SELECT 1 FROM subsidies.claim_level m WHERE m.claim_id = l.claim_id AND m.level > l.level) AS last,
      EXISTS (SELECT 1 FROM subsidies.claim_level m WHERE m.claim_id = l.claim_id AND m.officer_id = ${officerId}::bigint) AS agreed
    FROM subsidies.claim_level l WHERE l.claim_id = ANY(${claimIds}::bigint[]) AND l.agreed_on IS NULL ORDER BY l.claim_id, l.level`.execute(
    tx,
  );
  return new Map(found.rows.map((row) => [row.claim_id, row]));
}

/** Why an officer may not agree at this level; null: he may. A city's level wants somebody of the city or province. */
export function whyNotAt({ by, agreed }: WaitingLevel, { sight }: Caller): string | null {
  if (agreed) return "您已在前一级同意，须由另一人审批";
  if (by === "city" && (sight.region?.length ?? 0) > 4) return `按设定的金额，须由${levelHandLabels.city}审批`;
  return null;
}

/** The officer's word at the level that each of these claims waits for. */
export async function agreeAt(
  tx: Tx,
  levels: readonly WaitingLevel[],
  by: { readonly officerId: string | null; readonly name: string; readonly on: string },
): Promise<void> {
  await sql`UPDATE subsidies.claim_level l SET officer_id = ${by.officerId}::bigint, officer_name = ${by.name}, agreed_on = ${by.on}::date
    FROM unnest(${levels.map(({ claim_id }) => claim_id)}::bigint[], ${levels.map(({ level }) => level)}::int[]) AS w(claim_id, level)
    WHERE l.claim_id = w.claim_id AND l.level = w.level`.execute(tx);
}
