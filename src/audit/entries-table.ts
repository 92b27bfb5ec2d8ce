import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { writeCsv, writeWorkbook } from "../platform/sheets/index.ts";
import { auditKindLabels, auditOutcomeLabels, type AuditExportFormat, type AuditRow } from "./contract.ts";
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

/**
 * The log as a table for 审计. A formula in a login or a browser's name is text: CSV writes an apostrophe before it, a workbook has
 * text cells only. Of a CSV the watermark is the last line, so that the head stays where a filter expects it.
 */
export async function entriesTable(
  format: AuditExportFormat,
  rows: readonly AuditRow[],
  watermark: string,
): Promise<Buffer> {
  const cells = rows.map((row) => columns.map((column) => column.value(row)));
  const out = new PassThrough();
  const written = buffer(out);
  if (format === "xlsx") {
    const heads = columns.map(({ title }) => ({ header: title, kind: "text" as const, width: 16 }));
    await writeWorkbook(out, { sheets: [{ name: "审计日志", titleLine: watermark, columns: heads, rows: cells }] });
  } else await writeCsv(out, [...cells, [watermark]], { header: columns.map(({ title }) => title) });
  return written;
}

function reasonOf(row: AuditRow): string {
  return typeof row.detail["reason"] === "string" ? row.detail["reason"] : "被系统拒绝";
}
