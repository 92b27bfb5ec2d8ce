import type { z } from "zod";
import type { Db, Tx } from "../../platform/db/database.ts";
import type { basis as basisView } from "../contract.ts";
import { readLibrary } from "../library/library.ts";
import { toBasis } from "../rules/views.ts";
import { filesOf, type Rulebook } from "./rulebook.ts";
import { findVersion } from "./store.ts";

/** What a version of a measure stands on, and the papers that it asks for: of that version, whether or not it is in force now. */
export async function basisOfVersion(
  db: Db | Tx,
  book: Rulebook,
  versionId: string,
): Promise<{ readonly basis: readonly z.output<typeof basisView>[]; readonly evidence: readonly string[] }> {
  const current = book.measures.find(({ version }) => version.version_id === versionId)?.definition;
  const definition = current ?? (await readMeasure(db, book, versionId));
  return definition
    ? { basis: definition.basis.map((one) => toBasis(book.library, one)), evidence: [...definition.evidence] }
    : { basis: [], evidence: [] };
}

async function readMeasure(db: Db | Tx, { library }: Rulebook, versionId: string) {
  const version = await findVersion(db, versionId);
  if (!version) return null;
  const { texts, shared } = library;
  const { rules } = readLibrary(filesOf([{ ...version, cases: null }]), { texts, shared, rules: [] });
  return rules.find((rule) => rule.kind === "measure") ?? null;
}
