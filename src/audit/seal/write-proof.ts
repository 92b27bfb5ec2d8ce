import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/database.ts";
import type { Seal } from "./chain.ts";
import { endText, type ProofDigest, type ProofHead, type ProofLine } from "./proof.ts";
import type { SignatureAlgorithm, Signer } from "./signing.ts";

type SealRow = Seal & { leaves: Buffer | null };

/**
 * Writes the proof of chosen rows, line by line with line feeds. Of the seals between a row's own and the digest that binds it
 * only the heads are written; a row too young for a seal is written as such.
 */
export async function* proveEntries(
  tx: Tx,
  entryIds: readonly string[],
  about: ProofHead["about"],
  signer: Signer,
): AsyncGenerator<string> {
  const writer = new ProofWriter({ format: "wengang-audit-proof-1", complete: false, about });
  yield* writer.begin();
  const ids = entryIds.toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  const { rows: found } = await sql<{ seal_id: string | null; rows: string[] }>`
    SELECT s.seal_id, array_agg(audit.canonical(e) ORDER BY e.entry_id) AS rows
    FROM audit.entry e LEFT JOIN audit.seal s ON s.entries @> e.entry_id
    WHERE e.entry_id = ANY (${ids}::bigint[]) GROUP BY s.seal_id ORDER BY s.seal_id`.execute(tx);
  const rowsOf = new Map(found.flatMap(({ seal_id, rows }) => (seal_id === null ? [] : [[seal_id, rows] as const])));
  const sealIds = [...rowsOf.keys()];
  const { rows: digests } = await sql<DigestRow>`
    SELECT DISTINCT d.digest_id, d.text, d.algorithm, d.key_mark, d.signature FROM unnest(${sealIds}::bigint[]) AS wanted(seal_id)
    JOIN LATERAL (SELECT * FROM audit.digest d WHERE d.last_seal >= wanted.seal_id ORDER BY d.digest_id LIMIT 1) d ON true ORDER BY d.digest_id`.execute(
    tx,
  );
  for (const row of digests) yield writer.line({ digest: digestOf(row) });
  // From each wanted seal to the digest that binds it, or to the present end of the chain.
  const { rows: needed } = await sql<SealRow>`
    SELECT ${sealColumns}, CASE WHEN s.seal_id = ANY (${sealIds}::bigint[]) THEN audit.leaves(s.seal_id) END AS leaves FROM audit.seal s
    WHERE EXISTS (SELECT FROM unnest(${sealIds}::bigint[]) AS wanted(seal_id)
      WHERE s.seal_id BETWEEN wanted.seal_id AND coalesce((SELECT min(d.last_seal) FROM audit.digest d WHERE d.last_seal >= wanted.seal_id), s.seal_id))
    ORDER BY s.seal_id`.execute(tx);
  for (const { leaves, ...seal } of needed) {
    yield writer.line({ seal, ...(leaves === null ? {} : { leaves: leaves.toString("hex") }) });
    for (const row of rowsOf.get(seal.sealId) ?? []) yield writer.line({ row });
  }
  for (const { seal_id, rows } of found) if (seal_id === null) for (const loose of rows) yield writer.line({ loose });
  yield writer.end(signer);
}

/** Writes whole seals with all their rows, both ends included: for archives, and for handing over the whole log. */
export async function* proveSeals(
  db: Db | Tx,
  { from, to }: { readonly from: string; readonly to: string },
  about: ProofHead["about"],
  signer: Signer,
): AsyncGenerator<string> {
  const writer = new ProofWriter({ format: "wengang-audit-proof-1", complete: true, about });
  yield* writer.begin();
  const { rows: digests } = await sql<DigestRow>`
    SELECT digest_id, text, algorithm, key_mark, signature FROM audit.digest
    WHERE last_seal >= ${from} AND digest_id <= coalesce((SELECT min(digest_id) FROM audit.digest WHERE last_seal >= ${to}), digest_id) ORDER BY digest_id`.execute(
    db,
  );
  for (const row of digests) yield writer.line({ digest: digestOf(row) });
  const slice = 200n;
  for (let at = BigInt(from); at <= BigInt(to); at += slice) {
    const last = at + slice - 1n < BigInt(to) ? at + slice - 1n : BigInt(to);
    const { rows } = await sql<Seal & { rows: string[] | null }>`
      SELECT ${sealColumns}, (SELECT array_agg(audit.canonical(e) ORDER BY e.entry_id) FROM audit.entry e
        WHERE e.entry_id >= lower(s.entries) AND e.entry_id < upper(s.entries) AND s.entries @> e.entry_id) AS rows
      FROM audit.seal s WHERE s.seal_id BETWEEN ${String(at)} AND ${String(last)} ORDER BY s.seal_id`.execute(db);
    for (const { rows: own, ...seal } of rows) {
      yield writer.line({ seal });
      for (const row of own ?? []) yield writer.line({ row });
    }
  }
  yield writer.end(signer);
}

interface DigestRow {
  text: string;
  algorithm: SignatureAlgorithm;
  key_mark: string;
  signature: Buffer;
}

const sealColumns = sql`s.seal_id AS "sealId", to_char(s.sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "sealedAt", s.entries::text AS entries,
  s.count, encode(s.root, 'hex') AS root, encode(s.previous, 'hex') AS previous, encode(s.digest, 'hex') AS digest`;

function digestOf({ text, algorithm, key_mark, signature }: DigestRow): ProofDigest {
  return { text, algorithm, keyMark: key_mark, signature: signature.toString("hex") };
}

class ProofWriter {
  readonly #head: ProofHead;
  readonly #lines = createHash("sha256");
  #rows = 0;

  constructor(head: ProofHead) {
    this.#head = head;
  }

  *begin(): Generator<string> {
    yield this.line({ head: this.#head });
  }

  line(line: ProofLine): string {
    if ("row" in line || "loose" in line) this.#rows++;
    const text = `${JSON.stringify(line)}\n`;
    this.#lines.update(text);
    return text;
  }

  end(signer: Signer): string {
    const sha256 = this.#lines.digest("hex");
    const signature = signer.sign(endText(sha256, this.#rows)).toString("hex");
    const { algorithm, keyMark } = signer;
    return `${JSON.stringify({ end: { sha256, rows: this.#rows, algorithm, keyMark, signature } } satisfies ProofLine)}\n`;
  }
}
