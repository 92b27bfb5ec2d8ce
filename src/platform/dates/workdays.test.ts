import { describe, expect, it } from "vitest";
import { addWorkdays, dueOn, isWorkday } from "./workdays.ts";

describe("working days", () => {
  it("are Monday to Friday, but for published holidays and the weekends worked for them", () => {
    expect(isWorkday("2025-06-18")).toBe(true);
    expect(isWorkday("2025-06-21")).toBe(false);
    expect(isWorkday("2025-10-08")).toBe(false);
    expect(isWorkday("2025-10-11")).toBe(true);
    expect(isWorkday("2026-02-28")).toBe(true);
    expect(isWorkday("2026-02-23")).toBe(false);
  });

  it("of a term begin on the day after and skip what is no working day", () => {
    expect(addWorkdays("2025-06-18", 1)).toBe("2025-06-19");
    expect(addWorkdays("2025-06-18", 10)).toBe("2025-07-02");
    // From the last day before the National Day holiday: the next is the ninth of October.
    expect(addWorkdays("2025-09-30", 1)).toBe("2025-10-09");
    expect(addWorkdays("2025-10-10", 1)).toBe("2025-10-11");
    // 端午 of the demonstration's Jining.
    expect(addWorkdays("2023-06-21", 1)).toBe("2023-06-25");
  });

  it("are plain days where the check says so", () => {
    expect(dueOn("2025-06-18", 30, "日")).toBe("2025-07-18");
    expect(dueOn("2025-06-18", 3, "工作日")).toBe("2025-06-23");
  });
});
