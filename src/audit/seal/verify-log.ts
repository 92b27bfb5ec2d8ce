import { sql } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import type { Services } from "../../platform/module.ts";
import { CHAIN_START, rangesOf, sealDigest, sha256, sizeOf, type DigestText, type Seal } from "./chain.ts";
import { ProofCheck } from "./proof.ts";
import { checkLines } from "./read-proof.ts";
import { isSignedBy, loadSigner, markOf } from "./signing.ts";

export interface LogAnswer {
  readonly entries: number;
  readonly seals: number;
  readonly digests: number;
  /** Chinese sentences; empty: every sealed row is as it was. */
  readonly problems: readonly string[];
}

const SEALS_AT_ONCE = 500;
const MOST_PROBLEMS = 50;

/**
 * Checks the whole log where it lies: every sealed row, the chain, the signed digests, and the archived months in their files.
 * One snapshot; writers are not held up. `publicKeys` besides the installation's own: of keys used before.
 */
export async function verifyLog(
  services: Pick<Services, "database" | "config" | "files">,
  publicKeys: readonly string[] = [],
  onProgress: (seals: number, total: number) => Promise<void> = async () => {},
): Promise<LogAnswer> {
  const own = loadSigner(services.config.keyFolder, services.config.auditSignature).publicKey;
  const keys = [own, ...publicKeys];
  const problems: string[] = [];
  const say = (problem: string) => {
    if (problems.length < MOST_PROBLEMS) problems.push(problem);
  };
  const archives = await services.database.worker.selectFrom("audit.archive").selectAll().orderBy("month").execute();
  for (const { file_key, month } of archives) {
    const answer = await checkArchive(services, file_key, keys);
    for (const problem of answer) say(`${month.slice(0, 7)} 的归档：${problem}`);
  }
  const counts = await services.database.worker
    .transaction()
    .setIsolationLevel("repeatable read")
    .setAccessMode("read only")
    .execute(async (tx) => {
      const digests = await checkDigests(tx, keys, say);
      const archivedTo = BigInt(archives.at(-1)?.last_seal ?? 0);
      const chain = await checkSeals(tx, archivedTo, say, onProgress);
      for (const { day, lastSeal, seal } of digests)
        if (chain.heads.get(lastSeal) !== seal) say(`封存 ${lastSeal} 与 ${day} 的每日摘要不符，封存被改动或移除过。`);
      await findInserted(tx, chain.found, say);
      return { entries: chain.found, seals: chain.seals, digests: digests.length };
    });
  return { ...counts, problems };
}

async function checkArchive(
  { files }: Pick<Services, "files">,
  key: string,
  publicKeys: readonly string[],
): Promise<readonly string[]> {
  const check = new ProofCheck(publicKeys);
  try {
    await checkLines(check, await files.read(key), true);
  } catch {
    return ["归档文件缺失或已损坏，请从备份中取回。"];
  }
  return check.answer().problems;
}

async function checkDigests(
  tx: Tx,
  publicKeys: readonly string[],
  say: (problem: string) => void,
): Promise<DigestText[]> {
  const keys = new Map(publicKeys.map((text) => [markOf(text), text]));
  const rows = await tx.selectFrom("audit.digest").selectAll().orderBy("digest_id").execute();
  let previous = CHAIN_START;
  return rows.map((row) => {
    const says = JSON.parse(row.text) as DigestText;
    const key = keys.get(row.key_mark);
    if (key === undefined) say(`${row.day} 的每日摘要由密钥 ${row.key_mark} 签名，请用 --key 指明它的公钥文件。`);
    else if (!isSignedBy(key, row.text, row.signature)) say(`${row.day} 的每日摘要签名不符，被改动过。`);
    if (says.previous !== previous || says.day !== row.day || says.lastSeal !== row.last_seal)
      say(`${row.day} 的每日摘要与前一份接不上，有摘要被改动或移除。`);
    previous = sha256(row.text);
    return says;
  });
}

interface CheckedSeal extends Seal {
  readonly found: number;
  readonly foundRoot: string | null;
}

async function checkSeals(
  tx: Tx,
  archivedTo: bigint,
  say: (problem: string) => void,
  onProgress: (seals: number, total: number) => Promise<void>,
) {
  const heads = new Map<string, string>();
  const total = Number(
    (
      await tx
        .selectFrom("audit.seal")
        .select((eb) => eb.fn.countAll<string>().as("n"))
        .executeTakeFirstOrThrow()
    ).n,
  );
  let [previous, last, seals, found] = [CHAIN_START, 0n, 0, 0];
  for (;;) {
    const { rows } = await sql<CheckedSeal>`
      SELECT s.seal_id AS "sealId", to_char(s.sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "sealedAt", s.entries::text AS entries, s.count,
        encode(s.root, 'hex') AS root, encode(s.previous, 'hex') AS previous, encode(s.digest, 'hex') AS digest, e.found, encode(e.root, 'hex') AS "foundRoot"
      FROM audit.seal s CROSS JOIN LATERAL (
        SELECT count(*)::int AS found, sha256(string_agg(sha256(convert_to(audit.canonical(e), 'UTF8')), '' ORDER BY e.entry_id)) AS root
        FROM audit.entry e WHERE e.entry_id >= lower(s.entries) AND e.entry_id < upper(s.entries) AND s.entries @> e.entry_id) e
      WHERE s.seal_id > ${String(last)} ORDER BY s.seal_id LIMIT ${sql.lit(SEALS_AT_ONCE)}`.execute(tx);
    for (const seal of rows) {
      const { sealId, found: here } = seal;
      if (BigInt(sealId) !== last + 1n) say(`封存 ${last} 与 ${sealId} 之间缺少封存，有封存被移除。`);
      else if (seal.previous !== previous) say(`封存 ${sealId} 与前一个接不上，其间被改动过。`);
      if (sealDigest(seal) !== seal.digest || sizeOf(rangesOf(seal.entries)) !== BigInt(seal.count))
        say(`封存 ${sealId} 的内容被改动过。`);
      if (BigInt(sealId) > archivedTo) {
        if (here < seal.count) say(`封存 ${sealId} 应有 ${seal.count} 条记录，只有 ${here} 条：有记录被移除。`);
        else if (seal.foundRoot !== seal.root)
          say(`封存 ${sealId}（记录 ${seal.entries}）中有记录的内容或次序被改动过。`);
      }
      heads.set(sealId, seal.digest);
      [previous, last] = [seal.digest, BigInt(sealId)];
      seals++;
      found += here;
    }
    await onProgress(seals, total);
    if (rows.length < SEALS_AT_ONCE) return { heads, seals, found };
  }
}

/** A row that is in no seal although its transaction ended before the last one was put aside. */
async function findInserted(tx: Tx, sealed: number, say: (problem: string) => void): Promise<void> {
  const due = sql`e.tx < coalesce((SELECT horizon FROM audit.sealer), '0'::xid8)`;
  const { rows } = await sql<{ n: string }>`SELECT count(*) AS n FROM audit.entry e WHERE ${due}`.execute(tx);
  if (Number(rows[0]!.n) === sealed) return;
  const { rows: inserted } = await sql<{ entry_id: string }>`
    SELECT e.entry_id FROM audit.entry e WHERE ${due} AND NOT EXISTS (SELECT FROM audit.seal s WHERE s.entries @> e.entry_id) ORDER BY e.entry_id LIMIT 5`.execute(
    tx,
  );
  const which = inserted.map(({ entry_id }) => entry_id).join("、");
  say(`有 ${Number(rows[0]!.n) - sealed} 条记录不属于任何封存，是后来加进去的（记录 ${which}）。`);
}
