import { open } from "node:fs/promises";
import { sql } from "kysely";
import { asUuid, bankAccountHash } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import type { Keys } from "../../platform/keys.ts";
import { refuse } from "../../platform/problem.ts";
import { HEAD_BYTES } from "../../platform/sheets/index.ts";
import { formatYuan } from "../../platform/money.ts";
import { subsidiesProblems } from "../problems.ts";
import type { AnswerLine, BadLine, StatedTotals } from "./banks/adapter.ts";
import { adapterFor } from "./banks/index.ts";
import type { StoredBatch } from "./store.ts";

/** So many bad lines are said; a file with more was made for something else. */
const MOST_SAID = 100;

/**
 * Reads a bank's answer into the temporary table `answer` of this transaction, by the adapter that knows its format. Lines that cannot
 * be understood, or sums that do not fit, refuse the whole file, each with its number: half an answer is worse than none.
 */
export async function readBankResult(
  tx: Tx,
  keys: Keys,
  batch: Pick<StoredBatch, "number">,
  file: { readonly path: string; readonly name: string },
): Promise<void> {
  await sql`CREATE TEMP TABLE answer (row_no int, line int, paid boolean, amount_fen bigint, reference text, on_day date, reason text,
    payee_name text, account_hash uuid) ON COMMIT DROP`.execute(tx);
  const whole = { ...file, head: await headOf(file.path) };
  const faults: BadLine[] = [];
  const stated: StatedTotals[] = [];
  const read = { lines: 0, totalFen: 0 };
  for await (const part of adapterFor(whole).read(whole)) {
    const lines: AnswerLine[] = [];
    for (const one of part) {
      if ("why" in one) faults.push(one);
      else if ("line" in one) lines.push(one);
      else stated.push(one);
    }
    read.lines += lines.length;
    read.totalFen += lines.reduce((sum, { amountFen }) => sum + amountFen, 0);
    if (faults.length >= MOST_SAID) break;
    await keep(tx, keys, lines);
  }
  for (const totals of stated) faults.push(...faultsOfTotals(totals, read, batch.number));
  if (faults.length > 0) refuse(subsidiesProblems.badResult(faults.slice(0, MOST_SAID)));
  if (read.lines === 0) refuse(subsidiesProblems.badResult([{ rowNo: 1, why: "文件里一笔结果也没有" }]));
  await sql`ANALYZE answer`.execute(tx);
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** What the file says of itself against what was read of it. */
function faultsOfTotals(
  { rowNo, batchNumber, count, totalFen }: StatedTotals,
  read: { readonly lines: number; readonly totalFen: number },
  number: string,
): readonly BadLine[] {
  const fault = (why: string): BadLine => ({ rowNo, why });
  return [
    ...(batchNumber !== null && batchNumber !== number
      ? [fault(`这是批次 ${batchNumber} 的回盘，本批次是 ${number}。请到那个批次导入`)]
      : []),
    ...(count !== null && count !== read.lines
      ? [fault(`写明共 ${count} 笔，文件里有 ${read.lines} 笔。文件可能不完整，请让银行重新出具`)]
      : []),
    ...(totalFen !== null && totalFen !== read.totalFen
      ? [
          fault(
            `写明合计 ${formatYuan(totalFen)} 元，各笔相加是 ${formatYuan(read.totalFen)} 元。文件可能不完整，请让银行重新出具`,
          ),
        ]
      : []),
  ];
}

async function keep(tx: Tx, keys: Keys, rows: readonly AnswerLine[]): Promise<void> {
  if (rows.length === 0) return;
  const hashOf = (account: string | null) => account && asUuid(bankAccountHash(keys, account.replaceAll(/[\s-]/g, "")));
  await sql`INSERT INTO answer SELECT * FROM unnest(${rows.map((row) => row.rowNo)}::int[], ${rows.map((row) => row.line)}::int[], ${rows.map((row) => row.paid)}::boolean[],
    ${rows.map((row) => row.amountFen)}::bigint[], ${rows.map((row) => row.reference)}::text[], ${rows.map((row) => row.on)}::date[], ${rows.map((row) => row.reason)}::text[],
    ${rows.map((row) => row.payeeName)}::text[], ${rows.map((row) => hashOf(row.account))}::uuid[])`.execute(tx);
}

const yuan = (column: string) => sql.raw(`to_char(${column} / 100.0, 'FM999999999990.00')`);
/** A bank shows part of a name, or another sign for a character that its system does not have. */
const NAME_IN_FULL = sql.raw("a.payee_name !~ '[*＊?？□〇■●]'");
const SAME_NAME = sql.raw("replace(btrim(p.payee_name), '|', '｜') = btrim(a.payee_name)");

/** Holds the answer against what was sent; refuses with every line that does not fit. */
export async function checkAnswer(tx: Tx, batchId: string): Promise<void> {
  const wrong = await sql<{ row_no: number; why: string }>`
    SELECT * FROM (SELECT a.row_no, CASE
        WHEN p.payment_id IS NULL THEN '本批次没有第 ' || a.line || ' 笔'
        WHEN p.amount_fen <> a.amount_fen THEN '第 ' || a.line || ' 笔应为 ' || ${yuan("p.amount_fen")} || ' 元，文件写的是 ' || ${yuan("a.amount_fen")} || ' 元'
        WHEN p.account_hash <> a.account_hash THEN '第 ' || a.line || ' 笔的账号与送出的（' || p.account_mask || '）不同，请核对行号是否错位'
        WHEN ${NAME_IN_FULL} AND NOT (${SAME_NAME}) THEN '第 ' || a.line || ' 笔的户名应为 ' || p.payee_name || '，文件写的是 ' || a.payee_name || '，请核对行号是否错位'
        WHEN p.state IN ('planned', 'cancelled') THEN '第 ' || a.line || ' 笔还没有送银行'
        WHEN p.state = 'returned' AND a.paid THEN '第 ' || a.line || ' 笔已登记为退回，不能再改为成功；款项确已到账的，请先核实'
        WHEN o.differ THEN '第 ' || a.line || ' 笔在文件里出现了两次，结果不同'
        WHEN s.lines > 1 OR k.payment_id IS NOT NULL THEN '流水号 ' || a.reference || ' 已用于另一笔。每笔应有自己的流水号，整批只有一个的请留空'
      END AS why
    FROM answer a LEFT JOIN subsidies.payment p ON p.batch_id = ${batchId} AND p.line = a.line
    LEFT JOIN (SELECT line, bool_or(paid) AND NOT bool_and(paid) AS differ FROM answer GROUP BY line) o ON o.line = a.line
    LEFT JOIN (SELECT reference, count(DISTINCT line) AS lines FROM answer WHERE reference IS NOT NULL GROUP BY reference) s ON s.reference = a.reference
    LEFT JOIN subsidies.payment k ON k.batch_id = ${batchId} AND k.bank_reference = a.reference AND k.line <> a.line) found
    WHERE why IS NOT NULL ORDER BY row_no LIMIT ${MOST_SAID}`.execute(tx);
  if (wrong.rows.length > 0)
    refuse(subsidiesProblems.badResult(wrong.rows.map(({ row_no, why }) => ({ rowNo: row_no, why }))));
}

export interface Answered {
  readonly paid: readonly { readonly claimId: string; readonly amountFen: number }[];
  /** Came back at once, and came back after they had been called paid. */
  readonly returned: readonly { readonly claimId: string; readonly amountFen: number; readonly afterPaid: boolean }[];
  /** Lines that said what is known. */
  readonly known: number;
}

/** Writes the answer to the payments, whose claims are locked first and in order: an act on many claims takes them so too. */
export async function applyAnswer(tx: Tx, batchId: string): Promise<Answered> {
  await sql`SELECT 1 FROM subsidies.claim c WHERE c.claim_id IN (
      SELECT p.claim_id FROM answer a JOIN subsidies.payment p ON p.batch_id = ${batchId} AND p.line = a.line AND p.state IN ('sent', 'paid'))
    ORDER BY c.claim_id FOR NO KEY UPDATE`.execute(tx);
  const changed = await sql<{ claim_id: string; amount_fen: string; paid: boolean; was: string }>`
    WITH news AS (
      SELECT DISTINCT ON (p.payment_id) p.payment_id, p.state AS was, a.paid, a.reference, a.on_day, a.reason
      FROM answer a JOIN subsidies.payment p ON p.batch_id = ${batchId} AND p.line = a.line
      WHERE CASE WHEN a.paid THEN p.state = 'sent' ELSE p.state IN ('sent', 'paid') END ORDER BY p.payment_id, a.row_no)
    UPDATE subsidies.payment p SET state = CASE WHEN n.paid THEN 'paid' ELSE 'returned' END, bank_reference = coalesce(n.reference, p.bank_reference),
      answered_on = n.on_day, reason = n.reason
    FROM news n WHERE p.payment_id = n.payment_id RETURNING p.claim_id, p.amount_fen, n.paid, n.was`.execute(tx);
  const lines = await sql<{ n: string }>`SELECT count(DISTINCT line) AS n FROM answer`.execute(tx);
  const rows = changed.rows.map((row) => ({
    claimId: row.claim_id,
    amountFen: Number(row.amount_fen),
    paid: row.paid,
    afterPaid: row.was === "paid",
  }));
  return {
    paid: rows.filter(({ paid }) => paid),
    returned: rows.filter(({ paid }) => !paid),
    known: Number(lines.rows[0]!.n) - rows.length,
  };
}
