import { hasFullWidth, tidy } from "../../platform/sheets/index.ts";

/** How numbers are hidden is the registry's to say, so that a cell and a person's page show the same. */
export { maskCell, maskNumbers } from "#registry";

const CJK = "\\u3400-\\u9fff\\u{20000}-\\u{2ffff}";
const BETWEEN_CJK = new RegExp(`(?<=[${CJK}·])[\\s\\u3000]+(?=[${CJK}·])`, "gu");

export interface TidyName {
  readonly name: string;
  readonly repaired: "full-width" | "stray-spaces" | null;
}

/** Spaces inside a Chinese name go: 张 三 → 张三; the separator of transliterated names becomes 「·」. */
export function tidyName(text: string): TidyName {
  if (/^[\u4e00-\u9fff]{2,4}$/.test(text)) return { name: text, repaired: null };
  const name = tidy(text.replaceAll(/[•‧∙･・.．]/g, "·").normalize("NFC")).replaceAll(BETWEEN_CJK, "");
  // Once more, because a full-width backslash has become one that COPY would read as its own.
  const half = hasFullWidth(name) ? tidy(name.normalize("NFKC")) : name;
  const outer = text.trim();
  return {
    name: half,
    repaired:
      half !== name ? "full-width" : name.length < outer.length && /\s|\u3000/.test(outer) ? "stray-spaces" : null,
  };
}
