import { sql } from "kysely";
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { Temporal } from "temporal-polyfill";
import { keepFile } from "../../platform/files/kept.ts";
import type { Services } from "../../platform/module.ts";
import { proveSeals } from "./write-proof.ts";
import { loadSigner } from "./signing.ts";

/** 六个月在线，三年归档 (trust.md): a month leaves the database when six more have ended; nothing ever deletes its file. */
const MONTHS_ONLINE = 6;
const LIMIT_BYTES = 64 * 1024 ** 3;

/** Makes the coming months, and puts months that are due into sealed files; returns their names, `2025-01`. */
export async function archiveMonths(services: Services, today: string): Promise<string[]> {
  const { worker } = services.database;
  await sql`SELECT audit.ensure_months(2)`.execute(worker);
  const { rows } = await sql<{ month: string }>`
    SELECT replace(substr(c.relname, 7), '_', '-') AS month FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'audit.entry'::regclass AND c.relname ~ '^entry_[0-9]{4}_[0-9]{2}$' ORDER BY 1`.execute(worker);
  const online = Temporal.PlainDate.from(today).toPlainYearMonth().subtract({ months: MONTHS_ONLINE });
  const archived: string[] = [];
  for (const { month } of rows) {
    if (Temporal.PlainYearMonth.compare(Temporal.PlainYearMonth.from(month), online) >= 0) continue;
    if (await archiveMonth(services, month)) archived.push(month);
  }
  return archived;
}

async function archiveMonth(services: Services, month: string): Promise<boolean> {
  const { worker } = services.database;
  const monthDate = `${month}-01`;
  const known = await worker
    .selectFrom("audit.archive")
    .select("month")
    .where("month", "=", monthDate)
    .executeTakeFirst();
  if (known === undefined) {
    const { rows } = await sql<{ n: string; sealed: string; first: string | null; last: string | null }>`
      SELECT count(*) AS n, count(s.seal_id) AS sealed, min(s.seal_id) AS first, max(s.seal_id) AS last FROM audit.entry e LEFT JOIN audit.seal s ON s.entries @> e.entry_id
      WHERE e.at >= ${monthDate}::timestamp AT TIME ZONE 'Asia/Shanghai' AND e.at < (${monthDate}::timestamp + interval '1 month') AT TIME ZONE 'Asia/Shanghai'`.execute(
      worker,
    );
    const { n, sealed, first, last } = rows[0]!;
    // Not before the sealer has been there, and signed for it; a month in which nothing happened has nothing to keep.
    if (n !== sealed || first === null || last === null) return false;
    const bound = await sealOfNextDigest(services, last);
    if (bound === undefined) return false;
    const signer = loadSigner(services.config.keyFolder, services.config.auditSignature);
    const key = `audit-archive/${month}`;
    // A seal made at midnight holds rows of two months: it lies whole in the file of the first.
    const before = await worker
      .selectFrom("audit.archive")
      .select((eb) => eb.fn.max("last_seal").as("seal"))
      .executeTakeFirstOrThrow();
    const after = BigInt(before.seal ?? 0);
    const from = BigInt(first) > after ? first : String(after + 1n);
    const lines = proveSeals(worker, { from, to: bound }, { month }, signer);
    const stored = await services.files.put(key, Readable.from(lines).pipe(createGzip()), LIMIT_BYTES);
    const name = `审计日志归档-${month}.jsonl.gz`;
    await keepFile(worker, { key, name, ...stored }, { region: "", purpose: "audit-archive", officerId: null });
    await worker
      .insertInto("audit.archive")
      .values({
        month: monthDate,
        file_key: key,
        entries: n,
        last_seal: last,
        bytes: String(stored.bytes),
        sha256: stored.sha256,
      })
      .execute();
  }
  const { rows } = await sql<{ released: boolean }>`SELECT audit.release_month(${monthDate}::date) AS released`.execute(
    worker,
  );
  return rows[0]!.released;
}

async function sealOfNextDigest({ database }: Services, sealId: string): Promise<string | undefined> {
  const row = await database.worker
    .selectFrom("audit.digest")
    .select("last_seal")
    .where("last_seal", ">=", sealId)
    .orderBy("digest_id")
    .executeTakeFirst();
  return row?.last_seal;
}
