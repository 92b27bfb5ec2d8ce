import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import {
  encodeGb18030,
  openSheets,
  isProblem,
  cellText,
  writeWorkbook,
  type WriteColumn,
} from "../../../platform/sheets/index.ts";
import type { BankFormat } from "../../contract.ts";
import { plainYuan } from "./plain-yuan.ts";

/** What a bank says of one line: its reference, or why the money came back. */
export type BankSays = (line: number) => { readonly reference: string } | { readonly failure: string } | null;

/** A line as it stands in the file that a bank was sent. */
interface Sent {
  readonly line: string;
  readonly name: string;
  readonly account: string;
  /** In yuan. */
  readonly amount: string;
}

const DAY = "2025-06-19";
const fenOf = (yuan: string) => Math.round(Number(yuan) * 100);

/** Answers a batch's file as the bank of its format would, to `path`; nothing of the lines for which `says` is null. */
export async function answerAsBank(format: BankFormat, sentPath: string, path: string, says: BankSays): Promise<void> {
  const sent = await (format === "pipe" ? readPipe(sentPath) : readTable(sentPath, format));
  const said = sent.lines.flatMap((one) => {
    const answer = says(Number(one.line));
    return answer === null
      ? []
      : [{ ...one, paid: "reference" in answer, words: "reference" in answer ? answer.reference : answer.failure }];
  });
  const sum = (paid: boolean | null) =>
    said.filter((one) => paid === null || one.paid === paid).reduce((total, { amount }) => total + fenOf(amount), 0);
  const out = createWriteStream(path);
  if (format === "pipe") {
    const count = (paid: boolean) => said.filter((one) => one.paid === paid).length;
    const head = [
      sent.number,
      said.length,
      plainYuan(sum(null)),
      count(true),
      plainYuan(sum(true)),
      count(false),
      plainYuan(sum(false)),
    ];
    const lines = said.map(({ line, account, name, amount, paid, words }) =>
      [
        line,
        account,
        name,
        amount,
        paid ? "0000" : "0051",
        paid ? "成功" : words,
        paid ? words : "",
        DAY.replaceAll("-", ""),
      ].join("|"),
    );
    out.end(encodeGb18030([head.join("|"), ...lines, ""].join("\r\n")));
  } else if (format === "card") {
    const text = (header: string): WriteColumn => ({ header, kind: "text" });
    const columns = [
      "明细序号",
      "姓名",
      "一卡通账号",
      "发放金额",
      "发放结果",
      "银行流水号",
      "发放日期",
      "失败原因",
    ].map(text);
    const rows = [
      ...said.map(({ line, name, account, amount, paid, words }) => [
        line,
        name,
        account,
        amount,
        paid ? "发放成功" : "发放失败",
        paid ? words : "",
        DAY,
        paid ? "" : words,
      ]),
      ["合计", "", "", plainYuan(sum(null)), "", "", "", ""],
    ];
    await writeWorkbook(out, { sheets: [{ name: "代发结果", titleLine: "一卡通代发结果", columns, rows }] });
    return;
  } else {
    const cell = (value: string) =>
      /[",\r\n]/.test(value) || value.startsWith(" ") ? `"${value.replaceAll('"', '""')}"` : value;
    const lines = said.map(({ line, name, account, amount, paid, words }) =>
      [line, name, account, paid ? "成功" : "失败", amount, paid ? words : "", DAY, paid ? "" : words]
        .map(cell)
        .join(","),
    );
    out.end(["行号,收款人,账号,结果,金额,流水号,日期,原因", ...lines].join("\r\n"));
  }
  await new Promise((resolve, reject) => out.on("finish", resolve).on("error", reject));
}

async function readPipe(path: string): Promise<{ number: string; lines: Sent[] }> {
  const [head = "", ...lines] = new TextDecoder("gb18030").decode(await readFile(path)).split("\r\n");
  return {
    number: head.split("|")[0]!,
    lines: lines
      .filter((text) => text !== "")
      .map((text) => {
        const [line = "", account = "", name = "", , amount = ""] = text.split("|");
        return { line, account, name, amount };
      }),
  };
}

async function readTable(path: string, format: BankFormat): Promise<{ number: string; lines: Sent[] }> {
  const opened = await openSheets(path, { fileName: format === "card" ? "代发.xlsx" : "代发.csv" });
  if (isProblem(opened)) throw new Error(opened.message);
  await using source = opened;
  const lines: Sent[] = [];
  for await (const rows of source.rows(0))
    for (const { cells } of rows) {
      const texts = cells.map((cell) => cellText(cell));
      if (!/^\d+$/.test(texts[0] ?? "")) continue;
      lines.push({ line: texts[0]!, name: texts[1]!, account: texts[2]!, amount: plainYuan(fenOf(texts[4]!)) });
    }
  return { number: "", lines };
}
