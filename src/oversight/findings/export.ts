import { handleExport, type ExportHandler } from "#exports";
import type { CurrentRulebook } from "#policy";
import { narrow, regionNames } from "#registry";
import type { WriteColumn, WriteValue } from "../../platform/sheets/index.ts";
import {
  decisionLabels,
  exportFindings,
  findingOutcomeLabels,
  findingStateLabels,
  severityLabels,
  type FindingRow,
} from "../contract.ts";
import { listStoredFindings } from "./store.ts";
import { toRows } from "./views.ts";

/** Rows that are read at a time. */
const PIECE = 1000;

const columns: readonly (WriteColumn & { value(row: FindingRow): WriteValue })[] = [
  { header: "核查规则", kind: "text", width: 30, value: (row) => row.title },
  { header: "目录编号", kind: "text", width: 12, value: (row) => row.catalogue.join("、") },
  { header: "程度", kind: "text", width: 8, value: (row) => severityLabels[row.severity] },
  { header: "性质", kind: "text", width: 8, value: (row) => findingOutcomeLabels[row.outcome] },
  { header: "人员", kind: "text", width: 12, value: (row) => row.personName },
  { header: "证件号码", kind: "text", width: 22, value: (row) => row.identityMask },
  { header: "地区", kind: "text", width: 30, value: (row) => row.place.fullName },
  { header: "情况", kind: "text", width: 60, value: (row) => row.message },
  { header: "状态", kind: "text", width: 12, value: (row) => findingStateLabels[row.state] },
  { header: "认定", kind: "text", width: 12, value: (row) => row.decision && decisionLabels[row.decision] },
  { header: "承办单位", kind: "text", width: 24, value: (row) => row.officeName },
  { header: "承办人", kind: "text", width: 12, value: (row) => row.officerName },
  { header: "查出日期", kind: "date", width: 12, value: (row) => row.foundOn },
  { header: "期限", kind: "date", width: 12, value: (row) => row.dueOn },
  { header: "逾期", kind: "text", width: 8, value: (row) => (row.overdue ? "逾期" : null) },
];

/** The queue as the screen showed it. A suspicion is called one. */
export const exportHandler = (rulebook: CurrentRulebook): ExportHandler =>
  handleExport(exportFindings, async (context, { purpose: _purpose, region, ...filter }) => {
    const { tx, caller, businessDate } = context;
    const asker = { officerId: caller.officerId, businessDate };
    const scope = narrow(caller.sight.region, region);
    const piece = (page: number, size: number) => listStoredFindings(tx, scope, filter, asker, { page, size });
    const { total } = await piece(1, 1);
    const area = region ?? caller.sight.region ?? "";
    const place = (await regionNames(tx, [area]))(area).fullName;
    return {
      title: "疑点清单",
      about: [
        area === "" ? "全部地区" : place,
        filter.state === "open" ? "未办结" : findingStateLabels[filter.state],
      ].join("；"),
      persons: true,
      total,
      columns,
      tracedBy: ["人员", "证件号码"],
      async *rows() {
        for (let page = 1; (page - 1) * PIECE < total; page++) {
          const { rows } = await piece(page, PIECE);
          for (const row of await toRows(tx, rulebook, rows, businessDate))
            yield columns.map((column) => column.value(row));
        }
      },
    };
  });
