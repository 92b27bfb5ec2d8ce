import { Refusal } from "../problem.ts";
import { sheetProblems } from "./problems.ts";
import { type MarkSeverity, markColours } from "./write-cells.ts";

const STYLE_LIMIT = 64_000;

/**
 * Adds to a workbook's styles: for each style a marked cell has, a copy of it with our fill, so that borders, number
 * format and font stay. The part is edited as text and everything not understood stays as it was.
 */
export class StylePatch {
  readonly #xml: string;
  readonly #prefix: string;
  readonly #styles: string[];
  readonly #fillCount: number;
  /** Styles with a fill of ours that an earlier round left in the file. */
  readonly #oldMarked: ReadonlySet<number>;
  readonly #added: string[] = [];
  readonly #marked = new Map<string, number>();
  #fillsUsed = false;

  constructor(xml: string) {
    this.#xml = xml;
    const root = /<((?:[\w.-]+:)?)styleSheet[\s>]/.exec(xml);
    if (!root) throw new Refusal(sheetProblems.damaged("样式部件内容有误"));
    this.#prefix = root[1]!;
    this.#styles = elementsOf(this.#section("cellXfs"), `${this.#prefix}xf`);
    const fills = elementsOf(this.#section("fills"), `${this.#prefix}fill`);
    this.#fillCount = fills.length;
    const ours = Object.values(markColours);
    const oldFills = new Set(
      fills.flatMap((fill, index) => (ours.some((colour) => fill.includes(colour)) ? index : [])),
    );
    const fillOf = (style: string) => Number(/\bfillId\s*=\s*["'](\d+)["']/.exec(style)?.[1] ?? 0);
    this.#oldMarked = new Set(this.#styles.flatMap((style, index) => (oldFills.has(fillOf(style)) ? index : [])));
  }

  get hasOldMarks(): boolean {
    return this.#oldMarked.size > 0;
  }

  /** The style for a cell: marked, or freed of an earlier mark where `severity` is null. */
  styleFor(style: number, severity: MarkSeverity | null): number {
    if (severity === null && !this.#oldMarked.has(style)) return style;
    const key = `${severity}:${style}`;
    const known = this.#marked.get(key);
    if (known !== undefined) return known;
    const number = this.#styles.length + this.#added.length;
    if (number >= STYLE_LIMIT) throw new Refusal(sheetProblems.tooLargeToAnnotate());
    const fill = severity === null ? 0 : this.#fillCount + (severity === "error" ? 0 : 1);
    if (severity !== null) this.#fillsUsed = true;
    this.#added.push(withFill(this.#styles[style] ?? this.#styles[0] ?? `<${this.#prefix}xf/>`, fill));
    this.#marked.set(key, number);
    return number;
  }

  /** The part as it is to be written; ask after the last `styleFor`. */
  finish(): string {
    if (this.#added.length === 0) return this.#xml;
    const p = this.#prefix;
    const fill = (colour: string) =>
      `<${p}fill><${p}patternFill patternType="solid"><${p}fgColor rgb="${colour}"/><${p}bgColor indexed="64"/></${p}patternFill></${p}fill>`;
    const withStyles = this.#append(this.#xml, "cellXfs", this.#added, this.#styles.length);
    if (!this.#fillsUsed) return withStyles;
    return this.#append(withStyles, "fills", [fill(markColours.error), fill(markColours.warning)], this.#fillCount);
  }

  #append(xml: string, name: string, elements: readonly string[], before: number): string {
    const tag = this.#prefix + name;
    const close = `</${tag}>`;
    const at = xml.indexOf(close);
    if (at < 0) throw new Refusal(sheetProblems.cannotAnnotate());
    const open = new RegExp(`<${tag}(\\s[^>]*)?>`).exec(xml)!;
    const head = `<${tag} count="${before + elements.length}">`;
    return (
      xml.slice(0, open.index) + head + xml.slice(open.index + open[0].length, at) + elements.join("") + xml.slice(at)
    );
  }

  #section(name: string): string {
    const tag = this.#prefix + name;
    const start = this.#xml.search(new RegExp(`<${tag}[\\s>]`));
    const end = this.#xml.indexOf(`</${tag}>`, start);
    return start < 0 || end < 0 ? "" : this.#xml.slice(this.#xml.indexOf(">", start) + 1, end);
  }
}

function elementsOf(section: string, tag: string): string[] {
  return section.match(new RegExp(`<${tag}(?:\\s[^>]*)?/>|<${tag}(?:\\s[^>]*)?>[\\s\\S]*?</${tag}>`, "g")) ?? [];
}

function withFill(style: string, fill: number): string {
  const end = style.search(/\/?>/);
  const head = style.slice(0, end).replaceAll(/\s(fillId|applyFill)\s*=\s*("[^"]*"|'[^']*')/g, "");
  return `${head} fillId="${fill}" applyFill="1"${style.slice(end)}`;
}
