import type { SourceText } from "./text.ts";

/** A stretch of one paragraph, in UTF-16 units, so that a page can mark it. */
export interface QuoteSpan {
  readonly article: string;
  readonly paragraph: number;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}
export interface Quotation {
  /** The article where it begins. */
  readonly article: string;
  readonly spans: readonly QuoteSpan[];
  /** False when only the width of the punctuation differs from the print, e.g. `，` for `,`. */
  readonly verbatim: boolean;
}

/** What a page break, a typesetter or Markdown leaves between characters and no reader reads. */
const UNREAD = /[\s*]/;
/** Marks an omission inside a quote (catalogue 0.2). */
const OMISSION = "……";

interface Place {
  readonly article: number;
  readonly paragraph: number;
  readonly offset: number;
}
interface Flat {
  readonly printed: string;
  readonly folded: string;
  /** Where each character of `printed` (and of `folded`, which is as long) stands. */
  readonly places: readonly Place[];
}

/** A stretch of text as it is searched: without the blanks nobody reads, in folded widths, with the place of each character in it. */
export interface Readable {
  readonly printed: string;
  readonly folded: string;
  readonly offsets: readonly number[];
}

export function readable(words: string): Readable {
  const offsets: number[] = [];
  let printed = "";
  for (let offset = 0; offset < words.length; offset++) {
    if (UNREAD.test(words[offset]!)) continue;
    printed += words[offset]!;
    offsets.push(offset);
  }
  return { printed, folded: fold(printed), offsets };
}

const flattened = new WeakMap<SourceText, Flat>();

/**
 * Finds a quote in a text, whatever blanks stand between its characters and across articles and paragraphs. A quote with `……` is
 * found when its parts stand in that order. Null when the text does not say it.
 */
export function findQuote(text: SourceText, quote: string): Quotation | null {
  const flat = flatten(text);
  const parts = quote.split(OMISSION).map((part) => readable(part).printed);
  if (parts.some((part) => part === "")) return null;
  const exact = locate(flat.printed, parts);
  const found = exact ?? locate(flat.folded, parts.map(fold));
  if (!found) return null;
  const spans = found.flatMap(([from, to]) => spansOf(text, flat.places.slice(from, to)));
  return { article: spans[0]!.article, spans, verbatim: exact !== null };
}

function locate(within: string, parts: readonly string[]): readonly (readonly [number, number])[] | null {
  const found: [number, number][] = [];
  let after = 0;
  for (const part of parts) {
    const at = within.indexOf(part, after);
    if (at < 0) return null;
    after = at + part.length;
    found.push([at, after]);
  }
  return found;
}

/** Full-width punctuation as half-width, unit for unit: what grows in normalising (… is three points) stays as it is. */
const fold = (text: string) =>
  text
    .split("")
    .map((unit) => {
      const normal = unit
        .normalize("NFKC")
        .replace(/[“”„‟]/, '"')
        .replace(/[‘’]/, "'");
      return normal.length === 1 ? normal : unit;
    })
    .join("");

function flatten(text: SourceText): Flat {
  const known = flattened.get(text);
  if (known) return known;
  const places: Place[] = [];
  let printed = "";
  for (const [article, { paragraphs }] of text.articles.entries())
    for (const [paragraph, words] of paragraphs.entries()) {
      const read = readable(words);
      printed += read.printed;
      for (const offset of read.offsets) places.push({ article, paragraph, offset });
    }
  const flat = { printed, folded: fold(printed), places };
  flattened.set(text, flat);
  return flat;
}

/** One span for each paragraph that the quote runs through. */
function spansOf(text: SourceText, places: readonly Place[]): readonly QuoteSpan[] {
  const byParagraph = Map.groupBy(places, ({ article, paragraph }) => `${article}/${paragraph}`);
  return [...byParagraph.values()].map((stretch) => ({
    article: text.articles[stretch[0]!.article]!.id,
    paragraph: stretch[0]!.paragraph,
    from: stretch[0]!.offset,
    to: stretch.at(-1)!.offset + 1,
  }));
}
