import { writeCsv } from "../../../platform/sheets/index.ts";
import type { BankAdapter, PaymentLine } from "./adapter.ts";
import { plainYuan } from "./plain-yuan.ts";
import { readSheetAnswer } from "./sheet-answer.ts";

const HEADER = ["行号", "收款人", "账号", "开户行", "金额", "用途", "补贴件编号"] as const;

async function* rows(lines: AsyncIterable<PaymentLine>) {
  for await (const { line, payeeName, account, bank, amountFen, title, claimNumber } of lines)
    yield [String(line), payeeName, account, bank, plainYuan(amountFen), title, claimNumber];
}

/**
 * 通用发放文件: CSV in UTF-8 with these columns, one line for each payment, amounts in yuan with two decimals and no separators. The
 * answer is CSV or a workbook with 行号, 结果, 金额, 日期 and, where the bank gives them, 流水号, 原因, 收款人, 账号.
 */
export const plainAdapter: BankAdapter = {
  format: "plain",
  extension: "csv",
  mediaType: "text/csv; charset=utf-8",
  write: async (out, _head, lines) => {
    await writeCsv(out, rows(lines), { header: HEADER, guardFormulas: false });
  },
  // What no other bank's program has written, somebody has written by hand.
  recognises: () => true,
  read: readSheetAnswer,
};
