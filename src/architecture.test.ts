import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { describe, expect, test } from "vitest";
import { doors, MAX_LINES, parts, type Part } from "./architecture.ts";
import { locks } from "./platform/db/locks.ts";

const root = import.meta.dirname;
const IMPORT = /(?:^|\n)\s*(?:import|export)\s(?:[^"';]*?\sfrom\s)?"([^"]+)"|import\(\s*"([^"]+)"\s*\)/g;

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory()
      ? files(path)
      : /\.tsx?$/.test(entry.name) && !entry.name.endsWith(".d.ts")
        ? [path]
        : [];
  });
}

const sources = files(root).map((path) => {
  const text = readFileSync(path, "utf8");
  return {
    path,
    name: relative(root, path).split(sep).join("/"),
    text,
    imports: [...text.matchAll(IMPORT)].map((match) => (match[1] ?? match[2])!),
  };
});

const partOf = (name: string): Part | null => (name.includes("/") ? (name.split("/")[0] as Part) : null);

/** Part and inner path that an import leads to; null for packages. */
function target(from: string, specifier: string): { part: Part; inner: string } | null {
  if (specifier.startsWith("#")) {
    const [part, ...rest] = specifier.slice(1).split("/");
    return { part: part as Part, inner: rest.length === 0 ? "index.ts" : `${rest.join("/")}.ts` };
  }
  if (!specifier.startsWith(".")) return null;
  const path = relative(root, resolve(dirname(from), specifier))
    .split(sep)
    .join("/");
  const part = partOf(path);
  return part && part in parts ? { part, inner: path.slice(part.length + 1) } : null;
}

describe("the house", () => {
  test("every part is named in architecture.ts", () => {
    const found = readdirSync(root).filter(
      (name) => statSync(join(root, name)).isDirectory() && files(join(root, name)).length > 0,
    );
    expect(found.filter((name) => !(name in parts))).toEqual([]);
  });

  test("who knows whom is as written, and acyclic by order", () => {
    const order = Object.keys(parts);
    for (const [part, known] of Object.entries(parts))
      for (const other of known) expect(order.indexOf(other)).toBeLessThan(order.indexOf(part));
    const strangers = sources.flatMap(({ path, name, imports }) => {
      const own = partOf(name);
      if (own === null || !(own in parts)) return [];
      const known: readonly string[] = parts[own];
      return imports.flatMap((specifier) => {
        const to = target(path, specifier);
        // A rule's SQL is tried on a database; the rule itself knows of none.
        if (to?.part === "platform" && name.endsWith(".database.test.ts")) return [];
        return to && to.part !== own && !known.includes(to.part) ? [`${name} → ${specifier}`] : [];
      });
    });
    expect(strangers).toEqual([]);
  });

  test("domains are entered by their two doors only", () => {
    const windows = sources.flatMap(({ path, name, imports }) => {
      const own = partOf(name);
      if (own === null && (doors as readonly string[]).includes(name)) return [];
      return imports.flatMap((specifier) => {
        const to = target(path, specifier);
        // The platform is a library of small modules, entered by file; everything else by its doors.
        if (!to || to.part === own || to.part === "platform" || to.part === "kernel") return [];
        if (to.part === "ui" && to.inner === "index.ts") return [];
        // Tests arrange rows of the domains they stand on by those domains' own fixtures.
        if (/(\.test|fixtures)\.ts$/.test(name) && to.inner === "fixtures.ts") return [];
        return specifier.startsWith("#") && ["index.ts", "contract.ts"].includes(to.inner)
          ? []
          : [`${name} → ${specifier}`];
      });
    });
    expect(windows).toEqual([]);
  });

  test("contracts and pages know no server: no Node, no database", () => {
    const impure = sources.flatMap(({ path, name, imports }) => {
      const isContract = /(^|\/)[\w-]*contract\.ts$/.test(name);
      const isPage = /\/(web|citizen|phone)\//.test(name) || name.startsWith("ui/");
      if (name.endsWith(".test.ts") || name.endsWith(".test.tsx") || (!isContract && !isPage)) return [];
      return imports.flatMap((specifier) => {
        if (specifier.startsWith("node:") || ["pg", "kysely", "fastify", "graphile-worker"].includes(specifier))
          return [`${name} → ${specifier}`];
        const to = target(path, specifier);
        if (!to) return [];
        if (to.part === "platform")
          return /^(contract|money|dates\/index|privacy\/index|browser\/dom|day-words)\.ts$/.test(to.inner)
            ? []
            : [`${name} → ${specifier}`];
        return to.part !== partOf(name) && to.part !== "ui" && to.inner === "index.ts"
          ? [`${name} → ${specifier}`]
          : [];
      });
    });
    expect(impure).toEqual([]);
  });

  test("SQL is written in stores, migrations and the parts that are made of SQL", () => {
    const elsewhere = sources.filter(({ name, imports }) => {
      if (
        name.endsWith(".test.ts") ||
        name.endsWith("fixtures.ts") ||
        name.includes("/web/") ||
        name.startsWith("platform/")
      )
        return false;
      return name.endsWith("contract.ts") && imports.includes("kysely");
    });
    expect(elsewhere.map(({ name }) => name)).toEqual([]);
  });

  test(`files stay under ${MAX_LINES} lines`, () => {
    const long = sources.filter(
      ({ name, text }) =>
        !name.endsWith("db/types.ts") && !/\.test\.tsx?$/.test(name) && text.split("\n").length > MAX_LINES,
    );
    expect(long.map(({ name, text }) => `${name}: ${text.split("\n").length}`)).toEqual([]);
  });

  test("dates are never made from text, and nothing is any", () => {
    const wrong = sources.filter(
      ({ name, text }) =>
        !name.endsWith("db/types.ts") &&
        !name.includes(".test.") &&
        /new Date\((?:"|'|`|[a-z]\w*\.(?:text|date)\b)/.test(text),
    );
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });
});

describe("advisory locks", () => {
  test("each purpose has a number of its own", () => {
    expect(new Set(Object.values(locks)).size).toBe(Object.keys(locks).length);
  });

  test("no number is written elsewhere, but those that migrations say", () => {
    const NUMBER = /\b7_?146_?\d{3}\b/;
    const written = sources.filter(({ name, text }) => name !== "platform/db/locks.ts" && NUMBER.test(text));
    expect(written.map(({ name }) => name)).toEqual([]);
    const said = readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".sql"))
      .flatMap((name) =>
        [...readFileSync(join(root, name), "utf8").matchAll(/\b7146\d{3}\b/g)].map(([number]) => Number(number)),
      );
    expect(new Set(said)).toEqual(new Set<number>([locks.history, locks.seals]));
  });
});
