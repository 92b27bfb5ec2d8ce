import type { Basis, RuleDefinition, RuleFile, RuleProblem } from "#kernel";
import { findQuote } from "../texts/quote.ts";
import { articleOf, type SourceText } from "../texts/text.ts";

/** A rule that cites what its text does not say. */
export type BasisProblem = Omit<RuleProblem, "code"> & {
  readonly code: "basis.unknown-text" | "basis.unknown-article" | "basis.not-verbatim" | "basis.other-article";
};

/** Every basis of a rule, its own first. */
export function basesOf(rule: RuleDefinition): readonly Basis[] {
  const measure = rule.kind === "measure" ? rule : undefined;
  const own = rule.kind === "measure" || rule.kind === "check" ? rule.conditions : [];
  const conditions = [...own, ...(measure?.funds.flatMap((fund) => fund.conditions) ?? [])];
  const owners: readonly { readonly basis?: Basis }[] = [
    rule.inForce,
    ...conditions,
    ...(measure?.limits ?? []),
    ...rule.parameters,
    ...rule.parameters.flatMap(({ values }) => values),
  ];
  return [...rule.basis, ...owners.flatMap(({ basis }) => (basis ? [basis] : []))];
}

/** What is wrong with the sentences that a rule cites: each must stand, as printed, in the text and the article it names. */
export function problemsOfBases(
  rule: RuleDefinition,
  { file, text: written }: RuleFile,
  texts: readonly SourceText[],
): readonly BasisProblem[] {
  const problem = (code: BasisProblem["code"], words: string, message: string): BasisProblem => {
    const before = written.slice(0, Math.max(0, written.indexOf(words.slice(0, 8)))).split("\n");
    return { code, message, file, line: before.length, column: before.at(-1)!.length + 1 };
  };
  return basesOf(rule).flatMap(({ text: id, article, quote }) => {
    const text = texts.find((one) => one.id === id);
    if (!text) return [problem("basis.unknown-text", id, `没有文件“${id}”。`)];
    if (article && !articleOf(text, article))
      return [problem("basis.unknown-article", article, `《${text.title}》没有“${article}”。`)];
    if (!quote) return [];
    const found = findQuote(text, quote);
    if (!found?.verbatim)
      return [
        problem(
          "basis.not-verbatim",
          quote,
          found ? "引文的标点与原文不同，请照原文。" : `引文不在《${text.title}》里，请照原文逐字引用。`,
        ),
      ];
    if (article && !found.spans.some((span) => span.article === article))
      return [problem("basis.other-article", quote, `引文在“${found.article}”，不在“${article}”。`)];
    return [];
  });
}
