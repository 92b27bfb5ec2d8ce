import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { apportion, choice, RandomSource } from "./random.ts";

describe("random source", () => {
  test("draws are fixed for ever by seed, purpose and place", () => {
    const source = RandomSource.fromSeed("wengang").derive(7);
    expect([source.draw(1), source.draw(1, 1), source.draw(2), source.derive(3).draw(1)]).toEqual([
      3_037_275_576, 2_815_789_306, 2_052_568_802, 2_329_141_578,
    ]);
  });

  test("seeds, parts, purposes and repetitions give different draws", () => {
    const root = RandomSource.fromSeed("a");
    const draws = new Set<number>();
    for (let part = 0; part < 50; part++)
      for (let purpose = 1; purpose <= 20; purpose++)
        for (let at = 0; at < 20; at++) draws.add(root.derive(part).draw(purpose, at));
    // Of 20,000 numbers out of 4.3 thousand millions, hardly one pair is expected to be alike.
    expect(draws.size).toBeGreaterThan(19_996);
  });

  test("numbers below a bound are evenly spread", () => {
    const source = RandomSource.fromSeed("even");
    const counts = Array.from({ length: 10 }, () => 0);
    for (let at = 0; at < 100_000; at++) counts[source.below(10, 1, at)]!++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  test("a choice keeps its weights", () => {
    const source = RandomSource.fromSeed("choice");
    const kinds = choice<string>([
      ["rare", 1],
      ["often", 99],
    ]);
    let rare = 0;
    for (let at = 0; at < 100_000; at++) if (source.pick(kinds, 1, at) === "rare") rare++;
    expect(rare / 100_000).toBeCloseTo(0.01, 2);
  });

  test("apportioned shares add up and stay within one of the exact share", () => {
    fc.assert(
      fc.property(
        fc.nat(100_000),
        fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 60 }),
        (total, weights) => {
          const shares = apportion(total, weights);
          const sum = weights.reduce((a, b) => a + b, 0);
          expect(shares.reduce((a, b) => a + b, 0)).toBe(total);
          for (const [i, share] of shares.entries())
            expect(Math.abs(share - (total * weights[i]!) / sum)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
