import { detached } from "../../platform/detached.ts";

/**
 * A code list of a national standard, or one that the texts define. Data, not a type: what an office may write is found by `parse`,
 * what an officer sees is in `labels`, what other systems exchange is in `codes`.
 */
export interface DictionaryEntry {
  /** Ours, in kebab case; stored and compared. Never renamed: history refers to it. */
  id: string;
  /** The standard's code; null where the standard has no such value. */
  code: string | null;
  label: string;
  /** Other ways offices write it. */
  synonyms?: readonly string[];
}

export interface Dictionary<Id extends string> {
  title: string;
  /** Number and year of the standard, or the text that names the values. */
  standard: string;
  ids: readonly [Id, ...Id[]];
  labels: Readonly<Record<Id, string>>;
  codes: Readonly<Record<Id, string | null>>;
  /** Id of a label, synonym, standard code or id; null when the text is none of them. Full-width letters and spaces do not matter. */
  parse(text: string | number): Id | null;
  has(value: string): value is Id;
}

export type IdOf<D> = D extends Dictionary<infer Id> ? Id : never;

/** Cells repeat a few spellings a million times, of what means nothing here too; only a new one is normalised. */
const KEPT_SPELLINGS = 1_000;
/** A longer text may be a slice of the file it was read from, and would keep a block of it alive. */
const LONGEST_KEPT = 12;

/** Refuses, when the program starts, two entries that share an id, code, label or synonym: a text must not have two meanings. */
export function defineDictionary<const Entries extends readonly [DictionaryEntry, ...DictionaryEntry[]]>(definition: {
  title: string;
  standard: string;
  entries: Entries;
}): Dictionary<Entries[number]["id"]> {
  type Id = Entries[number]["id"];
  const meanings = new Map<string, Id>();
  const labels: Record<string, string> = {};
  const codes: Record<string, string | null> = {};
  for (const { id, code, label, synonyms } of definition.entries as readonly DictionaryEntry[]) {
    labels[id] = label;
    codes[id] = code;
    const ways = [id, label, ...(code === null ? [] : [code, withoutLeadingZero(code)]), ...(synonyms ?? [])];
    for (const way of new Set(ways.map(normaliseEntry))) {
      if (meanings.has(way)) throw new Error(`${definition.title}: ${way} means both ${meanings.get(way)} and ${id}`);
      meanings.set(way, id);
    }
  }
  const spellings = new Map<string, Id | null>(meanings);
  const meaningOf = (text: string): Id | null => {
    const known = spellings.get(text);
    if (known !== undefined) return known;
    const meaning = meanings.get(normaliseEntry(text)) ?? null;
    if (text.length <= LONGEST_KEPT && spellings.size < meanings.size + KEPT_SPELLINGS)
      spellings.set(detached(text), meaning);
    return meaning;
  };
  const ids = definition.entries.map((entry) => entry.id);
  return {
    title: definition.title,
    standard: definition.standard,
    ids: ids as [Id, ...Id[]],
    labels: labels as Record<Id, string>,
    codes: codes as Record<Id, string | null>,
    parse: (text) => meaningOf(String(text)),
    has: (value): value is Id => Object.hasOwn(labels, value),
  };
}

/** A code that passed through a number cell: 01 → 1. */
function withoutLeadingZero(code: string): string {
  return code.replace(/^0+(?=\d)/u, "");
}

function normaliseEntry(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[\s'’‘]+/gu, "")
    .toLowerCase();
}
