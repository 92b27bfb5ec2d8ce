import { expect, test } from "vitest";
import { runCrashRounds } from "./rounds.ts";

// The processes to kill are found through /proc.
test.skipIf(process.platform !== "linux")(
  "kill -9 of any part at a random moment leaves before or after, never between, and loses nothing acknowledged",
  { timeout: 240_000 },
  async () => {
    const report = await runCrashRounds({ rounds: 6, seed: 5 });
    expect(report.violations).toEqual([]);
    expect(report.rounds).toBe(6);
  },
);
