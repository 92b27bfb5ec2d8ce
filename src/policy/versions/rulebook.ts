import {
  prepareCheck,
  prepareMeasure,
  type CheckDefinition,
  type FactSource,
  type MeasureDefinition,
  type PreparedCheck,
  type PreparedMeasure,
  type RuleDefinition,
  type RuleFile,
  type RuleProblem,
} from "#kernel";
import type { Db, Tx } from "../../platform/db/database.ts";
import { readLibrary, type Library } from "../library/library.ts";
import { settingsFor } from "../settings/scope.ts";
import { listSettings, type SettingRow } from "../settings/store.ts";
import { shippedFiles } from "./shipped.ts";
import { findVersion, publishedVersions, rulebookMark, type VersionRow } from "./store.ts";

/** A measure in force (within its own window), ready for every engine. */
export interface LoadedMeasure {
  readonly version: VersionRow;
  readonly definition: MeasureDefinition;
  /** Null where its text and the facts do not fit together, which `problems` says. */
  readonly rule: PreparedMeasure | null;
  readonly problems: readonly RuleProblem[];
}

/** A check in force, likewise. */
export interface LoadedCheck {
  readonly version: VersionRow;
  readonly definition: CheckDefinition;
  readonly rule: PreparedCheck | null;
  readonly problems: readonly RuleProblem[];
}

/** Everything published, with what localities have set: what one reading of the database gives. */
export interface Rulebook {
  readonly mark: string;
  readonly library: Library;
  /** Texts, shared parameters, rules and cases as they are written. */
  readonly files: readonly RuleFile[];
  readonly versions: readonly VersionRow[];
  readonly measures: readonly LoadedMeasure[];
  readonly checks: readonly LoadedCheck[];
  readonly rules: readonly RuleDefinition[];
  readonly settings: readonly SettingRow[];
}

/** Source texts are part of the program; rules and parameters are those of the database. */
export async function readRulebook(db: Db | Tx, sources: readonly FactSource[]): Promise<Rulebook> {
  const mark = await rulebookMark(db);
  const [versions, settings] = [await publishedVersions(db), await listSettings(db)];
  const texts = shippedFiles().filter(({ file }) => file.startsWith("policies/texts/"));
  const files = [...texts, ...filesOf(versions)];
  const library = readLibrary(files);
  const byPath = new Map(versions.map((version) => [version.path, version]));
  const measures = library.rules.flatMap((definition): LoadedMeasure[] => {
    if (definition.kind !== "measure") return [];
    const { rule, problems } = prepareMeasure(definition, sources, settingsFor(definition, settings));
    return [{ version: byPath.get(definition.file)!, definition, rule, problems }];
  });
  const checks = library.rules.flatMap((definition): LoadedCheck[] => {
    if (definition.kind !== "check") return [];
    const { rule, problems } = prepareCheck(definition, sources, settingsFor(definition, settings));
    return [{ version: byPath.get(definition.file)!, definition, rule, problems }];
  });
  return { mark, library, files, versions, measures, checks, rules: library.rules, settings };
}

/** Versions as the files that they are; cases stand beside their measure. */
export const filesOf = (versions: readonly Pick<VersionRow, "path" | "source" | "cases">[]): readonly RuleFile[] =>
  versions.flatMap(({ path, source, cases }) => [
    { file: path, text: source },
    ...(cases === null ? [] : [{ file: path.replace(/([^/]+)$/, "cases-$1"), text: cases }]),
  ]);

/** The rulebook of this process, read again when something was published or set. Shared by all requests. */
export class CurrentRulebook {
  private readonly sources: readonly FactSource[];
  private known: Promise<Rulebook> | null = null;

  constructor(sources: readonly FactSource[]) {
    this.sources = sources;
  }

  async get(db: Db | Tx): Promise<Rulebook> {
    const known = await this.known?.catch(() => null);
    if (known && known.mark === (await rulebookMark(db))) return known;
    return (this.known = readRulebook(db, this.sources));
  }

  /**
   * A measure as one version of it says, also where another has taken its place since, with what localities have set. Null where it does
   * not fit the facts of today.
   */
  async measureOf(db: Db | Tx, versionId: string): Promise<PreparedMeasure | null> {
    return (await this.versionOf(db, versionId))?.rule ?? null;
  }

  /** The same with its text, which can be read also where it cannot be asked any more. Null where there is no such measure. */
  async versionOf(db: Db | Tx, versionId: string): Promise<LoadedMeasure | null> {
    const book = await this.get(db);
    const current = book.measures.find(({ version }) => version.version_id === versionId);
    if (current) return current;
    const version = await findVersion(db, versionId);
    if (!version) return null;
    const { rules } = readLibrary(filesOf([version]), book.library);
    const definition = rules.find(({ file }) => file === version.path);
    if (definition?.kind !== "measure") return null;
    const { rule, problems } = prepareMeasure(definition, this.sources, settingsFor(definition, book.settings));
    return { version, definition, rule, problems };
  }
}
