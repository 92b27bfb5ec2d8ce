import { sql, type RawBuilder } from "kysely";
import { within, type Scope } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import type { AnswerWay, PayeeAnswer, PushChannel, PushState } from "../contract.ts";

export interface StoredPush {
  readonly push_id: string;
  readonly claim_id: string;
  readonly claim_number: string;
  readonly region: string;
  readonly person_id: string;
  readonly payee_name: string;
  readonly title: string;
  readonly amount_fen: string;
  readonly phone_mask: string;
  readonly channel: PushChannel;
  readonly state: PushState;
  readonly round: number;
  readonly problem: string | null;
  readonly written_on: string;
  readonly expires_on: string;
  readonly sent_at: Date | null;
  readonly opened_at: Date | null;
  readonly answer: PayeeAnswer | null;
  readonly answered_on: string | null;
  readonly answered_by: AnswerWay | null;
  readonly pending: boolean;
}

export interface PushFilter {
  readonly state?: PushState | undefined;
  readonly rule?: string | undefined;
  readonly pending?: "true" | "false" | undefined;
}

/** SQL: he answered otherwise than by confirming, and the claim still waits. */
const PENDING = sql.raw("(p.answer IS NOT NULL AND p.answer <> 'confirm' AND c.state = 'proposed')");

const matching = (scope: Scope, { state, rule, pending }: PushFilter): RawBuilder<unknown> =>
  sql`${within("p.region", scope)} ${state ? sql`AND p.state = ${state}` : sql``} ${rule ? sql`AND p.rule_id = ${rule}` : sql``}
    ${pending === undefined ? sql`` : pending === "true" ? sql`AND ${PENDING}` : sql`AND NOT ${PENDING}`}`;

export async function listStoredPushes(
  tx: Tx,
  scope: Scope,
  filter: PushFilter,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<{ readonly rows: readonly StoredPush[]; readonly total: number }> {
  const where = matching(scope, filter);
  const from = sql.raw("subsidies.push p JOIN subsidies.claim c ON c.claim_id = p.claim_id");
  const rows =
    await sql<StoredPush>`SELECT p.push_id, p.claim_id, c.number AS claim_number, p.region, p.person_id, c.payee_name, p.title, p.amount_fen, p.phone_mask, p.channel, p.state,
      p.round, p.problem, p.written_on, p.expires_on, p.sent_at, p.opened_at, p.answer, p.answered_on, p.answered_by, ${PENDING} AS pending
    FROM ${from} WHERE ${where} ORDER BY ${PENDING} DESC, p.push_id DESC LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(
      tx,
    );
  const counted = await sql<{ n: string }>`SELECT count(*) AS n FROM ${from} WHERE ${where}`.execute(tx);
  return { rows: rows.rows, total: Number(counted.rows[0]!.n) };
}

export interface StoredFigures {
  readonly rule_id: string | null;
  readonly title: string | null;
  readonly region: string | null;
  readonly written: number;
  readonly sent: number;
  readonly failed: number;
  readonly unknown: number;
  readonly visits: number;
  readonly opened: number;
  readonly confirmed: number;
  readonly otherwise: number;
  readonly median: number | null;
}

/** What messages have brought about, by measure and county; the row without either is of all together. */
export async function figuresOf(tx: Tx, scope: Scope): Promise<readonly StoredFigures[]> {
  const found = await sql<StoredFigures>`SELECT p.rule_id, min(p.title) AS title, p.region, count(*)::int AS written,
      count(*) FILTER (WHERE p.state = 'sent')::int AS sent, count(*) FILTER (WHERE p.state = 'failed')::int AS failed, count(*) FILTER (WHERE p.state = 'sending')::int AS unknown,
      count(*) FILTER (WHERE p.channel = 'visit')::int AS visits, count(*) FILTER (WHERE p.opened_at IS NOT NULL)::int AS opened,
      count(*) FILTER (WHERE p.answer = 'confirm')::int AS confirmed, count(*) FILTER (WHERE p.answer <> 'confirm')::int AS otherwise,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY p.answered_on - p.written_on) FILTER (WHERE p.answer = 'confirm') AS median
    FROM subsidies.push p WHERE ${within("p.region", scope)} GROUP BY GROUPING SETS ((p.rule_id, p.region), ()) ORDER BY 2, 3`.execute(
    tx,
  );
  return found.rows;
}

/** Claims that wait for a person, and of these: of people who want no messages. */
export async function countWaiting(
  tx: Tx,
  scope: Scope,
): Promise<{ readonly proposed: number; readonly unwanted: number }> {
  const found = await sql<{ proposed: number; unwanted: number }>`SELECT count(*)::int AS proposed,
      count(*) FILTER (WHERE NOT coalesce((SELECT w.wanted FROM subsidies.message_wish w WHERE w.person_id = c.payee_person_id ORDER BY w.wish_id DESC LIMIT 1), true))::int AS unwanted
    FROM subsidies.claim c WHERE c.state = 'proposed' AND c.payee_person_id IS NOT NULL AND ${within("c.region", scope)}`.execute(
    tx,
  );
  return found.rows[0]!;
}

export interface StoredVisit {
  readonly push_id: string;
  readonly person_id: string;
  readonly person_name: string;
  readonly identity_mask: string;
  readonly home_region: string;
  readonly title: string;
  readonly amount_fen: string;
  readonly state: "visit" | "visited";
  readonly written_on: string;
  readonly visited_by_name: string | null;
  readonly answer: PayeeAnswer | null;
  readonly note: string;
}

/** By home: whoever answers for a village sees its people alone. */
export async function listStoredVisits(
  tx: Tx,
  scope: Scope,
  state: "visit" | "visited" | undefined,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<{ readonly rows: readonly StoredVisit[]; readonly total: number }> {
  const where = sql`p.channel = 'visit' AND ${within("p.home_region", scope)} ${state ? sql`AND p.state = ${state}` : sql``} AND (p.state = 'visited' OR p.answer IS NULL)`;
  const from = sql.raw("subsidies.push p JOIN registry.person r ON r.person_id = p.person_id");
  const rows =
    await sql<StoredVisit>`SELECT p.push_id, p.person_id, r.name AS person_name, r.identity_mask, p.home_region, p.title, p.amount_fen, p.state, p.written_on,
      p.visited_by_name, p.answer, p.note
    FROM ${from} WHERE ${where} ORDER BY p.state, p.home_region, p.push_id LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(
      tx,
    );
  const counted = await sql<{ n: string }>`SELECT count(*) AS n FROM ${from} WHERE ${where}`.execute(tx);
  return { rows: rows.rows, total: Number(counted.rows[0]!.n) };
}
