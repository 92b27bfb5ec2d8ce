import type { Writable } from "node:stream";
import type { BankFormat } from "../../contract.ts";

/** A payment as a bank is told of it: the account's number is open here. Amounts in fen. */
export interface PaymentLine {
  readonly line: number;
  readonly payeeName: string;
  readonly account: string;
  readonly bank: string;
  readonly amountFen: number;
  readonly title: string;
  readonly claimNumber: string;
}

export interface BatchHead {
  readonly number: string;
  readonly payments: number;
  readonly totalFen: number;
  /** Plain date on which it was sent. */
  readonly day: string;
}

/** What a bank says of one payment. What a format does not repeat is null, and then not held against what was sent. */
export interface AnswerLine {
  readonly rowNo: number;
  readonly line: number;
  readonly paid: boolean;
  readonly amountFen: number;
  readonly payeeName: string | null;
  readonly account: string | null;
  readonly reference: string | null;
  /** Plain date. */
  readonly on: string;
  /** Of one that was not paid. */
  readonly reason: string | null;
}

/** A line that cannot be understood: where, and how to mend it. */
export interface BadLine {
  readonly rowNo: number;
  readonly why: string;
}

/** What the file itself says that it holds; null where it says nothing. */
export interface StatedTotals {
  readonly rowNo: number;
  readonly batchNumber: string | null;
  readonly count: number | null;
  readonly totalFen: number | null;
}

export interface AnswerFile {
  readonly path: string;
  readonly name: string;
  /** The first bytes. */
  readonly head: Buffer;
}

/**
 * How one bank, or one city's 一卡通 system, wants to be told and how it answers. Reading and writing hold a few thousand lines at a
 * time, whatever the file's size.
 */
export interface BankAdapter {
  readonly format: BankFormat;
  readonly extension: string;
  readonly mediaType: string;
  /** Writes the batch's file: the same bytes for the same lines. */
  write(out: Writable, head: BatchHead, lines: AsyncIterable<PaymentLine>): Promise<void>;
  /** Whether a file looks like this bank's answer. */
  recognises(file: AnswerFile): boolean;
  /** Everything that the answer says, by and by. */
  read(file: AnswerFile): AsyncGenerator<readonly (AnswerLine | BadLine | StatedTotals)[]>;
}

export const PAID_WORDS = ["成功", "已发放", "发放成功", "交易成功", "代发成功"] as const;
export const RETURNED_WORDS = ["失败", "退回", "退票", "退汇", "发放失败", "交易失败", "代发失败"] as const;
/** True: paid; false: returned; null: neither can be read from it. */
export function readResult(text: string): boolean | null {
  if ((PAID_WORDS as readonly string[]).includes(text)) return true;
  return (RETURNED_WORDS as readonly string[]).includes(text) ? false : null;
}

const MOST_LINE = 9_999_999;
export const readLineNumber = (text: string): number | null =>
  /^0*\d{1,7}$/.test(text) && Number(text) > 0 && Number(text) <= MOST_LINE ? Number(text) : null;
