import { StatusTag, type Tone } from "../../ui/index.ts";
import { exportStateLabels, type ExportRow, type ExportState } from "../contract.ts";

const tones: Record<ExportState, Tone> = {
  direct: "plain",
  waiting: "soon",
  approved: "done",
  refused: "plain",
  withdrawn: "plain",
};

export function StateTag({ row }: { row: ExportRow }) {
  return row.expired ? (
    <StatusTag>批准已过期</StatusTag>
  ) : (
    <StatusTag tone={tones[row.state]}>{exportStateLabels[row.state]}</StatusTag>
  );
}

/** What stands in it, so that nobody approves whole numbers without seeing so. */
export function ContentTag({ row }: { row: ExportRow }) {
  if (row.unmasked) return <StatusTag tone="late">含完整号码</StatusTag>;
  return <StatusTag tone="outline">{row.persons ? "脱敏名单" : "不含个人"}</StatusTag>;
}

export const whoOf = (row: ExportRow) => `${row.organisation} ${row.officerName}`;
