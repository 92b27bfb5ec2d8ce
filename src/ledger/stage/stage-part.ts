import type { DivisionMatcher } from "#registry";
import type { PoolClient } from "pg";
import { refuse } from "../../platform/problem.ts";
import type { DataServices } from "../../platform/runtime.ts";
import { isProblem, openSheets, type CsvRange } from "../../platform/sheets/index.ts";
import { RowChecker, type CheckedRow, type RowFault } from "../check/row.ts";
import { maskCell } from "../check/text.ts";
import type { LedgerField, LedgerKind, SheetMapping } from "../contract.ts";
import { kindDefinitions } from "../kinds/index.ts";
import { stageColumns } from "../kinds/kind.ts";
import { ledgerProblems } from "../problems.ts";
import { copyText, CopyWriter } from "./copy-writer.ts";
import { readTable, type TableRow } from "./read-rows.ts";
import { beginRecall, endRecall, recallRows, TextHasher } from "./recall.ts";
import { stageTables } from "./table.ts";
import { vaultKey, VaultWriter } from "./vault.ts";

/** What one part of a file is read with. Plain data: it is handed to a thread. */
export interface PartRequest {
  readonly batchId: string;
  readonly part: number;
  readonly path: string;
  readonly fileName: string;
  /** Null: the whole file. */
  readonly range: CsvRange | null;
  /** Lines above the table, which a part in the middle of the file does not see. */
  readonly above: readonly string[];
  readonly mapping: readonly SheetMapping[];
  readonly kind: LedgerKind;
  readonly month: string;
  readonly businessDate: string;
  readonly coverage: readonly string[];
  readonly title: string;
  /** Area of the office, for faults of rows whose own place is unknown. */
  readonly region: string;
  /** Mended cells by `sheet:row`, laid over the file. */
  readonly repairs: ReadonlyMap<string, Readonly<Partial<Record<LedgerField, string>>>>;
  /** Null where texts are not remembered at all; `ask` is false where there is nothing to recall. */
  readonly recall: { readonly salt: string; readonly fields: readonly LedgerField[]; readonly ask: boolean } | null;
}

/** Rows whose texts are looked up at once: enough that asking costs little, few enough to hold. */
const ROWS_AT_ONCE = 4_000;

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
 * parsed → checked → staged, for one part of a file. Reads the next rows while the database looks up the texts of these.
 * Returns the number of rows of the table.
 */
export async function stagePart(
  services: DataServices,
  divisions: DivisionMatcher,
  request: PartRequest,
  progress: (rows: number, fraction: number) => Promise<void>,
): Promise<number> {
  const opened = await openSheets(request.path, {
    fileName: request.fileName,
    ...(request.range ? { range: request.range } : {}),
  });
  if (isProblem(opened)) refuse(opened);
  await using source = opened;
  const { worker } = services.database.pools;
  const clients: PoolClient[] = [];
  const connect = async () => {
    const client = await worker.connect();
    clients.push(client);
    return client;
  };
  const out = new PartWriter(services, divisions, request, await connect(), await connect());
  try {
    let fraction = 0;
    const asking = request.recall?.ask ? await connect() : null;
    if (asking) await beginRecall(asking);
    const look = async (rows: readonly TableRow[]): Promise<LookedUp> => {
      const hashes = out.hashesOf(rows);
      const known =
        asking && hashes ? await recallRows(asking, request.batchId, request.kind, rows, hashes) : NOTHING_KNOWN;
      return { rows, hashes, known };
    };
    let before: Promise<LookedUp> | null = null;
    const keepExtra = kindDefinitions[request.kind].register?.table === "other_record";
    for await (const rows of readTable(source, {
      mapping: request.mapping,
      keepExtra,
      above: request.above,
      batchRows: ROWS_AT_ONCE,
      onProgress: (_sheet, done) => (fraction = done),
    })) {
      const ready = before;
      before = look(rows);
      // A failure shows when these rows' turn comes; until then it is nobody's unhandled one.
      before.catch(() => {});
      if (ready) out.add(await ready);
      await out.flush();
      await progress(out.rows, fraction);
    }
    if (before) out.add(await before);
    if (asking) await endRecall(asking);
    await progress(out.rows, 1);
    await out.finish();
    return out.rows;
  } catch (cause) {
    await out.abort();
    // Their settings and unfinished statements go with them.
    for (const client of clients.splice(0)) client.release(true);
    throw cause;
  } finally {
    for (const client of clients) client.release();
  }
}

interface LookedUp {
  readonly rows: readonly TableRow[];
  readonly hashes: readonly string[] | null;
  readonly known: ReadonlySet<number>;
}

/** Of a mended row the file's own words are not what counts. */
const NO_TEXT = "0".repeat(32);
const NOTHING_KNOWN: ReadonlySet<number> = new Set();

/** Checks rows and writes them to the three places they go to: stage, faults, vault. */
class PartWriter {
  rows = 0;
  #faults = 0;
  readonly #services: DataServices;
  readonly #request: PartRequest;
  readonly #checker: RowChecker;
  readonly #hasher: TextHasher | null;
  readonly #width: number;
  readonly #textHashAt: number;
  readonly #rowsOut: CopyWriter;
  readonly #faultsOut: CopyWriter;
  readonly #vault: VaultWriter;

  constructor(
    services: DataServices,
    divisions: DivisionMatcher,
    request: PartRequest,
    rowClient: PoolClient,
    faultClient: PoolClient,
  ) {
    const { batchId, recall } = request;
    const definition = kindDefinitions[request.kind];
    const tables = stageTables(batchId);
    const columns = stageColumns(definition).map((column) => column.name);
    this.#services = services;
    this.#request = request;
    this.#checker = new RowChecker({ ...request, definition, divisions, keys: services.keys });
    this.#hasher = recall ? new TextHasher(services.keys, recall.fields, recall.salt) : null;
    this.#width = columns.length;
    this.#textHashAt = columns.indexOf("text_hash");
    this.#rowsOut = new CopyWriter(rowClient, tables.rows, columns);
    this.#faultsOut = new CopyWriter(faultClient, tables.faults, FAULT_COLUMNS);
    this.#vault = new VaultWriter(services.files, vaultKey(batchId, request.part));
  }

  hashesOf(rows: readonly TableRow[]): string[] | null {
    const hasher = this.#hasher;
    if (!hasher || rows.length === 0) return null;
    const { repairs } = this.#request;
    const mended = (row: TableRow) => repairs.size > 0 && repairs.has(`${row.sheet}:${row.rowNo}`);
    return rows.map((row) => (mended(row) ? NO_TEXT : hasher.hash(row.cells)));
  }

  add({ rows, hashes, known }: LookedUp): void {
    this.rows += rows.length;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      if (!known.has(row.rowNo)) this.#addRow(row, hashes ? hashes[i]! : null);
    }
    if (this.#faults > MOST_FAULTS) refuse(ledgerProblems.tooManyFaults(this.rows));
  }

  #addRow(row: TableRow, textHash: string | null): void {
    const repaired = this.#request.repairs.get(`${row.sheet}:${row.rowNo}`);
    const checked = this.#checker.check(repaired ? { ...row.cells, ...repaired } : row.cells, row.extra);
    for (const fault of checked.faults) this.#addFault(row, checked, fault);
    if (checked.identity === null) return;
    checked.values[0] = String(row.sheet);
    checked.values[1] = String(row.rowNo);
    if (checked.held) {
      this.#rowsOut.add(heldRow(checked, this.#width));
      return;
    }
    if (!repaired && checked.faults.length === 0) checked.values[this.#textHashAt] = textHash;
    this.#rowsOut.add(checked.values);
    this.#vault.add(row.sheet, row.rowNo, checked.identity, checked.phone, checked.bankAccount);
  }

  #addFault(row: TableRow, checked: CheckedRow, fault: RowFault): void {
    this.#faults++;
    const shown = fault.suggestion === null ? null : maskCell(fault.suggestion);
    const secret =
      fault.suggestion !== null && shown !== fault.suggestion
        ? `\\\\x${this.#services.keys.seal(fault.suggestion).toString("hex")}`
        : null;
    this.#faultsOut.add([
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
      checked.homeRegion ?? this.#request.region,
      checked.birthDate,
    ]);
  }

  async flush(): Promise<void> {
    await this.#rowsOut.flush();
    await this.#faultsOut.flush();
    await this.#vault.flush();
  }

  async finish(): Promise<void> {
    await Promise.all([this.#rowsOut.finish(), this.#faultsOut.finish(), this.#vault.finish()]);
  }

  async abort(): Promise<void> {
    await Promise.all([this.#rowsOut.abort(), this.#faultsOut.abort(), this.#vault.abort()]);
  }
}

/** Of a row that is held back only its key is staged, so that its person is not counted as vanished. */
function heldRow(checked: CheckedRow, width: number): (string | null)[] {
  const line: (string | null)[] = Array.from({ length: width }, () => null);
  // sheet, row_no, held, line_key, id_hash: the first columns of every stage table.
  for (let i = 0; i < 5; i++) line[i] = checked.values[i]!;
  return line;
}
