import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RuleFile } from "#kernel";

/** Every file of a rulebook folder, by its path from there; the paths begin with `policies/`, as problems name them. */
export function rulebookFiles(folder: string): readonly RuleFile[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(yaml|md)$/.test(path))
    .toSorted()
    .map((path) => ({
      file: `policies/${path.replaceAll("\\", "/")}`,
      text: readFileSync(join(folder, path), "utf8"),
    }));
}
