import { loadRegionIndex } from "#registry";
import { Refusal } from "../../platform/problem.ts";
import { openForThread } from "../../platform/runtime.ts";
import { stagePart, type PartRequest } from "./stage-part.ts";
import type { ThreadMessage, ThreadStart } from "./threads.ts";

/** Opens the installation for this thread alone; parts are read one after another, and each is answered. */
export async function openPartReader(
  { config, address }: ThreadStart,
  tell: (message: ThreadMessage) => void,
): Promise<{ read(part: PartRequest): Promise<void>; close(): Promise<void> }> {
  const services = openForThread(config, address);
  const progress = async (rows: number, fraction: number) => tell({ kind: "progress", rows, fraction });
  const regions = await services.database.worker.transaction().execute((tx) => loadRegionIndex(tx));
  return {
    async read(part) {
      try {
        tell({ kind: "done", rows: await stagePart(services, regions.matcher, part, progress) });
      } catch (cause) {
        if (!(cause instanceof Refusal)) throw cause;
        tell({ kind: "refused", problem: cause.problem });
      }
    },
    close: () => services.database.close(),
  };
}
