import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatYuan } from "../../platform/money.ts";
import { fenOf, levelOfCode, rateOf, sixDigits, valueOf } from "./setting-values.ts";

describe("a standard as it is typed", () => {
  test("every amount that is shown can be typed back", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999_999_999 }), (fen) => {
        expect(fenOf(formatYuan(fen))).toBe(fen);
      }),
    );
  });

  test("yuan take no more than two decimals", () => {
    expect(fenOf("300")).toBe(30_000);
    expect(fenOf("1,234.5")).toBe(123_450);
    expect(fenOf("0.005")).toBeNull();
    expect(fenOf("三百")).toBeNull();
    expect(fenOf("-3")).toBeNull();
    expect(fenOf("")).toBeNull();
  });

  test("a rate is a percentage or a fraction", () => {
    expect(rateOf("70%")).toEqual({ of: 100, value: 70 });
    expect(rateOf("70")).toEqual({ of: 100, value: 70 });
    expect(rateOf("2/3")).toEqual({ of: 3, value: 2 });
    expect(rateOf("2/0")).toBeNull();
    expect(rateOf("0.7")).toBeNull();
  });

  test("each kind takes what is its own", () => {
    expect(valueOf("integer", "12")).toBe(12);
    expect(valueOf("integer", "1.5")).toBeNull();
    expect(valueOf("boolean", "否")).toBe(false);
    expect(valueOf("text", " 县 ")).toBe("县");
    expect(valueOf("date", "")).toBeNull();
  });

  test("divisions above towns have levels", () => {
    expect(["43", "4331", "433124", "433124110"].map(levelOfCode)).toEqual(["省", "市", "县", null]);
    expect(sixDigits("4331")).toBe("433100");
  });
});
