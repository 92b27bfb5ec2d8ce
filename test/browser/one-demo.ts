import { afterAll, afterEach, beforeAll } from "vitest";
import { startDemo, type RunningInstallation } from "./installation.ts";
import { openOffice, type Office } from "./office.ts";

interface OneDemo {
  readonly demo: () => RunningInstallation;
  readonly office: () => Office;
  /** Whatever stands after this in the file happens on a later day. */
  readonly later: (date: string) => Promise<void>;
}

/** One installation and one browser for all journeys of a file: its start is the longest part. */
export function oneDemo(): OneDemo {
  let demo: RunningInstallation;
  let office: Office;
  beforeAll(async () => {
    demo = await startDemo();
    office = await openOffice(demo.url);
  }, 660_000);
  // What failed once in fifty runs is understood from what the page said instead, or not at all.
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") process.stderr.write(`${task.name}: ${await office.whatStands()}\n`);
  });
  afterAll(async () => {
    await office?.close();
    await demo?.stop();
  });
  return {
    demo: () => demo,
    office: () => office,
    later: async (date) => {
      const { url } = await demo.later(date);
      await office.close();
      office = await openOffice(url);
    },
  };
}
