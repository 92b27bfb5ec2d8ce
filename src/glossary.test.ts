import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const rows = readFileSync(join(root, "docs/glossary.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| ---") && !line.startsWith("| 中文"))
  .map(
    (line) =>
      line
        .split("|")
        .map((cell) => cell.trim())
        .slice(1, 4) as [string, string, string],
  );

describe("the glossary", () => {
  test("names each Chinese term once", () => {
    const terms = rows.map(([chinese]) => chinese);
    expect(terms.filter((term, index) => terms.indexOf(term) !== index)).toEqual([]);
    expect(rows.length).toBeGreaterThan(40);
  });

  test.each(rows)("%s is %s in %s", (_chinese, english, file) => {
    const path = join(root, file);
    expect(existsSync(path), file).toBe(true);
    // "person page" stands in code as personPage or person-page as well.
    const pattern = new RegExp(english.replaceAll(/[ -]/g, "[ _-]?"), "i");
    expect(readFileSync(path, "utf8")).toMatch(pattern);
  });
});
