import { availableParallelism } from "node:os";
import { loadRegionIndex, regionsMark } from "#registry";
import type { PoolClient } from "pg";
import { sizeOf, type FilePlace } from "../../platform/files/place.ts";
import type { Services } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import {
  isProblem,
  isReadInPlace,
  lineText,
  openSheets,
  surveyCsv,
  type CsvDialect,
  type CsvRange,
  type SheetRow,
  type SheetSource,
} from "../../platform/sheets/index.ts";
import { ledgerFields, type LedgerField, type LedgerKind, type SheetMapping } from "../contract.ts";
import { kindDefinitions } from "../kinds/index.ts";
import { registryMark } from "../store.ts";
import { keepClaims, stageContested } from "./claims.ts";
import { knowsTexts, loadKnownTexts, recallSalt, type LoadedTexts } from "./recall.ts";
import { stagePart, type PartRequest } from "./stage-part.ts";
import { createStage } from "./table.ts";
import { SeenKeys } from "./seen-keys.ts";
import { ReaderThreads, type PartReader } from "./threads.ts";

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

export interface Staged {
  /** Of the table. */
  readonly rows: number;
  /** Any line may stand there twice. */
  readonly repeated: boolean;
  /** How far the registry was when the texts were loaded by which rows were recalled. */
  readonly mark: string;
}

/** A CSV file larger than this is read by several threads. */
const LARGE_FILE_BYTES = 16 * 2 ** 20;
/** Of a table whose rows are mostly known: reading it by oneself takes less than making a thread ready. */
const KNOWN_FACTOR = 10;
const MOST_READERS = 4;
/** Who has read his part takes the next. Small, so that all end together; not so many that beginning them counts. */
const PART_BYTES = 4 * 2 ** 20;
const MOST_PARTS = 64;

/**
 * file → parsed → checked → staged. Writes the batch's own unlogged tables; the registry is not touched, and
 * doing it again starts anew. `largeFileBytes` is for tests.
 */
export async function stageBatch(
  services: Services,
  request: StageRequest,
  progress: (rows: number, fraction: number) => Promise<void>,
  largeFileBytes = LARGE_FILE_BYTES,
): Promise<Staged> {
  const { worker } = services.database;
  const mark = await registryMark(worker);
  // The server looks the texts up while the file is deciphered and searched.
  const preparing = prepare(services, request);
  const local = await placeOf(services, request).catch(after(preparing));
  let threads: ReaderThreads | null = null;
  try {
    const division = await divide(services, local.place, request, largeFileBytes).catch(after(preparing));
    threads = division.threads;
    const { recall, loaded } = await preparing;
    const seen = SeenKeys.forFile(await sizeOf(local.place));
    const parts = partsOf(request, local.place, division, recall, seen.buffer);
    const rows = await readParts(services, parts, threads, progress);
    const contested =
      loaded !== null &&
      (await withClient(services, async (client) => {
        await keepClaims(client, request.batchId, request.kind, request.coverage, loaded);
        return stageContested(client, request.batchId, request.kind);
      }));
    return { rows: rows.reduce((sum, part) => sum + part, 0), repeated: contested || seen.repeated, mark };
  } finally {
    await threads?.close();
    await local.release();
  }
}

function partsOf(
  request: StageRequest,
  place: FilePlace,
  division: Division,
  recall: PartRequest["recall"],
  seen: SharedArrayBuffer,
): PartRequest[] {
  const { fileKey: _key, recall: _recall, ...facts } = request;
  return division.ranges.map((range, part) => ({
    ...facts,
    place,
    range,
    dialect: division.dialect,
    above: part === 0 ? [] : division.above,
    recall,
    seen,
  }));
}

async function readParts(
  services: Services,
  parts: readonly PartRequest[],
  threads: ReaderThreads | null,
  progress: (rows: number, fraction: number) => Promise<void>,
): Promise<number[]> {
  const regions = services.database.worker.transaction().execute((tx) => loadRegionIndex(tx));
  const own: PartReader = async (part, told) => stagePart(services, (await regions).matcher, part, told);
  return threads ? threads.read(parts, own, progress) : [await own(parts[0]!, progress)];
}

/** Empty tables for the batch, and what is needed to recall texts; null where they are not remembered. */
async function prepare(
  services: Services,
  request: StageRequest,
): Promise<{ recall: PartRequest["recall"]; loaded: LoadedTexts | null }> {
  const definition = kindDefinitions[request.kind];
  const divisions = await regionsMark(services.database.worker);
  return withClient(services, async (client) => {
    await createStage(client, request.batchId, definition);
    if (!definition.timeless) return { recall: null, loaded: null };
    const mapped = new Set(request.mapping.flatMap((sheet) => sheet.columns.map((column) => column.field)));
    const fields = ledgerFields.filter((field) => mapped.has(field));
    const salt = recallSalt({ kind: request.kind, fields, coverage: request.coverage, divisions });
    const loaded = request.recall ? await loadKnownTexts(client, request.kind, request.coverage) : null;
    return { recall: { salt, fields, known: loaded?.texts.buffer ?? null }, loaded };
  });
}

/** Waits for something begun before, whatever comes of it, and lets the failure go on. */
function after(begun: Promise<unknown>): (cause: unknown) => Promise<never> {
  return async (cause) => {
    await begun.catch(() => {});
    throw cause;
  };
}

async function withClient<T>(services: Services, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await services.database.pools.worker.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}

/** CSV is read where it lies, so that its plain bytes never touch the disk; the readers of workbooks need a path. */
async function placeOf(
  { files }: Services,
  { fileKey, fileName }: StageRequest,
): Promise<{ place: FilePlace; release(): Promise<void> }> {
  const sealed = await files.inPlace(fileKey);
  try {
    // By its content: a text file that was mended may have come back as a workbook.
    if (await isReadInPlace(sealed.place, fileName)) return sealed;
  } catch (cause) {
    await sealed.release();
    throw cause;
  }
  await sealed.release();
  const local = await files.asLocalFile(fileKey);
  return { place: local.path, release: () => local.release() };
}

/** How a file is read: whole, or in parts by this thread and others. */
interface Division {
  readonly ranges: readonly (CsvRange | null)[];
  /** Texts of the lines above the table. */
  readonly above: readonly string[];
  readonly dialect: CsvDialect | null;
  /** To be closed by whoever asked for the division. */
  readonly threads: ReaderThreads | null;
}

const WHOLE: Division = { ranges: [null], above: [], dialect: null, threads: null };

async function divide(
  services: Services,
  place: FilePlace,
  request: StageRequest,
  largeFileBytes: number,
): Promise<Division> {
  const [sheet] = request.mapping;
  const readers = Math.min(availableParallelism(), MOST_READERS);
  const size = await sizeOf(place);
  if (!sheet || readers === 1 || size < largeFileBytes || !(await isReadInPlace(place, request.fileName))) return WHOLE;
  if (size < largeFileBytes * KNOWN_FACTOR && (await isLikelyKnown(services, request))) return WHOLE;
  const threads = new ReaderThreads(services, readers - 1);
  try {
    const parts = Math.min(Math.max(2 * readers, Math.ceil(size / PART_BYTES)), MOST_PARTS);
    const { dialect, ranges } = await surveyCsv(place, request.fileName, parts, largeFileBytes);
    const opened = await openSheets(place, { fileName: request.fileName, dialect });
    if (isProblem(opened)) refuse(opened);
    await using source = opened;
    const head = await firstRows(source, sheet.firstDataRow - 1);
    // Everything above the table must lie in the first part.
    if ((ranges[1]?.firstRecord ?? 0) > sheet.firstDataRow)
      return { ranges, above: head.map(lineText), dialect, threads };
    await threads.close();
    return WHOLE;
  } catch (cause) {
    await threads.close();
    throw cause;
  }
}

/** Whether most rows may say again what lines of these regions say. */
async function isLikelyKnown(services: Services, { recall, kind, coverage }: StageRequest): Promise<boolean> {
  if (!recall || !kindDefinitions[kind].timeless) return false;
  return withClient(services, (client) => knowsTexts(client, kind, coverage));
}

async function firstRows(source: SheetSource, count: number): Promise<SheetRow[]> {
  if (count <= 0) return [];
  for await (const rows of source.rows(0, { batchRows: count })) return rows.filter((row) => row.number <= count);
  return [];
}
