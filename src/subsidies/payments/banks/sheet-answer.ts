import { parseYuan } from "../../../platform/money.ts";
import { refuse } from "../../../platform/problem.ts";
import {
  cellText,
  findTableLayout,
  headRows,
  isProblem,
  openSheets,
  readDate,
  type Cell,
  type HeaderWords,
  type SheetRow,
} from "../../../platform/sheets/index.ts";
import {
  PAID_WORDS,
  readLineNumber,
  readResult,
  RETURNED_WORDS,
  type AnswerFile,
  type AnswerLine,
  type BadLine,
  type StatedTotals,
} from "./adapter.ts";

const FIELDS = ["line", "result", "amount", "reference", "date", "reason", "name", "account"] as const;
type Field = (typeof FIELDS)[number];

const WORDS: HeaderWords<Field> = {
  fields: FIELDS,
  synonyms: {
    line: ["行号", "明细序号", "编号"],
    result: ["结果", "发放结果", "交易结果", "处理结果", "状态"],
    amount: ["金额", "发放金额", "交易金额", "实发金额"],
    reference: ["流水号", "银行流水号", "交易流水号"],
    date: ["日期", "入账日期", "交易日期", "发放日期"],
    reason: ["原因", "失败原因", "退回原因", "备注"],
    name: ["收款人", "户名", "姓名", "账户名称"],
    account: ["账号", "银行账号", "收款账号", "一卡通账号", "社保卡账号"],
  },
  alone: new Set(),
  exact: true,
};
const NEEDED = [
  ["line", "行号"],
  ["result", "结果"],
  ["amount", "金额"],
  ["date", "日期"],
] as const;
const SUM = /^(合计|总计|共计)$/;

/** An answer as a table, CSV or workbook: its columns are found by their names; a line of sums is held against what stands above it. */
export async function* readSheetAnswer(
  file: AnswerFile,
): AsyncGenerator<readonly (AnswerLine | BadLine | StatedTotals)[]> {
  const opened = await openSheets(file.path, { fileName: file.name });
  if (isProblem(opened)) refuse(opened);
  await using source = opened;
  const layout = findTableLayout(await headRows(source, 0), await source.mergedRanges(0), WORDS);
  const columnOf = new Map((layout?.columns ?? []).flatMap(({ field, column }) => (field ? [[field, column]] : [])));
  const missing = NEEDED.filter(([field]) => !columnOf.has(field)).map(([, says]) => `“${says}”`);
  if (missing.length > 0) {
    const why = `没有${missing.join("、")}${missing.length > 1 ? "这几" : "这一"}列。应有：行号、结果、金额、流水号、日期、原因`;
    yield [{ rowNo: layout?.headerRows.at(-1) ?? 1, why }];
    return;
  }
  const cellOf = (row: SheetRow, field: Field): Cell => row.cells[(columnOf.get(field) ?? 0) - 1] ?? null;
  for await (const rows of source.rows(0))
    yield rows.filter(({ number }) => number >= layout!.firstDataRow).flatMap((row) => readRow(row, cellOf));
}

function readRow(
  row: SheetRow,
  cellOf: (row: SheetRow, field: Field) => Cell,
): readonly (AnswerLine | BadLine | StatedTotals)[] {
  const rowNo = row.number;
  const text = (field: Field) => cellText(cellOf(row, field)).trim();
  const bad = (why: string): readonly BadLine[] => [{ rowNo, why }];
  const first = row.cells.map((cell) => cellText(cell).replaceAll(/\s/g, "")).find((one) => one !== "");
  if (first === undefined) return [];
  if (SUM.test(first)) return [{ rowNo, batchNumber: null, count: null, totalFen: parseYuan(text("amount")) }];
  const number = text("line");
  const line = readLineNumber(number);
  if (line === null) return bad(number === "" ? "没有写行号" : `“${number}”不是行号`);
  const result = text("result");
  const paid = readResult(result);
  if (paid === null) return bad(`看不懂结果“${result}”，应为：${PAID_WORDS[0]} 或 ${RETURNED_WORDS[0]}`);
  const amountFen = parseYuan(text("amount"));
  if (amountFen === null) return bad(`“${text("amount")}”不是金额，应写作 1234.50`);
  const day = readDate(cellOf(row, "date"));
  if (day.kind !== "date" || day.precision !== "day") return bad(`“${text("date")}”不是日期，应写作 2025-06-18`);
  const reason = text("reason");
  if (!paid && reason === "") return bad("失败的没有写原因");
  return [
    {
      rowNo,
      line,
      paid,
      amountFen,
      payeeName: text("name") || null,
      account: text("account") || null,
      reference: text("reference") || null,
      on: day.date,
      reason: paid ? null : reason,
    },
  ];
}
