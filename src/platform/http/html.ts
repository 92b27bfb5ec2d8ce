/** A piece of markup that is safe to put into a page; text becomes one only by being escaped. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | null | undefined | false | readonly Part[];

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const isList = (part: Part): part is readonly Part[] => Array.isArray(part);

const written = (part: Part): string => {
  if (part instanceof Html) return part.text;
  if (isList(part)) return part.map(written).join("");
  if (part === null || part === undefined || part === false) return "";
  return `${part}`.replace(/[&<>"']/g, (character) => ESCAPES[character]!);
};

/** Line breaks are for those who read the source: between elements and Chinese characters they would show as blanks. */
const unbroken = (markup: string): string =>
  markup
    .replace(/([>\u3000-\u9fff\uff00-\uffef])\s*\n\s*/g, "$1")
    .replace(/^\s*\n\s*(?=[<\u3000-\u9fff\uff00-\uffef])/, "")
    .replace(/\s*\n\s*$/, "")
    .replace(/\s*\n\s*/g, " ");

/** Markup with values in it: every value is escaped unless it is markup itself; lists are joined, nothing is left out but null and false. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(
    strings.map((piece, index) => unbroken(piece) + (index < parts.length ? written(parts[index]) : "")).join(""),
  );
