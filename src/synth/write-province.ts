import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { platformProblems, refuse } from "../platform/problem.ts";
import { isoDay, lastDayOf, monthOfDay, monthText, type DayNumber } from "./calendar.ts";
import { countyBatches, countyRows, defaultThreads } from "./county-batches.ts";
import { writeCsv, type CsvEncoding } from "./csv-file.ts";
import { summariseDifferences, type DifferenceSummary } from "./differences.ts";
import { formKinds, formOf, type AnyForm, type FormId, type FormKind } from "./forms.ts";
import type { GroupId } from "./groups.ts";
import { officeHand } from "./hands.ts";
import { givenName, surname } from "./names.ts";
import { phoneNumber } from "./numbers.ts";
import { dayOf, Population } from "./population.ts";
import { RandomSource } from "./random.ts";
import type { County, DivisionRow } from "./territory.ts";
import { writeWorkbook, type OfficeSheet } from "./xlsx-file.ts";

/** Sizes in persons on the work ledger. A whole province is as large as its source says (hn-2024-102, gs-2025). */
export const sizes = ["village", "county", "prefecture", "province"] as const;
export type Size = (typeof sizes)[number];

const SIZE_PERSONS: Record<Size, number> = { village: 300, county: 20_000, prefecture: 200_000, province: 2_542_000 };
const SIZE_CODE_LENGTHS: Record<Size, number> = { village: 12, county: 6, prefecture: 4, province: 2 };
const PROVINCE_PERSONS: Readonly<Record<string, number>> = { "43": 2_542_000, "62": 1_900_000 };

/** csv: one file in UTF-8; csv-gb18030: the same in GB18030; xlsx: one workbook per county; xlsx-villages: with a sheet per village, each in its clerk's hand. */
export const fileFormats = ["csv", "csv-gb18030", "xlsx", "xlsx-villages"] as const;
export type FileFormat = (typeof fileFormats)[number];

export interface PopulationSize {
  readonly size: Size;
  readonly seed: string;
  /** Any code inside a county for size village, of the county for size county, and so on; what is wider is cut. */
  readonly region: string;
  /** Another number of persons than the size's own. */
  readonly persons?: number;
  readonly divisions: Iterable<DivisionRow>;
}

export interface ProvinceOptions extends PopulationSize {
  /** "2025-06" for the whole month, "2025-06-18" for what had happened by that day. */
  readonly month: string;
  readonly outFolder: string;
  readonly formats: readonly FileFormat[];
  /** The work ledger only, unless more are asked for. */
  readonly kinds?: readonly FormKind[];
  /** Lists of single groups besides. */
  readonly groups?: readonly GroupId[];
  /** Also write what a comparison with the month before must find. */
  readonly withDifferences?: boolean;
  /** How many threads compute a CSV file, by default one per processor for large ones. The file is the same whatever their number. */
  readonly threads?: number;
  /** Told after each file. */
  readonly onFile?: (file: WrittenFile) => void;
}

export interface WrittenFile {
  readonly name: string;
  readonly kind: FormKind;
  readonly format: FileFormat;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

export interface WrittenProvince {
  readonly region: string;
  readonly day: string;
  readonly files: readonly WrittenFile[];
  readonly differences: DifferenceSummary | null;
}

export function createPopulation({ size, seed, region, persons, divisions }: PopulationSize): Population {
  const rows = [...divisions];
  const length = SIZE_CODE_LENGTHS[size];
  const code =
    region.length >= length
      ? region.slice(0, length)
      : rows.find((row) => row.code.length === length && row.code.startsWith(region) && !isNeighbourhood(row.code))
          ?.code;
  if (code === undefined)
    refuse(
      platformProblems.invalidInput(`区划 ${region} 之下没有 ${size} 一级的区划，请换一个区划或规模。`, ["region"]),
    );
  return new Population({
    seed,
    region: code,
    persons: persons ?? (size === "province" ? (PROVINCE_PERSONS[code] ?? SIZE_PERSONS.province) : SIZE_PERSONS[size]),
    divisions: rows,
  });
}

function isNeighbourhood(code: string): boolean {
  return code.length === 12 && Number(code.slice(9)) < 200;
}

/** Writes a month's tables as offices hand them over, with `manifest.json` about them and, if asked for, `differences.json`. */
export async function writeProvince(options: ProvinceOptions): Promise<WrittenProvince> {
  const population = createPopulation(options);
  const day = dayOf(options.month);
  await mkdir(options.outFolder, { recursive: true });
  const files: WrittenFile[] = [];
  const formIds: FormId[] = [
    ...(options.kinds ?? ["work-ledger" as const]),
    ...(options.groups ?? []).map((group) => `group:${group}` as const),
  ];
  for (const form of formIds.map(formOf)) {
    for (const format of options.formats) {
      for (const { name, rows } of await writeForm(population, form, day, format, options)) {
        const path = join(options.outFolder, name);
        const file = {
          name,
          kind: form.kind,
          format,
          rows,
          bytes: (await stat(path)).size,
          sha256: await digestOf(path),
        };
        files.push(file);
        options.onFile?.(file);
      }
    }
  }
  const before = monthOfDay(day) - 1;
  const dayBefore =
    lastDayOf(monthOfDay(day)) === day
      ? lastDayOf(before)
      : dayOf(`${monthText(before)}-${String(Math.min(day % 100, lastDayOf(before) % 100)).padStart(2, "0")}`);
  const differences = options.withDifferences === true ? summariseDifferences(population, dayBefore, day) : null;
  const written = { region: population.region, day: isoDay(day), files, differences };
  await writeFile(
    join(options.outFolder, "manifest.json"),
    `${JSON.stringify({ seed: options.seed, region: written.region, day: written.day, files }, null, 2)}\n`,
  );
  if (differences !== null)
    await writeFile(
      join(options.outFolder, "differences.json"),
      `${JSON.stringify({ before: isoDay(dayBefore), after: written.day, ...differences }, null, 2)}\n`,
    );
  return written;
}

async function writeForm(
  population: Population,
  form: AnyForm,
  day: DayNumber,
  format: FileFormat,
  { outFolder, seed, threads = defaultThreads(population) }: ProvinceOptions,
): Promise<{ name: string; rows: number }[]> {
  const random = RandomSource.fromSeed(seed).derive(formKinds.indexOf(form.kind));
  switch (format) {
    case "csv":
    case "csv-gb18030": {
      const encoding: CsvEncoding = format === "csv" ? "utf-8" : "gb18030";
      const name = `${placeName(population)}${monthWords(day)}${form.title}${format === "csv" ? "" : "（GB18030）"}.csv`;
      const headers = form.columns.map(({ header, flatHeader }) => flatHeader ?? header);
      return [
        {
          name,
          rows: await writeCsv(
            join(outFolder, name),
            headers,
            countyBatches(population, form, day, encoding, threads),
            encoding,
          ),
        },
      ];
    }
    case "xlsx":
    case "xlsx-villages": {
      const written: { name: string; rows: number }[] = [];
      for (const county of population.counties) {
        const name = `${county.name}${monthWords(day)}${form.title}${format === "xlsx" ? "" : "（分村）"}.xlsx`;
        const sheets =
          format === "xlsx"
            ? [countySheet(population, form, county, day, random)]
            : villageSheets(population, form, county, day, random);
        const counts = await writeWorkbook(join(outFolder, name), sheets);
        written.push({ name, rows: counts.reduce((a, b) => a + b, 0) });
      }
      return written;
    }
  }
}

function countySheet(
  population: Population,
  form: AnyForm,
  county: County,
  day: DayNumber,
  random: RandomSource,
): OfficeSheet {
  // Each village sent its own part, and nobody has unified the days.
  return {
    ...frameOf(county.name, `${county.name}人力资源和社会保障局`, form, day, random.derive(Number(county.code))),
    rows: () =>
      countyRows(population, form, county, day, (village) => officeHand(random, Number(village.code.slice(3)))),
  };
}

function villageSheets(
  population: Population,
  form: AnyForm,
  county: County,
  day: DayNumber,
  random: RandomSource,
): OfficeSheet[] {
  const names = new Map<string, number>();
  for (const { name } of county.villages) names.set(name, (names.get(name) ?? 0) + 1);
  return county.villages.map((village) => ({
    ...frameOf(
      names.get(village.name) === 1 ? village.name : village.town + village.name,
      `${village.town}${village.name}`,
      form,
      day,
      random.derive(Number(village.code.slice(3))),
    ),
    rows: () => form.cellsOf(population, village, day, officeHand(random, Number(village.code.slice(3))), 1),
  }));
}

function frameOf(
  name: string,
  sender: string,
  form: AnyForm,
  day: DayNumber,
  random: RandomSource,
): Omit<OfficeSheet, "rows"> {
  const clerk = (at: number) => surname(random, "han", at) + givenName(random, at % 2 === 0 ? "female" : "male", at);
  return {
    name: name.slice(0, LONGEST_SHEET_NAME),
    title: `${name}${monthWords(day)}${form.title}`,
    heading: `填报单位：${sender}　　　填报日期：${Math.floor(day / 10_000)}年${Math.floor(day / 100) % 100}月${day % 100}日`,
    columns: form.columns,
    signature: `填表人：${clerk(0)}　　　审核人：${clerk(1)}　　　联系电话：${phoneNumber(random, 0)}`,
  };
}

const LONGEST_SHEET_NAME = 31;

function placeName({ region, counties }: Population): string {
  const [first] = counties;
  if (region.length === 2) return first!.province;
  if (region.length === 4) return first!.prefecture;
  return region.length === 12 ? first!.villages[0]!.name : first!.name;
}

function monthWords(day: DayNumber): string {
  return `${Math.floor(day / 10_000)}年${Math.floor(day / 100) % 100}月`;
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
