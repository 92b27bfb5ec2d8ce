import { claimActLabels } from "./claims-contract.ts";
import { payeeAnswerLabels } from "./payee-contract.ts";

/** Acts of the life cycle, what a payee answers, and what happens to a claim besides. */
const ACT_WORDS: Readonly<Record<string, string>> = {
  find: "筛查生成",
  lapse: "已不符合",
  apply: "申请",
  prepay: "申请预付",
  settle: "预付结算",
  differ: "重算发现差异",
  arrears: "补发",
  recovery: "追回",
  ...payeeAnswerLabels,
  ...claimActLabels,
};
export const claimActWords = (act: string): string => ACT_WORDS[act] ?? act;
