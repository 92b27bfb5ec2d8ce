import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { constants, gzipSync } from "node:zlib";
import { build, type Manifest } from "vite";
import { LIGHT_MANIFEST } from "../src/platform/http/public-pages.ts";

const root = resolve(fileURLToPath(import.meta.url), "../..");
const output = join(root, "dist/web");
const stampFile = join(output, ".source-hash");

/** What the first screen of an office may weigh, compressed (experience.md). */
const FIRST_SCREEN_BUDGET_KB = 450;
/** What the calculator may weigh with the rules of a place (experience.md). */
export const CALCULATOR_BUDGET_KB = 60;
/** What any other page for telephones may weigh. */
export const PHONE_PAGE_BUDGET_KB = 150;
/** Pages for everybody: a script of their own each, without the components of the offices' screen. */
const LIGHT_ENTRIES = [
  "src/policy/citizen/page.ts",
  "src/policy/citizen/calculator.ts",
  "src/policy/citizen/keep-worker.ts",
  "src/citizens/phone/my.ts",
  "src/citizens/phone/apply.ts",
];
const SOURCES = ["src", "index.html", "vite.config.ts", "package-lock.json"];
const COMPRESSED = /\.(js|css|html|svg|json)$/;
const LEAST_BYTES = 1024;

export interface WebBuild {
  /** Folder to serve. */
  readonly folder: string;
  /** false: the sources are those of the last build. */
  readonly built: boolean;
}

/** Builds the pages once per state of their sources; `wengang serve` calls it at each start. */
export async function ensureWeb(): Promise<WebBuild> {
  const hash = sourceHash();
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === hash) return { folder: output, built: false };
  await build({ root, logLevel: "warn" });
  await buildLightPages();
  compress(output);
  writeFileSync(stampFile, hash);
  return { folder: output, built: true };
}

/** Written for what phones of 2020 run (Chrome 80, WeChat's view), beside the offices' pages. */
async function buildLightPages(): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    build: {
      outDir: output,
      emptyOutDir: false,
      manifest: LIGHT_MANIFEST,
      target: ["es2019", "chrome80", "safari13"],
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: LIGHT_ENTRIES,
        treeshake: {
          moduleSideEffects: [
            { test: /[\\/]src[\\/](?!policy[\\/]citizen[\\/]|citizens[\\/]phone[\\/]).*\.ts$/, sideEffects: false },
          ],
        },
      },
    },
  });
}

/** Compressed size of the script and style sheet of a light page. */
export function lightPageSize(source: string): number {
  const manifest = JSON.parse(readFileSync(join(output, LIGHT_MANIFEST), "utf8")) as Manifest;
  return weigh([...closure(manifest, source)]);
}

function sourceHash(): string {
  const digest = createHash("sha256");
  for (const source of SOURCES)
    for (const file of filesUnder(join(root, source)))
      digest.update(relative(root, file)).update("\0").update(readFileSync(file)).update("\0");
  return digest.digest("hex");
}

/** Everything a page may be built from: tests and SQL do not change it. */
function filesUnder(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(tsx?|css|svg|html)$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** The server sends the compressed twin where the browser takes it; compressing here costs once, there each time. */
function compress(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !COMPRESSED.test(entry.name) || statSync(file).size < LEAST_BYTES) continue;
    writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: constants.Z_BEST_COMPRESSION }));
  }
}

interface PageSize {
  readonly name: string;
  readonly kilobytes: number;
}

/** Compressed size of the first screen (everything the workbench needs) and what each other page adds to it. */
export function pageSizes(): { first: number; pages: PageSize[] } {
  const manifest = JSON.parse(readFileSync(join(output, ".vite/manifest.json"), "utf8")) as Manifest;
  const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry);
  if (!entry) throw new Error("no entry in the build's manifest");
  const home = Object.keys(manifest).find((key) => key.endsWith("workbench/web/HomePage.tsx"));
  const first = new Set([...closure(manifest, entry), ...(home ? closure(manifest, home) : [])]);
  const pages = Object.keys(manifest)
    .filter((key) => manifest[key]?.isDynamicEntry && key !== home)
    .map((key) => ({ name: key, kilobytes: weigh([...closure(manifest, key)].filter((file) => !first.has(file))) }))
    .toSorted((a, b) => b.kilobytes - a.kilobytes);
  return { first: weigh(["index.html", ...first]), pages };
}

function closure(manifest: Manifest, key: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[key];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const sheet of chunk.css ?? []) seen.add(sheet);
  for (const imported of chunk.imports ?? []) closure(manifest, imported, seen);
  return seen;
}

function weigh(files: readonly string[]): number {
  return (
    files.reduce(
      (sum, file) => sum + gzipSync(readFileSync(join(output, file)), { level: constants.Z_BEST_COMPRESSION }).length,
      0,
    ) / 1024
  );
}

if (import.meta.main) {
  const { built } = await ensureWeb();
  const { first, pages } = pageSizes();
  const line = (name: string, kilobytes: number) => `${kilobytes.toFixed(1).padStart(8)} KB  ${name}\n`;
  process.stdout.write(
    `${built ? "built" : "unchanged"}: ${relative(root, output)}\n${line(`first screen, gzip (budget ${FIRST_SCREEN_BUDGET_KB})`, first)}`,
  );
  for (const entry of LIGHT_ENTRIES) process.stdout.write(line(`light page ${entry}`, lightPageSize(entry)));
  for (const page of pages) process.stdout.write(line(`+ ${page.name}`, page.kilobytes));
  if (first > FIRST_SCREEN_BUDGET_KB) {
    process.stderr.write(`the first screen is over its budget of ${FIRST_SCREEN_BUDGET_KB} KB\n`);
    process.exitCode = 1;
  }
}
