/** How numbers are hidden is the registry's to say, so that a cell and a person's page show the same. */
export { maskCell, maskNumbers } from "#registry";

/** Copies of cells into COPY text lines: no tab, newline or backslash may survive in a value. */
// A zero byte is what PostgreSQL refuses in text.
// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\t\n\r\\\u0000]/g;
// oxlint-disable-next-line no-control-regex
const NEEDS_TIDY = /[\t\n\r\\\u0000\u3000\u00a0]|^\s|\s$| {2}/;
const FULL_WIDTH = /[\uff01-\uff5e\u3000]/;
const CJK = "\\u3400-\\u9fff\\u{20000}-\\u{2ffff}";
const BETWEEN_CJK = new RegExp(`(?<=[${CJK}·])[\\s\\u3000]+(?=[${CJK}·])`, "gu");

/** Free text, tidied without a word: outer and double spaces, line breaks, no-break spaces. */
export function tidy(text: string): string {
  if (!NEEDS_TIDY.test(text)) return text;
  return text
    .replaceAll(UNSAFE, " ")
    .replaceAll(/[\s\u3000\u00a0]+/g, " ")
    .trim();
}

export interface TidyName {
  readonly name: string;
  readonly repaired: "full-width" | "stray-spaces" | null;
}

/** Spaces inside a Chinese name go: 张 三 → 张三; the separator of transliterated names becomes 「·」. */
export function tidyName(text: string): TidyName {
  if (/^[\u4e00-\u9fff]{2,4}$/.test(text)) return { name: text, repaired: null };
  const name = tidy(text.replaceAll(/[•‧∙･・.．]/g, "·").normalize("NFC")).replaceAll(BETWEEN_CJK, "");
  // Once more, because a full-width backslash has become one that COPY would read as its own.
  const half = FULL_WIDTH.test(name) ? tidy(name.normalize("NFKC")) : name;
  const outer = text.trim();
  return {
    name: half,
    repaired:
      half !== name ? "full-width" : name.length < outer.length && /\s|\u3000/.test(outer) ? "stray-spaces" : null,
  };
}

/** 「无」「/」「—」 in a column for an employer, a place, an amount or a number to call: the sender had nothing to write there. */
const NOTHING = /^(?:无|暂无|没有|[/\\、-]+|[—–－／]+)$/;

export function saysNothing(text: string): boolean {
  return text.length <= 4 && NOTHING.test(text);
}

export function hasFullWidth(text: string): boolean {
  return FULL_WIDTH.test(text);
}
