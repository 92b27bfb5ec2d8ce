/** The rulebook's words that screens share: texts, their articles and standing, rules, results, simulations. Pure. */
export * from "./checks-contract.ts";
export * from "./permissions.ts";
export * from "./results-contract.ts";
export * from "./rules-contract.ts";
export * from "./settings-contract.ts";
export * from "./simulations-contract.ts";
export * from "./words-contract.ts";
export * from "./versions-contract.ts";
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
