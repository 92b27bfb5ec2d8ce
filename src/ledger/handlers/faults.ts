import { regionNames } from "#registry";
import { sql } from "kysely";
import type { InputOf } from "../../platform/contract.ts";
import type { Tx } from "../../platform/db/database.ts";
import { keepFile } from "../../platform/files/kept.ts";
import { handle, handleDownload, handleUpload, type Handler } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import {
  downloadMarked,
  listFaultCounts,
  listFaults,
  repairCells,
  uploadMended,
  type FaultCode,
  type FaultSeverity,
  type LedgerField,
} from "../contract.ts";
import { mendedCells } from "../marked/read-mended.ts";
import { markedWorkbook } from "../marked/write-marked.ts";
import { ledgerProblems } from "../problems.ts";
import { batchSubject, clearRepairs, patchBatch, saveRepairs } from "../store.ts";
import { ledgerTasks } from "../tasks.ts";
import { batchOf, move, queueTask } from "./batches.ts";

interface FaultRow {
  sheet: number;
  row_no: number;
  field: LedgerField;
  code: FaultCode;
  severity: FaultSeverity;
  message: string;
  value_mask: string;
  suggestion: string | null;
  name: string | null;
  region: string;
}

interface Suggestion {
  sheet: number;
  row_no: number;
  field: LedgerField;
  suggestion: string;
  suggestion_secret: Buffer | null;
}

/** The suggestions of the faults named one by one and of all of a code; `named`: how many of the former still stand. */
async function suggestionsOf(
  tx: Tx,
  batchId: string,
  input: Pick<InputOf<typeof repairCells>, "suggested" | "acceptSuggestionsOf">,
): Promise<{ rows: readonly Suggestion[]; named: number }> {
  if (input.suggested.length === 0 && !input.acceptSuggestionsOf) return { rows: [], named: 0 };
  const wanted = JSON.stringify(input.suggested.map(({ rowNo, ...rest }) => ({ ...rest, row_no: rowNo })));
  const { rows } = await sql<Suggestion & { named: boolean }>`
    SELECT f.sheet, f.row_no, f.field, f.suggestion, f.suggestion_secret, w.sheet IS NOT NULL AS named
    FROM ledger.fault f LEFT JOIN jsonb_to_recordset(${wanted}::jsonb) AS w(sheet int, row_no int, field text, code text)
      ON w.sheet = f.sheet AND w.row_no = f.row_no AND w.field = f.field AND w.code = f.code
    WHERE f.batch_id = ${batchId} AND f.severity <> 'repaired' AND f.suggestion IS NOT NULL
      AND (w.sheet IS NOT NULL OR f.code = ${input.acceptSuggestionsOf ?? null})
    ORDER BY w.sheet IS NOT NULL, f.sheet, f.row_no, f.field, f.code`.execute(tx);
  return { rows, named: rows.filter((row) => row.named).length };
}

export const faultHandlers: readonly Handler[] = [
  handle(listFaultCounts, async (context, input) => {
    const batch = await batchOf(context, input.batchId);
    const result = await sql<{ code: FaultCode; severity: FaultSeverity; rows: string; suggested: string }>`
      SELECT code, severity, count(*) AS rows, count(suggestion) AS suggested FROM ledger.fault WHERE batch_id = ${batch.batch_id}
      GROUP BY code, severity ORDER BY severity DESC, rows DESC, code`.execute(context.tx);
    return result.rows.map((row) => ({ ...row, rows: Number(row.rows), suggested: Number(row.suggested) }));
  }),

  handle(listFaults, async (context, input) => {
    const batch = await batchOf(context, input.batchId);
    const where = sql`WHERE batch_id = ${batch.batch_id} ${input.code ? sql`AND code = ${input.code}` : sql``} ${input.severity ? sql`AND severity = ${input.severity}` : sql``}`;
    const result =
      await sql<FaultRow>`SELECT sheet, row_no, field, code, severity, message, value_mask, suggestion, name, region FROM ledger.fault ${where}
      ORDER BY severity DESC, sheet, row_no, field LIMIT ${input.size} OFFSET ${(input.page - 1) * input.size}`.execute(
        context.tx,
      );
    const total = await sql<{ n: string }>`SELECT count(*) AS n FROM ledger.fault ${where}`.execute(context.tx);
    const names = await regionNames(context.tx, [...new Set(result.rows.map((row) => row.region))]);
    return {
      rows: result.rows.map((row) => ({
        sheet: row.sheet,
        rowNo: row.row_no,
        field: row.field,
        code: row.code,
        severity: row.severity,
        message: row.message,
        value: row.value_mask,
        suggestion: row.suggestion,
        name: row.name,
        village: names(row.region).name,
      })),
      total: Number(total.rows[0]!.n),
    };
  }),

  handle(repairCells, async (context, input) => {
    const batch = await batchOf(context, input.batchId, true);
    const { keys } = context.services;
    await move(context, batch, "repair", "修复");
    const typed = input.cells.map((cell) => ({
      sheet: cell.sheet,
      rowNo: cell.rowNo,
      field: cell.field,
      sealed: keys.seal(cell.value),
    }));
    await saveRepairs(context.tx, batch.batch_id, batch.region, context.caller.officerId, typed);
    const accepted = await suggestionsOf(context.tx, batch.batch_id, input);
    if (input.suggested.length > 0 && accepted.named < input.suggested.length)
      refuse(ledgerProblems.suggestionGone(input.suggested.length - accepted.named));
    // Two faults of one cell may each suggest something: the cell has one repair.
    const byCell = new Map(accepted.rows.map((row) => [`${row.sheet} ${row.row_no} ${row.field}`, row]));
    const cells = [...byCell.values()].map((row) => ({
      sheet: row.sheet,
      rowNo: row.row_no,
      field: row.field,
      sealed: row.suggestion_secret ?? keys.seal(row.suggestion),
    }));
    await saveRepairs(context.tx, batch.batch_id, batch.region, context.caller.officerId, cells);
    const repaired = typed.length + cells.length;
    context.audit({
      subject: batchSubject(batch.batch_id),
      count: repaired,
      accepted: input.acceptSuggestionsOf ?? null,
    });
    return { taskId: await queueTask(context, batch, ledgerTasks.check), repaired };
  }),

  handleDownload(downloadMarked, async (context, input) => {
    const batch = await batchOf(context, input.batchId);
    context.audit({ subject: batchSubject(batch.batch_id), count: batch.counts.waiting });
    return markedWorkbook(context, batch);
  }),

  handleUpload(uploadMended, async (context, input, file) => {
    const batch = await batchOf(context, input.batchId, true);
    await move(context, batch, "repair", "上传修好的表");
    const mended = await mendedCells(context.services, batch, file);
    if ("whole" in mended) {
      // The whole workbook came back: it takes the place of the file, and repairs made on screen are in it or were not wanted.
      const fileId = await keepFile(context.tx, file, {
        region: batch.region,
        purpose: "台账修改件",
        officerId: context.caller.officerId,
      });
      await patchBatch(context.tx, batch.batch_id, {
        file: { id: fileId, name: file.name, sha256: file.sha256 },
        format: mended.whole,
        round: batch.round + 1,
      });
      await clearRepairs(context.tx, batch.batch_id);
    } else {
      const cells = mended.cells.map((cell) => ({
        sheet: cell.sheet,
        rowNo: cell.rowNo,
        field: cell.field,
        sealed: context.services.keys.seal(cell.value),
      }));
      await saveRepairs(context.tx, batch.batch_id, batch.region, context.caller.officerId, cells);
      await patchBatch(context.tx, batch.batch_id, { round: batch.round + 1 });
      await context.services.files.remove(file.key);
    }
    const mendedRows =
      "whole" in mended ? null : new Set(mended.cells.map((cell) => `${cell.sheet}:${cell.rowNo}`)).size;
    context.audit({ subject: batchSubject(batch.batch_id), file: file.name, count: mendedRows ?? undefined });
    return { taskId: await queueTask(context, batch, ledgerTasks.check), mendedRows };
  }),
];
