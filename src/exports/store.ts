import { sql, type SelectQueryBuilder } from "kysely";
import type { Tx } from "../platform/db/database.ts";
import type { DB } from "../platform/db/types.ts";
import type { ActionContext } from "../platform/module.ts";
import { EXPORT_TAKE_DAYS, type ExportState, type ExportView } from "./contract.ts";
import { contentsOf, type ExportableInput, type ExportList } from "./list.ts";

export interface NewExport {
  readonly route: string;
  readonly input: ExportableInput;
  readonly purpose: string;
  readonly list: ExportList;
  readonly state: "direct" | "waiting";
}

export async function addExport(context: ActionContext, given: NewExport): Promise<string> {
  const { tx, caller, businessDate, services } = context;
  const { route, input, purpose, list, state } = given;
  const { unmasked, sensitive } = contentsOf(services, list);
  // Whoever approves, and whoever looks into the log, sees what is sensitive in it.
  const contents = sensitive.length === 0 ? "" : `含敏感信息：${sensitive.join("、")}`;
  if (contents !== "") context.audit({ contents });
  const row = await tx
    .insertInto("exports.export")
    .values({
      route,
      title: list.title,
      about: [list.about, contents].filter((part) => part !== "").join("；"),
      input: JSON.stringify(input),
      purpose,
      persons: list.persons,
      unmasked,
      region: caller.sight.region ?? caller.sight.administers ?? "",
      officer_id: caller.officerId!,
      officer_name: caller.name,
      organisation: caller.organisation,
      business_date: businessDate,
      state,
      rows_asked: list.total,
    })
    .returning("export_id")
    .executeTakeFirstOrThrow();
  return row.export_id;
}

export async function lockOfficer(tx: Tx, officerId: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended('exports.officer', ${officerId}))`.execute(tx);
}

/** People in the lists that the officer took without approval on this day in China. */
export async function personsTakenToday(tx: Tx, officerId: string): Promise<number> {
  const row = await tx
    .selectFrom("exports.export")
    .select((eb) => eb.fn.coalesce(eb.fn.sum<string>("rows_asked"), sql<string>`0`).as("rows"))
    .where("officer_id", "=", officerId)
    .where("state", "=", "direct")
    .where("persons", "=", true)
    .where(
      "asked_at",
      ">=",
      sql<Date>`date_trunc('day', now() AT TIME ZONE 'Asia/Shanghai') AT TIME ZONE 'Asia/Shanghai'`,
    )
    .executeTakeFirstOrThrow();
  return Number(row.rows);
}

export async function addMarks(tx: Tx, exportId: string, marks: readonly string[]): Promise<void> {
  if (marks.length === 0) return;
  await sql`INSERT INTO exports.mark (export_id, mark) SELECT ${exportId}::bigint, m FROM unnest(${marks}::bigint[]) m
    ON CONFLICT DO NOTHING`.execute(tx);
}

export async function noteTaken(tx: Tx, exportId: string, rows: number, sha256: string): Promise<void> {
  await tx
    .updateTable("exports.export")
    .set((eb) => ({ rows_written: rows, sha256, taken_at: sql`now()`, takes: eb("takes", "+", 1) }))
    .where("export_id", "=", exportId)
    .execute();
}

export type StoredExport = Awaited<ReturnType<typeof exportRows>>[number];
type Exports = SelectQueryBuilder<DB, "exports.export", object>;

const expired = sql<boolean>`expires_at IS NOT NULL AND expires_at < now()`;

async function exportRows(query: Exports) {
  return query.selectAll("exports.export").select(expired.as("expired")).execute();
}

export interface ExportEyes {
  /** Prefix of the region codes whose officers' exports are known; null: one's own only. */
  readonly region: string | null;
  readonly officerId: string;
}

/** One export that the caller may know of; locked, so that of two deciding at once the second sees what the first did. */
export async function findExport(tx: Tx, exportId: string, eyes: ExportEyes) {
  const [row] = await exportRows(
    tx.selectFrom("exports.export").where("export_id", "=", exportId).where(ownOrWithin(eyes)).forUpdate(),
  );
  return row ?? null;
}

/** The first wall: one's own, and those of the area. The table's policies say the same once more. */
function ownOrWithin({ region, officerId }: ExportEyes) {
  return region === null
    ? sql<boolean>`officer_id = ${officerId}`
    : sql<boolean>`(officer_id = ${officerId} OR starts_with(region, ${region}))`;
}

export interface ExportFilter {
  readonly view: ExportView;
  readonly state?: ExportState | undefined;
  readonly text?: string | undefined;
}

export async function pageOfExports(
  tx: Tx,
  eyes: ExportEyes,
  filter: ExportFilter,
  paging: { readonly page: number; readonly size: number },
): Promise<{ rows: StoredExport[]; total: number }> {
  const found = () => {
    let query: Exports = tx.selectFrom("exports.export").where(ownOrWithin(eyes));
    if (filter.view === "mine") query = query.where("officer_id", "=", eyes.officerId);
    if (filter.view === "waiting")
      query = query.where("officer_id", "<>", eyes.officerId).where("state", "=", "waiting");
    if (filter.state) query = query.where("state", "=", filter.state);
    if (filter.text) {
      const { text } = filter;
      query = query.where(
        sql<boolean>`(position(${text} IN title) > 0 OR position(${text} IN purpose) > 0 OR position(${text} IN officer_name) > 0
          OR position(${text} IN organisation) > 0 OR 'DC-' || to_char(business_date, 'YYYYMMDD') || '-' || export_id = ${text})`,
      );
    }
    return query;
  };
  const { n } = await found()
    .select((eb) => eb.fn.countAll<string>().as("n"))
    .executeTakeFirstOrThrow();
  const rows = await exportRows(
    found()
      .orderBy("export_id", "desc")
      .limit(paging.size)
      .offset((paging.page - 1) * paging.size),
  );
  return { rows, total: Number(n) };
}

export async function decide(
  { tx, caller }: ActionContext,
  exportId: string,
  state: "approved" | "refused",
  note: string,
): Promise<void> {
  await tx
    .updateTable("exports.export")
    .set({
      state,
      decided_by: caller.officerId,
      decided_name: caller.name,
      decided_organisation: caller.organisation,
      decided_at: sql`now()`,
      decision_note: note,
      ...(state === "approved" ? { expires_at: sql<Date>`now() + make_interval(days => ${EXPORT_TAKE_DAYS})` } : {}),
    })
    .where("export_id", "=", exportId)
    .execute();
}

export async function withdraw(tx: Tx, exportId: string): Promise<void> {
  await tx.updateTable("exports.export").set({ state: "withdrawn" }).where("export_id", "=", exportId).execute();
}

/** Exports by their own ids, or that gave out rows with these marks: the best ones first, with how many of the found rows. */
export async function tracedExports(
  tx: Tx,
  region: string,
  exportIds: readonly string[],
  rows: readonly { readonly row: number; readonly marks: readonly string[] }[],
  most: number,
): Promise<(StoredExport & { rowsFound: number })[]> {
  const marks = rows.flatMap((one) => one.marks);
  const rowOf = rows.flatMap((one) => one.marks.map(() => one.row));
  const counted = await sql<{ export_id: string; n: string }>`
    SELECT m.export_id, count(DISTINCT f.row_no) AS n
    FROM unnest(${marks}::bigint[], ${rowOf}::int[]) f (mark, row_no) JOIN exports.mark m ON m.mark = f.mark
    GROUP BY m.export_id ORDER BY n DESC, m.export_id DESC LIMIT ${most}`.execute(tx);
  const found = new Map(counted.rows.map((row) => [row.export_id, Number(row.n)]));
  const ids = [...new Set([...exportIds, ...found.keys()])];
  if (ids.length === 0) return [];
  const stored = await exportRows(
    tx
      .selectFrom("exports.export")
      .where("export_id", "in", ids)
      .where(sql<boolean>`starts_with(region, ${region})`),
  );
  return stored
    .map((row) => ({ ...row, rowsFound: found.get(row.export_id) ?? 0 }))
    .toSorted((a, b) => b.rowsFound - a.rowsFound || Number(b.export_id) - Number(a.export_id));
}
