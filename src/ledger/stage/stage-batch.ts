import { availableParallelism } from "node:os";
import { loadRegionIndex } from "#registry";
import type { PoolClient } from "pg";
import type { Services } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import {
  detectCsvDialect,
  isProblem,
  lineText,
  openSheets,
  planCsvRanges,
  type CsvRange,
  type SheetRow,
  type SheetSource,
} from "../../platform/sheets/index.ts";
import { ledgerFields, type LedgerField, type LedgerKind, type SheetMapping } from "../contract.ts";
import { kindDefinitions } from "../kinds/index.ts";
import { registryMark } from "../store.ts";
import { loadKnownTexts, recallSalt, stageClaims } from "./recall.ts";
import { stagePart, type PartRequest } from "./stage-part.ts";
import { createStage } from "./table.ts";
import { runInThreads } from "./threads.ts";

export interface StageRequest {
  readonly batchId: string;
  readonly kind: LedgerKind;
  readonly month: string;
  readonly businessDate: string;
  readonly coverage: readonly string[];
  readonly title: string;
  /** Area of the office, for faults of rows whose own place is unknown. */
  readonly region: string;
  readonly fileKey: string;
  readonly fileName: string;
  readonly mapping: readonly SheetMapping[];
  /** Mended cells by `sheet:row`, laid over the file. */
  readonly repairs: ReadonlyMap<string, Readonly<Partial<Record<LedgerField, string>>>>;
  /** False: every row is read, also those whose text is known. */
  readonly recall: boolean;
}

/** A CSV file larger than this is read by several threads. */
const LARGE_FILE_BYTES = 16 * 2 ** 20;
const MOST_THREADS = 4;

/**
 * file → parsed → checked → staged. Writes the batch's own unlogged tables; the registry is not touched, and
 * doing it again starts anew. Returns the number of rows of the table, and how far the registry was when the rows recalled
 * by their text were proved against it. `largeFileBytes` is for tests.
 */
export async function stageBatch(
  services: Services,
  request: StageRequest,
  progress: (rows: number, fraction: number) => Promise<void>,
  largeFileBytes = LARGE_FILE_BYTES,
): Promise<{ rows: number; mark: string }> {
  const local = await services.files.asLocalFile(request.fileKey);
  try {
    const { ranges, above } = await divide(local.path, request, largeFileBytes);
    const regions = await services.database.worker.transaction().execute((tx) => loadRegionIndex(tx));
    const read = async (recalls: boolean): Promise<{ rows: number; mark: string } | null> => {
      const recall = await prepare(services, { ...request, recall: recalls }, regions.mark);
      const { fileKey: _key, recall: _recall, ...facts } = request;
      const parts = ranges.map((range, part): PartRequest => ({
        ...facts,
        path: local.path,
        range,
        above: part === 0 ? [] : above,
        recall,
      }));
      const rows =
        parts.length === 1
          ? [await stagePart(services, regions.matcher, parts[0]!, progress)]
          : await runInThreads(services, parts, progress);
      const mark = await registryMark(services.database.worker);
      if (
        recall?.known &&
        !(await withClient(services, (client) => stageClaims(client, request.batchId, request.kind)))
      )
        return null;
      return { rows: rows.reduce((sum, one) => sum + one, 0), mark };
    };
    return (await read(request.recall)) ?? (await read(false))!;
  } finally {
    await local.release();
  }
}

/** Empty tables for the batch, and what is needed to recall texts; null where they are not remembered. */
async function prepare(services: Services, request: StageRequest, divisions: string): Promise<PartRequest["recall"]> {
  const definition = kindDefinitions[request.kind];
  return withClient(services, async (client) => {
    await createStage(client, request.batchId, definition);
    if (!definition.timeless) return null;
    const mapped = new Set(request.mapping.flatMap((sheet) => sheet.columns.map((column) => column.field)));
    const fields = ledgerFields.filter((field) => mapped.has(field));
    const salt = recallSalt({ kind: request.kind, fields, coverage: request.coverage, divisions });
    const known = request.recall ? await loadKnownTexts(client, request.kind, request.coverage) : null;
    return { salt, fields, known: known?.buffer ?? null };
  });
}

async function withClient<T>(services: Services, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await services.database.pools.worker.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}

interface Division {
  readonly ranges: readonly (CsvRange | null)[];
  /** Texts of the lines above the table. */
  readonly above: readonly string[];
}

const WHOLE: Division = { ranges: [null], above: [] };

async function divide(path: string, request: StageRequest, largeFileBytes: number): Promise<Division> {
  const [sheet] = request.mapping;
  const opened = await openSheets(path, { fileName: request.fileName });
  if (isProblem(opened)) refuse(opened);
  await using source = opened;
  if (source.format !== "csv" || !sheet) return WHOLE;
  const dialect = await detectCsvDialect(path, request.fileName);
  const threads = Math.min(availableParallelism(), MOST_THREADS);
  const ranges = await planCsvRanges(path, dialect, threads, largeFileBytes);
  if (ranges.length === 1) return WHOLE;
  const head = await firstRows(source, sheet.firstDataRow - 1);
  // Everything above the table must lie in the first part.
  return (ranges[1]?.firstRecord ?? 0) <= sheet.firstDataRow ? WHOLE : { ranges, above: head.map(lineText) };
}

async function firstRows(source: SheetSource, count: number): Promise<SheetRow[]> {
  if (count <= 0) return [];
  for await (const rows of source.rows(0, { batchRows: count })) return rows.filter((row) => row.number <= count);
  return [];
}
