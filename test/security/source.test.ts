import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../src/platform/config.ts";

/** What is kept in the repository, tracked or not; not what is installed, built or written by a running program. */
const listed = [
  ...readdirSync(projectRoot).filter((name) => name.includes(".") && !/^\.(git|cache)$|\.(keys|backups)$/.test(name)),
  ...["bench", "bin", "docs", "policies", "scripts", "src", "test"].flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: "utf8" }).map((path) => `${folder}/${path}`),
  ),
].filter(
  (path) =>
    !path.startsWith("bench/results/") &&
    (/\.(ts|tsx|js|mjs|json|ya?ml|md|sql|html|sh|env|pem|key|toml)$|^\.npmrc$/.test(path) || /^bin\/\w+$/.test(path)),
);
const textOf = (path: string) => readFileSync(join(projectRoot, path), "utf8");
/** What runs in an installation: neither tests nor what arranges them, nor what makes synthetic people. */
const program = listed.filter(
  (path) =>
    /^src\/.*\.tsx?$/.test(path) &&
    !/\.test\.|fixture|\/testing\/|\/agreement\/|^src\/(synth|plant)\/|\/demo\//.test(path),
);
/** `path: line` of each match outside the places that are known. */
const found = (paths: readonly string[], pattern: RegExp, known: readonly string[] = []) =>
  paths
    .filter((path) => !known.includes(path))
    .flatMap((path) =>
      textOf(path)
        .split("\n")
        .filter((line) => pattern.test(line) && !/^\s*(\*|\/\/|\/\*)/.test(line))
        .map((line) => `${path}: ${line.trim()}`),
    );

test("no secret lies in the repository", () => {
  const secrets = [
    /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*$/,
    /\bAKIA[0-9A-Z]{16}\b/,
    /\bgh[pousr]_[A-Za-z0-9]{36}\b/,
    /\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\./,
    /\b(?:postgres(?:ql)?|https?|redis|amqp):\/\/[^\s:/@"'`$<>{}…]+:(?!password@|secret@|…)[^\s@"'`$<>{}…]{3,}@/,
    /\b(?:secret|token|api_?key)["']?\s*[:=]\s*["'](?!test|a-secret-of)[A-Za-z0-9+/_-]{32,}["']/i,
  ];
  const ours = listed.filter((path) => path !== "test/security/source.test.ts" && path !== "package-lock.json");
  expect(secrets.flatMap((pattern) => found(ours, pattern))).toEqual([]);
  expect(listed.filter((path) => /(^|\/)(\.env|master\.key|.*\.(pem|p12|pfx|key))$/.test(path))).toEqual([]);
  const ignored = textOf(".gitignore");
  expect(ignored).toMatch(/^\/?data/m);
});

test("no text becomes a program: no eval, no markup from strings, no shell", () => {
  expect(found(program, /\beval\(|new Function\(|\bimport\((?!["'`])[^)]*(?:input|request|params)/)).toEqual([]);
  expect(
    found(program, /dangerouslySetInnerHTML|\.(?:inner|outer)HTML\s*=|insertAdjacentHTML|document\.write/),
  ).toEqual([]);
  expect(found(program, /\bexecSync\(|\bshell:\s*true|from "node:vm"/)).toEqual([]);
  const starters = program.filter((path) => /from "node:child_process"/.test(textOf(path)));
  expect(
    starters.every((path) => /^src\/(platform\/postgres\/|server\.ts|worker\.ts|cli\.ts)/.test(path)),
    starters.join(),
  ).toBe(true);
});

test("what must not be guessed comes from the system's generator", () => {
  expect(found(program, /Math\.random/)).toEqual([]);
});

test("only the algorithms that the inventory names are used", () => {
  const inventory = textOf("docs/security.md");
  const named = program.flatMap((path) =>
    [
      ...textOf(path).matchAll(
        /(?:createHash|createHmac|hash|hkdfSync|createCipheriv|createDecipheriv)\(\s*"([a-z0-9-]+)"/g,
      ),
    ].map(([, algorithm]) => ({ path, algorithm: algorithm! })),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(new Set(named.map(({ algorithm }) => algorithm).filter((one) => !inventory.includes(`\`${one}\``)))).toEqual(
    new Set(),
  );
  expect(named.filter(({ algorithm }) => /des|rc4|ecb|cbc/.test(algorithm))).toEqual([]);
  // Names for things that need no secrecy: nobody is kept out by them.
  expect(named.filter(({ algorithm }) => algorithm === "md5").map(({ path }) => path)).toEqual([
    "src/duplicates/matching/match.ts",
    "src/ledger/check/row.ts",
  ]);
  // Of a list that others keep by it; nothing of ours rests on it.
  expect(named.filter(({ algorithm }) => algorithm === "sha1").map(({ path }) => path)).toEqual([
    "src/identity/sessions/breached-passwords.ts",
  ]);
});

test("the program calls nobody but where the list of calls says", () => {
  const server = program.filter((path) => !/\/web\/|^src\/ui\/|^src\/web\.tsx|\/phone\/|\/citizen\//.test(path));
  const callers = server.filter((path) =>
    /(?<![.\w])fetch\(|AwsClient|openid-client|import \{[^}]*\b(?:request|get|connect|createConnection|createSocket)\b[^}]*\} from "node:(?:https?|net|tls|dgram)"/.test(
      textOf(path),
    ),
  );
  const list = textOf("docs/security.md");
  expect(callers.filter((path) => !list.includes(path))).toEqual([]);
  expect(callers).toContain("src/platform/messages.ts");
  // A redirect would carry a code or a signature to whoever is named in it.
  expect(found(["src/platform/messages.ts", "src/platform/files/s3.ts"], /redirect: "error"/)).toHaveLength(4);
});

test("every package comes from the registry, with its digest", () => {
  const lock = JSON.parse(textOf("package-lock.json")) as {
    packages: Record<
      string,
      { resolved?: string; integrity?: string; link?: boolean; dev?: boolean; optional?: boolean }
    >;
  };
  const packages = Object.entries(lock.packages).filter(([path, one]) => path !== "" && !one.link);
  expect(packages.length).toBeGreaterThan(100);
  // What npm has never fetched on the machine that wrote the file: tools' parts for other systems.
  const needed = packages.filter(([, one]) => !(one.dev && one.optional));
  const odd = needed.filter(
    ([, one]) =>
      (one.resolved !== undefined && !one.resolved.startsWith("https://registry.npmjs.org/")) ||
      !one.integrity?.startsWith("sha512-"),
  );
  expect(odd.map(([path]) => path)).toEqual([]);
  const { dependencies, devDependencies } = JSON.parse(textOf("package.json")) as Record<
    string,
    Record<string, string>
  >;
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) => !/^\d/.test(version));
  expect(loose).toEqual([]);
});

test("the browser keeps filters and widths, and nothing of people", () => {
  const keepers = program.filter((path) => /localStorage|sessionStorage|indexedDB|\bcaches\.open/.test(textOf(path)));
  expect(keepers.toSorted()).toEqual(["src/policy/citizen/keep-worker.ts", "src/ui/remembered.ts"]);
});
