import { narrow, regionNames } from "#registry";
import { EXPORT_QUOTA_ROWS, type OutputOf } from "../../platform/contract.ts";
import type { Tx } from "../../platform/db/database.ts";
import { handle, handleDownload, type Handler } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import { exportedList, type ExportColumn } from "../../platform/sheets/index.ts";
import { exportResults, listResults, outcomeLabels, type ResultRow } from "../contract.ts";
import { policyProblems } from "../problems.ts";
import { saysOf } from "../simulation/simulate.ts";
import type { RuleServices } from "../screening/tasks.ts";
import type { Rulebook } from "../versions/rulebook.ts";
import { countStoredResults, listStoredResults, streamStoredResults, type StoredResult } from "./store.ts";

/** Rows in words: places by name, conditions and facts as the rule says them. */
async function toResultRows(tx: Tx, book: Rulebook, rows: readonly StoredResult[]): Promise<ResultRow[]> {
  const measures = new Map(book.measures.map((measure) => [measure.version.version_id, measure]));
  const nameOf = await regionNames(
    tx,
    rows.map(({ region }) => region),
  );
  return rows.map((row) => {
    const measure = measures.get(row.version_id);
    const label = (name: string) => measure?.rule?.source.fields.find((field) => field.name === name)?.label ?? name;
    return {
      versionId: row.version_id,
      // Of a version that was replaced since, until the next screening, the book knows nothing any more.
      title: row.title,
      rowKey: row.row_key,
      region: row.region,
      regionName: nameOf(row.region).name,
      personId: row.person_id,
      name: row.name ?? (row.person_id === null ? null : "（外地人员）"),
      identityMask: row.identity_mask,
      outcome: row.outcome,
      amountFen: row.amount_fen === null ? null : Number(row.amount_fen),
      fund: row.fund,
      eventDate: row.event_date,
      notYet: row.not_yet,
      unknown: row.unknown.map((condition) => (measure?.rule ? saysOf(measure.rule, condition) : condition)),
      missing: row.missing_facts.map(label),
    };
  });
}

/** What the row still lacks, in one sentence. */
function wanting({ notYet, missing, unknown }: ResultRow): string {
  if (notYet) return `${notYet} 起`;
  return missing.length > 0 ? `缺 ${missing.join("、")}` : unknown.join("、");
}

const columns: readonly ExportColumn<ResultRow>[] = [
  { key: "name", header: "对象", kind: "text", width: 12, value: (row) => row.name ?? "（非个人）" },
  { key: "identity", header: "证件号码", kind: "text", width: 22, value: (row) => row.identityMask },
  { key: "region", header: "地区", kind: "text", width: 18, value: (row) => row.regionName },
  { key: "title", header: "政策", kind: "text", width: 34, value: (row) => row.title },
  { key: "outcome", header: "结论", kind: "text", width: 12, value: (row) => outcomeLabels[row.outcome] },
  {
    key: "amount",
    header: "金额",
    kind: "money",
    width: 14,
    value: (row) => (row.outcome.startsWith("ELIGIBLE") ? row.amountFen : null),
  },
  { key: "fund", header: "资金", kind: "text", width: 20, value: (row) => row.fund },
  { key: "eventDate", header: "所属日期", kind: "date", width: 12, value: (row) => row.eventDate },
  { key: "why", header: "还差", kind: "text", width: 44, value: wanting },
];

export function resultHandlers({ rulebook }: RuleServices): readonly Handler[] {
  return [
    handle(listResults, async (context, { page, size, region, ...filter }): Promise<OutputOf<typeof listResults>> => {
      const { tx, caller } = context;
      const scope = narrow(caller.sight.region, region);
      const total = await countStoredResults(tx, scope, filter);
      const rows = await listStoredResults(tx, scope, filter, { page, size });
      context.audit({ count: rows.length, total, ...(region ? { region } : {}) });
      return { total, rows: await toResultRows(tx, await rulebook.get(tx), rows) };
    }),

    handleDownload(exportResults, async (context, { purpose, columns: chosen, format, region, ...filter }) => {
      const { tx, caller, businessDate, requestId } = context;
      context.audit({ purpose, ...(region ? { region } : {}) });
      const scope = narrow(caller.sight.region, region);
      const total = await countStoredResults(tx, scope, filter);
      if (total > EXPORT_QUOTA_ROWS) refuse(policyProblems.exportTooLarge(total));
      const book = await rulebook.get(tx);
      let count = 0;
      const rows = async function* (): AsyncGenerator<ResultRow> {
        for await (const part of streamStoredResults(tx, scope, filter))
          for (const row of await toResultRows(tx, book, part)) {
            count += 1;
            yield row;
          }
      };
      const { exportNumber, ...download } = await exportedList({
        title: "筛查结果",
        act: { ...caller, businessDate, requestId, purpose },
        columns: chosen.length === 0 ? columns : columns.filter(({ key }) => chosen.includes(key)),
        rows: rows(),
        format,
      });
      context.audit({ count, exportNumber });
      return download;
    }),
  ];
}
