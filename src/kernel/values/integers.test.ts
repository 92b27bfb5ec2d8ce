import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareFractions, divideDown, exact, scaleRounded, sum } from "./integers.ts";
import { MAX_INTEGER } from "./types.ts";

/** Everyday amounts, and those at and near the ends of the range and of 32 bits. */
const size = fc.oneof(
  fc.nat({ max: 1000 }),
  fc.maxSafeNat(),
  fc.nat({ max: 5 }).map((less) => MAX_INTEGER - less),
  fc.integer({ min: 2 ** 31 - 3, max: 2 ** 31 - 1 }),
);
const integer = fc.tuple(size, fc.boolean()).map(([value, negative]) => (negative ? -value + 0 : value));
const positive = size.map((value) => Math.max(1, value));
const within = (value: bigint) =>
  value <= BigInt(MAX_INTEGER) && value >= -BigInt(MAX_INTEGER) ? Number(value) : null;
const runs = { numRuns: 3000 };

describe("exact integers agree with big integers", () => {
  it("in products and sums", () => {
    fc.assert(
      fc.property(integer, integer, (a, b) => {
        expect(exact(a * b)).toBe(within(BigInt(a) * BigInt(b)));
        expect(exact(a + b)).toBe(within(BigInt(a) + BigInt(b)));
      }),
      runs,
    );
    fc.assert(
      fc.property(fc.array(integer, { maxLength: 12 }), (items) => {
        expect(sum(items)).toBe(within(items.reduce((total, item) => total + BigInt(item), 0n)));
      }),
      runs,
    );
  });

  it("in scaling, rounded half away from zero", () => {
    fc.assert(
      fc.property(integer, integer, positive, (value, factor, divisor) => {
        const product = BigInt(value) * BigInt(factor);
        const magnitude = product < 0n ? -product : product;
        const quotient = (2n * magnitude + BigInt(divisor)) / (2n * BigInt(divisor));
        expect(scaleRounded(value, factor, divisor)).toBe(within(product < 0n ? -quotient : quotient));
      }),
      runs,
    );
  });

  it("in division downwards and in the order of fractions", () => {
    fc.assert(
      fc.property(integer, positive, integer, positive, (a, b, c, d) => {
        expect(BigInt(divideDown(a, b)) * BigInt(b) <= BigInt(a)).toBe(true);
        expect((BigInt(divideDown(a, b)) + 1n) * BigInt(b) > BigInt(a)).toBe(true);
        const difference = BigInt(a) * BigInt(d) - BigInt(c) * BigInt(b);
        expect(compareFractions(a, b, c, d)).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0);
      }),
      runs,
    );
  });
});
