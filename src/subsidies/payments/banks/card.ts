import { writeWorkbook, XLSX, type WriteColumn, type WriteRow } from "../../../platform/sheets/index.ts";
import type { BankAdapter, BatchHead, PaymentLine } from "./adapter.ts";
import { readSheetAnswer } from "./sheet-answer.ts";

const columns: readonly WriteColumn[] = [
  { header: "明细序号", kind: "int", width: 10 },
  { header: "姓名", kind: "text", width: 16 },
  { header: "一卡通账号", kind: "text", width: 26 },
  { header: "开户银行", kind: "text", width: 24 },
  { header: "发放金额", kind: "money", width: 14 },
  { header: "补贴项目", kind: "text", width: 30 },
  { header: "补贴件编号", kind: "text", width: 22 },
];

async function* rows(head: BatchHead, lines: AsyncIterable<PaymentLine>): AsyncGenerator<WriteRow> {
  for await (const { line, payeeName, account, bank, amountFen, title, claimNumber } of lines)
    yield [line, payeeName, account, bank, amountFen, title, claimNumber];
  yield ["合计", `${head.payments} 笔`, null, null, head.totalFen, null, null];
}

/**
 * 一卡通代发清单 (sample): a workbook with a title, the columns' names, a line for each payment and one of sums. The bank sends it back
 * with 发放结果, 发放日期, 银行流水号 and 失败原因 beside each.
 */
export const cardAdapter: BankAdapter = {
  format: "card",
  extension: "xlsx",
  mediaType: XLSX,
  write: async (out, head, lines) => {
    const titleLine = `惠民惠农财政补贴“一卡通”代发清单　批次 ${head.number}　${head.payments} 笔　${head.day}`;
    await writeWorkbook(out, { sheets: [{ name: "代发清单", titleLine, columns, rows: rows(head, lines) }] });
  },
  recognises: ({ head }) => head.subarray(0, 2).toString("latin1") === "PK",
  read: readSheetAnswer,
};
