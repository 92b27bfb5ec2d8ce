import { writeFile } from "node:fs/promises";
import { isoDay, type DayNumber } from "./calendar.ts";
import type { Population } from "./population.ts";
import type { DivisionRow } from "./territory.ts";

/** What is needed of a row of the alias list. */
export interface AliasRow {
  readonly alias: string;
  readonly code: string;
  /** Last day of the name as the official one; null for names in daily use. */
  readonly validTo: string | null;
}

/**
 * The list of renamed villages for the planter of errors: former name, present name, town. Only villages renamed before the
 * day, and only former names that lead to one village: a village that was split cannot be repaired by rule.
 */
export async function writeRenamedVillages(
  path: string,
  aliases: Iterable<AliasRow>,
  divisions: Iterable<DivisionRow>,
  day: DayNumber,
): Promise<number> {
  const names = new Map([...divisions].map(({ code, name }) => [code, name]));
  const presentNames = new Set(
    [...names].filter(([code]) => code.length === 12).map(([code, name]) => code.slice(0, 6) + name),
  );
  const byAlias = Map.groupBy(
    [...aliases].filter(({ code, validTo }) => code.length === 12 && validTo !== null && validTo < isoDay(day)),
    ({ alias, code }) => code.slice(0, 6) + alias,
  );
  const lines: string[] = [];
  for (const [name, rows] of byAlias) {
    const [{ alias, code }] = rows as [AliasRow];
    if (rows.length === 1 && !presentNames.has(name))
      lines.push(`${alias}\t${names.get(code)}\t${names.get(code.slice(0, 9))}\n`);
  }
  await writeFile(path, lines.join(""));
  return lines.length;
}

/** People of another territory for the planter of errors: name and identity number. */
export async function writeForeignPersons(
  path: string,
  population: Population,
  day: DayNumber,
  count: number,
): Promise<void> {
  let lines = "";
  let left = count;
  for (const { person } of population.listed(day)) {
    // Those who married in have a number of another county, which the file may well be from.
    if (!person.identityNumber.startsWith(population.counties[0]!.code)) continue;
    if (left-- === 0) break;
    lines += `${person.name}\t${person.identityNumber}\n`;
  }
  await writeFile(path, lines);
}
