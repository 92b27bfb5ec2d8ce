import { handleDownload, type DownloadBody, type Handler } from "../../platform/module.ts";
import { workbookBody, XLSX, type WriteColumn, type WriteSheet } from "../../platform/sheets/index.ts";
import { downloadTemplate } from "../imports-contract.ts";
import type { Shape } from "../shape.ts";
import type { Shelf } from "../shelf.ts";
import { writingOf } from "../writing-contract.ts";
import { GUIDE_SHEET, onlyPerson } from "./layout.ts";

function templateSheets(shelf: Shelf, shape: Shape): WriteSheet[] {
  const { definition } = shape;
  const titleOf = (register: string | undefined) => shelf.find(register ?? "")?.definition.title ?? null;
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
        writingOf(column.type, titleOf(column.register)),
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
