import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { projectRoot } from "../../src/platform/config.ts";

const textOf = (path: string) => readFileSync(join(projectRoot, path), "utf8");
/** Rows of every table of a page whose first cell fits, without the ones that head it. */
const rowsOf = (path: string, first: RegExp) =>
  textOf(path)
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll("\\|", "|")),
    )
    .filter(([cell]) => first.test(cell!));
const named = (cell: string) => [...cell.matchAll(/`([a-z0-9-]+)`/g)].map(([, name]) => name!);

const states = ["met", "operator", "n.a.", "gap"];
interface Item {
  readonly number: string;
  readonly state: string;
  readonly why: string;
  readonly evidence: readonly string[];
}
const asvs = rowsOf("docs/security/asvs.md", /^V\d+\.\d+\.\d+$/).map(
  ([number, level, , state, why, evidence]): Item & { level: string } => ({
    number: number!,
    level: level!,
    state: state!,
    why: why!,
    evidence: named(evidence!),
  }),
);
const gbt = rowsOf("docs/security/gbt-22239.md", /^8\.1\.\d+\.\d+( [a-z])?$/).map(
  ([number, , state, why, evidence]): Item => ({
    number: number!,
    state: state!,
    why: why!,
    evidence: named(evidence!),
  }),
);
const evidence = new Map(
  rowsOf("docs/security/evidence.md", /^`/).map(([name, file, title]) => [
    named(name!)[0]!,
    { file: file!, title: title! },
  ]),
);

/** Levels of the requirements of ASVS 5.0.0 by section, in order: 1, 2, or 3 for those that stand at neither. */
const LEVELS = `
  1.1:22 1.2:1111122223 1.3:112222222223 1.4:222 1.5:123
  2.1:122 2.2:112 2.3:12223 2.4:23
  3.1:3 3.2:113 3.3:12223 3.4:11222233 3.5:11122333 3.6:3 3.7:22333
  4.1:12233 4.2:23333 4.3:22 4.4:1222
  5.1:2 5.2:112333 5.3:113 5.4:222
  6.1:122 6.2:111111112222 6.3:11223333 6.4:112233 6.5:22222333 6.6:2223 6.7:33 6.8:2222
  7.1:222 7.2:1111 7.3:22 7.4:11222 7.5:223 7.6:22
  8.1:1233 8.2:1123 8.3:133 8.4:23
  9.1:111 9.2:1222
  10.1:22 10.2:223 10.3:22223 10.4:1111122222233333 10.5:22222 10.6:22 10.7:222
  11.1:2233 11.2:22233 11.3:11233 11.4:1222 11.5:23 11.6:23 11.7:33
  12.1:12233 12.2:11 12.3:22223
  13.1:2333 13.2:222223 13.3:2233 13.4:1222233
  14.1:22 14.2:12223333 14.3:122
  15.1:12233 15.2:12233 15.3:1222222 15.4:3333
  16.1:2 16.2:22222 16.3:2222 16.4:222 16.5:2223
  17.1:23 17.2:22223333 17.3:22`
  .trim()
  .split(/\s+/)
  .map((one) => one.split(":") as [section: string, levels: string]);

/** How many lettered items each control point of the third level has (0: one without a letter); 8.1.1 and 8.1.6 to 8.1.10 by points. */
const LETTERS: Readonly<Record<string, readonly number[]>> = {
  "8.1.2": [5, 2, 0],
  "8.1.3": [4, 5, 4, 2, 4, 0],
  "8.1.4": [4, 7, 4, 6, 0, 0, 2, 2, 3, 2, 2],
  "8.1.5": [2, 2, 2, 6],
};
const POINTS: Readonly<Record<string, number>> = {
  "8.1.1": 10,
  "8.1.6": 4,
  "8.1.7": 5,
  "8.1.8": 4,
  "8.1.9": 10,
  "8.1.10": 14,
};

test("every requirement of ASVS 5.0.0 at levels 1 and 2 stands in the table once, with its level", () => {
  const wanted = LEVELS.flatMap(([section, levels]) =>
    [...levels].flatMap((level, at) => (level === "3" ? [] : [`V${section}.${at + 1} ${level}`])),
  );
  expect(wanted).toHaveLength(253);
  expect(asvs.map(({ number, level }) => `${number} ${level}`).toSorted()).toEqual(wanted.toSorted());
});

test("every item of GB/T 22239-2019 at the third level stands in the table once", () => {
  const lettered = Object.entries(LETTERS).flatMap(([chapter, points]) =>
    points.flatMap((count, at) =>
      count === 0
        ? [`${chapter}.${at + 1}`]
        : Array.from({ length: count }, (_, n) => `${chapter}.${at + 1} ${String.fromCodePoint(97 + n)}`),
    ),
  );
  expect(lettered).toHaveLength(74);
  const points = Object.entries(POINTS).flatMap(([chapter, count]) =>
    Array.from({ length: count }, (_, n) => `${chapter}.${n + 1}`),
  );
  expect(gbt.map(({ number }) => number).toSorted()).toEqual([...lettered, ...points].toSorted());
});

describe("no state without what shows it", () => {
  test("what is met, or left to the operator, names evidence; what is not says why", () => {
    for (const { number, state, why, evidence: names } of [...asvs, ...gbt]) {
      expect(states, number).toContain(state);
      if (state === "met" || state === "operator") expect(names, number).not.toEqual([]);
      if (state !== "met") expect(why, number).not.toBe("");
      expect(
        names.filter((name) => !evidence.has(name)),
        number,
      ).toEqual([]);
    }
  });

  test("the file, the test's title, or the document's heading is there", () => {
    expect(evidence.size).toBeGreaterThan(100);
    for (const [name, { file, title }] of evidence) {
      expect(existsSync(join(projectRoot, file)), `${name}: ${file}`).toBe(true);
      const text = textOf(file);
      if (file.endsWith(".md"))
        expect(text.split("\n"), `${name}: ${title}`).toContainEqual(
          expect.stringMatching(new RegExp(`^#+ ${title.replaceAll(/[.*+?()[\]{}|\\^$]/g, "\\$&")}$`)),
        );
      else {
        expect(file, name).toMatch(/\.test\.ts$/);
        const titles = [
          ...text.matchAll(/\b(?:test|it)(?:\.[a-zA-Z]+(?:\([^)]*\))?)?\(\s*(["'`])((?:\\.|(?!\1).)*)\1/g),
        ].map(([, , one]) => one!.replaceAll("\\", ""));
        expect(titles, name).toContain(title);
      }
    }
  });

  test("nothing is kept in the list of evidence that no row names", () => {
    const used = new Set([...asvs, ...gbt].flatMap((item) => item.evidence));
    expect([...evidence.keys()].filter((name) => !used.has(name))).toEqual([]);
  });

  test("the sums above the tables are the tables' own", () => {
    const count = (items: readonly Item[]) =>
      states.map((state) => String(items.filter((item) => item.state === state).length));
    for (const [path, items, chapterOf] of [
      ["docs/security/asvs.md", asvs, (cell: string) => `${cell.split(" ")[0]}.`],
      ["docs/security/gbt-22239.md", gbt, (cell: string) => `${cell.split(" ")[0]}.`],
    ] as const) {
      const sums = rowsOf(path, /^(V\d+|8\.1\.\d+) \S/).filter((row) => row.length === 5);
      expect(sums.length).toBeGreaterThan(9);
      for (const [chapter, ...numbers] of sums)
        expect(numbers, chapter).toEqual(count(items.filter(({ number }) => number.startsWith(chapterOf(chapter!)))));
      expect(rowsOf(path, /^(together|合计)$/)[0]!.slice(1)).toEqual(count(items));
    }
  });
});

test("what the page says of itself is so: its gaps are numbered, and each page it names is there", () => {
  const page = textOf("docs/security.md");
  const gaps = page.split("## Gaps, heaviest first")[1]!.split("## ")[0]!;
  expect([...gaps.matchAll(/^(\d+)\. /gm)].map(([, n]) => Number(n))).toEqual(
    Array.from({ length: [...gaps.matchAll(/^\d+\. /gm)].length }, (_, n) => n + 1),
  );
  for (const [, target] of page.matchAll(/\]\(([a-z][^)#]+\.md)\)/g))
    expect(existsSync(join(projectRoot, "docs", target!)), target).toBe(true);
});
