import { sql } from "kysely";
import type { Basis, MeasureDefinition } from "#kernel";
import { readLibrary, toBasis, type Rulebook } from "#policy";
import type { Tx } from "../../platform/db/database.ts";
import type { TraceArticle } from "../contract.ts";

/** The version of a rule by which a claim was decided: its text as it was then, whatever is in force now. */
export interface FrozenVersion {
  readonly versionId: string;
  readonly rule: string;
  readonly title: string;
  readonly hash: string;
  readonly publishedByName: string | null;
  readonly publishedAt: string | null;
  readonly articles: readonly TraceArticle[];
}

interface Row {
  readonly version_id: string;
  readonly path: string;
  readonly rule_id: string;
  readonly title: string;
  readonly source: string;
  readonly hash: string;
  readonly published_by_name: string | null;
  readonly published_at: Date | null;
}

/** Versions by their number, read once: one that has left its desk is never changed. */
export class FrozenVersions {
  readonly #known = new Map<string, FrozenVersion>();

  async get(tx: Tx, book: Rulebook, versionIds: readonly string[]): Promise<ReadonlyMap<string, FrozenVersion>> {
    const asked = [...new Set(versionIds)];
    const unknown = asked.filter((versionId) => !this.#known.has(versionId));
    if (unknown.length > 0)
      for (const version of await readVersions(tx, book, unknown)) this.#known.set(version.versionId, version);
    return new Map(
      asked.flatMap((versionId) => {
        const version = this.#known.get(versionId);
        return version ? [[versionId, version] as const] : [];
      }),
    );
  }
}

async function readVersions(tx: Tx, book: Rulebook, versionIds: readonly string[]): Promise<readonly FrozenVersion[]> {
  const { rows } =
    await sql<Row>`SELECT version_id, path, rule_id, title, source, hash, published_by_name, published_at FROM policy.version
    WHERE version_id = ANY(${versionIds}::bigint[])`.execute(tx);
  return rows.map((row) => {
    const { rules } = readLibrary([{ file: row.path, text: row.source }], { ...book.library, rules: [] });
    const definition = rules.find((one) => one.kind === "measure");
    return {
      versionId: row.version_id,
      rule: row.rule_id,
      title: row.title,
      hash: row.hash,
      publishedByName: row.published_by_name,
      publishedAt: row.published_at?.toISOString() ?? null,
      articles: definition ? articlesOf(book, definition) : [],
    };
  });
}

/** Every sentence that a measure stands on, each once, with what of the measure it bears. */
function articlesOf(book: Rulebook, definition: MeasureDefinition): readonly TraceArticle[] {
  const said: { readonly basis?: Basis | undefined; readonly says: string }[] = [
    ...definition.basis.map((basis) => ({ basis, says: definition.title })),
    ...definition.conditions,
    ...definition.funds.flatMap(({ conditions }) => conditions),
    ...definition.limits,
    { basis: definition.inForce.basis, says: "施行期限" },
  ];
  const found = new Map<string, TraceArticle>();
  for (const { basis, says } of said) {
    if (!basis) continue;
    const one = { ...toBasis(book.library, basis), says };
    const key = `${one.text} ${one.article} ${one.quote}`;
    const known = found.get(key);
    found.set(key, known ? { ...known, says: `${known.says}；${says}` } : one);
  }
  return [...found.values()];
}

/** Whether a version stands on an article of a document; without an article on any of it. */
export const standsOn = (version: FrozenVersion, text: string, article: string | null): boolean =>
  version.articles.some((one) => one.text === text && (article === null || one.article === article));
