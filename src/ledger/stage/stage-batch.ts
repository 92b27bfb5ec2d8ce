import type { PoolClient } from "pg";
import type { Services } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import { isProblem, openSheets } from "../../platform/sheets/index.ts";
import type { CheckContext } from "../check/context.ts";
import { RowChecker, type CheckedRow, type RowFault } from "../check/row.ts";
import { maskCell } from "../check/text.ts";
import type { LedgerField, SheetMapping } from "../contract.ts";
import { stageColumns } from "../kinds/kind.ts";
import { ledgerProblems } from "../problems.ts";
import { copyText, CopyWriter } from "./copy-writer.ts";
import { readTable, type TableRow } from "./read-rows.ts";
import { createStage, stageTables } from "./table.ts";
import { vaultKey, VaultWriter } from "./vault.ts";

export interface StageRequest {
  readonly batchId: string;
  /** Area of the office, for faults of rows whose own place is unknown. */
  readonly region: string;
  readonly fileKey: string;
  readonly fileName: string;
  readonly mapping: readonly SheetMapping[];
  readonly context: CheckContext;
  /** Mended cells by `sheet:row`, laid over the file. */
  readonly repairs: ReadonlyMap<string, Readonly<Partial<Record<LedgerField, string>>>>;
}

const FAULT_COLUMNS = [
  "sheet",
  "row_no",
  "field",
  "code",
  "severity",
  "column_no",
  "message",
  "value_mask",
  "suggestion",
  "suggestion_secret",
  "name",
  "region",
  "birth_date",
] as const;

/** What a batch may have of faults before it is clear that the columns were misunderstood. */
const MOST_FAULTS = 2_000_000;

/**
 * file → parsed → checked → staged. Writes the batch's own unlogged tables and its vault; the registry is not touched, and
 * doing it again starts anew. Returns the number of rows of the table.
 */
export async function stageBatch(
  services: Services,
  client: PoolClient,
  faultClient: PoolClient,
  request: StageRequest,
  progress: (rows: number, fraction: number) => Promise<void>,
): Promise<number> {
  const local = await services.files.asLocalFile(request.fileKey);
  try {
    const source = await openSheets(local.path, { fileName: request.fileName });
    if (isProblem(source)) refuse(source);
    await using opened = source;
    await createStage(client, request.batchId, request.context.definition);
    const tables = stageTables(request.batchId);
    const columns = stageColumns(request.context.definition);
    const rowsOut = new CopyWriter(
      client,
      tables.rows,
      columns.map((column) => column.name),
    );
    const faultsOut = new CopyWriter(faultClient, tables.faults, FAULT_COLUMNS);
    const vault = new VaultWriter(services.files, vaultKey(request.batchId));
    const checker = new RowChecker(request.context);
    const writeFault = faultWriter(services, request, faultsOut);
    let rows = 0;
    let faults = 0;
    let fraction = 0;
    const keepExtra = request.context.definition.register?.table === "other_record";
    try {
      for await (const batch of readTable(opened, {
        mapping: request.mapping,
        keepExtra,
        onProgress: (_sheet, done) => (fraction = done),
      })) {
        for (const tableRow of batch) {
          rows++;
          const repaired = request.repairs.get(`${tableRow.sheet}:${tableRow.rowNo}`);
          const checked = checker.check(repaired ? { ...tableRow.cells, ...repaired } : tableRow.cells, tableRow.extra);
          for (const fault of checked.faults) writeFault(tableRow, checked, fault);
          faults += checked.faults.length;
          if (checked.identity === null) continue;
          checked.values[0] = String(tableRow.sheet);
          checked.values[1] = String(tableRow.rowNo);
          rowsOut.add(checked.held ? heldRow(checked, columns.length) : checked.values);
          if (!checked.held)
            vault.add(tableRow.sheet, tableRow.rowNo, checked.identity, checked.phone, checked.bankAccount);
        }
        if (faults > MOST_FAULTS) refuse(ledgerProblems.tooManyFaults(rows));
        await rowsOut.flush();
        await faultsOut.flush();
        await vault.flush();
        await progress(rows, fraction);
      }
      await Promise.all([rowsOut.finish(), faultsOut.finish(), vault.finish()]);
      return rows;
    } catch (cause) {
      await Promise.all([rowsOut.abort(), faultsOut.abort(), vault.abort()]);
      throw cause;
    }
  } finally {
    await local.release();
  }
}

/** Of a row that is held back only its key is staged, so that its person is not counted as vanished. */
function heldRow(checked: CheckedRow, width: number): (string | null)[] {
  const line: (string | null)[] = Array.from({ length: width }, () => null);
  // sheet, row_no, held, line_key, id_hash: the first columns of every stage table.
  for (let i = 0; i < 5; i++) line[i] = checked.values[i]!;
  return line;
}

function faultWriter(services: Services, request: StageRequest, out: CopyWriter) {
  return (row: TableRow, checked: CheckedRow, fault: RowFault) => {
    const shown = fault.suggestion === null ? null : maskCell(fault.suggestion);
    const secret =
      fault.suggestion !== null && shown !== fault.suggestion
        ? `\\\\x${services.keys.seal(fault.suggestion).toString("hex")}`
        : null;
    out.add([
      String(row.sheet),
      String(row.rowNo),
      fault.field,
      fault.code,
      fault.severity,
      String(row.columnOf[fault.field] ?? 0),
      copyText(fault.message),
      copyText(fault.value),
      shown === null ? null : copyText(shown),
      secret,
      checked.name === null ? null : copyText(checked.name),
      checked.homeRegion ?? request.region,
      checked.birthDate,
    ]);
  };
}
