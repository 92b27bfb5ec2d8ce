import { parseYuan } from "../../platform/money.ts";
import { refuse } from "../../platform/problem.ts";
import { subsidiesProblems } from "../problems.ts";

/** What a trace starts from. */
export type TraceTarget =
  | { readonly kind: "claim"; readonly number: string }
  | { readonly kind: "payment"; readonly paymentId: string }
  | { readonly kind: "line"; readonly batch: string; readonly line: number }
  | { readonly kind: "batch"; readonly number: string }
  | { readonly kind: "fund"; readonly fundLineId: string }
  | { readonly kind: "rule"; readonly rule: string }
  | { readonly kind: "article"; readonly text: string; readonly article: string | null }
  | { readonly kind: "person"; readonly personId: string }
  /** All payments of one sum: where nothing but the sum on a bank's statement is known. */
  | { readonly kind: "amount"; readonly fen: number };

const ID = String.raw`\d{1,19}`;

/**
 * Reads what an auditor has in his hand: a number, an address of an article, or a whole line of a bank's file, in which the claim's
 * number stands. Refuses what is none of them, saying what can be given.
 */
export function readTarget(given: string): TraceTarget {
  const text = given.trim().normalize("NFKC");
  const claim = /BT\d{6,12}-\d{8,19}/i.exec(text);
  if (claim) return { kind: "claim", number: claim[0].toUpperCase() };
  const line = /^(FF\d{6,12}-\d{6,19})\s*(?:\/|第|\s)\s*(\d{1,7})\s*(?:笔|行)?$/i.exec(text);
  if (line) return { kind: "line", batch: line[1]!.toUpperCase(), line: Number(line[2]) };
  const batch = /^FF\d{6,12}-\d{6,19}$/i.exec(text);
  if (batch) return { kind: "batch", number: batch[0].toUpperCase() };
  const named = (words: string, value: string) => new RegExp(`^(?:${words}):\\s*(${value})$`, "iu").exec(text)?.[1];
  const payment = named("发放|payment", ID) ?? new RegExp(`^${ID}$`).exec(text)?.[0];
  if (payment) return { kind: "payment", paymentId: payment };
  const fundLineId = named("额度|资金额度|fund", ID);
  if (fundLineId) return { kind: "fund", fundLineId };
  const personId = named("人员|person", ID);
  if (personId) return { kind: "person", personId };
  const fen = readAmount(text);
  if (fen !== null) return { kind: "amount", fen };
  const rule = named("规则|rule", "[a-z0-9-]{2,80}");
  if (rule) return { kind: "rule", rule };
  // Brackets of an article stay as the document writes them.
  const article = /^(?:文件|article)[:：]\s*([a-z0-9-]{2,60})(?:\s*[\s/#]\s*(\S.*))?$/iu.exec(given.trim());
  if (article) return { kind: "article", text: article[1]!, article: article[2]?.trim() ?? null };
  return refuse(subsidiesProblems.noWay());
}

/** A sum as a bank's statement has it: with its decimals, its separators or its unit, for a bare number is that of a payment. */
function readAmount(text: string): number | null {
  const given = /^(金额:)?\s*[¥￥]?\s*([\d,]+(?:\.\d{1,2})?)\s*(元)?$/u.exec(text);
  if (!given) return null;
  const [, named, sum = "", unit] = given;
  const fen = named || unit || /[.,]/.test(sum) ? parseYuan(sum) : null;
  return fen !== null && fen > 0 ? fen : null;
}

/** The target as an address that `readTarget` understands. */
export const articleAddress = (text: string, article: string | null): string =>
  `文件:${text}${article ? ` ${article}` : ""}`;
