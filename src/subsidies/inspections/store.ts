import { sql } from "kysely";
import { within, type Scope } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import type { InspectionState, inspectionSources } from "../contract.ts";

export interface StoredInspection {
  readonly item_id: string;
  readonly number: string;
  readonly region: string;
  readonly source: (typeof inspectionSources)[number];
  readonly found_by: string;
  readonly found_on: string;
  readonly document: string;
  readonly content: string;
  readonly demand: string;
  readonly responsible: string;
  readonly amount_fen: string | null;
  readonly due_on: string;
  readonly state: InspectionState;
  readonly recorded_by_name: string;
  readonly measure: string | null;
  readonly evidence: string | null;
  readonly rectified_by: string | null;
  readonly rectified_by_name: string | null;
  readonly rectified_on: string | null;
  readonly closed_by_name: string | null;
  readonly closed_on: string | null;
  readonly closing: string | null;
  readonly lock: number;
}

const columns = sql.raw(
  "i.item_id, i.number, i.region, i.source, i.found_by, i.found_on, i.document, i.content, i.demand, i.responsible, i.amount_fen, i.due_on, i.state, i.recorded_by_name, i.measure, i.evidence, i.rectified_by, i.rectified_by_name, i.rectified_on, i.closed_by_name, i.closed_on, i.closing, i.lock",
);

export interface InspectionFilter {
  readonly state?: InspectionState | undefined;
  readonly source?: string | undefined;
  readonly overdue?: "true" | "false" | undefined;
}

/** Overdue is what was to be put right by a day that is over, until somebody has said how. */
const where = (scope: Scope, { state, source, overdue }: InspectionFilter, on: string) =>
  sql`${within("i.region", scope)} ${state ? sql`AND i.state = ${state}` : sql``} ${source ? sql`AND i.source = ${source}` : sql``}
    ${overdue === "true" ? sql`AND i.state = 'open' AND i.due_on < ${on}::date` : sql``}`;

export async function listStoredInspections(
  tx: Tx,
  scope: Scope,
  filter: InspectionFilter,
  on: string,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<{ rows: readonly StoredInspection[]; total: number }> {
  const rows =
    await sql<StoredInspection>`SELECT ${columns} FROM subsidies.inspection_item i WHERE ${where(scope, filter, on)}
    ORDER BY i.state = 'closed', i.due_on, i.item_id LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(tx);
  const counted = await sql<{
    n: number;
  }>`SELECT count(*)::int AS n FROM subsidies.inspection_item i WHERE ${where(scope, filter, on)}`.execute(tx);
  return { rows: rows.rows, total: counted.rows[0]!.n };
}

export async function countInspections(
  tx: Tx,
  scope: Scope,
  on: string,
): Promise<{ readonly open: number; readonly late: number }> {
  const found = await sql<{
    open: number;
    late: number;
  }>`SELECT count(*) FILTER (WHERE i.state <> 'closed')::int AS open,
      count(*) FILTER (WHERE i.state = 'open' AND i.due_on < ${on}::date)::int AS late
    FROM subsidies.inspection_item i WHERE ${within("i.region", scope)}`.execute(tx);
  return found.rows[0]!;
}

export async function lockInspection(tx: Tx, scope: Scope, itemId: string): Promise<StoredInspection | null> {
  const found =
    await sql<StoredInspection>`SELECT ${columns} FROM subsidies.inspection_item i WHERE i.item_id = ${itemId} AND ${within("i.region", scope)} FOR UPDATE`.execute(
      tx,
    );
  return found.rows[0] ?? null;
}

export async function insertInspection(
  tx: Tx,
  given: {
    readonly region: string;
    readonly source: string;
    readonly foundBy: string;
    readonly foundOn: string;
    readonly document: string;
    readonly content: string;
    readonly demand: string;
    readonly responsible: string;
    readonly amountFen: number | null;
    readonly dueOn: string;
    readonly officerId: string | null;
    readonly name: string;
  },
): Promise<string> {
  const made = await sql<{
    item_id: string;
  }>`INSERT INTO subsidies.inspection_item (region, source, found_by, found_on, document, content, demand, responsible, amount_fen, due_on, state, recorded_by, recorded_by_name)
    VALUES (${given.region}, ${given.source}, ${given.foundBy}, ${given.foundOn}::date, ${given.document}, ${given.content}, ${given.demand}, ${given.responsible},
      ${given.amountFen}::bigint, ${given.dueOn}::date, 'open', ${given.officerId}::bigint, ${given.name}) RETURNING item_id`.execute(
    tx,
  );
  return made.rows[0]!.item_id;
}

interface Hand {
  readonly officerId: string | null;
  readonly name: string;
  readonly on: string;
}

export async function rectifyItem(
  tx: Tx,
  itemId: string,
  given: Hand & { readonly measure: string; readonly evidence: string },
): Promise<void> {
  await sql`UPDATE subsidies.inspection_item SET state = 'rectified', measure = ${given.measure}, evidence = ${given.evidence}, rectified_by = ${given.officerId}::bigint,
    rectified_by_name = ${given.name}, rectified_on = ${given.on}::date, lock = lock + 1 WHERE item_id = ${itemId}`.execute(
    tx,
  );
}

export async function closeItem(tx: Tx, itemId: string, given: Hand & { readonly closing: string }): Promise<void> {
  await sql`UPDATE subsidies.inspection_item SET state = 'closed', closing = ${given.closing}, closed_by = ${given.officerId}::bigint,
    closed_by_name = ${given.name}, closed_on = ${given.on}::date, lock = lock + 1 WHERE item_id = ${itemId}`.execute(
    tx,
  );
}

/** Back to be put right: what was said stays to be read until it is said anew. */
export async function returnItem(tx: Tx, itemId: string, closing: string): Promise<void> {
  await sql`UPDATE subsidies.inspection_item SET state = 'open', closing = ${closing}, lock = lock + 1 WHERE item_id = ${itemId}`.execute(
    tx,
  );
}
