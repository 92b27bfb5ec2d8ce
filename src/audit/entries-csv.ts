import { auditKindLabels, auditOutcomeLabels, type AuditRow } from "./contract.ts";
import { momentInChina } from "./moments.ts";

const columns: readonly { title: string; value: (row: AuditRow) => string }[] = [
  { title: "序号", value: (row) => row.entryId },
  { title: "时间", value: (row) => momentInChina(row.at) },
  { title: "类别", value: (row) => auditKindLabels[row.kind] },
  { title: "事项", value: (row) => row.act },
  { title: "结果", value: (row) => auditOutcomeLabels[row.outcome] },
  { title: "未通过的原因", value: (row) => (row.problem === null ? "" : `${reasonOf(row)}（${row.problem}）`) },
  { title: "人员", value: (row) => row.officerName },
  { title: "单位", value: (row) => row.organisation },
  { title: "区域", value: (row) => row.regionName || row.region },
  { title: "对象", value: (row) => row.subject ?? "" },
  { title: "数量", value: (row) => row.count?.toString() ?? "" },
  { title: "详情", value: (row) => JSON.stringify(row.detail) },
  { title: "来源地址", value: (row) => row.ip },
  { title: "请求编号", value: (row) => row.requestId },
];

/** The log as a sheet for 审计: the watermark is the last line, so that the head stays where a filter expects it. */
export function entriesCsv(rows: readonly AuditRow[], watermark: string): string {
  const lines = [
    columns.map((column) => column.title),
    ...rows.map((row) => columns.map((column) => column.value(row))),
    [watermark],
  ];
  // The mark at the start makes office programs read the text as UTF-8.
  return `\uFEFF${lines.map((cells) => cells.map(csvCell).join(",")).join("\r\n")}\r\n`;
}

/**
 * Quoted where the format needs it. A cell that an office program would take for a formula gets a leading apostrophe:
 * logins, browser names and reasons come from outside.
 */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function reasonOf(row: AuditRow): string {
  return typeof row.detail["reason"] === "string" ? row.detail["reason"] : "被系统拒绝";
}
