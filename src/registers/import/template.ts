import { handleDownload, type DownloadBody, type Handler } from "../../platform/module.ts";
import type { WriteColumn, WriteSheet } from "../../platform/sheets/index.ts";
import type { RegisterColumn } from "../definition.ts";
import { downloadTemplate } from "../imports-contract.ts";
import { workbookBody, XLSX } from "../rows/export.ts";
import type { Shape } from "../shape.ts";
import type { Shelf } from "../shelf.ts";
import { GUIDE_SHEET, onlyPerson } from "./layout.ts";

/** How a cell of the type is written, with an example. */
export function writingOf(column: RegisterColumn, titleOf: (register: string) => string): string {
  switch (column.type) {
    case "text":
      return "文字";
    case "integer":
      return "整数，如 12";
    case "fen":
      return "金额，单位元，最多两位小数，如 1234.50";
    case "date":
      return "日期，如 2024-03-01";
    case "month":
      return "月份，如 2024-03";
    case "boolean":
      return "填“是”或“否”";
    case "code":
      return "从可填内容中选一项";
    case "region":
      return "行政区划名称，如 花垣县双龙镇";
    case "person":
      return "居民身份证号码，18 位，单元格设为文本";
    case "employer":
      return "单位全称，或统一社会信用代码";
    case "reference":
      return `“${titleOf(column.register ?? "")}”里的编号`;
  }
}

function templateSheets(shelf: Shelf, shape: Shape): WriteSheet[] {
  const { definition } = shape;
  const titleOf = (register: string) => shelf.find(register)?.definition.title ?? register;
  const person = onlyPerson(shape);
  const named = !shape.columns.some(({ label }) => label === "姓名");
  const columns = shape.columns.flatMap((column): WriteColumn[] => [
    // Beside the number the name, which tells a wrong digit.
    ...(column === person && named ? [{ header: "姓名", kind: "text" as const, width: 12 }] : []),
    {
      header: column.label,
      kind: "text",
      width: Math.max(12, column.label.length * 2 + 4),
      ...(column.type === "code" && column.codes ? { allowed: column.codes } : {}),
      ...(column.type === "boolean" ? { allowed: ["是", "否"] } : {}),
    },
  ]);
  return [
    { name: definition.title, columns, rows: [] },
    {
      name: GUIDE_SHEET,
      titleLine: `${definition.title}：${definition.about}`,
      columns: [
        { header: "栏目", kind: "text", width: 22 },
        { header: "必填", kind: "text", width: 8 },
        { header: "怎么填", kind: "text", width: 44 },
        { header: "可填内容", kind: "text", width: 50 },
        { header: "说明", kind: "text", width: 50 },
      ],
      rows: shape.columns.map((column) => [
        column.label,
        column.required || shape.key.includes(column) ? "必填" : "",
        writingOf(column, titleOf),
        (column.codes ?? []).join("、"),
        [column.hint ?? "", shape.key.includes(column) ? "用来认出是哪一条记录：再次导入时，相同的就更新原记录。" : ""]
          .filter(Boolean)
          .join(" "),
      ]),
    },
  ];
}

export function templateHandler(shelf: Shelf): Handler {
  return handleDownload(downloadTemplate, async (_context, { register }): Promise<DownloadBody> => {
    const shape = shelf.get(register);
    return {
      fileName: `${shape.definition.title}-导入模板.xlsx`,
      mediaType: XLSX,
      body: await workbookBody(templateSheets(shelf, shape)),
    };
  });
}
