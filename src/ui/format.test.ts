import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addMonths,
  columnLetters,
  count,
  dateWithWeekday,
  dayOf,
  fileSize,
  lateness,
  moment,
  perTenThousand,
  yuan,
} from "./format.ts";

describe("numbers", () => {
  test("thousands are separated, and nothing but separators is added", () => {
    expect(count(20_583)).toBe("20,583");
    expect(count(-1_000)).toBe("-1,000");
    fc.assert(fc.property(fc.integer(), (value) => Number(count(value).replaceAll(",", "")) === value));
  });
  test("fen become yuan exactly, for every amount", () => {
    expect(yuan(3_360_000)).toBe("33,600.00");
    expect(yuan(-5)).toBe("-0.05");
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }),
        (fen) => Math.round(Number(yuan(fen).replaceAll(",", "")) * 100) === fen,
      ),
    );
  });
  test("an amount nobody has set is 待定, never 0", () => {
    expect(yuan(null)).toBe("待定");
    expect(yuan(0)).toBe("0.00");
  });
  test("shares per ten thousand keep one digit", () => {
    expect(perTenThousand(362)).toBe("3.6%");
    expect(perTenThousand(18)).toBe("0.1%");
  });
  test("file sizes", () => expect([fileSize(900), fileSize(1_572_864)]).toEqual(["900 B", "1.5 MB"]));
});

describe("dates", () => {
  test("a moment shows the day and time of China, wherever the machine stands", () => {
    expect(moment("2025-09-19T08:42:00Z", "2025-09-22")).toBe("9月19日 16:42");
    expect(moment("2024-12-31T16:30:00Z", "2025-09-22")).toBe("1月1日 00:30");
    expect(moment("2024-12-31T15:30:00Z", "2025-09-22")).toBe("2024-12-31 23:30");
    expect(dayOf("2025-09-20T16:00:00Z")).toBe("2025-09-21");
  });
  test("weekdays", () => expect(dateWithWeekday("2025-09-22")).toBe("9月22日 星期一"));
  test("months run over years", () =>
    expect([addMonths("2025-01", -1), addMonths("2025-12", 2)]).toEqual(["2024-12", "2026-02"]));
  test("the day itself is in time, the day after is late", () => {
    expect(lateness("2025-09-20", "2025-09-20")).toMatchObject({ tone: "soon", words: "今日" });
    expect(lateness("2025-09-20", "2025-09-21")).toMatchObject({ tone: "late", words: "逾期 1 天" });
    expect(lateness("2025-09-20", "2025-09-17").tone).toBe("soon");
    expect(lateness("2025-09-20", "2025-09-16").tone).toBe("plain");
  });
});

test("sheets count their columns in letters", () =>
  expect([1, 26, 27, 52, 703].map(columnLetters)).toEqual(["A", "Z", "AA", "AZ", "AAA"]));
