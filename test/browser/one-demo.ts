import { afterAll, beforeAll } from "vitest";
import { startDemo, type RunningInstallation } from "./installation.ts";
import { openOffice, type Office } from "./office.ts";

interface OneDemo {
  readonly demo: () => RunningInstallation;
  readonly office: () => Office;
  /** Whatever stands after this in the file happens on a later day. */
  later(date: string): Promise<void>;
}

/** One installation and one browser for all journeys of a file: its start is the longest part. */
export function oneDemo(): OneDemo {
  let demo: RunningInstallation;
  let office: Office;
  beforeAll(async () => {
    demo = await startDemo();
    office = await openOffice(demo.url);
  }, 660_000);
  afterAll(async () => {
    await office?.close();
    await demo?.stop();
  });
  return {
    demo: () => demo,
    office: () => office,
    async later(date) {
      const { url } = await demo.later(date);
      await office.close();
      office = await openOffice(url);
    },
  };
}
