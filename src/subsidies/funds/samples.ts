import type { SyntheticScope } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import { insertFundLine, moveLine } from "./store.ts";

/** Two million yuan of each fund: enough for what a demonstration pays. */
const SAMPLE_FEN = 200_000_000;
const DOCUMENT = "样例：非真实下达文件";

/** Money of a year for a demonstration's county, one line of each fund, marked as made up. A second run adds nothing. */
export async function addSampleFunds(
  tx: Tx,
  { region, asOf }: SyntheticScope,
  funds: readonly string[],
): Promise<void> {
  const year = Number(asOf.slice(0, 4));
  for (const fund of funds) {
    const line = {
      region,
      fund,
      level: "省级",
      year,
      document: DOCUMENT,
      rules: [],
      validFrom: `${year}-01-01`,
      validTo: null,
    };
    const fundLineId = await insertFundLine(tx, { ...line, sample: true });
    if (fundLineId === null) continue;
    const by = { officerId: null, officerName: "演示数据", businessDate: line.validFrom };
    await moveLine(tx, { fund_line_id: fundLineId, region }, "budget", SAMPLE_FEN, DOCUMENT, by);
  }
}
