import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DivisionCode } from "./division.ts";

/** A name that is not, or no longer, the division's own. Several rows with one name (a village that was split) make it ambiguous. */
export interface DivisionAlias {
  alias: string;
  /** The division as it is now. */
  code: DivisionCode;
  /** First day of the name; null when it was always so. */
  validFrom: string | null;
  /** Last day on which it was the official name; null for a name in daily use that never was official or still is. */
  validTo: string | null;
  /** In Chinese, shown to the clerk: 2016年与十八洞村合并. */
  note: string;
}

/** Invented renames and mergers inside the three demo counties. For the demo and for tests; never for a real installation. */
export function loadSampleAliases(): DivisionAlias[] {
  return parseAliases(readFileSync(join(import.meta.dirname, "data/sample-aliases.tsv"), "utf8"));
}

/** Reads `alias TAB code TAB validFrom TAB validTo TAB note`; lines that begin with # are remarks, an empty date is null. */
export function parseAliases(text: string): DivisionAlias[] {
  const aliases: DivisionAlias[] = [];
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const [alias, code, validFrom, validTo, note] = line.split("\t");
    if (alias === undefined || code === undefined || note === undefined)
      throw new Error(`alias line has too few columns: ${line}`);
    aliases.push({ alias, code, validFrom: validFrom || null, validTo: validTo || null, note });
  }
  return aliases;
}
