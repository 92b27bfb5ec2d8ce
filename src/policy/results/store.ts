import { sql, type RawBuilder } from "kysely";
import { within, type Scope } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import type { OutcomeName } from "../contract.ts";

export interface StoredResult {
  readonly version_id: string;
  readonly title: string;
  readonly row_key: string;
  readonly region: string;
  readonly person_id: string | null;
  readonly name: string | null;
  readonly identity_mask: string | null;
  readonly outcome: OutcomeName;
  readonly amount_fen: string | null;
  readonly fund: string | null;
  readonly event_date: string | null;
  readonly not_yet: string | null;
  readonly unknown: string[];
  readonly missing_facts: string[];
}

export interface ResultFilter {
  readonly versionId?: string | undefined;
  readonly outcome?: OutcomeName | undefined;
}

function matching(scope: Scope, filter: ResultFilter): RawBuilder<unknown> {
  return sql`${within("r.region", scope)}
    ${filter.versionId ? sql`AND r.version_id = ${filter.versionId}` : sql``}
    ${filter.outcome ? sql`AND r.outcome = ${filter.outcome}` : sql``}`;
}

/** Results that somebody must act on, of rules in force now. A person of another place has no name here: row security takes it away. */
function selected(scope: Scope, filter: ResultFilter): RawBuilder<StoredResult> {
  return sql<StoredResult>`SELECT r.version_id, v.title, r.row_key, r.region, r.person_id, p.name, p.identity_mask, r.outcome, r.amount_fen, r.fund,
      r.event_date, r.not_yet, r.unknown, r.missing_facts
    FROM policy.result r JOIN policy.version v ON v.version_id = r.version_id LEFT JOIN registry.person p ON p.person_id = r.person_id
    WHERE ${matching(scope, filter)} ORDER BY r.region, r.version_id, r.row_key`;
}

export async function countStoredResults(tx: Tx, scope: Scope, filter: ResultFilter): Promise<number> {
  const counted = await sql<{
    n: string;
  }>`SELECT count(*) AS n FROM policy.result r WHERE ${matching(scope, filter)}`.execute(tx);
  return Number(counted.rows[0]!.n);
}

export async function listStoredResults(
  tx: Tx,
  scope: Scope,
  filter: ResultFilter,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<readonly StoredResult[]> {
  return (await sql<StoredResult>`${selected(scope, filter)} LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(tx))
    .rows;
}

const FETCHED = 200;

/** The same rows, by and by, as they stood at the first; other statements may run between two parts. */
export async function* streamStoredResults(
  tx: Tx,
  scope: Scope,
  filter: ResultFilter,
): AsyncGenerator<readonly StoredResult[]> {
  await sql`DECLARE stored_results NO SCROLL CURSOR FOR ${selected(scope, filter)}`.execute(tx);
  for (;;) {
    const { rows } = await sql<StoredResult>`FETCH ${sql.lit(FETCHED)} FROM stored_results`.execute(tx);
    if (rows.length === 0) break;
    yield rows;
  }
  await sql`CLOSE stored_results`.execute(tx);
}
