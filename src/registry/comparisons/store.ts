import { sql, type SelectQueryBuilder } from "kysely";
import type { DB } from "../../platform/db/types.ts";
import type { Tx } from "../../platform/db/database.ts";
import type { RowAddress } from "../cells/store.ts";
import type { RegistryEntity } from "../fields.ts";
import type { ComparisonState } from "../persons/page-contract.ts";
import { narrow, within, type Scope } from "../scope.ts";
import { COMPARISON_DUE_DAYS } from "./contract.ts";

type ComparisonQuery = SelectQueryBuilder<DB & { c: DB["registry.comparison"] }, "c", object>;

export interface ComparisonFilter {
  readonly state?: ComparisonState;
  readonly region?: string | undefined;
  readonly entity?: RegistryEntity | undefined;
  readonly field?: string | undefined;
  readonly reason?: string | undefined;
  readonly overdue?: boolean;
  readonly batchId?: string | undefined;
  readonly personId?: string;
  /** An officer's own tasks; null: those that nobody has. */
  readonly ownerId?: string | null;
}

function matching(tx: Tx, scope: Scope, filter: ComparisonFilter, businessDate: string): ComparisonQuery {
  let query: ComparisonQuery = tx
    .selectFrom("registry.comparison as c")
    .where(within("c.home_region", narrow(scope, filter.region)));
  if (filter.state) query = query.where("c.state", "=", filter.state);
  if (filter.entity) query = query.where("c.entity", "=", filter.entity);
  if (filter.field) query = query.where("c.field", "=", filter.field);
  if (filter.reason) query = query.where("c.reason", "=", filter.reason);
  if (filter.batchId) query = query.where("c.batch_id", "=", filter.batchId);
  if (filter.personId) query = query.where("c.person_id", "=", filter.personId);
  if (filter.ownerId !== undefined)
    query =
      filter.ownerId === null ? query.where("c.owner_id", "is", null) : query.where("c.owner_id", "=", filter.ownerId);
  if (filter.overdue) query = query.where("c.due_on", "<", businessDate);
  return query;
}

/** With what the row concerned is, in words of its own: the employer and start of a spell, the category. */
function selected(query: ComparisonQuery) {
  return query
    .innerJoin("registry.person as p", "p.person_id", "c.person_id")
    .leftJoin("registry.employment as e", (join) =>
      join
        .onRef("e.person_id", "=", "c.person_id")
        .on(sql<boolean>`c.entity = 'employment' AND e.employment_id = (c.entity_key ->> 'employment_id')::bigint`),
    )
    .select([
      "c.comparison_id",
      "c.person_id",
      "c.home_region",
      "c.reason",
      "c.entity",
      "c.entity_key",
      "c.field",
      "c.held_value",
      "c.held_source",
      "c.claimed_value",
      "c.claimed_source",
      "c.claimed_secret",
      "c.batch_id",
      "c.state",
      "c.due_on",
      "c.decision_note",
      "c.owner_id",
      "c.owner_name",
      "c.owner_office",
      "c.raised_at",
      "c.decided_at",
      "p.name as person_name",
      "p.identity_mask",
      "e.employer_name",
      "e.start_date",
    ])
    .select(
      // The days it may take are counted from the business day on which it was raised.
      sql<string>`coalesce(c.due_on - ${COMPARISON_DUE_DAYS}::int, (c.raised_at AT TIME ZONE 'Asia/Shanghai')::date)::text`.as(
        "raised_on",
      ),
    );
}

export type StoredComparison = Awaited<ReturnType<ReturnType<typeof selected>["execute"]>>[number];

export async function listStoredComparisons(
  tx: Tx,
  scope: Scope,
  filter: ComparisonFilter,
  businessDate: string,
  page: { page: number; size: number },
): Promise<{ rows: StoredComparison[]; total: number }> {
  const { total } = await matching(tx, scope, filter, businessDate)
    .select((eb) => eb.fn.countAll<string>().as("total"))
    .executeTakeFirstOrThrow();
  const rows = await selected(matching(tx, scope, filter, businessDate))
    .orderBy("c.due_on", (order) => order.asc().nullsLast())
    .orderBy("c.comparison_id")
    .limit(page.size)
    .offset((page.page - 1) * page.size)
    .execute();
  return { rows, total: Number(total) };
}

export async function comparisonCounts(
  tx: Tx,
  scope: Scope,
  region: string | undefined,
  businessDate: string,
  officerId: string | null = null,
) {
  return matching(tx, scope, { state: "open", region }, businessDate)
    .select(["c.entity", "c.field"])
    .select((eb) => [
      eb.fn.countAll<string>().as("open"),
      sql<string>`count(*) FILTER (WHERE c.due_on < ${businessDate})`.as("overdue"),
      sql<string>`count(*) FILTER (WHERE c.owner_id = ${officerId}::bigint)`.as("mine"),
      sql<string>`count(*) FILTER (WHERE c.owner_id IS NULL)`.as("unowned"),
      eb.fn.min("c.due_on").as("due"),
    ])
    .groupBy(["c.entity", "c.field"])
    .orderBy("open", "desc")
    .execute();
}

export interface OpenComparison extends RowAddress {
  readonly comparisonId: string;
  readonly reason: string;
  readonly field: string;
  readonly claimedValue: string | null;
  readonly claimedSecret: Buffer | null;
  readonly claimedSource: number;
  readonly homeRegion: string;
}

/** Locks the open tasks among `ids`; others are left out. */
export async function lockOpenComparisons(tx: Tx, scope: Scope, ids: readonly string[]): Promise<OpenComparison[]> {
  const { rows } = await sql<OpenComparison>`
    SELECT comparison_id AS "comparisonId", person_id AS "personId", entity, entity_key AS "entityKey", reason, field,
      claimed_value AS "claimedValue", claimed_secret AS "claimedSecret", claimed_source AS "claimedSource", home_region AS "homeRegion"
    FROM registry.comparison c
    WHERE c.comparison_id = ANY(${ids}::bigint[]) AND c.state = 'open' AND ${within("c.home_region", scope)}
    ORDER BY c.comparison_id FOR UPDATE`.execute(tx);
  return rows;
}

export async function settleComparisons(
  tx: Tx,
  scope: Scope,
  ids: readonly string[],
  decision: { state: ComparisonState; note: string; officerId: string | null; officerName: string },
): Promise<void> {
  await tx
    .updateTable("registry.comparison as c")
    .set({
      state: decision.state,
      decided_by: decision.officerId,
      decided_by_name: decision.officerName,
      decided_at: sql`now()`,
      decision_note: decision.note,
    })
    .where("c.comparison_id", "in", ids)
    .where(within("c.home_region", scope))
    .execute();
}

export interface RaisedComparison extends RowAddress {
  readonly homeRegion: string;
  readonly reason: string;
  readonly field: string;
  readonly heldValue: string | null;
  readonly heldSource: number;
  readonly claimedValue: string | null;
  readonly claimedSecret: Buffer | null;
  readonly claimedSource: number;
  readonly dueOn: string;
}

/** A claim that waits already is not raised again. */
export async function raiseComparison(tx: Tx, task: RaisedComparison): Promise<void> {
  await sql`
    INSERT INTO registry.comparison (person_id, home_region, reason, entity, entity_key, field, held_value, held_source, claimed_value, claimed_secret, claimed_source, due_on)
    SELECT ${task.personId}, ${task.homeRegion}, ${task.reason}, ${task.entity}, ${JSON.stringify(task.entityKey)}, ${task.field}, ${task.heldValue},
      ${task.heldSource}, ${task.claimedValue}, ${task.claimedSecret}, ${task.claimedSource}, ${task.dueOn}
    WHERE NOT EXISTS (SELECT 1 FROM registry.comparison known WHERE known.person_id = ${task.personId} AND known.entity = ${task.entity}
      AND known.entity_key = ${JSON.stringify(task.entityKey)}::jsonb AND known.field = ${task.field} AND known.state = 'open'
      AND known.claimed_source = ${task.claimedSource} AND known.claimed_value IS NOT DISTINCT FROM ${task.claimedValue})`.execute(
    tx,
  );
}
