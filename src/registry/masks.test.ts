import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maskCell, maskIdentity, maskNumbers, maskPhone } from "./masks.ts";

describe("numbers within text", () => {
  test("are shown as they are shown alone", () => {
    const identity = "433124198802030017";
    expect(maskNumbers(`身份证${identity}，电话13812342207`)).toBe(
      `身份证${maskIdentity(identity)}，电话${maskPhone("13812342207")}`,
    );
  });
  test("dates, amounts and house numbers stay in a remark; in a cell a damaged number is hidden too", () => {
    expect(maskNumbers("20250618 签订，月薪 4200，门牌 126")).toBe("20250618 签订，月薪 4200，门牌 126");
    expect(maskCell("138123422")).toBe("1381***22");
    expect(maskCell("4200")).toBe("4200");
  });
  test("no run of eleven digits survives, wherever it stands", () => {
    const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 11, maxLength: 24 });
    fc.assert(
      fc.property(fc.string(), digits, fc.string(), (before, number, after) => {
        for (const mask of [maskNumbers, maskCell]) expect(mask(`${before}${number}${after}`)).not.toMatch(/\d{11}/);
      }),
    );
  });
});
