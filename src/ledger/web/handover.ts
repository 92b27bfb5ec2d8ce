import type { LedgerKind } from "../contract.ts";

/** 湘人社规〔2021〕10号（十三）names two tables and a day for Hunan; no text of Gansu or Jining does (catalogue 0.3). */
const HUNAN = "43";
const monthlyKinds: readonly LedgerKind[] = ["work-ledger", "post-roster"];

/** Whether an office of this region is owed this table each month, so that a missing or late one is worth saying. */
export function owedMonthly(region: string, kind: LedgerKind): boolean {
  return region.startsWith(HUNAN) && monthlyKinds.includes(kind);
}
