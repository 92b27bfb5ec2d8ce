import { join } from "node:path";
import { prepareMeasure, type ParameterSettings, type PreparedMeasure } from "#kernel";
import { projectRoot } from "../../platform/config.ts";
import { DICTIONARIES } from "../facts/index.ts";
import { withoutRows, type FactDictionary } from "../facts/dictionary.ts";
import { rulebookFiles } from "../library/files.ts";
import { measuresOf, readLibrary } from "../library/library.ts";
import type { SourceText } from "../texts/text.ts";

/** One benefit as the public pages show and compute it. */
export interface Benefit {
  readonly rule: PreparedMeasure;
  readonly dictionary: FactDictionary;
  /** The text that it comes from first of all. */
  readonly text: SourceText | null;
}

export interface PublicLibrary {
  readonly texts: readonly SourceText[];
  readonly benefits: readonly Benefit[];
}

let known: PublicLibrary | undefined;

/** The rulebook that the public pages show: what the program ships, with what localities have set. Read once. */
export function currentLibrary(): PublicLibrary {
  return (known ??= libraryFrom(join(projectRoot, "policies"), {}));
}

/** A rulebook folder as the public pages read it; a measure that is not sound against its facts is not shown. */
export function libraryFrom(folder: string, settings: ParameterSettings): PublicLibrary {
  const library = readLibrary(rulebookFiles(folder));
  const sources = DICTIONARIES.map(withoutRows);
  const benefits = measuresOf(library).flatMap((definition): readonly Benefit[] => {
    const { rule } = prepareMeasure(definition, sources, settings);
    const dictionary = DICTIONARIES.find(({ name }) => name === definition.source);
    if (!rule || !dictionary) return [];
    return [{ rule, dictionary, text: library.texts.find(({ id }) => id === definition.basis[0]?.text) ?? null }];
  });
  return { texts: library.texts, benefits };
}

/** Address of one benefit on the page of benefits, and its name in the calculator. */
export const benefitKey = ({ rule: { definition } }: Benefit): string =>
  /\/([^/]+)\/([^/]+)\.yaml$/.exec(definition.file)!.slice(1).join("-");
