import { sql } from "kysely";
import type { Services } from "../../platform/module.ts";
import { formatYuan } from "../../platform/money.ts";
import { toListLine } from "./document.ts";
import type { ListAnswer } from "./list-check.ts";
import { digestOfLines, listSubject, type ListLine } from "./list-lines.ts";
import { linesOf, publicationByNumber } from "./store.ts";

/** What an installation knows of its own list. */
export interface StoredList extends Omit<ListAnswer, "lines"> {
  readonly lines: readonly ListLine[];
}

/** Checks a list where it lies: its lines against its digest, the digest against the row of the log. Null: there is no such list. */
export async function checkStored(
  { database }: Pick<Services, "database">,
  number: string,
): Promise<StoredList | null> {
  const { worker } = database;
  const publication = await publicationByNumber(worker, number);
  if (!publication) return null;
  const stored = await linesOf(worker, publication.publication_id, { page: 1, size: publication.claims });
  const lines = stored.map(toListLine);
  const logged = await sql<{ digest: string; day: string | null }>`
    SELECT e.detail ->> 'digest' AS digest, (SELECT d.day FROM audit.seal s JOIN audit.digest d ON d.last_seal >= s.seal_id
      WHERE s.entries @> e.entry_id ORDER BY d.digest_id LIMIT 1) AS day
    FROM audit.entry e WHERE e.subject = ${listSubject(publication.publication_id)} AND e.outcome = 'done' ORDER BY e.entry_id LIMIT 1`.execute(
    worker,
  );
  const [entry] = logged.rows;
  const problems: string[] = [];
  // A month that lies in an archive is checked there (`wengang verify`).
  if (entry && entry.digest !== publication.digest) problems.push("名单的校验码与审计日志里公示当天的不一致。");
  const erased = lines.filter(({ payeeName }) => payeeName === "").length;
  if (digestOfLines(lines) !== (entry?.digest ?? publication.digest))
    problems.push(
      ...(erased > 0
        ? [`其中 ${erased} 行的个人信息已按规定期限删除，不能再逐行核对。`]
        : await alteredIn(database, publication.publication_id)),
    );
  return {
    number,
    digest: entry?.digest ?? publication.digest,
    lines,
    totalFen: lines.reduce((sum, { amountFen }) => sum + amountFen, 0),
    signedDay: entry?.day ?? null,
    problems,
  };
}

/** Lines that differ from what their claims were when they were published. */
async function alteredIn({ worker }: Services["database"], publicationId: string): Promise<readonly string[]> {
  const found = await sql<{ line: number; payee_name: string; amount_fen: string; claim_name: string; said: string }>`
    SELECT l.line, l.payee_name, l.amount_fen, c.payee_name AS claim_name, e.amount_fen AS said FROM subsidies.publication_line l
    JOIN subsidies.claim c ON c.claim_id = l.claim_id
    CROSS JOIN LATERAL (SELECT amount_fen FROM subsidies.claim_event e WHERE e.claim_id = l.claim_id AND e.act = 'publish' ORDER BY e.event_id LIMIT 1) e
    WHERE l.publication_id = ${publicationId} AND (l.amount_fen <> e.amount_fen OR l.payee_name <> c.payee_name) ORDER BY l.line LIMIT 50`.execute(
    worker,
  );
  const named = found.rows.map(
    ({ line, payee_name, amount_fen, claim_name, said }) =>
      `第 ${line} 行写的是${payee_name} ${formatYuan(Number(amount_fen))} 元，补贴件公示时是${claim_name} ${formatYuan(Number(said))} 元。`,
  );
  return ["数据库里的名单与校验码不符，内容被改动过。", ...named];
}
