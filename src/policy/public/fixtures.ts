import { join } from "node:path";
import { prepareMeasure, type ParameterSettings } from "#kernel";
import { projectRoot } from "../../platform/config.ts";
import { withoutRows } from "../facts/dictionary.ts";
import { DICTIONARIES } from "../facts/index.ts";
import { rulebookFiles } from "../library/files.ts";
import { measuresOf, readLibrary } from "../library/library.ts";
import { libraryFrom, type PublicLibrary } from "./library.ts";

export const shipped = readLibrary(rulebookFiles(join(projectRoot, "policies")));

/** The shipped rulebook as the public pages read it; `settings` by measure. */
export function publicLibrary(settings: Readonly<Record<string, ParameterSettings>> = {}): PublicLibrary {
  const sources = DICTIONARIES.map(withoutRows);
  return libraryFrom(
    shipped.texts,
    measuresOf(shipped).map((definition) => ({
      definition,
      rule: prepareMeasure(definition, sources, settings[definition.id] ?? {}).rule,
    })),
  );
}
