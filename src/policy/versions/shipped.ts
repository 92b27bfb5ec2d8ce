import { createHash } from "node:crypto";
import { join } from "node:path";
import { projectRoot } from "../../platform/config.ts";
import type { Db } from "../../platform/db/database.ts";
import { rulebookFiles } from "../library/files.ts";
import { casesFor, readLibrary, type Library } from "../library/library.ts";
import {
  hashOf,
  insertDraft,
  isKnown,
  moveVersion,
  publishedVersions,
  publishVersion,
  type VersionText,
} from "./store.ts";

const SHIPPED = { officerId: null, name: "随系统发布" } as const;

/** The rulebook folder of this program. */
export const shippedFiles = () => rulebookFiles(join(projectRoot, "policies"));

/** Another rulebook has another mark. */
export const shippedMark = (): string =>
  shippedFiles()
    .reduce((hash, { file, text }) => hash.update(file).update("\0").update(text).update("\0"), createHash("sha256"))
    .digest("hex");

/** What a library's rules and shared parameters are as versions. Cases go with the rules that they try. */
export function versionTextsOf(library: Library, textOf: (file: string) => string): readonly VersionText[] {
  const rules = library.rules.map((rule): VersionText => ({
    path: rule.file,
    kind: rule.kind,
    ruleId: rule.id,
    region: rule.region,
    title: rule.title,
    source: textOf(rule.file),
    cases: casesFor(library.caseFiles, rule) ?? null,
    inForceFrom: rule.inForce.from,
    inForceTo: rule.inForce.to ?? null,
  }));
  const parameters = Object.entries(library.shared).map(([id, parameter]): VersionText => ({
    path: `policies/parameters/${id}.yaml`,
    kind: "parameter",
    ruleId: id,
    region: "",
    title: parameter.says,
    source: textOf(`policies/parameters/${id}.yaml`),
    cases: null,
    inForceFrom: null,
    inForceTo: null,
  }));
  return [...parameters, ...rules];
}

/**
 * Puts what the program ships in force: what is new or has another text than before. Where an officer has published a text of his
 * own in the meantime, the shipped one waits as a proposal: nobody's decision is undone by an upgrade.
 */
export async function publishShipped(db: Db): Promise<{ published: number; proposed: number }> {
  const files = shippedFiles();
  const texts = new Map(files.map(({ file, text }) => [file, text]));
  const library = readLibrary(files);
  const [problem] = library.problems;
  if (problem)
    throw new Error(`the shipped rulebook has mistakes: ${problem.file}:${problem.line}: ${problem.message}`);
  return db.transaction().execute(async (tx) => {
    const published = new Map((await publishedVersions(tx)).map((version) => [version.path, version]));
    const counts = { published: 0, proposed: 0 };
    for (const text of versionTextsOf(library, (file) => texts.get(file)!)) {
      const current = published.get(text.path);
      // Known already, in force or waiting, or judged and withdrawn.
      if (current?.hash === hashOf(text) || (current && (await isKnown(tx, text)))) continue;
      const versionId = await insertDraft(tx, text, SHIPPED, {
        origin: "shipped",
        basedOn: current?.version_id ?? null,
      });
      if (current?.origin === "local") {
        await moveVersion(tx, versionId, "proposed");
        counts.proposed++;
      } else {
        await publishVersion(tx, { version_id: versionId, path: text.path }, SHIPPED, null);
        counts.published++;
      }
    }
    return counts;
  });
}
