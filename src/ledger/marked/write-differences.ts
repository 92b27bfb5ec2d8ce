import type { ExportList } from "#exports";
import {
  decisionLabels,
  differenceKindLabels,
  ledgerKindLabels,
  reasonLabels,
  type DifferenceRow,
} from "../contract.ts";
import { batchSubject, type BatchRow } from "../store.ts";

const HEADERS = [
  "类别",
  "原因码",
  "原因",
  "姓名",
  "身份证号",
  "村",
  "项目",
  "登记库现值",
  "来源",
  "台账新值",
  "处理",
  "原行号",
];

/** The differences as the officer sees them, one line per cell, masked as on screen. `total` counts people. */
export function differencesList(
  batch: BatchRow,
  total: number,
  pieces: () => AsyncIterable<readonly DifferenceRow[]>,
): ExportList {
  const month = batch.month.slice(0, 7);
  return {
    title: `${ledgerKindLabels[batch.kind].replaceAll("/", "、")}差异表`,
    about: `${month} 批次 ${batch.batch_id}，${batch.file_name}`,
    persons: true,
    total,
    columns: HEADERS.map((header) => ({ header, kind: "text" as const, width: 16 })),
    tracedBy: ["姓名", "身份证号"],
    subject: batchSubject(batch.batch_id),
    async *rows() {
      for await (const rows of pieces()) for (const row of rows) yield* lines(row);
    },
  };
}

function lines(row: DifferenceRow): string[][] {
  return row.cells.map((cell) => [
    differenceKindLabels[row.kind],
    row.reason,
    reasonLabels[row.reason],
    row.name,
    row.identityMask,
    row.village,
    cell.label,
    cell.held ?? "",
    cell.heldSource ?? "",
    cell.claimed ?? "",
    decisionLabels[row.decision],
    row.rowNo === null ? "" : String(row.rowNo),
  ]);
}
