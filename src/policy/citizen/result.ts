/** All verdicts of one conversation, in the order in which they are shown, printed and copied. Pure. */
import { daysBetween } from "#kernel/contract";
import { AUDIENCE_WORDS } from "../facts/audience.ts";
import { chosenBenefits, type Setup } from "./interview.ts";
import type { CalculatorBenefit, CalculatorRules } from "./model.ts";
import {
  answerWords,
  gapWords,
  placeWords,
  questionWords,
  REASON_WORDS,
  remarks,
  VERDICT_WORDS,
  verdictWords,
} from "./phrases.ts";
import { answersOf, isOver, type Answered } from "./state.ts";
import { VERDICTS, verdictOf, type Verdict, type VerdictKind } from "./verdict.ts";
import { dateWords, yuanWords } from "./words.ts";

export interface Result {
  readonly rules: CalculatorRules;
  readonly setup: Setup;
  readonly answered: readonly Answered[];
  readonly verdicts: readonly Verdict[];
  /** Ended on the chosen day and not counted. */
  readonly over: readonly CalculatorBenefit[];
}

export function resultOf(rules: CalculatorRules, setup: Setup, answered: readonly Answered[]): Result {
  const answers = answersOf(answered);
  const verdicts = chosenBenefits(rules, setup).map((benefit) => verdictOf(benefit, setup, answers));
  return {
    rules,
    setup,
    answered,
    verdicts: VERDICTS.flatMap((kind) => verdicts.filter((verdict) => verdict.kind === kind)),
    over: rules.benefits.filter(
      (benefit) =>
        isOver(benefit, setup.asOf) && benefit.audience.includes(setup.audience) && !setup.chosen.includes(benefit.key),
    ),
  };
}

/** True where the money goes to him who asks, and not to another because of him. */
export const isPaidToAsker = ({ setup }: Result, { benefit }: Verdict): boolean =>
  benefit.paidTo.includes(setup.audience);

/** What he himself can have, in fen, over verdicts of one kind. */
export const sumOf = (result: Result, kind: VerdictKind): number =>
  result.verdicts
    .filter((verdict) => verdict.kind === kind && isPaidToAsker(result, verdict))
    .reduce((sum, { amount }) => sum + (amount ?? 0), 0);

export const daysLeft = ({ setup }: Result, { on }: Verdict): number | null =>
  on ? daysBetween(setup.asOf, on) : null;

/** Standards that were made up for a demonstration and hold in the chosen place. */
export const samplesFor = ({ setup }: Result, { benefit }: Verdict): CalculatorBenefit["samples"] =>
  benefit.samples.filter(({ prefix }) => setup.place.indexOf(prefix) === 0);

export function sampleWords(result: Result, verdict: Verdict): string | null {
  const samples = samplesFor(result, verdict);
  return samples.length > 0
    ? `样例：${samples.map(({ says }) => `“${says}”`).join("、")}当地还没有定，这里是举例的数，不是真实标准。`
    : null;
}

/** 2 项能领，1 项再等等. */
export const countsWords = ({ verdicts }: Result): string =>
  VERDICTS.flatMap((kind) => {
    const count = verdicts.filter((verdict) => verdict.kind === kind).length;
    return count > 0 ? [`${count} 项${VERDICT_WORDS[kind]}`] : [];
  }).join("，");

export const overWords = ({ plan, inForce: { to, ended } }: CalculatorBenefit): string =>
  `${plan.title}：${ended ?? `执行期限已于${dateWords(to!)}届满。`}`;

export function amountWords({ benefit, amount, kind }: Verdict): string | null {
  if (!benefit.hasAmount) return null;
  if (amount !== null) return `${yuanWords(amount)}${benefit.monthly ? "/月" : ""}`;
  return kind === "unset" ? "没定数额" : null;
}

/** The result as plain text, to be shown to an officer or sent on. */
export function plainText(result: Result): string {
  const { rules, setup, answered, verdicts, over } = result;
  const head = [
    "政策待遇测算（供参考，以人社部门审核为准）",
    `地方：${rules.region[1]}${placeWords(rules, setup.place)}`,
    `算到：${dateWords(setup.asOf)}`,
    `身份：${AUDIENCE_WORDS[setup.audience].label}`,
    "",
    "填写的情况：",
    ...answered.map(
      ({ asked, answer }) => `- ${questionWords(asked, setup.audience)} ${answerWords(rules, asked, answer)}`,
    ),
  ];
  const body = verdicts.flatMap((verdict, index) => {
    const { benefit, reasons } = verdict;
    const amount = amountWords(verdict);
    return [
      "",
      `${index + 1}. ${benefit.plan.title}：${verdictWords(verdict)}${amount ? `，${amount}` : ""}（付给${benefit.payee}）`,
      ...[...remarks(verdict), sampleWords(result, verdict)].flatMap((words) => (words ? [`   ${words}`] : [])),
      ...gapWords(rules, verdict, daysLeft(result, verdict)).map((words) => `   差什么：${words}`),
      ...reasons.map(({ says, state }) => `   [${REASON_WORDS[state]}] ${says}`),
      `   依据：${benefit.source.words}`,
      `   要带：${benefit.evidence.join("、")}`,
    ];
  });
  const ended =
    over.length > 0 ? ["", "已经期满、没有算的：", ...over.map((benefit) => `- ${overWords(benefit)}`)] : [];
  return [...head, ...body, ...ended, ""].join("\n");
}
