import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { DayNumber } from "./calendar.ts";
import { csvBatches, type CsvBatch, type CsvBatches, type CsvEncoding } from "./csv-file.ts";
import type { AnyForm, CellValue, FormId } from "./forms.ts";
import { systemHand, type Hand } from "./hands.ts";
import type { Population, PopulationOptions } from "./population.ts";
import type { County, Village } from "./territory.ts";

/** A thread costs half a second to start, in which it would write a hundred thousand rows. */
const WORTH_THREADS = 300_000;

export function defaultThreads({ counties, options }: Population): number {
  return options.persons < WORTH_THREADS ? 1 : Math.min(availableParallelism(), counties.length);
}

/** A form's rows for a whole territory as CSV, county after county. A county is the unit of work of a thread. */
export function countyBatches(
  population: Population,
  form: AnyForm,
  day: DayNumber,
  encoding: CsvEncoding,
  threads: number,
): CsvBatches {
  return threads > 1 ? inThreads(population, form, day, encoding, threads) : inTurn(population, form, day, encoding);
}

function* inTurn(population: Population, form: AnyForm, day: DayNumber, encoding: CsvEncoding): Generator<CsvBatch> {
  for (const county of population.counties) yield* batchesOf(population, form, county, day, encoding);
}

export function batchesOf(
  population: Population,
  form: AnyForm,
  county: County,
  day: DayNumber,
  encoding: CsvEncoding,
): Generator<CsvBatch> {
  return csvBatches(
    countyRows(population, form, county, day, () => systemHand),
    encoding,
  );
}

/** Serials begin anew in each county: a province's table is its counties' tables one after another. */
export function* countyRows(
  population: Population,
  form: AnyForm,
  county: County,
  day: DayNumber,
  handOf: (village: Village) => Hand,
): Generator<readonly CellValue[]> {
  let serial = 1;
  for (const village of county.villages) {
    for (const cells of form.cellsOf(population, village, day, handOf(village), serial)) {
      serial++;
      yield cells;
    }
  }
}

/** What a thread is told once. */
export interface CountyWork {
  readonly population: PopulationOptions;
  readonly form: FormId;
  readonly day: DayNumber;
  readonly encoding: CsvEncoding;
}

/** A whole county: its batches are few megabytes, and one message costs less than many. */
export interface FinishedCounty {
  readonly county: number;
  readonly rows: number;
  readonly bytes: Uint8Array;
}

/** Counties that may be finished or begun beyond the one that is due: bounds what is held in memory. */
const AHEAD_PER_THREAD = 2;

async function* inThreads(
  { options, counties }: Population,
  form: AnyForm,
  day: DayNumber,
  encoding: CsvEncoding,
  threads: number,
): AsyncGenerator<CsvBatch> {
  const work: CountyWork = { population: options, form: form.id, day, encoding };
  const finished = new Map<number, FinishedCounty>();
  let next = 0;
  let due = 0;
  let failure: unknown = null;
  let wake = () => {};
  const idle: Worker[] = [];
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL("./county-worker.ts", import.meta.url), { workerData: work }),
  );
  const giveOut = () => {
    while (idle.length > 0 && next < counties.length && next < due + threads * AHEAD_PER_THREAD)
      idle.pop()!.postMessage(next++);
  };
  for (const worker of workers) {
    idle.push(worker);
    worker.on("message", (county: FinishedCounty) => {
      finished.set(county.county, county);
      idle.push(worker);
      giveOut();
      wake();
    });
    worker.on("error", (error) => {
      failure = error;
      wake();
    });
  }
  try {
    giveOut();
    for (; due < counties.length; due++) {
      while (!finished.has(due)) {
        if (failure !== null) throw failure;
        await new Promise<void>((resolve) => (wake = resolve));
      }
      const { rows, bytes } = finished.get(due)!;
      finished.delete(due);
      yield { rows, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
      giveOut();
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
