import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { addDays, addMonths, ageOn, daysBetween, endOfMonth, isDate, monthsCompleteOn, wholeMonths } from "./dates.ts";

const day = fc
  .integer({ min: 0, max: 3_652_058 })
  .map((days) => Temporal.PlainDate.from("0001-01-01").add({ days }).toString());
const inRange = (date: Temporal.PlainDate) => date.year >= 1 && date.year <= 9999;
const text = (make: () => Temporal.PlainDate) => {
  const date = make();
  return inRange(date) ? date.toString() : null;
};

describe("calendar arithmetic", () => {
  it("agrees with Temporal", () => {
    fc.assert(
      fc.property(day, day, fc.integer({ min: -1500, max: 1500 }), (date, other, by) => {
        const plain = Temporal.PlainDate.from(date);
        expect(addMonths(date, by)).toBe(text(() => plain.add({ months: by })));
        expect(addDays(date, by)).toBe(text(() => plain.add({ days: by })));
        expect(daysBetween(date, other)).toBe(plain.until(other, { largestUnit: "day" }).days);
        expect(endOfMonth(date)).toBe(plain.with({ day: plain.daysInMonth }).toString());
      }),
    );
  });

  it.each([
    ["2024-02-29", true],
    ["2023-02-29", false],
    ["1900-02-29", false],
    ["2000-02-29", true],
    ["0000-01-01", false],
    ["2023-13-01", false],
    ["2023-1-1", false],
  ])("%s is a date: %s", (date, is) => expect(isDate(date)).toBe(is));

  it.each([
    ["2023-03-01", 6, "2023-08-31", "2023-09-01"],
    ["2023-03-15", 6, "2023-09-14", "2023-09-15"],
    ["2023-08-31", 6, "2024-02-29", "2024-02-29"],
    ["2023-08-30", 6, "2024-02-29", "2024-02-29"],
    ["2024-02-29", 12, "2025-02-28", "2025-02-28"],
    ["2023-01-31", 1, "2023-02-28", "2023-02-28"],
    ["2023-01-01", 12, "2023-12-31", "2024-01-01"],
    ["9999-07-01", 6, "9999-12-31", null],
    ["9999-06-30", 6, "9999-12-29", "9999-12-30"],
  ])("%s and %i months are complete on %s, by the Civil Code on %s (AMB-02)", (start, months, ours, civil) => {
    expect(monthsCompleteOn(start, months, "first-day-counts")).toBe(ours);
    expect(monthsCompleteOn(start, months, "civil-code")).toBe(civil);
  });

  it("counts as many months as are complete, neither more nor fewer", () => {
    const recent = fc
      .integer({ min: 0, max: 4000 })
      .map((days) => Temporal.PlainDate.from("2020-01-01").add({ days }).toString());
    fc.assert(
      fc.property(
        recent,
        recent,
        fc.constantFrom("first-day-counts" as const, "civil-code" as const),
        (from, to, counting) => {
          const months = wholeMonths(from, to, counting);
          if (months > 0) expect(monthsCompleteOn(from, months, counting)! <= to).toBe(true);
          expect(monthsCompleteOn(from, months + 1, counting)! > to || to < from).toBe(true);
        },
      ),
    );
  });

  it("counts completed years", () => {
    expect(ageOn("2004-02-29", "2025-02-28")).toBe(20);
    expect(ageOn("2004-02-29", "2025-03-01")).toBe(21);
    expect(ageOn("2004-05-05", "2004-05-05")).toBe(0);
    expect(ageOn("2004-05-05", "2004-05-04")).toBeNull();
  });
});
