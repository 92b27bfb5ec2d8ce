import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { forecastOf, shareOf, timeShareOf, type LineMoney } from "./forecast.ts";

const line = (more: Partial<LineMoney>): LineMoney => ({
  budgetFen: 1000,
  reservedFen: 0,
  spentFen: 0,
  validFrom: "2025-01-01",
  validTo: null,
  year: 2025,
  ...more,
});

describe("what a line will have spent", () => {
  test("goes on as it has gone", () => {
    expect(forecastOf(line({ spentFen: 100 }), "2025-06-30")).toBe(Math.round((100 / 181) * 365));
    expect(forecastOf(line({ spentFen: 100 }), "2025-12-31")).toBe(100);
  });

  test("counts what is kept as spent, and never passes what there is", () => {
    expect(forecastOf(line({ reservedFen: 700 }), "2025-02-01")).toBe(700);
    expect(forecastOf(line({ spentFen: 900 }), "2025-02-01")).toBe(1000);
  });

  test("before its time is what is kept", () => {
    expect(forecastOf(line({ validFrom: "2025-07-01", reservedFen: 5 }), "2025-06-01")).toBe(5);
    expect(timeShareOf(line({ validFrom: "2025-07-01" }), "2025-06-01")).toBe(0);
  });

  test("lies between what is sure and what there is, on whatever day", () => {
    const fens = fc.nat({ max: 1e12 });
    const day = fc
      .date({ min: new Date("2024-01-01"), max: new Date("2027-12-31"), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    fc.assert(
      fc.property(fens, fens, fens, day, fc.option(day), day, (spentFen, reservedFen, left, validFrom, validTo, on) => {
        const one = line({ spentFen, reservedFen, budgetFen: spentFen + reservedFen + left, validFrom, validTo });
        const found = forecastOf(one, on);
        expect(found).toBeGreaterThanOrEqual(spentFen + reservedFen);
        expect(found).toBeLessThanOrEqual(one.budgetFen);
        expect(timeShareOf(one, on)).toBeGreaterThanOrEqual(0);
        expect(timeShareOf(one, on)).toBeLessThanOrEqual(1000);
      }),
    );
  });
});

test("a share of nothing is nothing", () => {
  expect(shareOf(5, 0)).toBe(0);
  expect(shareOf(1, 8)).toBe(125);
});
