import { sql } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import { parseYuan } from "../../platform/money.ts";
import { refuse } from "../../platform/problem.ts";
import {
  cellText,
  findTableLayout,
  headRows,
  isProblem,
  openSheets,
  readDate,
  readTableRows,
  type HeaderWords,
} from "../../platform/sheets/index.ts";
import { subsidiesProblems } from "../problems.ts";

const FIELDS = ["line", "result", "amount", "reference", "date", "reason"] as const;
type Field = (typeof FIELDS)[number];

const WORDS: HeaderWords<Field> = {
  fields: FIELDS,
  synonyms: {
    line: ["行号", "序号", "明细序号"],
    result: ["结果", "发放结果", "交易结果", "处理结果", "状态"],
    amount: ["金额", "发放金额", "交易金额", "实发金额"],
    reference: ["流水号", "银行流水号", "交易流水号"],
    date: ["日期", "入账日期", "交易日期", "发放日期"],
    reason: ["原因", "失败原因", "退回原因", "备注"],
  },
  alone: new Set(),
  exact: true,
};
const PAID = ["成功", "已发放", "发放成功", "交易成功"];
const RETURNED = ["失败", "退回", "退票", "退汇", "发放失败", "交易失败"];

const ROWS_AT_ONCE = 5000;

/**
 * Reads a bank's answer (CSV or a workbook: 行号, 结果, 金额, 流水号, 日期, 原因) into the temporary table `answer` of this transaction.
 * A line that cannot be understood refuses the whole file, with its number: half an answer is worse than none.
 */
export async function readBankResult(tx: Tx, file: { readonly path: string; readonly name: string }): Promise<void> {
  await sql`CREATE TEMP TABLE answer (row_no int, line int, paid boolean, amount_fen bigint, reference text, on_day date, reason text) ON COMMIT DROP`.execute(
    tx,
  );
  const opened = await openSheets(file.path, { fileName: file.name });
  if (isProblem(opened)) refuse(opened);
  await using source = opened;
  const layout = findTableLayout(await headRows(source, 0), await source.mergedRanges(0), WORDS);
  const has = (field: Field) => layout?.columns.some((column) => column.field === field) ?? false;
  for (const [field, says] of [
    ["line", "行号"],
    ["result", "结果"],
    ["amount", "金额"],
    ["date", "日期"],
  ] as const)
    if (!has(field))
      refuse(subsidiesProblems.badResult(1, `没有“${says}”这一列。应有：行号、结果、金额、流水号、日期、原因`));
  const mapping = [{ sheet: 0, used: true, firstDataRow: layout!.firstDataRow, columns: layout!.columns }];
  let rows: Answer[] = [];
  for await (const batch of readTableRows<Field>(source, { mapping })) {
    rows.push(...batch.map(({ rowNo, cells }) => readLine(rowNo, cells)));
    if (rows.length >= ROWS_AT_ONCE) rows = await keep(tx, rows);
  }
  await keep(tx, rows);
}

interface Answer {
  readonly rowNo: number;
  readonly line: number;
  readonly paid: boolean;
  readonly amountFen: number;
  readonly reference: string | null;
  readonly on: string;
  readonly reason: string | null;
}

function readLine(rowNo: number, cells: Parameters<typeof textsIn>[0]): Answer {
  const bad = (why: string) => refuse(subsidiesProblems.badResult(rowNo, why));
  const text = textsIn(cells);
  const line = text("line");
  const result = text("result");
  if (!/^\d{1,7}$/.test(line)) bad(`“${line}”不是行号`);
  if (!PAID.includes(result) && !RETURNED.includes(result))
    bad(`看不懂结果“${result}”，应为：${PAID[0]} 或 ${RETURNED[0]}`);
  const amountFen = parseYuan(text("amount")) ?? bad(`“${text("amount")}”不是金额`);
  const day = readDate(cells.date ?? null);
  const on =
    day.kind === "date" && day.precision === "day" ? day.date : bad(`“${text("date")}”不是日期，应写作 2025-06-18`);
  const paid = PAID.includes(result);
  const reason = text("reason");
  if (!paid && reason === "") bad("失败的没有写原因");
  return {
    rowNo,
    line: Number(line),
    paid,
    amountFen,
    reference: text("reference") || null,
    on,
    reason: paid ? null : reason,
  };
}

const textsIn = (cells: Partial<Record<Field, Parameters<typeof cellText>[0]>>) => (field: Field) =>
  cellText(cells[field] ?? null).trim();

async function keep(tx: Tx, rows: readonly Answer[]): Promise<Answer[]> {
  if (rows.length > 0)
    await sql`INSERT INTO answer SELECT * FROM unnest(${rows.map((row) => row.rowNo)}::int[], ${rows.map((row) => row.line)}::int[], ${rows.map((row) => row.paid)}::boolean[],
      ${rows.map((row) => row.amountFen)}::bigint[], ${rows.map((row) => row.reference)}::text[], ${rows.map((row) => row.on)}::date[], ${rows.map((row) => row.reason)}::text[])`.execute(
      tx,
    );
  return [];
}

/** Holds the answer against what was sent; refuses the first line that does not fit. */
export async function checkAnswer(tx: Tx, batchId: string): Promise<void> {
  const wrong = await sql<{ row_no: number; why: string }>`
    SELECT a.row_no, CASE
        WHEN p.payment_id IS NULL THEN '本批次没有第 ' || a.line || ' 笔'
        WHEN p.amount_fen <> a.amount_fen THEN '第 ' || a.line || ' 笔应为 ' || to_char(p.amount_fen / 100.0, 'FM999999999990.00') || ' 元，文件写的是 ' || to_char(a.amount_fen / 100.0, 'FM999999999990.00') || ' 元'
        WHEN p.state IN ('planned', 'cancelled') THEN '第 ' || a.line || ' 笔还没有送银行'
        WHEN p.state = 'returned' AND a.paid THEN '第 ' || a.line || ' 笔已登记为退回，不能再改为成功；款项确已到账的，请先核实'
        ELSE '第 ' || a.line || ' 笔在文件里出现了两次，结果不同' END AS why
    FROM answer a LEFT JOIN subsidies.payment p ON p.batch_id = ${batchId} AND p.line = a.line
    WHERE p.payment_id IS NULL OR p.amount_fen <> a.amount_fen OR p.state IN ('planned', 'cancelled') OR (p.state = 'returned' AND a.paid)
      OR EXISTS (SELECT 1 FROM answer o WHERE o.line = a.line AND o.paid <> a.paid)
    ORDER BY a.row_no LIMIT 1`.execute(tx);
  const [first] = wrong.rows;
  if (first) refuse(subsidiesProblems.badResult(first.row_no, first.why));
}

export interface Answered {
  readonly paid: readonly { readonly claimId: string; readonly amountFen: number }[];
  /** Came back at once, and came back after they had been called paid. */
  readonly returned: readonly { readonly claimId: string; readonly amountFen: number; readonly afterPaid: boolean }[];
  /** Lines that said what is known. */
  readonly known: number;
}

/** Writes the answer to the payments. */
export async function applyAnswer(tx: Tx, batchId: string): Promise<Answered> {
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
