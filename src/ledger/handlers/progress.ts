import { regionNames, regionsUnder } from "#registry";
import { sql } from "kysely";
import { handle, type Handler } from "../../platform/module.ts";
import { handoverDueOn, handoverRuleOf, monthProgress } from "../contract.ts";
import { batchesSpeakingFor } from "../store.ts";
import { scopeOf } from "./batches.ts";

export const progressHandlers: readonly Handler[] = [
  handle(monthProgress, async (context, input) => {
    const scope = scopeOf(context);
    const regions = await regionsUnder(context.tx, scope);
    const digits = regions[0]?.code.length ?? 12;
    // A town reads no batch of its county, yet must know that the county has done its month: asked with the worker's eyes,
    // and answered with nothing but what each batch covers and how far it is. People below are counted with the town's own.
    const batches = await batchesSpeakingFor(context.services.database.worker, scope, input.kind, input.month);
    const waiting = batches.filter((batch) => batch.state === "compared").map((batch) => batch.batch_id);
    const faults = await countByRegion(sql<{
      code: string;
      n: string;
    }>`SELECT left(region, ${digits}) AS code, count(DISTINCT (batch_id, sheet, row_no)) AS n FROM ledger.fault
      WHERE batch_id = ANY(${waiting}) AND severity = 'waiting' AND starts_with(region, ${scope}) GROUP BY 1`);
    const verify = await countByRegion(
      sql<{
        code: string;
        n: string;
      }>`SELECT left(home_region, ${digits}) AS code, count(*) AS n FROM registry.person_to_verify WHERE starts_with(home_region, ${scope}) GROUP BY 1`,
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
      batches.some(
        (batch) => states.includes(batch.state) && batch.coverage.some((covered) => code.startsWith(covered)),
      );
    const nameOf = await regionNames(
      context.tx,
      regions.map((region) => region.code),
    );
    const rule = handoverRuleOf(scope, input.kind);
    return {
      dueOn: rule ? handoverDueOn(rule, input.month) : null,
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
