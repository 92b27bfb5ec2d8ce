import type { FactField, MeasureDefinition, PreparedMeasure } from "#kernel";
import { DICTIONARIES } from "../facts/index.ts";
import type { FactDictionary } from "../facts/dictionary.ts";
import type { SourceText } from "../texts/text.ts";
import type { LoadedMeasure, Rulebook } from "../versions/rulebook.ts";

/** One benefit as the public pages show and compute it. */
export interface Benefit {
  readonly rule: PreparedMeasure;
  readonly dictionary: FactDictionary;
  /** The text that it comes from first of all. */
  readonly text: SourceText | null;
}

/** What the public pages show: what is published, with what localities have set. */
export interface PublicLibrary {
  readonly texts: readonly SourceText[];
  readonly benefits: readonly Benefit[];
  /** Measures about what offices do among themselves: named beside their articles, and nothing that anybody counts for himself. */
  readonly forOffices: readonly MeasureDefinition[];
}

const known = new WeakMap<Rulebook, PublicLibrary>();

/** A rulebook as the public pages read it; a measure that is not sound against its facts is not shown. */
export function libraryOf(rulebook: Rulebook): PublicLibrary {
  const before = known.get(rulebook);
  if (before) return before;
  const made = libraryFrom(rulebook.library.texts, rulebook.measures);
  known.set(rulebook, made);
  return made;
}

/** Where no fact has a question the rule is about what offices do among themselves. */
const isAsked = ({ question }: FactField) => question !== undefined;

export const libraryFrom = (
  texts: readonly SourceText[],
  measures: readonly Pick<LoadedMeasure, "definition" | "rule">[],
): PublicLibrary => {
  const benefits = benefitsOf(texts, measures);
  const shown = new Set(benefits.map(({ rule }) => rule.definition));
  return {
    texts,
    benefits,
    forOffices: measures.map(({ definition }) => definition).filter((one) => !shown.has(one)),
  };
};

const benefitsOf = (
  texts: readonly SourceText[],
  measures: readonly Pick<LoadedMeasure, "definition" | "rule">[],
): readonly Benefit[] =>
  measures.flatMap(({ definition, rule }): readonly Benefit[] => {
    const dictionary = DICTIONARIES.find(({ name }) => name === definition.source);
    if (!rule || !dictionary || !dictionary.fields.some(isAsked)) return [];
    return [{ rule, dictionary, text: texts.find(({ id }) => id === definition.basis[0]?.text) ?? null }];
  });

/** Address of one benefit on the page of benefits, and its name in the calculator. */
export const benefitKey = ({ rule: { definition } }: Benefit): string =>
  /\/([^/]+)\/([^/]+)\.yaml$/.exec(definition.file)!.slice(1).join("-");
