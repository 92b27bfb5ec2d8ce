import { regionNames, regionsUnder } from "#registry";
import { sql } from "kysely";
import { addMonths } from "../../platform/dates/index.ts";
import { handle, type Handler } from "../../platform/module.ts";
import { monthProgress } from "../contract.ts";
import { scopeOf } from "./batches.ts";

/** 移交 is due on the 20th of the month after (HN10-13; the day itself is in time, AMB-27). */
export function handoverDueOn(month: string): string {
  return `${addMonths(month, 1)}-20`;
}

export const progressHandlers: readonly Handler[] = [
  handle(monthProgress, async (context, input) => {
    const scope = scopeOf(context);
    const regions = await regionsUnder(context.tx, scope);
    const digits = regions[0]?.code.length ?? 12;
    const day = `${input.month}-01`;
    const batches = await sql<{ coverage: string[]; state: string }>`
      SELECT coverage, state FROM ledger.batch WHERE kind = ${input.kind} AND month = ${day} AND counter_of IS NULL AND state NOT IN ('discarded', 'refused', 'undone') AND starts_with(region, ${scope})`.execute(
      context.tx,
    );
    const faults = await countByRegion(sql<{
      code: string;
      n: string;
    }>`SELECT left(f.region, ${digits}) AS code, count(DISTINCT (f.batch_id, f.sheet, f.row_no)) AS n FROM ledger.fault f JOIN ledger.batch b USING (batch_id)
      WHERE b.kind = ${input.kind} AND b.month = ${day} AND b.state = 'compared' AND f.severity = 'waiting' AND starts_with(b.region, ${scope}) AND starts_with(f.region, ${scope}) GROUP BY 1`);
    const verify = await countByRegion(
      sql<{
        code: string;
        n: string;
      }>`SELECT left(home_region, ${digits}) AS code, count(*) AS n FROM registry.person WHERE starts_with(home_region, ${scope}) AND work_state = 'to-verify' GROUP BY 1`,
    );
    const lines = await countByRegion(
      sql<{
        code: string;
        n: string;
      }>`SELECT left(home_region, ${digits}) AS code, count(*) AS n FROM ledger.line WHERE kind = ${input.kind} AND starts_with(home_region, ${scope}) GROUP BY 1`,
    );
    const reported = await countByRegion(
      sql<{
        code: string;
        n: string;
      }>`SELECT left(home_region, ${digits}) AS code, count(*) AS n FROM ledger.line WHERE kind = ${input.kind} AND starts_with(home_region, ${scope}) AND missing_since IS NULL GROUP BY 1`,
    );
    const covers = (code: string, states: readonly string[]) =>
      batches.rows.some(
        (batch) => states.includes(batch.state) && batch.coverage.some((covered) => code.startsWith(covered)),
      );
    const nameOf = await regionNames(
      context.tx,
      regions.map((region) => region.code),
    );
    return {
      dueOn: handoverDueOn(input.month),
      regions: regions.map(({ code }) => ({
        code,
        name: nameOf(code).name,
        received: covers(code, ["receiving", "mapping", "checking", "comparing", "compared", "applying", "applied"]),
        waiting: faults.get(code) ?? 0,
        toVerify: verify.get(code) ?? 0,
        confirmed: covers(code, ["applied"]),
        reported: covers(code, ["applied"]) ? (reported.get(code) ?? 0) : 0,
        known: lines.get(code) ?? 0,
      })),
    };

    async function countByRegion(
      query: ReturnType<typeof sql<{ code: string; n: string }>>,
    ): Promise<Map<string, number>> {
      const result = await query.execute(context.tx);
      return new Map(result.rows.map((row) => [row.code, Number(row.n)]));
    }
  }),
];
