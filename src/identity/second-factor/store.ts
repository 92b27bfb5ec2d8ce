import { sql } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import type { Duty } from "../contract.ts";
import type { FactorKind, SecondFactorRule } from "../second-factor-contract.ts";

export interface OwnFactor {
  kind: FactorKind | null;
  secret: Buffer | null;
  confirmed_at: Date | null;
  pending_kind: FactorKind | null;
  pending_secret: Buffer | null;
  codes_left: string;
  demanded: boolean;
}

/** Of the officer whose transaction it is. */
export async function ownFactor(tx: Tx): Promise<OwnFactor> {
  const { rows } = await sql<OwnFactor>`SELECT * FROM identity.own_factor()`.execute(tx);
  if (!rows[0]) throw new Error("no officer asks");
  return rows[0];
}

export async function beginFactor(tx: Tx, kind: FactorKind, secret: Buffer): Promise<void> {
  await sql`SELECT identity.begin_factor(${kind}, ${secret})`.execute(tx);
}

export async function confirmFactor(tx: Tx, step: number, codeHashes: readonly string[]): Promise<void> {
  await sql`SELECT identity.confirm_factor(${step}, ${sql.val(codeHashes)}::text[])`.execute(tx);
}

/** False when this step, or a later one, was used before. */
export async function useFactorStep(tx: Tx, step: number): Promise<boolean> {
  const { rows } = await sql<{ fresh: boolean }>`SELECT identity.use_factor_step(${step}) AS fresh`.execute(tx);
  return rows[0]?.fresh ?? false;
}

export async function useRecoveryCode(tx: Tx, codeHash: string): Promise<boolean> {
  const { rows } = await sql<{ known: boolean }>`SELECT identity.use_recovery_code(${codeHash}) AS known`.execute(tx);
  return rows[0]?.known ?? false;
}

/** One's own, or by the security administrator, who ends the sessions with it; null when there is none or it is not his to take. */
export async function removeFactorOf(tx: Tx, officerId: string): Promise<number | null> {
  const { rows } = await sql<{ ended: string | null }>`SELECT identity.remove_factor_of(${officerId}) AS ended`.execute(
    tx,
  );
  return rows[0]?.ended == null ? null : Number(rows[0].ended);
}

export async function hasFactor(tx: Tx, officerId: string): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`SELECT identity.has_factor(${officerId}) AS has`.execute(tx);
  return rows[0]?.has ?? false;
}

/** First wall: rules of the administered area and those for everywhere. */
export async function factorRules(tx: Tx, administers: string | null): Promise<SecondFactorRule[]> {
  if (administers === null) return [];
  const rows = await tx
    .selectFrom("identity.second_factor_rule as r")
    .leftJoin("identity.organisation as g", "g.organisation_id", "r.organisation_id")
    .leftJoin("registry.region as p", "p.code", "r.region")
    .select(["r.rule_id", "r.region", "r.duty", "r.organisation_id", "g.name", "p.full_name"])
    .where((eb) => eb.or([eb("r.region", "=", ""), eb(sql<boolean>`starts_with(r.region, ${administers})`, "=", true)]))
    .orderBy("r.region")
    .orderBy("r.rule_id")
    .execute();
  return rows.map((row) => ({
    ruleId: row.rule_id,
    region: row.region,
    regionName: row.region === "" ? "全部地区" : (row.full_name ?? row.region),
    duty: row.duty as Duty | null,
    organisationId: row.organisation_id,
    organisation: row.name,
    fixed: row.region === "",
  }));
}

/** Null when there is such a rule already. */
export async function insertFactorRule(
  tx: Tx,
  rule: { region: string; duty: string | null; organisationId: string | null },
): Promise<string | null> {
  const row = await tx
    .insertInto("identity.second_factor_rule")
    .values({ region: rule.region, duty: rule.duty, organisation_id: rule.organisationId })
    .onConflict((conflict) => conflict.doNothing())
    .returning("rule_id")
    .executeTakeFirst();
  return row?.rule_id ?? null;
}

/** Officers of the administered area whom a rule asks for what they do not have yet. */
export async function countWithoutFactor(
  tx: Tx,
  administers: string,
  rule: { region: string; duty: string | null; organisationId: string | null },
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM identity.officer o
    WHERE starts_with(o.organisation_region, ${administers}) AND o.active AND NOT identity.has_factor(o.officer_id)
      AND (o.organisation_id = ${rule.organisationId}::bigint OR ${rule.duty}::text = ANY (o.duties) AND starts_with(o.region, ${rule.region}))`.execute(
    tx,
  );
  return rows[0]?.n ?? 0;
}

/** Only rules of the administered area; false when it is none of them. */
export async function deleteFactorRule(tx: Tx, administers: string | null, ruleId: string): Promise<boolean> {
  if (administers === null) return false;
  const { numDeletedRows } = await tx
    .deleteFrom("identity.second_factor_rule")
    .where("rule_id", "=", ruleId)
    .where("region", "<>", "")
    .where(sql<boolean>`starts_with(region, ${administers})`, "=", true)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
