import { readable, type QuoteSpan } from "./quote.ts";
import type { Article, SourceText } from "./text.ts";

export interface ArticleHit {
  readonly text: SourceText;
  readonly article: Article;
  /** Every place of every word, in reading order. */
  readonly spans: readonly QuoteSpan[];
}

/** The words of a query; blanks part them. What is longer than any sentence finds nothing and costs nothing. */
export function wordsOf(query: string): readonly string[] {
  const words = query.slice(0, 100).split(/\s+/).map(foldWord);
  return [...new Set(words.filter((word) => word !== ""))].slice(0, 8);
}

const foldWord = (word: string) => readable(word).folded.toLowerCase();

/**
 * Articles in which every word of the query stands, whatever blanks stand between its characters and however wide they are printed;
 * first those where the words stand most often.
 */
export function searchTexts(texts: readonly SourceText[], query: string): readonly ArticleHit[] {
  const words = wordsOf(query);
  if (words.length === 0) return [];
  return texts
    .flatMap((text) =>
      text.articles.map((article) => ({ text, article, found: words.map((word) => spansOf(article, word)) })),
    )
    .filter(({ found }) => found.every((spans) => spans.length > 0))
    .map(({ text, article, found }) => ({ text, article, spans: found.flat().toSorted(inReadingOrder) }))
    .toSorted((a, b) => b.spans.length - a.spans.length);
}

/** Where the words of a query stand in one article, also if not all of them do. */
export const findWords = (article: Article, query: string): readonly QuoteSpan[] =>
  wordsOf(query)
    .flatMap((word) => spansOf(article, word))
    .toSorted(inReadingOrder);

const inReadingOrder = (a: QuoteSpan, b: QuoteSpan) => a.paragraph - b.paragraph || a.from - b.from;

function spansOf(article: Article, word: string): readonly QuoteSpan[] {
  return article.paragraphs.flatMap((words, paragraph) => {
    const { folded, offsets } = readable(words);
    const within = folded.toLowerCase();
    const spans: QuoteSpan[] = [];
    for (let at = within.indexOf(word); at >= 0; at = within.indexOf(word, at + word.length))
      spans.push({ article: article.id, paragraph, from: offsets[at]!, to: offsets[at + word.length - 1]! + 1 });
    return spans;
  });
}
