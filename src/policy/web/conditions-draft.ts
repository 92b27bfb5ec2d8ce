import { isMap, isPair, isScalar, isSeq, parseDocument, type Pair, type Scalar, type YAMLMap } from "yaml";

/**
 * The conditions of a rule's YAML as a form shows them, and what the form does to the text. Every change replaces the very characters
 * that it concerns: comments, order and the way the rest is written stay as they are. Offsets are those of the text.
 */

const TEXT_FIELDS = ["id", "says", "feel", "from", "until", "when"] as const;
const BASIS_FIELDS = ["text", "article", "quote"] as const;
type BasisField = (typeof BASIS_FIELDS)[number];
export type Field = (typeof TEXT_FIELDS)[number] | `basis.${BasisField}` | "when-fund";

interface Span {
  readonly from: number;
  readonly to: number;
}

/** One of the conditions of a draft (conditions draft, 逐条编辑). */
export interface ConditionDraft {
  readonly index: number;
  /** Fulfilled from a date on: `from`, perhaps `until`, and no `feel`. */
  readonly timed: boolean;
  readonly values: Readonly<Partial<Record<Field, string>>>;
  /** Where each written value stands. */
  readonly places: Readonly<Partial<Record<Field, Span>>>;
  /** Keys that the form does not show: they are changed in the YAML. */
  readonly others: readonly string[];
  /** Its whole lines, with the comments above it. */
  readonly lines: Span;
}

export type ReadConditions =
  | { readonly ok: true; readonly conditions: readonly ConditionDraft[] }
  | { readonly ok: false; readonly why: string };

type Map = YAMLMap<Scalar, unknown>;

interface Listed {
  readonly pair: Pair<Scalar, unknown> | null;
  readonly items: readonly { readonly map: Map; readonly lines: Span }[];
}

export function readConditions(source: string): ReadConditions {
  const listed = listedIn(source);
  if (typeof listed === "string") return { ok: false, why: listed };
  return { ok: true, conditions: listed.items.map(({ map, lines }, index) => ({ ...fieldsOf(map), index, lines })) };
}

function listedIn(source: string): Listed | string {
  const document = parseDocument(source);
  const [error] = document.errors;
  if (error) return `YAML 第 ${error.linePos?.[0].line ?? 1} 行有语法错误`;
  const { contents } = document;
  if (!isMap(contents)) return "规则文件还是空的";
  const pair = pairOf(contents as Map, "conditions");
  if (!pair || pair.value === null || (isScalar(pair.value) && pair.value.value === null)) return { pair, items: [] };
  const list = pair.value;
  if (!isSeq(list)) return "“conditions”不是一个列表";
  if (list.items.length > 0 && list.flow) return "“conditions”写在了一行里";
  const maps = list.items.filter((item): item is Map => isMap(item));
  if (maps.length < list.items.length) return "“conditions”里有一条不是键值";
  let from = maps[0] ? lineStart(source, startOf(maps[0])) : 0;
  // Comments above the first one belong to it, as with the others; the key's own line does not.
  while (/^\s+#/.test(lineAbove(source, from))) from = lineStart(source, from - 1);
  const items = maps.map((map) => {
    const lines = { from, to: lineEnd(source, endOf(source, map)) };
    from = lines.to;
    return { map, lines };
  });
  return { pair, items };
}

const pairOf = (map: Map, key: string): Pair<Scalar, unknown> | null =>
  map.items.find((pair) => isPair(pair) && pair.key.value === key) ?? null;

type Ranged = { readonly range?: readonly [number, number, number] | null | undefined };
const startOf = (node: unknown): number => (node as Ranged).range?.[0] ?? 0;
/** After the last character of a node that is no blank: the range of a folded text reaches beyond its line. */
function endOf(source: string, node: unknown): number {
  let end = (node as Ranged).range?.[1] ?? 0;
  while (end > 0 && /\s/.test(source[end - 1]!)) end -= 1;
  return end;
}
/** An empty value ends with its colon. */
const endOfPair = (source: string, { key, value }: Pair<Scalar, unknown>): number =>
  Math.max(endOf(source, key), endOf(source, value ?? key));
const lineStart = (source: string, at: number): number => source.lastIndexOf("\n", at - 1) + 1;
const lineAbove = (source: string, start: number): string =>
  start === 0 ? "" : source.slice(lineStart(source, start - 1), start - 1);
function lineEnd(source: string, at: number): number {
  const found = source.indexOf("\n", at);
  return found < 0 ? source.length : found + 1;
}

function fieldsOf(map: Map): Pick<ConditionDraft, "timed" | "values" | "places" | "others"> {
  const values: Partial<Record<Field, string>> = {};
  const places: Partial<Record<Field, Span>> = {};
  const others: string[] = [];
  const take = (field: Field, node: unknown, words: string) => {
    const { range } = node as Ranged;
    values[field] = words;
    if (range) places[field] = { from: range[0], to: range[1] };
  };
  for (const { key, value } of map.items) {
    const name = String(key.value);
    const field = TEXT_FIELDS.find((one) => one === name);
    if (field && isScalar(value)) take(field, value, textOf(value));
    else if (name === "when-fund" && isSeq(value))
      take("when-fund", value, value.items.map((item) => (isScalar(item) ? textOf(item) : "")).join("、"));
    else if (name === "basis" && isMap(value))
      for (const part of BASIS_FIELDS) {
        const found = pairOf(value as Map, part)?.value;
        if (isScalar(found)) take(`basis.${part}`, found, textOf(found));
      }
    else others.push(name);
  }
  return { timed: values.from !== undefined && values.feel === undefined, values, places, others };
}

const textOf = ({ value }: Scalar): string =>
  value === null || value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);

/** The text with one field of one condition written anew; an empty value takes the field away. */
export function setField(source: string, index: number, field: Field, written: string): string {
  const listed = listedIn(source);
  const map = typeof listed === "string" ? undefined : listed.items[index]?.map;
  if (!map) return source;
  const value = written.replace(/\s*\n\s*/g, " ").trim();
  if (!field.startsWith("basis.")) return setIn(source, map, field, value);
  const basis = pairOf(map, "basis");
  const part = field.slice("basis.".length);
  if (basis && isMap(basis.value)) {
    const own = basis.value as Map;
    const last = own.items.length === 1 && pairOf(own, part) !== null;
    return value === "" && last ? removePair(source, map, basis) : setIn(source, own, part, value, map.flow === true);
  }
  if (value === "") return source;
  return insertPair(source, map, "basis", `{ ${part}: ${scalar(value, true)} }`);
}

function setIn(source: string, map: Map, key: string, value: string, within = false): string {
  const flow = within || map.flow === true;
  const text =
    key === "when-fund"
      ? `[${value
          .split(/[、，,]/)
          .map((name) => name.trim())
          .filter(Boolean)
          .map((name) => scalar(name, true))
          .join(", ")}]`
      : scalar(value, flow);
  const pair = pairOf(map, key);
  if (!pair) return value === "" ? source : insertPair(source, map, key, text);
  // A condition keeps its id, words and expression, empty as they may be while it is being written.
  if (value === "" && !["id", "says", "feel", "from"].includes(key)) return removePair(source, map, pair);
  const { range } = pair.value as Ranged;
  if (!range || range[0] === range[1]) {
    const after = source.indexOf(":", endOf(source, pair.key)) + 1;
    return `${source.slice(0, after)} ${text}${source.slice(after)}`;
  }
  const old = source.slice(range[0], range[1]);
  const folded = isScalar(pair.value) && (pair.value.type === "BLOCK_FOLDED" || pair.value.type === "BLOCK_LITERAL");
  const indent = " ".repeat(startOf(pair.key) - lineStart(source, startOf(pair.key)) + 2);
  const fresh = folded && value !== "" ? `>-\n${indent}${value}` : text;
  return `${source.slice(0, range[0])}${fresh}${old.endsWith("\n") ? "\n" : ""}${source.slice(range[1])}`;
}

/** A text as YAML writes it most plainly where it stands, so that it is read back as it was. */
function scalar(value: string, flow: boolean): string {
  const written = [value, `'${value.replaceAll("'", "''")}'`, JSON.stringify(value)];
  const isSame = (text: string) => {
    const document = parseDocument(flow ? `{ k: ${text}, l: m }` : `k: ${text}\nl: m`);
    return document.errors.length === 0 && document.get("k") === value && document.get("l") === "m";
  };
  return written.find(isSame) ?? JSON.stringify(value);
}

function insertPair(source: string, map: Map, key: string, text: string): string {
  const end = endOf(source, map);
  if (map.flow) {
    // Right after the last value: a comma that ends the list, or a comment, may follow it.
    const last = map.items.at(-1);
    const at = last ? endOfPair(source, last) : startOf(map) + 1;
    return `${source.slice(0, at)}${last ? "," : ""} ${key}: ${text}${source.slice(at)}`;
  }
  const start = startOf(map);
  const at = lineEnd(source, end);
  const line = `${" ".repeat(start - lineStart(source, start))}${key}: ${text}\n`;
  return `${source.slice(0, at)}${at > 0 && source[at - 1] !== "\n" ? "\n" : ""}${line}${source.slice(at)}`;
}

function removePair(source: string, map: Map, pair: Pair<Scalar, unknown>): string {
  const at = map.items.indexOf(pair);
  const start = startOf(pair.key);
  const end = endOfPair(source, pair);
  const next = map.items[at + 1];
  const before = map.items[at - 1];
  if (!map.flow && at > 0) return source.slice(0, lineStart(source, start)) + source.slice(lineEnd(source, end));
  if (next) return source.slice(0, start) + source.slice(startOf(next.key));
  if (!before) return source;
  return source.slice(0, endOfPair(source, before)) + source.slice(end);
}

/** The text with a new condition as the last one, to be filled in. */
export function addCondition(source: string, timed: boolean): string {
  const listed = listedIn(source);
  if (typeof listed === "string") return source;
  const { pair, items } = listed;
  const taken = new Set(items.map(({ map }) => pairOf(map, "id")?.value).map((id) => (isScalar(id) ? id.value : null)));
  let number = items.length + 1;
  while (taken.has(`condition-${number}`)) number += 1;
  const last = items.at(-1);
  const indent = last ? " ".repeat(dashColumn(source, last.map)) : "  ";
  const fresh = [`- id: condition-${number}`, '  says: ""', timed ? '  from: ""' : '  feel: ""']
    .map((line) => `${indent}${line}\n`)
    .join("");
  if (last) return insertLines(source, last.lines.to, fresh);
  if (!pair) return insertLines(source, source.length, `conditions:\n${fresh}`);
  const range = (pair.value as Ranged | null)?.range;
  const emptied = range && range[0] < range[1] ? source.slice(0, range[0]).trimEnd() + source.slice(range[1]) : source;
  return insertLines(emptied, lineEnd(emptied, startOf(pair.key)), fresh);
}

function insertLines(source: string, at: number, lines: string): string {
  const gap = at > 0 && source[at - 1] !== "\n" ? "\n" : "";
  return source.slice(0, at) + gap + lines + source.slice(at);
}

function dashColumn(source: string, map: Map): number {
  const start = startOf(map);
  return source.lastIndexOf("-", start - 1) - lineStart(source, start);
}

/** The text without one condition and the comments above it. */
export function removeCondition(source: string, index: number): string {
  const listed = listedIn(source);
  const item = typeof listed === "string" ? undefined : listed.items[index];
  if (typeof listed === "string" || !item) return source;
  const rest = source.slice(0, item.lines.from) + source.slice(item.lines.to);
  if (listed.items.length > 1 || !listed.pair) return rest;
  const colon = rest.indexOf(":", endOf(source, listed.pair.key)) + 1;
  return `${rest.slice(0, colon)} []${rest.slice(colon)}`;
}

/** The text with one condition, and the comments above it, at another place in the order. */
export function moveCondition(source: string, index: number, to: number): string {
  const listed = listedIn(source);
  if (typeof listed === "string" || !listed.items[index] || !listed.items[to]) return source;
  const { items } = listed;
  const [first, last] = [items[0]!.lines.from, items.at(-1)!.lines.to];
  const texts = items.map(({ lines }) => {
    const text = source.slice(lines.from, lines.to);
    return text.endsWith("\n") ? text : `${text}\n`;
  });
  const [moved] = texts.splice(index, 1);
  texts.splice(to, 0, moved!);
  return source.slice(0, first) + texts.join("") + source.slice(last);
}
