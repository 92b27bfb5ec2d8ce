import { sql } from "kysely";
import { setTimeout as sleep } from "node:timers/promises";
import { addKeyVersion, VERSION_LAG_MS } from "../../platform/keys.ts";
import type { DomainModule, EnvelopeColumn, Services } from "../../platform/module.ts";

/** Rows sealed anew in one transaction: short enough that nobody waits for it. */
const SLICE_ROWS = 2_000;

export type RewriteProgress = (stage: string, done?: number, total?: number) => Promise<void>;

/**
 * 更换密钥: adds a version unless there are more than `from` already (a repeated task adds none), and seals everything anew under
 * it while the program serves. New rows take the new version within a second.
 */
export async function rotateKey(
  services: Services,
  modules: readonly DomainModule[],
  from: number,
  progress?: RewriteProgress,
): Promise<number> {
  if (services.keys.versions().length === from) addKeyVersion(services.config.keyFolder);
  const marks = services.keys.versions();
  await services.database.worker
    .insertInto("platform.key_version")
    .values(marks.map((fingerprint, index) => ({ version: index + 1, fingerprint })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return rewriteEnvelopes(services, modules, progress);
}

/**
 * Seals every envelope of an older version anew, slice by slice; returns their number. Each slice is a transaction of its own and
 * passes over rows that somebody is changing, until a pass finds none. Killed, it goes on where it was: the version stands in the envelope.
 */
export async function rewriteEnvelopes(
  services: Services,
  modules: readonly DomainModule[],
  progress: RewriteProgress = async () => {},
): Promise<number> {
  const version = services.keys.versions().length;
  const columns = modules.flatMap((module) => module.envelopes ?? []);
  let done = 0;
  let total = 0;
  // Until every process has looked for new versions, one may still seal under the old.
  await sleep(1.5 * VERSION_LAG_MS);
  for (const column of columns) total += await countOlder(services, column, version);
  for (let left = total; left > 0;) {
    for (const column of columns) {
      done += await rewriteColumn(services, column, version, (more) =>
        progress("更换密文", done + more, Math.max(total, done + more)),
      );
    }
    left = 0;
    for (const column of columns) left += await countOlder(services, column, version);
    if (left > 0) await sleep(200);
  }
  await sql`UPDATE platform.key_version SET rewritten_at = now() WHERE version <= ${version} AND (rewritten_at IS NULL OR version = ${version})`.execute(
    services.database.worker,
  );
  return done;
}

/** Rows whose envelope is of an older version. */
export async function countOlder(services: Services, column: EnvelopeColumn, version: number): Promise<number> {
  const { rows } = await sql<{
    n: string;
  }>`SELECT count(*) AS n FROM ${sql.table(column.table)} t WHERE ${older(column, version)}`.execute(
    services.database.worker,
  );
  return Number(rows[0]!.n);
}

const envelopeOf = ({ column, resealedBy }: EnvelopeColumn) =>
  resealedBy === undefined ? sql.raw(`t.${column}`) : sql.raw(`decode(substr(t.${column} ->> 'secret', 3), 'hex')`);
const older = (column: EnvelopeColumn, version: number) =>
  sql`${envelopeOf(column)} IS NOT NULL AND get_byte(${envelopeOf(column)}, 1) < ${sql.lit(version)}`;

/** The key's columns as text, and the envelope. */
type SliceRow = Readonly<Record<string, unknown>> & { readonly envelope: Buffer };

async function rewriteColumn(
  services: Services,
  column: EnvelopeColumn,
  version: number,
  onSlice: (done: number) => Promise<void>,
): Promise<number> {
  const names = column.key.map(([name]) => name);
  const list = sql.raw(names.map((name) => `t.${name}`).join(", "));
  let after: readonly unknown[] | null = null;
  let done = 0;
  for (;;) {
    const last: readonly unknown[] | null = after;
    const slice: { rows: readonly SliceRow[]; changed: number } = await services.database.worker
      .transaction()
      .execute(async (tx) => {
        const beyond =
          last === null
            ? sql`true`
            : sql`(${list}) > (${sql.join(last.map((value, nth) => sql`${value}::${sql.raw(column.key[nth]![1])}`))})`;
        const { rows } = await sql<SliceRow>`
        SELECT ${sql.raw(column.key.map(([name]) => `t.${name}::text AS ${name}`).join(", "))}, ${envelopeOf(column)} AS envelope FROM ${sql.table(column.table)} t
        WHERE ${beyond} AND ${older(column, version)} ORDER BY ${list} LIMIT ${sql.lit(SLICE_ROWS)} ${column.resealedBy === undefined ? sql`FOR UPDATE SKIP LOCKED` : sql``}`.execute(
          tx,
        );
        if (rows.length === 0) return { rows, changed: 0 };
        const olds = rows.map((row) => row.envelope);
        const news = olds.map((envelope) => services.keys.reseal(envelope));
        const keys = column.key.map(([name, type]) => sql`${rows.map((row) => row[name])}::${sql.raw(type)}[]`);
        const { rows: changed } =
          column.resealedBy === undefined
            ? await sql<{ n: number }>`
              WITH resealed AS (UPDATE ${sql.table(column.table)} t SET ${sql.raw(column.column)} = n.new
                FROM unnest(${sql.join(keys)}, ${olds}::bytea[], ${news}::bytea[]) AS n(${sql.raw(names.join(", "))}, old, new)
                WHERE ${sql.raw(names.map((name) => `t.${name} = n.${name}`).join(" AND "))} AND t.${sql.raw(column.column)} = n.old RETURNING 1)
              SELECT count(*)::int AS n FROM resealed`.execute(tx)
            : await sql<{
                n: number;
              }>`SELECT ${sql.raw(column.resealedBy)}(${column.column}, ${sql.join(keys)}, ${olds}::bytea[], ${news}::bytea[]) AS n`.execute(
                tx,
              );
        return { rows, changed: changed[0]!.n };
      });
    if (slice.rows.length === 0) return done;
    done += slice.changed;
    await onSlice(done);
    const end = slice.rows.at(-1)!;
    after = names.map((name) => end[name]);
  }
}
