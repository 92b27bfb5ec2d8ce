import { handleExport, type ExportList } from "#exports";
import { narrow, regionNames } from "#registry";
import type { OutputOf } from "../../platform/contract.ts";
import type { Tx } from "../../platform/db/database.ts";
import { handle, type Handler } from "../../platform/module.ts";
import type { WriteColumn, WriteValue } from "../../platform/sheets/index.ts";
import { exportResults, listResults, outcomeLabels, type ResultRow } from "../contract.ts";
import { saysOf } from "../simulation/simulate.ts";
import type { RuleServices } from "../screening/tasks.ts";
import type { Rulebook } from "../versions/rulebook.ts";
import {
  countStoredResults,
  listStoredResults,
  streamStoredResults,
  type ResultFilter,
  type StoredResult,
} from "./store.ts";

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

interface ExportColumn extends WriteColumn {
  /** The column's key on the screen. */
  readonly key: string;
  value(row: ResultRow): WriteValue;
}

const columns: readonly ExportColumn[] = [
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
      context.audit({
        count: rows.length,
        persons: rows.map((row) => row.person_id),
        total,
        ...(region ? { region } : {}),
      });
      return { total, rows: await toResultRows(tx, await rulebook.get(tx), rows) };
    }),

    handleExport(
      exportResults,
      async (context, { purpose: _purpose, columns: chosen, format, region, ...filter }): Promise<ExportList> => {
        const { tx, caller } = context;
        const scope = narrow(caller.sight.region, region);
        const book = await rulebook.get(tx);
        const shown = chosen.length === 0 ? columns : columns.filter(({ key }) => chosen.includes(key));
        return {
          title: "筛查结果",
          about: await aboutFilter(tx, book, scope, filter),
          persons: true,
          total: await countStoredResults(tx, scope, filter),
          columns: shown,
          tracedBy: ["对象", "证件号码"],
          format,
          async *rows() {
            for await (const part of streamStoredResults(tx, scope, filter))
              for (const row of await toResultRows(tx, book, part)) yield shown.map((column) => column.value(row));
          },
        };
      },
    ),
  ];
}

/** The filters in words, for whoever approves the list. */
async function aboutFilter(tx: Tx, book: Rulebook, scope: string | null, filter: ResultFilter): Promise<string> {
  const area = scope ?? "";
  const measure = book.measures.find(({ version }) => version.version_id === filter.versionId);
  const parts = [
    (await regionNames(tx, [area]))(area).fullName || "全部地区",
    measure?.definition.title ?? "",
    filter.outcome ? outcomeLabels[filter.outcome] : "",
  ];
  return parts.filter((part) => part !== "").join("；");
}
