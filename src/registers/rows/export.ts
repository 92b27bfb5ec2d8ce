import { handleDownload, type DownloadBody, type Handler } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import { exportedList, type ExportColumn as ExportedColumn } from "../../platform/sheets/index.ts";
import type { RegisterColumn } from "../definition.ts";
import { registersProblems } from "../problems.ts";
import { exportRegisterRows, MOST_EXPORTED, type RegisterRow } from "../rows-contract.ts";
import type { Shelf } from "../shelf.ts";
import { countRows, listStoredRows } from "./list.ts";
import { toRows } from "./read.ts";
import { asWords } from "./show.ts";

type ExportColumn = ExportedColumn<RegisterRow>;

const OF_THE_ROW: readonly ExportColumn[] = [
  { key: "kept-by", header: "登记单位所在地", kind: "text", width: 30, value: (row) => row.region.fullName },
  { key: "recorded", header: "登记日期", kind: "date", width: 12, value: (row) => row.recordedOn },
];

/** A person takes two columns, name and masked number; so does an employer. Headers are those that an import understands. */
function exportColumns(column: RegisterColumn, persons: number): ExportColumn[] {
  const at = (row: RegisterRow) => row.values[column.column] ?? null;
  const linked = (row: RegisterRow) => {
    const value = at(row);
    return typeof value === "object" && value !== null ? value : null;
  };
  const one = (more: Partial<ExportColumn>): ExportColumn => ({
    key: column.column,
    header: column.label,
    kind: "text",
    width: 16,
    value: (row) => asWords(column, at(row)),
    ...more,
  });
  switch (column.type) {
    case "person":
      return [
        one({ header: persons === 1 ? "姓名" : `${column.label}姓名`, width: 12, value: (row) => linked(row)?.label }),
        one({ width: 22, value: (row) => linked(row)?.note }),
      ];
    case "employer":
      return [
        one({ width: 30 }),
        one({ header: `${column.label}信用代码`, width: 22, value: (row) => linked(row)?.note }),
      ];
    case "region":
      return [one({ width: 30, value: (row) => linked(row)?.note })];
    case "fen":
      return [one({ kind: "money", width: 14, value: (row) => at(row) as number | null })];
    case "integer":
      return [one({ kind: "int", width: 10, value: (row) => at(row) as number | null })];
    case "date":
      return [one({ kind: "date", width: 12, value: (row) => at(row) as string | null })];
    case "text":
    case "month":
    case "boolean":
    case "code":
    case "reference":
      return [one({})];
  }
}

export function exportHandler(shelf: Shelf): Handler {
  return handleDownload(exportRegisterRows, async (context, { purpose, columns, ...filter }): Promise<DownloadBody> => {
    const { tx, caller, businessDate, requestId } = context;
    const scope = caller.sight.region;
    const shape = shelf.get(filter.register);
    const { title } = shape.definition;
    context.audit({ subject: `register:${shape.name}`, purpose });
    const total = await countRows(tx, shelf, shape, scope, filter);
    if (total > MOST_EXPORTED) refuse(registersProblems.exportTooLarge(total));
    const { rows: stored } = await listStoredRows(tx, shelf, shape, scope, filter, { page: 1, size: MOST_EXPORTED });
    const rows = await toRows(tx, shelf, scope, shape, stored);
    const persons = shape.columns.filter(({ type }) => type === "person").length;
    const all = [...shape.columns.flatMap((column) => exportColumns(column, persons)), ...OF_THE_ROW];
    const chosen = columns ? columns.split(",") : [];
    const { exportNumber, ...download } = await exportedList({
      title,
      act: { ...caller, businessDate, requestId, purpose },
      columns: chosen.length === 0 ? all : all.filter(({ key }) => chosen.includes(key)),
      rows,
    });
    context.audit({ count: rows.length, exportNumber });
    return download;
  });
}
