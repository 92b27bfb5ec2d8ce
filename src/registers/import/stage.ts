import { loadRegionIndex, maskCell } from "#registry";
import { sql, type RawBuilder } from "kysely";
import type { PoolClient } from "pg";
import { copyText, CopyWriter } from "../../platform/db/copy-writer.ts";
import type { Services } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import { cellText, isProblem, openSheets, readTableRows, tidy, type TableRow } from "../../platform/sheets/index.ts";
import { readCell, type CellReading, type ReadingContext } from "../cells/read-cell.ts";
import type { RegisterColumn } from "../definition.ts";
import { registersProblems } from "../problems.ts";
import { isLink, sqlType, type Shape } from "../shape.ts";
import {
  CREDIT_FIELD,
  NAME_FIELD,
  onlyEmployer,
  onlyPerson,
  readLayout,
  requireLayout,
  type ImportField,
  type ImportSheet,
} from "./layout.ts";
import type { StoredImport } from "./store.ts";

/** Tables of one import while it is worked on; the worker's own. */
export function stageTables(importId: string) {
  if (!/^\d+$/.test(importId)) throw new Error("not an import id");
  const base = `registers_stage.import_${importId}`;
  return { rows: base, faults: `${base}_fault`, assessed: `${base}_assessed` };
}

/** Staged columns of one column of the register: its value, or what it is to be found by. */
interface StagedColumn {
  readonly name: string;
  readonly type: RawBuilder<unknown>;
}

/** `c_`: value; `h_`: hash of a person's number, `m_` its mask; `k_`: credit code, `n_`: key of an employer's name; `t_`: as written. */
function stagedColumns(column: RegisterColumn): StagedColumn[] {
  const text = sql.raw("text");
  const at = (prefix: string, type: RawBuilder<unknown>) => ({ name: `${prefix}_${column.column}`, type });
  if (!isLink(column)) return [at("c", sqlType(column))];
  switch (column.type) {
    case "person":
      return [at("h", sql.raw("uuid")), at("m", text)];
    case "employer":
      return [at("k", text), at("n", sql.raw("bigint")), at("t", text)];
    case "reference":
      return [at("t", text)];
  }
}

function textsFor(reading: CellReading, column: RegisterColumn): (string | null)[] {
  switch (reading.kind) {
    case "value":
      return [reading.value];
    case "person":
      return [reading.hash, reading.mask];
    case "employer":
      return [reading.code, reading.nameKey, copyText(reading.text)];
    case "reference":
      return [copyText(reading.text)];
    case "nothing":
    case "fault":
      return stagedColumns(column).map(() => null);
  }
}

export async function dropStage(services: Services, importId: string): Promise<void> {
  const tables = Object.values(stageTables(importId)).map((name) => sql.table(name));
  await sql`DROP TABLE IF EXISTS ${sql.join(tables)}`.execute(services.database.worker);
}

/**
 * file → rows: reads every cell by its column's type into the import's own tables, whatever it takes in memory being the same
 * for ten rows and a million. Numbers of persons are staged as hash and mask only. Doing it again starts anew.
 */
export async function stageTable(
  services: Services,
  shape: Shape,
  given: StoredImport,
  progress: (rows: number) => Promise<void>,
  /** Told how the file was understood before anything is refused: a table that nobody recognised can still be explained by hand. */
  understood: (sheets: readonly ImportSheet[]) => Promise<void>,
): Promise<{ rows: number; sheets: ImportSheet[] }> {
  const local = await services.files.asLocalFile(given.file_key);
  try {
    const opened = await openSheets(local.path, { fileName: given.file_name });
    if (isProblem(opened)) refuse(opened);
    await using source = opened;
    const sheets = await readLayout(source, shape, given.chosen);
    await understood(sheets);
    requireLayout(shape, sheets);
    const context = await readingContext(services, given);
    await createStage(services, shape, given.import_id);
    const { worker } = services.database.pools;
    const clients: [PoolClient, PoolClient] = [await worker.connect(), await worker.connect()];
    try {
      const out = new StageWriter(shape, context, sheets, given.import_id, clients);
      try {
        const person = onlyPerson(shape);
        const certain = person ? { certain: { field: person.column, like: /\d{14}/ } } : {};
        for await (const rows of readTableRows<ImportField>(source, { mapping: sheets, ...certain })) {
          for (const row of rows) out.add(row);
          await out.flush();
          await progress(out.rows);
        }
        await out.finish();
        if (out.rows === 0) refuse(registersProblems.emptyTable());
        return { rows: out.rows, sheets };
      } catch (cause) {
        await out.abort();
        throw cause;
      }
    } finally {
      for (const client of clients) client.release();
    }
  } finally {
    await local.release();
  }
}

async function readingContext(services: Services, given: StoredImport): Promise<ReadingContext> {
  const regions = await services.database.worker.transaction().execute((tx) => loadRegionIndex(tx));
  return { keys: services.keys, divisions: regions.matcher, area: given.region, businessDate: given.business_date };
}

async function createStage(services: Services, shape: Shape, importId: string): Promise<void> {
  const { worker } = services.database;
  const tables = stageTables(importId);
  await dropStage(services, importId);
  const columns = shape.columns.flatMap(stagedColumns).map(({ name, type }) => sql`${sql.ref(name)} ${type}`);
  await sql`CREATE UNLOGGED TABLE ${sql.table(tables.rows)} (sheet int, row_no int, name_said text, ${sql.join(columns)})`.execute(
    worker,
  );
  await sql`CREATE UNLOGGED TABLE ${sql.table(tables.faults)} (sheet int, row_no int, column_name text, label text, message text, value_mask text,
    found_by text NOT NULL DEFAULT 'set')`.execute(worker);
}

/** Beyond this the file is of another kind, and a list of its faults helps nobody. */
const MOST_FAULTS = 50_000;
const VALUE_SHOWN = 100;

class StageWriter {
  rows = 0;
  #faults = 0;
  readonly #shape: Shape;
  readonly #context: ReadingContext;
  readonly #headers: ReadonlyMap<string, string>;
  readonly #employer: RegisterColumn | null;
  readonly #rowsOut: CopyWriter;
  readonly #faultsOut: CopyWriter;

  constructor(
    shape: Shape,
    context: ReadingContext,
    sheets: readonly ImportSheet[],
    importId: string,
    [forRows, forFaults]: readonly [PoolClient, PoolClient],
  ) {
    this.#shape = shape;
    this.#context = context;
    this.#headers = new Map(
      sheets.flatMap(({ sheet, columns }) => columns.map(({ field, header }) => [`${sheet} ${field ?? ""}`, header])),
    );
    this.#employer = onlyEmployer(shape);
    const tables = stageTables(importId);
    const names = shape.columns.flatMap(stagedColumns).map(({ name }) => `"${name}"`);
    this.#rowsOut = new CopyWriter(forRows, tables.rows, ["sheet", "row_no", "name_said", ...names]);
    this.#faultsOut = new CopyWriter(forFaults, tables.faults, [
      "sheet",
      "row_no",
      "column_name",
      "label",
      "message",
      "value_mask",
      "found_by",
    ]);
  }

  add(row: TableRow<ImportField>): void {
    this.rows++;
    const name = cellText(row.cells[NAME_FIELD] ?? null);
    const line: (string | null)[] = [String(row.sheet), String(row.rowNo), name === "" ? null : copyText(tidy(name))];
    for (const column of this.#shape.columns) line.push(...textsFor(this.#read(row, column), column));
    this.#rowsOut.add(line);
  }

  #read(row: TableRow<ImportField>, column: RegisterColumn): CellReading {
    const header = this.#headers.get(`${row.sheet} ${column.column}`) ?? "";
    const key = this.#shape.key.includes(column);
    const cell = row.cells[column.column] ?? null;
    const reading = readCell(this.#context, column, cell, { header, key });
    if (reading.kind === "fault") this.#fault(row, column, reading.message, cellText(cell));
    if (column !== this.#employer || row.cells[CREDIT_FIELD] === undefined) return reading;
    const code = readCell(this.#context, column, row.cells[CREDIT_FIELD]);
    if (code.kind === "fault") this.#fault(row, column, code.message, cellText(row.cells[CREDIT_FIELD]));
    if (code.kind !== "employer" || code.code === null) return reading;
    return { ...code, nameKey: reading.kind === "employer" ? reading.nameKey : null };
  }

  #fault(row: TableRow<ImportField>, column: RegisterColumn, message: string, value: string): void {
    if (++this.#faults > MOST_FAULTS) refuse(registersProblems.tooManyFaults(MOST_FAULTS));
    this.#faultsOut.add([
      String(row.sheet),
      String(row.rowNo),
      column.column,
      copyText(column.label),
      copyText(`${column.label}：${message}`),
      copyText(maskCell(value).slice(0, VALUE_SHOWN)),
      "cell",
    ]);
  }

  async flush(): Promise<void> {
    await this.#rowsOut.flush();
    await this.#faultsOut.flush();
  }

  async finish(): Promise<void> {
    await Promise.all([this.#rowsOut.finish(), this.#faultsOut.finish()]);
  }

  async abort(): Promise<void> {
    await Promise.all([this.#rowsOut.abort(), this.#faultsOut.abort()]);
  }
}
