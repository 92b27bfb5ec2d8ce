import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { levelOfCode, parentCode, type Division, type DivisionCode } from "./division.ts";
import { everydayVillageName } from "./names.ts";

/** Regions shipped down to the village: 湖南省, 甘肃省, 济宁市. The rest of the country ends at the county. */
export const TOWN_SLICES: readonly DivisionCode[] = ["43", "62", "3708"];

/** Rows that exist in the tables only to fill a level; nobody writes them, and full names leave them out. */
const FILLERS: ReadonlySet<string> = new Set(["市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"]);

export function isFiller(division: Pick<Division, "name" | "level">): boolean {
  return division.level === "prefecture" && FILLERS.has(division.name);
}

/** All shipped divisions, a parent always before its children. A third of a second for all of them; hold on to the result. */
export function* loadDivisions(): Generator<Division> {
  const fullNames = new Map<DivisionCode, string>();
  yield* withFullNames(readDataFile("national"), fullNames);
  for (const slice of TOWN_SLICES) yield* withFullNames(readDataFile(`towns-villages-${slice}`), fullNames);
}

function* withFullNames(rows: Iterable<CodeAndName>, fullNames: Map<DivisionCode, string>): Generator<Division> {
  const source = [...rows];
  const names = distinctVillageNames(source, fullNames);
  for (const row of source) {
    const level = levelOfCode(row.code)!;
    const parent = parentCode(row.code);
    const name = names.get(row.code) ?? row.name;
    const before = parent === null ? "" : fullNames.get(parent)!;
    const hidden = isFiller({ name, level });
    // 东莞市 (4419) has one county-level row of the same name (441900).
    const fullName = hidden || before.endsWith(name) ? before : before + name;
    if (level !== "village") fullNames.set(row.code, fullName);
    yield { code: row.code, name, fullName, level, parent };
  }
}

/** Everyday names, except where two villages of one town would then be called the same. */
function distinctVillageNames(
  rows: readonly CodeAndName[],
  fullNames: ReadonlyMap<DivisionCode, string>,
): Map<DivisionCode, string> {
  const names = new Map<DivisionCode, string>();
  const takenBy = new Map<string, CodeAndName>();
  const townNames = new Map(rows.filter((row) => row.code.length === 9).map((row) => [row.code, row.name]));
  for (const row of rows) {
    if (row.code.length !== 12) continue;
    const town = parentCode(row.code)!;
    const name = everydayVillageName(withoutTown(row.name, townNames.get(town)!, fullNames.get(town.slice(0, 6))!));
    const place = `${town}${name}`;
    const other = takenBy.get(place);
    if (other === undefined) {
      takenBy.set(place, row);
      names.set(row.code, name);
    } else {
      names.set(other.code, other.name);
      names.set(row.code, row.name);
    }
  }
  return names;
}

/** A few rows of the source begin with their own county and town: 韶山市清溪镇火车站社区. */
function withoutTown(village: string, town: string, countyFullName: string): string {
  const at = village.indexOf(town);
  return at > 0 && countyFullName.endsWith(village.slice(0, at)) ? village.slice(at + town.length) : village;
}

export interface CodeAndName {
  code: string;
  name: string;
}

/** Reads one of the slices described in data/README.md. */
export function* readDataFile(name: string): Generator<CodeAndName> {
  const text = gunzipSync(readFileSync(join(import.meta.dirname, "data", `${name}.tsv.gz`))).toString("utf8");
  let start = 0;
  while (start < text.length) {
    const tab = text.indexOf("\t", start);
    const end = text.indexOf("\n", tab);
    yield { code: text.slice(start, tab), name: text.slice(tab + 1, end) };
    start = end + 1;
  }
}
