/**
 * A wording: text with placeholders in braces, `{金额}`. `{{` and `}}` are the braces themselves. Nothing is executed and no value is
 * read for placeholders again, whatever stands in it.
 */
export type WordingPart = string | { readonly name: string };

export interface WordingFault {
  /** Both from 1, as editors count. */
  readonly line: number;
  readonly column: number;
  readonly says: string;
}

const MARKS = /\{\{|\}\}|\{([^{}\n]*)\}|[{}]/g;

/** Splits a wording into text and names; the first fault where it cannot be one. `known`: the names that may stand in it. */
export function readWording(
  text: string,
  known: ReadonlySet<string>,
): { readonly parts: readonly WordingPart[]; readonly names: ReadonlySet<string> } | { readonly fault: WordingFault } {
  const parts: WordingPart[] = [];
  const names = new Set<string>();
  let at = 0;
  const add = (literal: string) => {
    const last = parts.at(-1);
    if (literal === "") return;
    if (typeof last === "string") parts[parts.length - 1] = last + literal;
    else parts.push(literal);
  };
  for (const match of text.matchAll(MARKS)) {
    const [mark, inside] = match;
    add(text.slice(at, match.index));
    at = match.index + mark.length;
    if (mark === "{{" || mark === "}}") add(mark[0]!);
    else if (inside === undefined)
      return {
        fault: faultAt(
          text,
          match.index,
          `这里的“${mark}”没有成对。占位写作 {金额}；要写括号本身，写两个“${mark}${mark}”`,
        ),
      };
    else {
      const name = inside.trim();
      if (!known.has(name))
        return { fault: faultAt(text, match.index, `没有“{${name}}”这个占位。可用的有：${[...known].join("、")}`) };
      names.add(name);
      parts.push({ name });
    }
  }
  add(text.slice(at));
  return { parts, names };
}

function faultAt(text: string, index: number, says: string): WordingFault {
  const before = text.slice(0, index).split("\n");
  return { line: before.length, column: [...before.at(-1)!].length + 1, says };
}

/** The text with every name's value in its place. */
export function fillWording(parts: readonly WordingPart[], values: Readonly<Record<string, string>>): string {
  return parts.map((part) => (typeof part === "string" ? part : (values[part.name] ?? ""))).join("");
}
