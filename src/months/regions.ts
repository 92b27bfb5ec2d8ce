import { regionsUnder } from "#registry";
import type { Tx } from "../platform/db/database.ts";
import { inhabited } from "./store.ts";

const LEVELS: readonly number[] = [2, 4, 6, 9];
const TOWN_DIGITS = 9;

/** Provinces, cities, counties and towns close months; villages do not. */
export const isLevel = (region: string): boolean => LEVELS.includes(region.length);

/** The regions right below that owe a month: those that hold anybody. A town has none. */
export async function expectedBelow(tx: Tx, region: string): Promise<string[]> {
  if (region.length >= TOWN_DIGITS) return [];
  const codes = (await regionsUnder(tx, region)).map(({ code }) => code);
  return inhabited(tx, region, codes);
}
