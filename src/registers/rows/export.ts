import { handleExport, type ExportHandler, type ExportList } from "#exports";
import { regionNames } from "#registry";
import type { ActionContext } from "../../platform/module.ts";
import type { WriteColumn, WriteValue } from "../../platform/sheets/index.ts";
import type { RegisterColumn } from "../definition.ts";
import { exportRegisterRows, type RegisterRow, type RowFilter } from "../rows-contract.ts";
import type { Shelf } from "../shelf.ts";
import { countRows, storedPieces } from "./list.ts";
import { toRows } from "./read.ts";
import { asWords } from "./show.ts";

interface ExportColumn extends WriteColumn {
  /** The column's key on the screen. */
  readonly key: string;
  value(row: RegisterRow): WriteValue;
}

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

/** The register as the screen showed it: same filters, order, columns and masks. */
export function exportHandler(shelf: Shelf): ExportHandler {
  return handleExport(
    exportRegisterRows,
    async (context, { purpose: _purpose, columns, ...filter }): Promise<ExportList> => {
      const { tx, caller } = context;
      const scope = caller.sight.region;
      const shape = shelf.get(filter.register);
      const { title } = shape.definition;
      const persons = shape.columns.filter(({ type }) => type === "person").length;
      const all = [...shape.columns.flatMap((column) => exportColumns(column, persons)), ...OF_THE_ROW];
      const chosen = columns ? columns.split(",") : [];
      const shown = chosen.length === 0 ? all : all.filter(({ key }) => chosen.includes(key));
      return {
        title,
        about: await aboutFilter(context, filter),
        persons: persons > 0,
        total: await countRows(tx, shelf, shape, scope, filter),
        columns: shown,
        tracedBy: shown.slice(0, 2).map(({ header }) => header),
        subject: `register:${shape.name}`,
        async *rows() {
          for await (const stored of storedPieces(tx, shelf, shape, scope, filter))
            for (const row of await toRows(tx, shelf, scope, shape, stored))
              yield shown.map((column) => column.value(row));
        },
      };
    },
  );
}

/** The filters in words, for whoever approves the list. */
async function aboutFilter({ tx, caller }: ActionContext, filter: RowFilter): Promise<string> {
  const area = filter.region ?? caller.sight.region ?? "";
  const name = (await regionNames(tx, [area]))(area).fullName || "全部地区";
  const narrowed = Object.entries(filter).some(([key, value]) => key.includes(".") && value !== "");
  return [name, filter.text ? `含“${filter.text}”` : "", narrowed ? "按栏目筛选" : ""]
    .filter((part) => part !== "")
    .join("；");
}
