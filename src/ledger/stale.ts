import { sql } from "kysely";
import { nextState } from "../platform/contract.ts";
import type { Sweep } from "../platform/privacy/index.ts";
import { batchFlow } from "./contract.ts";
import { findBatch, patchBatch } from "./store.ts";
import { forgetStaged } from "./tasks.ts";

/** Batches that nobody finished: discarded, with all that was staged of people. Answers how many, by county. */
export const staleBatches: Sweep = {
  id: "ledger.staged",
  title: "没有办完的批次的暂存数据",
  period: "staged",
  table: "ledger.batch",
  async run(services, before, area, dry) {
    const { worker } = services.database;
    const { rows } = await sql<{ batch_id: string; county: string }>`
      SELECT batch_id, left(region, 6) AS county FROM ledger.batch
      WHERE state IN ('receiving', 'mapping', 'compared') AND business_date < ${before} AND starts_with(region, ${area}) ORDER BY batch_id`.execute(
      worker,
    );
    const counted = new Map<string, number>();
    for (const { batch_id: batchId, county } of rows) {
      const now = dry ? null : await findBatch(worker, batchId);
      if (now && nextState(batchFlow, now.state, "discard") !== null) {
        await patchBatch(worker, batchId, { state: "discarded" });
        await forgetStaged(services, batchId);
      }
      counted.set(county, (counted.get(county) ?? 0) + 1);
    }
    return [...counted].map(([county, n]) => ({ county, rows: n }));
  },
};
