import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { expect, test } from "vitest";
import { keptRuns, RETENTION } from "./retention.ts";

const now = Temporal.Instant.from("2026-07-31T17:30:00Z");

test("a backup each night: seven days, five weeks, twelve months stay", () => {
  const nights = Array.from({ length: 800 }, (_, n) => now.subtract({ hours: 24 * n }));
  const kept = keptRuns(nights);
  expect([...kept].filter((nth) => nth < 7)).toHaveLength(7);
  expect(kept.size).toBeLessThanOrEqual(RETENTION.days + RETENTION.weeks + RETENTION.months);
  const oldest = nights[Math.max(...kept)]!.until(now).total("hours") / 24;
  expect(oldest).toBeGreaterThan(300);
});

test("the newest always stays, however irregular the times are", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20_000), { minLength: 1, maxLength: 60 }), (hours) => {
      const moments = hours.toSorted((a, b) => a - b).map((ago) => now.subtract({ hours: ago }));
      expect(keptRuns(moments).has(0)).toBe(true);
    }),
  );
});
