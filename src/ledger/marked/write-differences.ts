import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ActionContext, DownloadBody } from "../../platform/module.ts";
import { writeWorkbook } from "../../platform/sheets/index.ts";
import { decisionLabels, differenceKindLabels, ledgerKindLabels, reasonLabels } from "../contract.ts";
import { differencesOf, type DifferenceFilter } from "../handlers/differences.ts";
import { batchSubject, type BatchRow } from "../store.ts";

const PAGE = 2_000;

/** The differences as the officer sees them, one line per cell, masked as on screen. */
export async function differencesWorkbook(
  context: ActionContext,
  batch: BatchRow,
  filter: DifferenceFilter,
): Promise<DownloadBody> {
  const folder = await mkdtemp(join(tmpdir(), "wengang-differences-"));
  const out = join(folder, "differences.xlsx");
  const month = batch.month.slice(0, 7);
  let count = 0;
  await writeWorkbook(out, {
    sheets: [
      {
        name: "差异表",
        titleLine: `${month} ${ledgerKindLabels[batch.kind]}差异表  导出人：${context.caller.name}（${context.caller.organisation}）  ${new Date().toISOString().slice(0, 16).replace("T", " ")}  编号 ${context.requestId}`,
        columns: [
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
        ].map((header) => ({ header, kind: "text" as const, width: 16 })),
        rows: lines(),
      },
    ],
  });
  context.audit({ subject: batchSubject(batch.batch_id), count });
  const body = createReadStream(out);
  body.on("close", () => void rm(folder, { recursive: true, force: true }));
  return {
    fileName: `${month}${ledgerKindLabels[batch.kind].replaceAll("/", "、")}差异表.xlsx`,
    mediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    body,
  };

  async function* lines() {
    for (let offset = 0; ; offset += PAGE) {
      const rows = await differencesOf(context, batch, filter, PAGE, offset);
      for (const row of rows) {
        count++;
        for (const cell of row.cells) {
          yield [
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
          ];
        }
      }
      if (rows.length < PAGE) return;
    }
  }
}
