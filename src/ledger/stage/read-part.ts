import { loadRegionIndex } from "#registry";
import { Refusal } from "../../platform/problem.ts";
import { openForThread } from "../../platform/runtime.ts";
import { stagePart } from "./stage-part.ts";
import type { ThreadMessage, ThreadStart } from "./threads.ts";

/** Opens the installation for this thread alone, reads its part, answers. */
export async function readPart(
  { config, address, part }: ThreadStart,
  tell: (message: ThreadMessage) => void,
): Promise<void> {
  const services = openForThread(config, address);
  const progress = async (rows: number, fraction: number) => tell({ kind: "progress", rows, fraction });
  try {
    const regions = await services.database.worker.transaction().execute((tx) => loadRegionIndex(tx));
    tell({ kind: "done", rows: await stagePart(services, regions.matcher, part, progress) });
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    tell({ kind: "refused", problem: cause.problem });
  } finally {
    await services.database.close();
  }
}
