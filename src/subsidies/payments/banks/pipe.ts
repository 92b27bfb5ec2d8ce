import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseYuan } from "../../../platform/money.ts";
import { encodeGb18030, readDateText } from "../../../platform/sheets/index.ts";
import {
  readLineNumber,
  type AnswerLine,
  type BadLine,
  type BankAdapter,
  type PaymentLine,
  type StatedTotals,
} from "./adapter.ts";
import { plainYuan } from "./plain-yuan.ts";

const CRLF = "\r\n";
const BLOCK = 64 * 1024;
const AT_ONCE = 2000;
/** What separates must not stand inside a field: a name keeps its look. */
const field = (text: string): string => text.replaceAll("|", "｜").replaceAll(/[\r\n\t\0]/g, " ");

async function* fileText(
  head: { readonly number: string; readonly payments: number; readonly totalFen: number; readonly day: string },
  lines: AsyncIterable<PaymentLine>,
): AsyncGenerator<Buffer> {
  let text = `${[head.number, String(head.payments), plainYuan(head.totalFen), head.day.replaceAll("-", "")].join("|")}${CRLF}`;
  for await (const one of lines) {
    const { line, account, payeeName, bank, amountFen, title, claimNumber } = one;
    text += `${[String(line), account, payeeName, bank, plainYuan(amountFen), title, claimNumber].map(field).join("|")}${CRLF}`;
    if (text.length < BLOCK) continue;
    yield encodeGb18030(text);
    text = "";
  }
  yield encodeGb18030(text);
}

/** Lines of a file in GB18030, or in UTF-8 with its mark. A line end is one byte in both and part of no other character. */
async function* textLines(path: string, utf8: boolean): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder(utf8 ? "utf-8" : "gb18030");
  let rest = "";
  for await (const part of createReadStream(path)) {
    const lines = (rest + decoder.decode(part as Buffer, { stream: true })).split("\n");
    rest = lines.pop()!;
    yield lines;
  }
  rest += decoder.decode();
  if (rest !== "") yield [rest];
}

const HEAD = /^[^|\r\n]*\|\d{1,9}\|\d[\d.]*\|\d{1,9}\|\d[\d.]*\|\d{1,9}\|\d[\d.]*\s*(?:\r?\n|$)/;
const SUCCESS = "0000";

/**
 * 竖线分隔文本 (sample): GB18030, CRLF. First line 批次号|笔数|金额|日期, then 序号|账号|户名|开户行|金额|摘要|备注. The answer: first line
 * 批次号|笔数|金额|成功笔数|成功金额|失败笔数|失败金额, then 序号|账号|户名|金额|返回码|返回信息|流水号|日期; 0000 is success. Amounts in yuan with
 * two decimals, days as 20250618.
 */
export const pipeAdapter: BankAdapter = {
  format: "pipe",
  extension: "txt",
  mediaType: "text/plain; charset=gb18030",

  write: (out, head, lines) => pipeline(Readable.from(fileText(head, lines)), out),

  recognises: ({ head }) => HEAD.test(new TextDecoder("gb18030").decode(head).replace("\ufeff", "")),

  async *read({ path, head }) {
    let rowNo = 0;
    let kept: (AnswerLine | BadLine | StatedTotals)[] = [];
    for await (const lines of textLines(path, head.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])))) {
      for (const one of lines) {
        rowNo++;
        const text = one.replace(/\r$/, "").replace("\ufeff", "");
        if (text.trim() === "") continue;
        kept.push(rowNo === 1 ? readHead(text) : readAnswer(rowNo, text));
      }
      if (kept.length < AT_ONCE) continue;
      yield kept;
      kept = [];
    }
    yield kept;
  },
};

function readHead(text: string): StatedTotals | BadLine {
  const [batchNumber = "", count = "", total = "", paid = "", paidYuan = "", returned = "", returnedYuan = ""] = text
    .split("|")
    .map((part) => part.trim());
  const [totalFen, paidFen, returnedFen] = [total, paidYuan, returnedYuan].map(parseYuan);
  if (totalFen == null || paidFen == null || returnedFen == null)
    return { rowNo: 1, why: "首行的金额看不懂，应写作 1234.50" };
  if (Number(paid) + Number(returned) !== Number(count) || paidFen + returnedFen !== totalFen)
    return { rowNo: 1, why: "首行的成功、失败之和与总笔数、总金额不符，请让银行重新出具回盘" };
  return { rowNo: 1, batchNumber, count: Number(count), totalFen };
}

function readAnswer(rowNo: number, text: string): AnswerLine | BadLine {
  const parts = text.split("|").map((part) => part.trim());
  if (parts.length < 8) return { rowNo, why: `只有 ${parts.length} 栏，应有 8 栏，中间用竖线分开` };
  const [number = "", account = "", payeeName = "", yuan = "", code = "", words = "", reference = "", day = ""] = parts;
  const line = readLineNumber(number);
  if (line === null) return { rowNo, why: `“${number}”不是序号` };
  if (text.includes("\ufffd")) return { rowNo, why: "有认不出的字，文件应为 GB18030 编码，请让银行重新出具" };
  const amountFen = parseYuan(yuan);
  if (amountFen === null) return { rowNo, why: `“${yuan}”不是金额，应写作 1234.50` };
  if (!/^[0-9A-Za-z]{4,8}$/.test(code)) return { rowNo, why: `返回码“${code}”看不懂，成功应为 ${SUCCESS}` };
  const on = readDateText(day);
  if (on.kind !== "date" || on.precision !== "day") return { rowNo, why: `“${day}”不是日期，应写作 20250618` };
  const paid = code === SUCCESS;
  return {
    rowNo,
    line,
    paid,
    amountFen,
    payeeName,
    account,
    reference: reference || null,
    on: on.date,
    reason: paid ? null : words || `返回码 ${code}`,
  };
}
