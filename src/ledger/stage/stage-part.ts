import type { DivisionMatcher } from "#registry";
import type { PoolClient } from "pg";
import { BinaryCopyWriter, type BinaryValue } from "../../platform/db/binary-copy-writer.ts";
import { copyText, CopyWriter } from "../../platform/db/copy-writer.ts";
import type { FilePlace } from "../../platform/files/place.ts";
import { refuse } from "../../platform/problem.ts";
import type { DataServices } from "../../platform/runtime.ts";
import { isProblem, openSheets, type CsvDialect, type CsvRange, type LineLook } from "../../platform/sheets/index.ts";
import { RowChecker, type CheckedRow, type RowFault } from "../check/row.ts";
import { maskCell } from "../check/text.ts";
import type { LedgerField, LedgerKind, SheetMapping } from "../contract.ts";
import { kindDefinitions } from "../kinds/index.ts";
import { stageColumns } from "../kinds/kind.ts";
import { ledgerProblems } from "../problems.ts";
import { SeenKeys } from "./seen-keys.ts";
import { KnownTexts } from "./known-texts.ts";
import { readTable, type TableRow } from "./read-rows.ts";
import { TextHasher } from "./recall.ts";
import { stageTables } from "./table.ts";

/** What one part of a file is read with. Plain data: it is handed to a thread. */
export interface PartRequest {
  readonly batchId: string;
  readonly place: FilePlace;
  readonly fileName: string;
  /** Null: the whole file. */
  readonly range: CsvRange | null;
  /** Of a CSV file that was looked through before it was cut into parts. */
  readonly dialect: CsvDialect | null;
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
  /** Of `SeenKeys`. */
  readonly seen: SharedArrayBuffer;
  /** Null where texts are not remembered at all; `known` where there is nothing to recall. */
  readonly recall: {
    readonly salt: string;
    readonly fields: readonly LedgerField[];
    readonly known: SharedArrayBuffer | null;
  } | null;
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

const AGAIN_COLUMNS = [
  { name: "sheet", type: "smallint" },
  { name: "row_no", type: "bigint" },
  { name: "text_hash", type: "uuid" },
] as const;

/** sheet, row_no, held, line_key, id_hash: the first columns of every stage table. */
const KEY_COLUMNS = 5;
const LINE_KEY = 3;

/** What a batch may have of faults before it is clear that the columns were misunderstood. */
const MOST_FAULTS = 2_000_000;

/** parsed → checked → staged, for one part of a file. Returns the number of rows of the table. */
export async function stagePart(
  services: DataServices,
  divisions: DivisionMatcher,
  request: PartRequest,
  progress: (rows: number, fraction: number) => Promise<void>,
): Promise<number> {
  const opened = await openSheets(request.place, {
    fileName: request.fileName,
    ...(request.range ? { range: request.range } : {}),
    ...(request.dialect ? { dialect: request.dialect } : {}),
  });
  if (isProblem(opened)) refuse(opened);
  await using source = opened;
  const { worker } = services.database.pools;
  const clients = await Promise.all([worker.connect(), worker.connect(), worker.connect()]);
  try {
    const out = new PartWriter(services, divisions, request, clients);
    try {
      let fraction = 0;
      for await (const rows of readTable(source, {
        mapping: request.mapping,
        keepExtra: kindDefinitions[request.kind].register?.table === "other_record",
        above: request.above,
        look: out.lookAt(source.dialect),
        onProgress: (_sheet, done) => (fraction = done),
      })) {
        out.add(rows);
        await out.flush();
        await progress(out.rows, fraction);
      }
      await out.finish();
      return out.rows;
    } catch (cause) {
      await out.abort();
      throw cause;
    }
  } finally {
    for (const client of clients) client.release();
  }
}

/** Checks rows and writes them to the places they go to: stage and faults. What is known is marked where the texts are. */
class PartWriter {
  rows = 0;
  #faults = 0;
  readonly #services: DataServices;
  readonly #request: PartRequest;
  readonly #checker: RowChecker;
  readonly #hasher: TextHasher | null;
  readonly #known: KnownTexts | null;
  readonly #seen: SeenKeys;
  readonly #textHashAt: number;
  readonly #secretAt: number;
  readonly #rowsOut: BinaryCopyWriter;
  readonly #faultsOut: CopyWriter;
  readonly #againOut: BinaryCopyWriter;

  constructor(
    services: DataServices,
    divisions: DivisionMatcher,
    request: PartRequest,
    clients: readonly PoolClient[],
  ) {
    const { batchId, recall } = request;
    const definition = kindDefinitions[request.kind];
    const tables = stageTables(batchId);
    const columns = stageColumns(definition);
    const at = (name: string) => columns.findIndex((column) => column.name === name);
    this.#services = services;
    this.#request = request;
    this.#checker = new RowChecker({ ...request, definition, divisions, keys: services.keys });
    this.#hasher = recall ? new TextHasher(services.keys, recall.fields, recall.salt) : null;
    this.#known = recall?.known ? new KnownTexts(recall.known) : null;
    this.#seen = new SeenKeys(request.seen);
    this.#textHashAt = at("text_hash");
    this.#secretAt = at("secret");
    const [forRows, forFaults, forAgain] = clients as [PoolClient, PoolClient, PoolClient];
    this.#rowsOut = new BinaryCopyWriter(forRows, tables.rows, columns);
    this.#faultsOut = new CopyWriter(forFaults, tables.faults, FAULT_COLUMNS);
    this.#againOut = new BinaryCopyWriter(forAgain, tables.again, AGAIN_COLUMNS);
  }

  /** Claims known lines before they are read, and marks the others with their hash. */
  lookAt(dialect: CsvDialect | undefined): LineLook | undefined {
    const hasher = this.#hasher;
    const [sheet] = this.#request.mapping;
    if (!hasher || !dialect || !sheet) return undefined;
    const { repairs } = this.#request;
    const hash = hasher.ofLines(sheet.columns, dialect);
    return (bytes, start, end, row) => {
      if (row < sheet.firstDataRow || (repairs.size > 0 && repairs.has(`0:${row}`))) return undefined;
      const text = hash(bytes, start, end);
      if (!this.#claims(0, row, text)) return text;
      this.rows++;
      return null;
    };
  }

  /** Whether the text is known: then that it stands in this row is all that is staged. */
  #claims(sheet: number, row: number, textHash: string): boolean {
    const found = this.#known?.meet(textHash, sheet, row) ?? "unknown";
    if (found === "met") this.#againOut.add([String(sheet), String(row), textHash]);
    return found !== "unknown";
  }

  add(rows: readonly TableRow[]): void {
    this.rows += rows.length;
    for (const row of rows) this.#addRow(row);
    if (this.#faults > MOST_FAULTS) refuse(ledgerProblems.tooManyFaults(this.rows));
  }

  #addRow(row: TableRow): void {
    const repaired = this.#request.repairs.get(`${row.sheet}:${row.rowNo}`);
    // Of a mended row the file's own words are not what counts.
    const textHash = repaired ? null : (row.mark ?? this.#hasher?.ofCells(row.cells) ?? null);
    if (row.mark === undefined && textHash !== null && this.#claims(row.sheet, row.rowNo, textHash)) return;
    const checked = this.#checker.check(repaired ? { ...row.cells, ...repaired } : row.cells, row.extra);
    for (const fault of checked.faults) this.#addFault(row, checked, fault);
    if (checked.identity === null) return;
    // Of one row only, and written at once: what is staged beside the checked values is laid into them.
    const line = checked.values as BinaryValue[];
    // Of a row that is held back only its key is staged, so that its person is not counted as vanished.
    if (checked.held) line.fill(null, KEY_COLUMNS);
    line[0] = String(row.sheet);
    line[1] = String(row.rowNo);
    this.#seen.see(line[LINE_KEY] as string);
    if (!checked.held) {
      line[this.#secretAt] = checked.secret;
      if (checked.faults.length === 0) line[this.#textHashAt] = textHash;
    }
    this.#rowsOut.add(line);
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
    for (const out of this.#outs()) await out.flush();
  }

  async finish(): Promise<void> {
    await Promise.all(this.#outs().map((out) => out.finish()));
  }

  async abort(): Promise<void> {
    await Promise.all(this.#outs().map((out) => out.abort()));
  }

  #outs(): readonly (CopyWriter | BinaryCopyWriter)[] {
    return [this.#rowsOut, this.#faultsOut, this.#againOut];
  }
}
