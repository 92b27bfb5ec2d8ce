import { createHash } from "node:crypto";
import { sql } from "kysely";
import { recordEntry } from "#audit";
import type { Db, Tx } from "../../platform/db/database.ts";
import { addDays } from "../../platform/dates/index.ts";
import type { Services } from "../../platform/module.ts";
import { consentKinds, lastDayKept, periodOf, type Length, type PeriodId } from "../../platform/privacy/index.ts";
import { readTombstones, writeTombstones, type Tombstone } from "../tombstones.ts";
import type { Book } from "./book.ts";
import { countPersonsOver, erasePersons, nextPersonsOver, PERSON_RULE, type PersonsGone } from "./persons.ts";
import { countRule, forgetPiece } from "./rules.ts";
import { agreedLengths, expectedLengths } from "./settings.ts";
import { locks } from "../../platform/db/locks.ts";

type RunKind = "nightly" | "asked" | "request" | "consent" | "restored";
export type Progress = (stage: string, done?: number, total?: number) => Promise<void>;
const quiet: Progress = () => Promise.resolve();

/** One at a time: two would count the same rows, and the second find them gone. */
const RUN_LOCK = `SELECT pg_advisory_xact_lock(${locks.retention})`;
const REQUEST_RULE = "privacy.request";
const CONSENT_RULE = "privacy.consent";

/** The first day that is no longer the past of a period: what came to its end before it is over. */
const endedBefore = (today: string, length: Length): string => {
  // Months have different lengths: found by trying the few days that can be.
  let day = addDays(today, length.unit === "days" ? -length.length : -Math.ceil(length.length * 31));
  while (lastDayKept(day, length) < today) day = addDays(day, 1);
  return day;
};

/** A run that was killed goes on where it was: what it did is counted, and what it did not do is still there to be done. */
async function openRun(db: Db, kind: RunKind, today: string, askedBy: string): Promise<string> {
  const known = await db
    .selectFrom("privacy.run")
    .select("run_id")
    .where("state", "=", "running")
    .where("kind", "=", kind)
    .orderBy("run_id", "desc")
    .executeTakeFirst();
  if (known) return known.run_id;
  const row = await db
    .insertInto("privacy.run")
    .values({ kind, business_date: today, asked_by_name: askedBy })
    .returning("run_id")
    .executeTakeFirstOrThrow();
  return row.run_id;
}

async function addCounts(
  tx: Tx | Db,
  runId: string,
  rule: string,
  table: string,
  counts: Iterable<readonly [county: string, rows: number]>,
  lastDay: string | null,
): Promise<void> {
  for (const [county, rows] of counts)
    await sql`INSERT INTO privacy.run_count (run_id, rule, county, table_name, rows, last_day) VALUES (${runId}, ${rule}, ${county}, ${table}, ${rows}, ${lastDay})
      ON CONFLICT (run_id, rule, county, table_name) DO UPDATE SET rows = run_count.rows + excluded.rows`.execute(tx);
}

/** Closes the run with the digest of its certificate, which the audit log keeps and nobody can change; one row for each county. */
async function closeRun(db: Db, runId: string, act: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const counts = await certificateRows(tx, runId);
    const digest = certificateDigest(runId, counts);
    await tx
      .updateTable("privacy.run")
      .set({ state: "done", finished_at: sql<Date>`now()`, digest })
      .where("run_id", "=", runId)
      .execute();
    const byCounty = new Map<string, typeof counts>();
    for (const row of counts) byCounty.set(row.county, [...(byCounty.get(row.county) ?? []), row]);
    for (const [county, rows] of byCounty)
      await recordEntry(tx, {
        kind: "change",
        act,
        outcome: "done",
        officerId: null,
        officerName: "系统",
        organisation: "保存期限与清除",
        region: county,
        subject: `privacy.run:${runId}`,
        count: rows.reduce((sum, row) => sum + row.rows, 0),
        detail: { digest, tables: Object.fromEntries(rows.map((row) => [`${row.rule} ${row.table}`, row.rows])) },
      });
  });
}

export interface CertificateRow {
  readonly rule: string;
  readonly county: string;
  readonly table: string;
  readonly rows: number;
  readonly lastDay: string | null;
}

async function certificateRows(db: Db | Tx, runId: string): Promise<readonly CertificateRow[]> {
  const rows = await db
    .selectFrom("privacy.run_count")
    .selectAll()
    .where("run_id", "=", runId)
    .orderBy("county")
    .orderBy("rule")
    .orderBy("table_name")
    .execute();
  return rows.map((row) => ({
    rule: row.rule,
    county: row.county,
    table: row.table_name,
    rows: Number(row.rows),
    lastDay: row.last_day,
  }));
}

/** SHA-256 over the number of the run and its counts, in the order of county, rule and table. */
export function certificateDigest(runId: string, rows: readonly CertificateRow[]): string {
  return createHash("sha256")
    .update(JSON.stringify([runId, ...rows.map((row) => [row.county, row.rule, row.table, row.rows])]))
    .digest("hex");
}

async function removeFiles({ files, log }: Services, keys: readonly string[]): Promise<void> {
  // What stays because the store was away is an orphan, and found as one.
  for (const key of keys)
    await files.remove(key).catch((cause: unknown) => log.warn({ err: cause }, "file left for the next run"));
}

/** Everything whose time is over by lengths that were agreed to. */
export async function runRetention(
  services: Services,
  book: Book,
  kind: "nightly" | "asked",
  askedBy = "",
  progress: Progress = quiet,
): Promise<string> {
  const { worker } = services.database;
  const runId = await openRun(worker, kind, services.businessDate(), askedBy);
  let done = 0;
  const tell = (stage: string, rows: number) => progress(stage, (done += rows));
  for (const { area, lengths } of await agreedLengths(worker)) {
    const today = services.businessDate(area || null);
    for (const rule of book.rules) {
      const length = lengths.get(rule.period);
      if (!length || (periodOf(rule.period).fixed === true) !== (area === "")) continue;
      const lastDay = addDays(endedBefore(today, length), -1);
      for (;;) {
        const gone = await worker.transaction().execute(async (tx) => {
          await sql.raw(RUN_LOCK).execute(tx);
          const piece = await forgetPiece(tx, book, { rule, length, area, today });
          await addCounts(tx, runId, rule.id, rule.table, piece.counts, lastDay);
          await addCounts(tx, runId, rule.id, "registry.change", piece.history, lastDay);
          return piece;
        });
        await removeFiles(services, gone.files);
        if (gone.rows === 0) break;
        await tell(rule.title, gone.rows);
      }
    }
    for (const sweep of book.sweeps) {
      const length = lengths.get(sweep.period);
      if (!length || (periodOf(sweep.period).fixed === true) !== (area === "")) continue;
      const swept = await sweep.run(services, endedBefore(today, length), area, false);
      await addCounts(
        worker,
        runId,
        sweep.id,
        sweep.table,
        swept.map(({ county, rows }) => [county, rows] as const),
        null,
      );
      await tell(
        sweep.title,
        swept.reduce((sum, { rows }) => sum + rows, 0),
      );
    }
    if (area !== "") await erasePersonsOver(services, book, runId, lengths, area, today, tell);
  }
  await forgetWithdrawals(services, book, runId);
  await closeRun(worker, runId, "按保存期限清除");
  return runId;
}

async function erasePersonsOver(
  services: Services,
  book: Book,
  runId: string,
  lengths: ReadonlyMap<PeriodId, Length>,
  area: string,
  today: string,
  tell: (stage: string, rows: number) => Promise<void>,
): Promise<void> {
  for (;;) {
    const gone = await services.database.worker.transaction().execute(async (tx) => {
      await sql.raw(RUN_LOCK).execute(tx);
      const next = await nextPersonsOver(tx, book, lengths, area, today);
      if (!next) return null;
      const erased = await erasePersons(services, tx, book, next.personIds, today);
      await addPersons(tx, runId, PERSON_RULE, next.county, erased);
      return { ...erased, rows: next.personIds.length };
    });
    if (!gone) return;
    await removeFiles(services, gone.files);
    await tell("清除人员档案", gone.rows);
  }
}

async function addPersons(tx: Tx, runId: string, rule: string, county: string, gone: PersonsGone): Promise<void> {
  for (const [table, rows] of gone.counts) await addCounts(tx, runId, rule, table, [[county, rows]], null);
}

/** One person, because he asked and an officer agreed. What is open about him since is waited for. */
export async function eraseByRequest(services: Services, book: Book, requestId: string): Promise<void> {
  const { worker } = services.database;
  const asked = () =>
    worker
      .selectFrom("privacy.request")
      .selectAll()
      .where("request_id", "=", requestId)
      .where("state", "=", "approved");
  const request = await asked().executeTakeFirst();
  if (!request?.person_id) return;
  const today = services.businessDate(request.home_region);
  const runId = await openRun(worker, "request", today, request.decided_by_name ?? "");
  const gone = await worker.transaction().execute(async (tx) => {
    await sql.raw(RUN_LOCK).execute(tx);
    const erased = await erasePersons(services, tx, book, [request.person_id!], today);
    await addPersons(tx, runId, REQUEST_RULE, request.home_region.slice(0, 6), erased);
    return erased;
  });
  await removeFiles(services, gone.files);
  await closeRun(worker, runId, "按本人申请清除");
}

/** What consents that were taken back covered, as often as it comes back. */
async function forgetWithdrawals(services: Services, book: Book, runId: string): Promise<number> {
  let all = 0;
  for (const kind of consentKinds) {
    const steps = book.withdrawals.filter((one) => one.kind === kind);
    if (steps.length === 0) continue;
    all += await services.database.worker.transaction().execute(async (tx) => {
      await sql`CREATE TEMPORARY TABLE withdrawn ON COMMIT DROP AS SELECT person_id FROM privacy.consent WHERE kind = ${kind} AND withdrawn_at IS NOT NULL`.execute(
        tx,
      );
      let n = 0;
      for (const step of steps) {
        const result = await sql.raw<{ n?: string }>(step.sql).execute(tx);
        const rows = step.counts ? Number(result.rows[0]?.n ?? 0) : Number(result.numAffectedRows ?? 0n);
        if (rows > 0) await addCounts(tx, runId, CONSENT_RULE, step.table, [["", rows]], null);
        n += rows;
      }
      return n;
    });
  }
  return all;
}

export async function runWithdrawals(services: Services, book: Book): Promise<void> {
  const { worker } = services.database;
  const runId = await openRun(worker, "consent", services.businessDate(), "");
  await forgetWithdrawals(services, book, runId);
  await closeRun(worker, runId, "撤回同意后清除");
}

/**
 * At every start: whoever is on the list beside the keys and not in the database's was erased after the backup from which this database
 * comes, or by an act that a crash cut short. He is erased again, whatever is open about him.
 */
export async function repeatErasures(services: Services, book: Book): Promise<number> {
  const { worker } = services.database;
  const { keyFolder } = services.config;
  const listed = readTombstones(keyFolder);
  const stored = await worker.selectFrom("privacy.tombstone").selectAll().execute();
  const known = new Set(stored.map((row) => row.tombstone_id));
  const missing = listed.filter(({ tombstoneId }) => !known.has(tombstoneId));
  const written = new Set(listed.map(({ tombstoneId }) => tombstoneId));
  // The other way round: a list that was lost is written again from what the database knows.
  writeTombstones(
    keyFolder,
    stored
      .filter((row) => !written.has(row.tombstone_id))
      .map((row): Tombstone => ({ tombstoneId: row.tombstone_id, keyHash: row.key_hash, erasedOn: row.erased_on })),
  );
  if (missing.length === 0) return 0;
  const today = services.businessDate();
  const runId = await openRun(worker, "restored", today, "");
  const { rows } = await sql<{ person_id: string; county: string }>`
    SELECT DISTINCT k.person_id, left(k.home_region, 6) AS county FROM registry.person_key k WHERE k.key_hash = ANY (${missing.map((one) => one.keyHash)}::uuid[])`.execute(
    worker,
  );
  for (const { person_id, county } of rows) {
    const gone = await worker.transaction().execute(async (tx) => {
      await sql.raw(RUN_LOCK).execute(tx);
      const erased = await erasePersons(services, tx, book, [person_id], today, missing);
      await addPersons(tx, runId, PERSON_RULE, county, erased);
      return erased;
    });
    await removeFiles(services, gone.files);
  }
  await worker.transaction().execute(async (tx) => {
    await sql`INSERT INTO privacy.tombstone (tombstone_id, key_hash, erased_on)
      SELECT * FROM unnest(${missing.map((one) => one.tombstoneId)}::uuid[], ${missing.map((one) => one.keyHash)}::uuid[], ${missing.map((one) => one.erasedOn)}::date[]) ON CONFLICT DO NOTHING`.execute(
      tx,
    );
  });
  await closeRun(worker, runId, "恢复备份后重新清除");
  services.log.warn({ persons: rows.length }, "persons erased since the backup were erased again");
  return rows.length;
}

/** Counts what would go in an area, by rule and county, and keeps it for the page. Nothing else is written. */
export async function previewRetention(
  services: Services,
  book: Book,
  area: string,
  progress: Progress = quiet,
): Promise<void> {
  const { worker } = services.database;
  const lengths = await expectedLengths(worker, area);
  const today = services.businessDate(area || null);
  const found: { rule: string; table: string; county: string; rows: number; held: number; agreed: boolean }[] = [];
  const total = book.rules.length + book.sweeps.length + 1;
  let done = 0;
  for (const rule of book.rules) {
    await progress(rule.title, done++, total);
    const { agreed, ...length } = lengths.get(rule.period)!;
    for (const row of await countRule(worker, book, { rule, length, area, today }))
      found.push({ rule: rule.id, table: rule.table, ...row, agreed });
  }
  for (const sweep of book.sweeps) {
    await progress(sweep.title, done++, total);
    const { agreed, ...length } = lengths.get(sweep.period)!;
    for (const row of await sweep.run(services, endedBefore(today, length), area, true))
      found.push({ rule: sweep.id, table: sweep.table, held: 0, ...row, agreed });
  }
  await progress("人员档案", done, total);
  const agreed = lengths.get("person")!.agreed;
  for (const row of await countPersonsOver(worker, book, lengths, area, today))
    found.push({ rule: PERSON_RULE, table: "registry.person", ...row, agreed });
  await worker.transaction().execute(async (tx) => {
    await sql`DELETE FROM privacy.preview WHERE starts_with(county, ${area})`.execute(tx);
    // A line of the whole, so that it is known when it was counted even if nothing is over.
    const whole = { rule: "", table: "", county: area, rows: 0, held: 0, agreed: false };
    const rows = [whole, ...found.filter(({ county }) => county.startsWith(area))];
    await sql`INSERT INTO privacy.preview (rule, county, table_name, rows, held, agreed, as_of)
      SELECT r.rule, r.county, r."table", r.rows, r.held, r.agreed, ${today} FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(rule text, county text, "table" text, rows bigint, held bigint, agreed boolean)`.execute(
      tx,
    );
  });
}
