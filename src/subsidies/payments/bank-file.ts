import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { openPersonSecret } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import type { Keys } from "../../platform/keys.ts";
import type { DownloadBody } from "../../platform/module.ts";
import type { PaymentLine } from "./banks/adapter.ts";
import { adapterOf } from "./banks/index.ts";
import { bankLines, type BankLine, type StoredBatch } from "./store.ts";

const AT_ONCE = 2000;

/**
 * The file of a batch that was sent, in the format in which it was: the same bytes for the same lines. Account numbers are opened here
 * and nowhere else, a few thousand at a time; only the file's own bytes are held.
 */
export async function bankFile(
  tx: Tx,
  keys: Keys,
  batch: Pick<StoredBatch, "batch_id" | "number" | "payments" | "total_fen" | "bank_format" | "sent_on">,
): Promise<DownloadBody> {
  const adapter = adapterOf(batch.bank_format ?? "plain");
  const head = {
    number: batch.number,
    payments: batch.payments,
    totalFen: Number(batch.total_fen),
    day: batch.sent_on ?? "",
  };
  const out = new PassThrough();
  const [body] = await Promise.all([buffer(out), adapter.write(out, head, openedLines(tx, keys, batch.batch_id))]);
  return { fileName: `${batch.number}.${adapter.extension}`, mediaType: adapter.mediaType, body };
}

async function* openedLines(tx: Tx, keys: Keys, batchId: string): AsyncGenerator<PaymentLine> {
  for (let after = 0; ;) {
    const lines = await bankLines(tx, batchId, after, AT_ONCE);
    for (const line of lines)
      yield {
        line: line.line,
        payeeName: line.payee_name,
        account: accountNumber(keys, line),
        bank: line.bank,
        amountFen: Number(line.amount_fen),
        title: line.title,
        claimNumber: line.claim_number,
      };
    if (lines.length < AT_ONCE) return;
    after = lines.at(-1)!.line;
  }
}

function accountNumber(keys: Keys, { secret, of_person }: BankLine): string {
  if (!of_person) return keys.open(secret);
  const { bankAccount } = openPersonSecret(keys, secret);
  if (bankAccount === null) throw new Error("a planned payment has no account");
  return bankAccount;
}
