import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type Pair, type YAMLMap } from "yaml";
import type { RuleProblem, RuleProblemCode } from "../problems.ts";
import { isDate } from "../values/dates.ts";
import type { FeelText } from "./types.ts";

/** One file being read: where its nodes stand, and what is wrong with them. */
export class YamlFile {
  readonly file: string;
  readonly problems: RuleProblem[] = [];
  /** The whole document as a map; null when it is none. */
  readonly root: YamlMap | null;
  private readonly lines = new LineCounter();
  private readonly text: string;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    // Unquoted dates and numbers with leading zeros (region codes) stay text: `core` would make numbers of codes.
    const document = parseDocument(text, { lineCounter: this.lines, schema: "core", uniqueKeys: true });
    // What follows the first error is mostly its echo.
    const [error] = document.errors;
    if (error) {
      const { line, col } = this.lines.linePos(error.pos[0]);
      const message = `YAML 格式有误：含逗号、引号或方括号的表达式写在 { } 里要加引号，缩进须一致。（${error.code}）`;
      this.problems.push({ code: "yaml.syntax", message, file, line, column: col });
    }
    this.root = document.errors.length === 0 && isMap(document.contents) ? new YamlMap(this, document.contents) : null;
    if (document.errors.length === 0 && !this.root)
      this.problems.push({ code: "yaml.syntax", message: "文件应是“键: 值”的结构。", file, line: 1, column: 1 });
  }

  report(code: RuleProblemCode, node: Node | null, message: string): void {
    const { line, col } = this.lines.linePos(node?.range?.[0] ?? 0);
    this.problems.push({ code, message, file: this.file, line, column: col });
  }

  place(node: Node): { line: number; column: number } {
    const { line, col } = this.lines.linePos(node.range![0]);
    return { line, column: col };
  }

  written(node: Node): string {
    return this.text.slice(node.range![0], node.range![1]);
  }
}

/** A mapping of a file, read key by key; `finish` reports the keys nobody read, so that no misspelt key is silently ignored. */
export class YamlMap {
  readonly yaml: YamlFile;
  readonly node: YAMLMap;
  private readonly read = new Set<string>();

  constructor(yaml: YamlFile, node: YAMLMap) {
    this.yaml = yaml;
    this.node = node;
  }

  keys(): readonly string[] {
    return this.node.items.map((pair) => keyOf(pair));
  }

  has(key: string): boolean {
    return this.node.has(key);
  }

  private value(key: string): Node | null {
    this.read.add(key);
    return (this.node.get(key, true) as Node | undefined) ?? null;
  }

  private require(key: string): Node | null {
    const node = this.value(key);
    if (!node) this.yaml.report("format.missing-key", this.node, `缺少“${key}”。`);
    return node;
  }

  private wrong(node: Node, key: string, shape: string): null {
    this.yaml.report("format.wrong-value", node, `“${key}”应为${shape}。`);
    return null;
  }

  text(key: string): string {
    const node = this.require(key);
    return node ? (this.asText(node, key) ?? "") : "";
  }

  optionalText(key: string): string | undefined {
    const node = this.value(key);
    return node ? (this.asText(node, key) ?? undefined) : undefined;
  }

  private asText(node: Node, key: string): string | null {
    if (!isScalar(node) || node.value === null || typeof node.value === "object") return this.wrong(node, key, "文字");
    const text = typeof node.value === "string" ? node.value : this.yaml.written(node);
    return text.trim() === "" ? this.wrong(node, key, "文字") : text.trim();
  }

  date(key: string): string {
    const node = this.require(key);
    return node ? (this.asDate(node, key) ?? "") : "";
  }

  optionalDate(key: string): string | undefined {
    const node = this.value(key);
    return node ? (this.asDate(node, key) ?? undefined) : undefined;
  }

  private asDate(node: Node, key: string): string | null {
    const text = isScalar(node) && typeof node.value === "string" ? node.value : "";
    return isDate(text) ? text : this.wrong(node, key, "日期，如 2021-07-26");
  }

  integer(key: string): number {
    const node = this.require(key);
    if (!node) return 0;
    if (isScalar(node) && Number.isSafeInteger(node.value)) return node.value as number;
    this.wrong(node, key, "整数");
    return 0;
  }

  flag(key: string): boolean {
    const node = this.value(key);
    if (!node) return false;
    if (isScalar(node) && typeof node.value === "boolean") return node.value;
    this.wrong(node, key, "true 或 false");
    return false;
  }

  oneOf<T extends string>(key: string, values: readonly T[], fallback?: T): T {
    const node = fallback === undefined ? this.require(key) : this.value(key);
    if (!node) return fallback ?? values[0]!;
    const text = isScalar(node) ? String(node.value) : "";
    const found = values.find((value) => value === text);
    if (found === undefined) this.wrong(node, key, `${values.map((value) => `“${value}”`).join("、")}之一`);
    return found ?? values[0]!;
  }

  /** An expression; plain numbers and true, false are expressions too. */
  feel(key: string): FeelText {
    const node = this.require(key);
    return (node && this.asFeel(node, key)) ?? { feel: "", line: 1, column: 1, exact: false };
  }

  optionalFeel(key: string): FeelText | undefined {
    const node = this.value(key);
    return node ? (this.asFeel(node, key) ?? undefined) : undefined;
  }

  private asFeel(node: Node, key: string): FeelText | null {
    if (!isScalar(node) || node.value === null) return this.wrong(node, key, "表达式");
    const written = this.yaml.written(node);
    const { line, column } = this.yaml.place(node);
    const feel = typeof node.value === "string" ? node.value : written;
    const quoted = written.slice(1, -1) === feel;
    return { feel, line, column: column + (quoted ? 1 : 0), exact: quoted || written === feel };
  }

  texts(key: string): readonly string[] {
    const node = this.value(key);
    if (!node) return [];
    if (isScalar(node)) return [this.asText(node, key)].filter((text) => text !== null);
    if (!isSeq(node)) return (this.wrong(node, key, "列表"), []);
    return node.items.map((item) => this.asText(item as Node, key)).filter((text) => text !== null);
  }

  map(key: string): YamlMap | null {
    const node = this.value(key);
    if (!node) return null;
    return isMap(node) ? new YamlMap(this.yaml, node) : this.wrong(node, key, "“键: 值”的结构");
  }

  /** A list of mappings; a single mapping counts as a list of one. */
  maps(key: string): readonly YamlMap[] {
    const node = this.value(key);
    if (!node) return [];
    if (isMap(node)) return [new YamlMap(this.yaml, node)];
    if (!isSeq(node)) return (this.wrong(node, key, "列表"), []);
    return node.items.flatMap((item) => {
      if (isMap(item)) return [new YamlMap(this.yaml, item)];
      this.wrong(item as Node, key, "“键: 值”的列表");
      return [];
    });
  }

  /** A list whose items are either plain names or mappings. */
  namesOrMaps(key: string): readonly (string | YamlMap)[] {
    const node = this.value(key);
    if (!node) return [];
    if (!isSeq(node)) return (this.wrong(node, key, "列表"), []);
    return node.items.flatMap((item): (string | YamlMap)[] => {
      if (isMap(item)) return [new YamlMap(this.yaml, item)];
      const text = this.asText(item as Node, key);
      return text === null ? [] : [text];
    });
  }

  /** A scalar of any kind, or a mapping (a rate). */
  scalarOrMap(key: string): string | number | boolean | YamlMap | null {
    const node = this.require(key);
    if (isMap(node)) return new YamlMap(this.yaml, node);
    if (isScalar(node) && ["string", "number", "boolean"].includes(typeof node.value))
      return node.value as string | number | boolean;
    if (node) this.wrong(node, key, "一个值");
    return null;
  }

  report(code: RuleProblemCode, key: string | null, message: string): void {
    const node = key === null ? this.node : ((this.node.get(key, true) as Node | undefined) ?? this.node);
    this.yaml.report(code, node, message);
  }

  finish(): void {
    for (const pair of this.node.items) {
      const key = keyOf(pair);
      if (this.read.has(key)) continue;
      // `{ feel: 满月日(甲, 6) }`: in a flow mapping the comma ends the value, and the rest becomes a key without value.
      if (this.node.flow && pair.value === null)
        this.yaml.report(
          "format.comma-in-flow",
          pair.key as Node,
          `“${key}”前的逗号把表达式截断了：写在 { } 里的表达式若含逗号，请加引号，或改为分行书写。`,
        );
      else this.yaml.report("format.unknown-key", pair.key as Node, `不认识“${key}”。`);
    }
  }
}

const keyOf = (pair: Pair<unknown, unknown>): string => (isScalar(pair.key) ? String(pair.key.value) : "");
