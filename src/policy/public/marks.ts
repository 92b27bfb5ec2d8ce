import type { QuoteSpan } from "../texts/quote.ts";
import { html, type Html } from "../../platform/http/html.ts";

export interface Mark {
  /** Class of the element that marks it. */
  readonly kind: "cited" | "hit";
  readonly span: QuoteSpan;
}

/** A paragraph with its marks, which may overlap: cut wherever one begins or ends, each piece bearing all that cover it. */
export function marked(words: string, paragraph: number, marks: readonly Mark[]): readonly Html[] {
  const own = marks.filter(({ span }) => span.paragraph === paragraph);
  const cuts = [...new Set([0, words.length, ...own.flatMap(({ span }) => [span.from, span.to])])].toSorted(
    (a, b) => a - b,
  );
  return cuts.slice(0, -1).map((from, index) => {
    const piece = words.slice(from, cuts[index + 1]);
    const over = (kind: Mark["kind"]) =>
      own.some(({ kind: one, span }) => one === kind && span.from <= from && from < span.to);
    const hit = over("hit") ? html`<mark>${piece}</mark>` : html`${piece}`;
    return over("cited") ? html`<span class="cited">${hit}</span>` : hit;
  });
}

const AROUND = 36;

/** What stands around the first find of a paragraph, with the finds marked. */
export function snippet(words: string, paragraph: number, spans: readonly QuoteSpan[]): Html {
  const own = spans.filter((span) => span.paragraph === paragraph);
  const from = Math.max(0, own[0]!.from - AROUND);
  const to = Math.min(words.length, own[0]!.to + 2 * AROUND);
  const marks = own
    .filter((span) => span.from >= from && span.to <= to)
    .map((span): Mark => ({ kind: "hit", span: { ...span, from: span.from - from, to: span.to - from } }));
  return html`${from > 0 ? "…" : ""}${marked(words.slice(from, to), paragraph, marks)}${to < words.length ? "…" : ""}`;
}
