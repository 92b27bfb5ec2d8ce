import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { YamlFile } from "#kernel";
import { projectRoot } from "../../platform/config.ts";

/** 一件事: measures that one event of life opens, asked for with one form (HN03-4.3, HN03-5.2). */
export interface Bundle {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly applicant: "person" | "employer";
  readonly measures: readonly string[];
}

/**
 * Bundles of a rulebook folder (`bundles/<id>.yaml`). Throws where one is not written as it should be or names a measure that the folder
 * does not have: a form that asks for nothing would be found out by citizens.
 */
export function readBundles(folder: string): readonly Bundle[] {
  const place = join(folder, "bundles");
  if (!existsSync(place)) return [];
  return readdirSync(place)
    .filter((name) => name.endsWith(".yaml"))
    .toSorted()
    .map((name) => readBundle(`policies/bundles/${name}`, readFileSync(join(place, name), "utf8"), folder));
}

export function readBundle(file: string, text: string, folder: string): Bundle {
  const yaml = new YamlFile(file, text);
  const { root } = yaml;
  const bundle = root && {
    id: file.replace(/^.*\/|\.yaml$/g, ""),
    title: root.text("title"),
    about: root.text("about"),
    applicant: root.oneOf("applicant", ["person", "employer"]),
    measures: root.texts("measures"),
  };
  root?.finish();
  const [problem] = yaml.problems;
  if (problem || !bundle) throw new Error(`${file}:${problem?.line ?? 1}: ${problem?.message ?? "是空的。"}`);
  if (bundle.measures.length < 2) throw new Error(`${file}: “measures”至少写两项，一项不必打包。`);
  for (const measure of bundle.measures)
    if (!existsSync(join(folder, "measures", measure))) throw new Error(`${file}: 没有“${measure}”这项政策。`);
  return bundle;
}

/** Those of this program. */
export const shippedBundles = (): readonly Bundle[] => readBundles(join(projectRoot, "policies"));
