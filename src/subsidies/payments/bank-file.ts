import { Writable } from "node:stream";
import { openPersonSecret } from "#registry";
import type { Keys } from "../../platform/keys.ts";
import { formatYuan } from "../../platform/money.ts";
import { writeCsv } from "../../platform/sheets/index.ts";
import type { BankLine } from "./store.ts";

/**
 * 通用发放文件: CSV in UTF-8 with these columns, one line for each payment, amounts in yuan with two decimals and no separators. A bank
 * or 一卡通 system with another format gets an adapter beside this file; what it says back comes in by `bank-result.ts`.
 */
const HEADER = ["行号", "收款人", "账号", "开户行", "金额", "用途", "补贴件编号"] as const;

/** The file of a batch: the same bytes for the same lines. Account numbers are opened here and nowhere else. */
export async function bankFile(keys: Keys, lines: readonly BankLine[]): Promise<Buffer> {
  const parts: Buffer[] = [];
  const out = new Writable({
    write(part: Buffer, _encoding, done) {
      parts.push(part);
      done();
    },
  });
  const rows = lines.map((line) => [
    String(line.line),
    line.payee_name,
    accountNumber(keys, line),
    line.bank,
    formatYuan(Number(line.amount_fen)).replaceAll(",", ""),
    line.title,
    line.claim_number,
  ]);
  await writeCsv(out, rows, { header: HEADER, guardFormulas: false });
  return Buffer.concat(parts);
}

function accountNumber(keys: Keys, { secret, of_person }: BankLine): string {
  if (!of_person) return keys.open(secret);
  const { bankAccount } = openPersonSecret(keys, secret);
  if (bankAccount === null) throw new Error("a planned payment has no account");
  return bankAccount;
}
