import { regionNames } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import type { FundLine } from "../contract.ts";
import { placeOf } from "../places.ts";
import { leftOf, type StoredFundLine } from "./store.ts";

export async function toFundLines(tx: Tx, lines: readonly StoredFundLine[]): Promise<FundLine[]> {
  const nameOf = await regionNames(
    tx,
    lines.map(({ region }) => region),
  );
  return lines.map((line) => ({
    fundLineId: line.fund_line_id,
    place: placeOf(nameOf, line.region),
    fund: line.fund,
    level: line.level as FundLine["level"],
    year: line.year,
    document: line.document,
    rules: line.rules,
    validFrom: line.valid_from,
    validTo: line.valid_to,
    budgetFen: Number(line.budget_fen),
    reservedFen: Number(line.reserved_fen),
    spentFen: Number(line.spent_fen),
    leftFen: leftOf(line),
    sample: line.sample,
  }));
}
