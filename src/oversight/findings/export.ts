import { PassThrough } from "node:stream";
import type { CurrentRulebook } from "#policy";
import { narrow } from "#registry";
import { handleDownload, type Handler } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import { writeWorkbook, type WriteColumn, type WriteValue } from "../../platform/sheets/index.ts";
import {
  decisionLabels,
  exportFindings,
  findingOutcomeLabels,
  findingStateLabels,
  severityLabels,
  type FindingRow,
} from "../contract.ts";
import { oversightProblems } from "../problems.ts";
import { listStoredFindings } from "./store.ts";
import { toRows } from "./views.ts";

/** Rows of one export. */
const QUOTA = 10_000;

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

/** The queue as the screen showed it, with who took it, when, and its number above. A suspicion is called one. */
export const exportHandler = (rulebook: CurrentRulebook): Handler =>
  handleDownload(exportFindings, async (context, { purpose, region, ...filter }) => {
    const { tx, caller, businessDate, requestId } = context;
    context.audit({ purpose, ...(region ? { region } : {}) });
    const asker = { officerId: caller.officerId, businessDate };
    const scope = narrow(caller.sight.region, region);
    const { rows, total } = await listStoredFindings(tx, scope, filter, asker, { page: 1, size: QUOTA });
    if (total > QUOTA) refuse(oversightProblems.exportTooLarge(total, QUOTA));
    const number = requestId.slice(0, 8).toUpperCase();
    const shown = await toRows(tx, rulebook, rows, businessDate);
    context.audit({ count: shown.length, exportNumber: number });
    const target = new PassThrough();
    const chunks: Buffer[] = [];
    target.on("data", (chunk: Buffer) => chunks.push(chunk));
    await writeWorkbook(target, {
      sheets: [
        {
          name: "疑点清单",
          titleLine: `疑点清单　${caller.organisation} ${caller.name} ${businessDate} 导出，编号 ${number}，用途：${purpose}。疑似不等于违规，内部资料，不得外传`,
          columns,
          rows: shown.map((row) => columns.map((column) => column.value(row))),
        },
      ],
    });
    return {
      fileName: `疑点清单-${businessDate}-${number}.xlsx`,
      mediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
      body: Buffer.concat(chunks),
    };
  });
