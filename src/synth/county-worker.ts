import { parentPort, workerData } from "node:worker_threads";
import { batchesOf, type CountyWork, type FinishedCounty } from "./county-batches.ts";
import { formOf } from "./forms.ts";
import { Population } from "./population.ts";

const { population: options, form, day, encoding } = workerData as CountyWork;
const population = new Population(options);

parentPort!.on("message", (index: number) => {
  const batches = [...batchesOf(population, formOf(form), population.counties[index]!, day, encoding)];
  // A copy of its own, which can be handed over: small buffers share the pool of the thread.
  const bytes = new Uint8Array(batches.reduce((sum, batch) => sum + batch.bytes.length, 0));
  let at = 0;
  for (const batch of batches) {
    bytes.set(batch.bytes, at);
    at += batch.bytes.length;
  }
  const finished: FinishedCounty = { county: index, rows: batches.reduce((sum, batch) => sum + batch.rows, 0), bytes };
  parentPort!.postMessage(finished, [bytes.buffer]);
});
