import fc from "fast-check";
import { stdnum } from "stdnum";
import { describe, expect, test } from "vitest";
import { passesLuhn, readBankCard, readPhone } from "./contact-numbers.ts";
import { creditCheckCharacter, isCreditCode, readCreditCode } from "./credit-code.ts";

const oracle = stdnum.CN!.uscc!;
const ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY".split("");
const text = (unit: string[], length: number) =>
  fc.string({ unit: fc.constantFrom(...unit), minLength: length, maxLength: length });
const validCode = fc
  .tuple(text(ALPHABET.slice(0, 10), 8), text(ALPHABET, 9))
  .map(([front, back]) => front + back + creditCheckCharacter(front + back)!);

describe("统一社会信用代码", () => {
  test("is judged as by stdnum, which wrongly refuses the codes whose check character is 0", () => {
    fc.assert(
      fc.property(validCode, (code) => {
        expect(readCreditCode(code)).toEqual({ ok: true, code });
        expect(oracle.validate(code).isValid).toBe(!code.endsWith("0"));
      }),
      { numRuns: 1_000 },
    );
  });

  test("any other last character is refused by both", () => {
    fc.assert(
      fc.property(validCode, fc.constantFrom(...ALPHABET), (code, last) => {
        fc.pre(last !== code[17]);
        const wrong = code.slice(0, 17) + last;
        expect(isCreditCode(wrong)).toBe(false);
        expect(oracle.validate(wrong).isValid).toBe(false);
      }),
    );
  });

  test("small letters, spaces and full-width are read; letters that never occur are suggested away", () => {
    const code = "91110000600037341L";
    expect(isCreditCode(code)).toBe(true);
    expect(readCreditCode(" 91110000600037341l ")).toEqual({ ok: true, code });
    expect(readCreditCode("９１１１００００６０００３７３４１Ｌ")).toEqual({ ok: true, code });
    expect(readCreditCode("9111OOOO6OOO37341L")).toEqual({ ok: false, problem: "bad-character", candidates: [code] });
    expect(readCreditCode("91110000600037341M")).toMatchObject({ problem: "bad-check-digit" });
    expect(readCreditCode("9135021")).toMatchObject({ problem: "wrong-length" });
    expect(readCreditCode("")).toMatchObject({ problem: "empty" });
    expect(readCreditCode("9.1350211E+17")).toMatchObject({ problem: "scientific" });
  });
});

describe("联系电话", () => {
  test.each([
    ["13800138000", "mobile", "13800138000"],
    [13_800_138_000, "mobile", "13800138000"],
    ["138 0013 8000", "mobile", "13800138000"],
    ["138-0013-8000", "mobile", "13800138000"],
    ["+86 13800138000", "mobile", "13800138000"],
    ["0086-13800138000", "mobile", "13800138000"],
    ["'13800138000", "mobile", "13800138000"],
    ["１３８００１３８０００", "mobile", "13800138000"],
    ["0743-7212345", "landline", "0743-7212345"],
    ["07437212345", "landline", "0743-7212345"],
    ["(0743)7212345", "landline", "0743-7212345"],
    ["010—62345678", "landline", "010-62345678"],
    ["0537-4221234转801", "landline", "0537-4221234-801"],
  ])("%s", (cell, kind, number) => {
    expect(readPhone(cell)).toEqual({ ok: true, kind, number });
  });

  test.each([
    ["", "empty"],
    ["无", "not-a-phone"],
    ["12800138000", "not-a-phone"],
    ["1380013800", "wrong-length"],
    ["138001380001", "wrong-length"],
    ["7212345", "wrong-length"],
    ["138****8000", "masked"],
    [0, "wrong-length"],
  ])("%s is %s", (cell, problem) => {
    expect(readPhone(cell)).toMatchObject({ ok: false, problem });
  });

  test("several phones in a cell are listed", () => {
    expect(readPhone("13800138000/13900139000")).toEqual({
      ok: false,
      problem: "several",
      candidates: ["13800138000", "13900139000"],
    });
    expect(readPhone("13800138000、0743-7212345")).toMatchObject({ candidates: ["13800138000", "0743-7212345"] });
  });
});

describe("银行账号", () => {
  test("the Luhn check finds every single mistyped digit, and only warns", () => {
    fc.assert(
      fc.property(text(ALPHABET.slice(0, 10), 18), fc.nat(17), fc.integer({ min: 1, max: 9 }), (front, at, shift) => {
        const last = ALPHABET.slice(0, 10).find((digit) => passesLuhn(front + digit))!;
        const wrong = front.slice(0, at) + ((Number(front[at]) + shift) % 10) + front.slice(at + 1) + last;
        expect(passesLuhn(wrong)).toBe(false);
        expect(readBankCard(wrong)).toMatchObject({ ok: true, checked: false });
      }),
    );
  });

  test.each([
    ["6222 0000 0000 0000 003", { ok: true, number: "6222000000000000003" }],
    ["6.222E+18", { ok: false, problem: "scientific" }],
    [6_222_000_000_000_000_000, { ok: false, problem: "number-cell" }],
    ["12345", { ok: false, problem: "wrong-length" }],
    ["现金", { ok: false, problem: "bad-character" }],
    ["", { ok: false, problem: "empty" }],
  ])("%s", (cell, expected) => {
    expect(readBankCard(cell)).toMatchObject(expected);
  });
});
