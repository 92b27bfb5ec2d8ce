/** Names kept for texts seen; a text that is not among them is read again, which costs some microseconds. */
const MOST_KEPT = 2_000;
/** Names that become labels of metrics: beyond them a metric says "other", so that a scrape stays small. */
const MOST_NAMES = 250;
const LONGEST_READ = 20_000;

export interface StatementName {
  /** What is done to which table, and a mark of the text without its values: `select registry.person 1f3a09c2`. */
  readonly name: string;
  readonly fingerprint: string;
  /** The text with every value replaced by `?`, at most 4,000 characters. */
  readonly text: string;
}

const known = new Map<string, StatementName>();
const names = new Set<string>();

/**
 * Names a statement without telling what was asked: literals of every kind are taken out first, so that an identity number written
 * into a text can stand neither in a metric, nor in a trace, nor in the list of slow statements.
 */
export function nameStatement(sql: string): StatementName {
  const before = known.get(sql);
  if (before) return before;
  const text = withoutValues(sql.length > LONGEST_READ ? sql.slice(0, LONGEST_READ) : sql);
  const fingerprint = fnv(text);
  const made = { name: `${summary(text)} ${fingerprint}`, fingerprint, text: text.slice(0, 4_000) };
  if (known.size >= MOST_KEPT) known.delete(known.keys().next().value!);
  // Texts with values in them are each seen once and would push out those that come again.
  if (!sql.startsWith("SET LOCAL")) known.set(sql, made);
  return made;
}

/** The name as a label: the first 250 names of a process, then "other". */
export function statementLabel({ name }: StatementName): string {
  if (names.has(name)) return name;
  if (names.size >= MOST_NAMES) return "other";
  names.add(name);
  return name;
}

const TOKENS =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\$([A-Za-z_]\w*)?\$[\s\S]*?(?:\$\1\$|$)|[eEbBxXnN]?'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*"|\$\d+|(?<![\w.])\d[\d._]*(?:e[+-]?\d+)?|\s+/g;

/** A text whose comments are gone and whose literals are `?`; lists of them are one, so that their length does not tell. */
export function withoutValues(sql: string): string {
  return sql
    .replaceAll(TOKENS, (token) => {
      if (/^\s/.test(token) || token.startsWith("--") || token.startsWith("/*")) return " ";
      // Names of tables made for one batch differ in their number alone.
      if (token.startsWith('"')) return token.replaceAll(/\d{2,}/g, "#").replaceAll(/[^\x20-\x7e]+/g, "~");
      return "?";
    })
    .replaceAll(/[^\x20-\x7e]+/g, "~")
    .replaceAll(/(?<=[a-z_])\d{2,}/gi, "#")
    .replaceAll(/\(\s*\?(?:\s*,\s*\?)+\s*\)/g, "(?)")
    .replaceAll(/(?:\(\?\)\s*,\s*)+\(\?\)/g, "(?)")
    .replaceAll(/ {2,}/g, " ")
    .trim();
}

const VERB = /^\s*(?:\(\s*)*(\w+)/;
const TABLE =
  /\b(?:from|into|update|merge into|copy|table|join)\s+(?:only\s+)?((?:"[^"]+"|[a-z_][\w#]*)(?:\.(?:"[^"]+"|[a-z_][\w#]*))?)(?![\w#."])(?!\s*\()/i;
const FUNCTION = /\b([a-z_]\w*\.[a-z_]\w*)\s*\(/i;

function summary(text: string): string {
  const verb = (VERB.exec(text)?.[1] ?? "?").toLowerCase();
  if (verb === "set" || verb === "begin" || verb === "commit" || verb === "rollback") return verb;
  const target = TABLE.exec(text)?.[1] ?? FUNCTION.exec(text)?.[1] ?? "";
  return `${verb} ${target.replaceAll('"', "")}`.trim().slice(0, 80);
}

/** 32 bits of FNV-1a: tells texts apart in a list, and nothing depends on it. */
function fnv(text: string): string {
  let hash = 0x81_1c_9d_c5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01_00_01_93);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
