/** The rulebook's words that screens share: texts, their articles and standing, and where a quote stands. Pure. */
export {
  articleOf,
  statusOfText,
  TEXT_STATUS_LABELS,
  TEXT_STATUSES,
  type Article,
  type Citation,
  type SourceText,
  type TextStatus,
} from "./texts/text.ts";
export { findQuote, type Quotation, type QuoteSpan } from "./texts/quote.ts";
