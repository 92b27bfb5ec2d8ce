import { handoverRuleOf, ledgerKindLabels, type LedgerKind } from "#ledger";
import { regionNames } from "#registry";
import { sql } from "kysely";
import type { Tx } from "../platform/db/database.ts";
import type { OpenWork } from "./contract.ts";
import { countQuality } from "./quality.ts";
import { monthsOf } from "./store.ts";

const COUNTY_DIGITS = 6;

interface BatchAtWork {
  readonly batch_id: string;
  readonly kind: LedgerKind;
  readonly state: string;
  readonly region: string;
}

/** What is still open before a month is closed: batches, tables that never came, rows and tasks, and the regions right below. */
export async function openWorkOf(
  tx: Tx,
  region: string,
  month: string,
  businessDate: string,
  below: readonly string[],
): Promise<OpenWork> {
  const leaf = region.length >= COUNTY_DIGITS;
  const { rows: batches } = leaf
    ? await sql<BatchAtWork>`
        SELECT batch_id, kind, state, region FROM ledger.batch
        WHERE month = ${`${month}-01`} AND starts_with(region, ${region}) AND counter_of IS NULL AND state NOT IN ('applied', 'undone', 'discarded', 'refused') ORDER BY batch_id LIMIT 50`.execute(
        tx,
      )
    : { rows: [] };
  const counts = leaf ? await countQuality(tx, region, month, businessDate, region.length) : [];
  const [quality] = counts;
  const states = await monthsOf(tx, below, month);
  const names = await regionNames(tx, [...below, ...batches.map((batch) => batch.region)]);
  return {
    batches: batches.map((batch) => ({
      batchId: batch.batch_id,
      title: `${Number(month.slice(5))}月${ledgerKindLabels[batch.kind]}`,
      state: batch.state,
      region: { code: batch.region, name: names(batch.region).name },
    })),
    absent: region.length === COUNTY_DIGITS ? await absentTables(tx, region, month) : [],
    waitingRows: quality?.waiting_rows ?? 0,
    comparisons: quality?.comparisons ?? 0,
    overdue: quality?.overdue ?? 0,
    toVerify: quality?.to_verify ?? 0,
    below: below
      .map((code) => ({ code, name: names(code).name, state: states.get(code)?.state ?? ("open" as const) }))
      .filter(({ state }) => state !== "acknowledged"),
  };
}

/** Tables that a text wants each month and of which none has been applied for this county. */
async function absentTables(tx: Tx, county: string, month: string): Promise<string[]> {
  const rule = handoverRuleOf(county);
  if (!rule) return [];
  const { rows } = await sql<{ kind: LedgerKind }>`
    SELECT DISTINCT kind FROM ledger.batch WHERE month = ${`${month}-01`} AND state = 'applied' AND counter_of IS NULL
      AND (starts_with(region, ${county}) OR EXISTS (SELECT FROM unnest(coverage) c WHERE starts_with(${county}, c)))`.execute(
    tx,
  );
  return rule.kinds.filter((kind) => !rows.some((row) => row.kind === kind)).map((kind) => ledgerKindLabels[kind]);
}

/** What must be explained in words when the month is closed all the same. Verifying people is a long task and no obstacle. */
export function wordsOfOpen(open: OpenWork): string[] {
  return [
    ...(open.absent.length > 0 ? [`未应用${open.absent.join("、")}`] : []),
    ...(open.batches.length > 0 ? [`${open.batches.length} 个批次未办完`] : []),
    ...(open.waitingRows > 0 ? [`${open.waitingRows} 行待修`] : []),
    ...(open.overdue > 0 ? [`${open.overdue} 件比对任务逾期`] : []),
  ];
}
