import type { BasisView, RuleView } from "../contract.ts";

/** A stretch of a quote; `condition` is the number of the condition whose own words it is. */
export interface MarkedPart {
  readonly text: string;
  readonly condition: number | null;
}

type Condition = Pick<RuleView["conditions"][number], "basis">;

const bare = (text: string): string => text.replaceAll(/\s/g, "");

/** The quote cut where conditions have their own words in it: each condition carries the number of its mark. */
export function markQuote(basis: BasisView, conditions: readonly Condition[]): readonly MarkedPart[] {
  const quote = bare(basis.quote ?? "");
  const marks = conditions
    .flatMap(({ basis: own }, index) => {
      if (!own?.quote || own.text !== basis.text) return [];
      const words = bare(own.quote);
      const from = quote.indexOf(words);
      return from < 0 || words === quote ? [] : [{ from, to: from + words.length, condition: index + 1 }];
    })
    .toSorted((a, b) => a.from - b.from || b.to - a.to);
  const parts: MarkedPart[] = [];
  let done = 0;
  for (const { from, to, condition } of marks) {
    if (from < done) continue;
    if (from > done) parts.push({ text: quote.slice(done, from), condition: null });
    parts.push({ text: quote.slice(from, to), condition });
    done = to;
  }
  if (done < quote.length) parts.push({ text: quote.slice(done), condition: null });
  return parts;
}

/** Whether a condition's own words are marked in one of the quotes above it, so that they need not be said again. */
export const isMarked = (condition: Condition, bases: readonly BasisView[]): boolean =>
  bases.some((basis) => markQuote(basis, [condition]).some((part) => part.condition !== null));
