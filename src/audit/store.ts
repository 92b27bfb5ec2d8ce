import { sql, type SelectQueryBuilder } from "kysely";
import type { Sight, Tx } from "../platform/db/database.ts";
import type { DB } from "../platform/db/types.ts";
import type { AuditKind, AuditOutcome, AuditRow } from "./contract.ts";

export interface NewAuditEntry {
  readonly kind: AuditKind;
  readonly act: string;
  readonly outcome: AuditOutcome;
  readonly officerId: string | null;
  readonly officerName: string;
  readonly organisation: string;
  /** Of what was touched; "" when no region can be told. */
  readonly region: string;
  readonly subject?: string;
  readonly count?: number;
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Code of the problem; given exactly when the outcome is "refused". */
  readonly problem?: string;
  readonly ip?: string;
  readonly requestId?: string;
}

/** Writes one row into the caller's transaction: it exists exactly if the act does. Number and time are the database's. */
export async function recordEntry(tx: Tx, entry: NewAuditEntry): Promise<void> {
  await tx
    .insertInto("audit.entry")
    .values({
      kind: entry.kind,
      act: entry.act,
      outcome: entry.outcome,
      officer_id: entry.officerId,
      officer_name: entry.officerName,
      organisation: entry.organisation,
      region: entry.region,
      subject: entry.subject ?? null,
      count: entry.count ?? null,
      detail: JSON.stringify(entry.detail ?? {}),
      problem: entry.problem ?? null,
      ip: entry.ip ?? "",
      request_id: entry.requestId ?? "",
    })
    .execute();
}

export interface AuditFilter {
  from?: string;
  to?: string;
  officer?: string;
  officerId?: string;
  kind?: AuditKind;
  act?: string;
  outcome?: AuditOutcome;
  subject?: string;
  region?: string;
}

type Entries = SelectQueryBuilder<DB, "audit.entry", object>;

/** The first wall: an auditor's own area. The row policies of the table say the same once more. */
function entriesSeenBy(tx: Tx, sight: Sight): Entries {
  const query = tx.selectFrom("audit.entry");
  if (!sight.audits) return query.where(sql<boolean>`false`);
  return query.where((eb) => {
    const seen = [];
    if (sight.region !== null) seen.push(eb(sql<boolean>`starts_with(audit.entry.region, ${sight.region})`, "=", true));
    if (sight.administers !== null) {
      seen.push(eb(sql<boolean>`starts_with(audit.entry.region, ${sight.administers})`, "=", true));
      seen.push(eb("audit.entry.region", "=", ""));
    }
    return eb.or(seen);
  });
}

function filtered(query: Entries, filter: AuditFilter): Entries {
  // A day is a day in China, whatever zone the server keeps.
  const dayStart = (day: string) => sql<Date>`(${day}::date)::timestamp AT TIME ZONE 'Asia/Shanghai'`;
  const afterDay = (day: string) => sql<Date>`(${day}::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'`;
  const containing = (text: string) => `%${escapeLike(text)}%`;
  return query
    .$if(filter.from !== undefined, (q) => q.where("audit.entry.at", ">=", dayStart(filter.from!)))
    .$if(filter.to !== undefined, (q) => q.where("audit.entry.at", "<", afterDay(filter.to!)))
    .$if(!!filter.officer, (q) =>
      q.where((eb) =>
        eb.or([
          eb("officer_name", "like", containing(filter.officer!)),
          eb("organisation", "like", containing(filter.officer!)),
        ]),
      ),
    )
    .$if(filter.officerId !== undefined, (q) => q.where("officer_id", "=", filter.officerId!))
    .$if(filter.kind !== undefined, (q) => q.where("kind", "=", filter.kind!))
    .$if(!!filter.act, (q) => q.where("act", "like", containing(filter.act!)))
    .$if(filter.outcome !== undefined, (q) => q.where("outcome", "=", filter.outcome!))
    .$if(!!filter.subject, (q) =>
      // A whole name is looked up by equality: an index serves it, while LIKE is a filter behind the row policy.
      filter.subject!.includes(":")
        ? q.where("subject", "=", filter.subject!)
        : q.where("subject", "like", `${escapeLike(filter.subject!)}:%`),
    )
    .$if(filter.region !== undefined, (q) =>
      q.where(sql<boolean>`starts_with(audit.entry.region, ${filter.region!})`, "=", true),
    );
}

export interface AuditPage {
  rows: AuditRow[];
  total: number;
  capped: boolean;
}

/** Newest first. Counts up to `countLimit`. */
export async function pageOfEntries(
  tx: Tx,
  sight: Sight,
  filter: AuditFilter,
  paging: { page: number; size: number },
  countLimit: number,
): Promise<AuditPage> {
  const counted = await tx
    .selectFrom(
      filtered(entriesSeenBy(tx, sight), filter)
        .select("entry_id")
        .limit(countLimit + 1)
        .as("found"),
    )
    .select((eb) => eb.fn.countAll<string>().as("n"))
    .executeTakeFirstOrThrow();
  const found = Number(counted.n);
  const rows = await readRows(filtered(entriesSeenBy(tx, sight), filter), paging.size, (paging.page - 1) * paging.size);
  return { rows, total: Math.min(found, countLimit), capped: found > countLimit };
}

/** At most `limit` rows, newest first. */
export function entriesForExport(tx: Tx, sight: Sight, filter: AuditFilter, limit: number): Promise<AuditRow[]> {
  return readRows(filtered(entriesSeenBy(tx, sight), filter), limit, 0);
}

async function readRows(query: Entries, limit: number, offset: number): Promise<AuditRow[]> {
  const rows = await query
    .leftJoin("registry.region", "registry.region.code", "audit.entry.region")
    .selectAll("audit.entry")
    .select("registry.region.full_name as region_name")
    .orderBy("audit.entry.entry_id", "desc")
    .limit(limit)
    .offset(offset)
    .execute();
  return rows.map((row) => ({
    entryId: row.entry_id,
    at: row.at.toISOString(),
    kind: row.kind as AuditKind,
    act: row.act,
    outcome: row.outcome as AuditOutcome,
    officerId: row.officer_id,
    officerName: row.officer_name,
    organisation: row.organisation,
    region: row.region,
    regionName: row.region_name ?? "",
    subject: row.subject,
    count: row.count === null ? null : Number(row.count),
    problem: row.problem,
    detail: row.detail as Record<string, unknown>,
    ip: row.ip,
    requestId: row.request_id,
  }));
}

function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);
}
