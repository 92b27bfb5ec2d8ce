import { expect, test } from "vitest";
import { runMoneyCrashRounds } from "./crash-rounds.ts";

// The processes to kill are found through /proc.
test.skipIf(process.platform !== "linux")(
  "kill -9 of any part while a batch is released, sent or answered loses nothing and doubles nothing",
  { timeout: 240_000 },
  async () => {
    const report = await runMoneyCrashRounds({ rounds: 3, payments: 200, seed: 3 });
    expect(report.violations).toEqual([]);
    expect(report.rounds).toBe(3);
  },
);
