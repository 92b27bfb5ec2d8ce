import fc from "fast-check";
import { stdnum } from "stdnum";
import { describe, expect, test } from "vitest";
import { idPrefixKnown } from "../divisions/id-prefixes.ts";
import { birthDateOf, checkCharacter, hasValidBirthDate, hasValidCheck, sexOf, upgrade15 } from "./identity-check.ts";
import { readIdentityNumber } from "./identity-number.ts";
import { repairCandidates } from "./identity-repair.ts";

const oracle = stdnum.CN!.ric!;

const DIGITS = "0123456789".split("");
const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...DIGITS), minLength: length, maxLength: length });
/** Well-formed numbers of nobody: made-up county, any day from 1900 to 2024. */
const validNumber = fc
  .tuple(
    digits(6).filter((prefix) => /^[1-7]/.test(prefix)),
    fc.date({ min: new Date("1900-01-01T00:00:00Z"), max: new Date("2024-12-31T00:00:00Z"), noInvalidDate: true }),
    digits(3),
  )
  .map(([prefix, day, sequence]) => withCheck(prefix + day.toISOString().slice(0, 10).replaceAll("-", "") + sequence));
const VALID = withCheck("43312419900101123");

function withCheck(seventeen: string): string {
  return seventeen + checkCharacter(seventeen)!;
}

describe("against stdnum", () => {
  test("every well-formed number is valid to both", () => {
    fc.assert(
      fc.property(validNumber, (number) => {
        expect(oracle.validate(number).isValid).toBe(true);
        expect(readIdentityNumber(number)).toMatchObject({ ok: true, kind: "resident-id", number });
      }),
    );
  });

  test("any eighteen characters are judged alike, but for days in the future, which depend on today", () => {
    const eighteen = fc
      .tuple(digits(6), fc.integer({ min: 1850, max: 2020 }), digits(7), fc.constantFrom(...DIGITS, "X"))
      .map(([prefix, year, rest, last]) => prefix + String(year) + rest + last);
    fc.assert(
      fc.property(eighteen, (number) => {
        expect(hasValidCheck(number) && hasValidBirthDate(number)).toBe(oracle.validate(number).isValid);
      }),
      { numRuns: 2_000 },
    );
  });

  test("one mistyped digit is always found", () => {
    fc.assert(
      fc.property(validNumber, fc.nat(16), fc.integer({ min: 1, max: 9 }), (number, at, shift) => {
        const wrong = number.slice(0, at) + ((Number(number[at]) + shift) % 10) + number.slice(at + 1);
        expect(hasValidCheck(wrong)).toBe(false);
        expect(oracle.validate(wrong).isValid).toBe(false);
      }),
    );
  });
});

describe("what a number says", () => {
  test("birth date and sex", () => {
    expect(birthDateOf(VALID)).toBe("1990-01-01");
    expect(sexOf(VALID)).toBe("male");
    expect(readIdentityNumber(withCheck("43312419900101124"))).toMatchObject({
      sex: "female",
      birthDate: "1990-01-01",
    });
  });

  test("30 February, 29 February of a common year and month 13 are refused though the check fits", () => {
    for (const day of ["19900230", "19900229", "19901301", "19900100", "19900431"]) {
      const reading = readIdentityNumber(withCheck(`433124${day}123`));
      expect(reading).toMatchObject({ ok: false, problem: "impossible-birth-date" });
    }
    expect(readIdentityNumber(withCheck("43312420000229123"))).toMatchObject({ ok: true, birthDate: "2000-02-29" });
  });

  test("fifteen digits become eighteen, and the same person", () => {
    fc.assert(
      fc.property(
        validNumber.filter((number) => number.slice(6, 8) === "19"),
        (number) => {
          const old = number.slice(0, 6) + number.slice(8, 17);
          expect(upgrade15(old)).toBe(number);
          expect(readIdentityNumber(old)).toMatchObject({ ok: true, number, upgraded: true });
          expect(readIdentityNumber(Number(old.replace(/^0/, "1")))).toMatchObject({ ok: true, upgraded: true });
        },
      ),
    );
    expect(readIdentityNumber("433124900230123")).toMatchObject({ ok: false, problem: "impossible-birth-date" });
  });
});

describe("what hands and programs do to a number", () => {
  test.each([
    ["full-width digits", (n: string) => n.replace(/\d/g, (d) => String.fromCodePoint(d.codePointAt(0)! + 0xfee0))],
    ["spaces", (n: string) => ` ${n.slice(0, 6)} ${n.slice(6, 14)}　${n.slice(14)}\u00a0`],
    ["dashes", (n: string) => `${n.slice(0, 6)}-${n.slice(6, 14)}—${n.slice(14)}`],
    ["a leading apostrophe", (n: string) => `'${n}`],
    ["a Chinese quote", (n: string) => `’${n}`],
    ["a zero-width space", (n: string) => `\u200b${n}`],
    ["lower case", (n: string) => n.toLowerCase()],
    ["a sign like X", (n: string) => n.replace("X", "×")],
    ["a Cyrillic X", (n: string) => n.replace("X", "Х")],
  ])("%s changes nothing", (_, damage) => {
    fc.assert(
      fc.property(validNumber, (number) => {
        expect(readIdentityNumber(damage(number))).toMatchObject({ ok: true, number });
      }),
    );
  });

  test.each(["4.33124E+17", "4.33124199001011E+17", "4.33e17", " 4.33124e+017 "])("%s has lost its digits", (text) => {
    expect(readIdentityNumber(text)).toEqual({ ok: false, problem: "scientific", candidates: [] });
  });

  test("a number cell cannot hold eighteen digits", () => {
    expect(readIdentityNumber(433_124_199_001_011_200)).toEqual({ ok: false, problem: "number-cell", candidates: [] });
    expect(readIdentityNumber(1e18)).toMatchObject({ problem: "number-cell" });
    expect(readIdentityNumber(1.5)).toMatchObject({ ok: false, problem: "bad-character" });
    expect(readIdentityNumber(Number.NaN)).toMatchObject({ ok: false, problem: "bad-character" });
  });

  test("zeros after the fifteenth digit are doubted even where the check happens to fit", () => {
    fc.assert(
      fc.property(validNumber, (number) => {
        const reading = readIdentityNumber(`${number.slice(0, 15)}000`);
        expect(reading.ok ? reading.doubtful : reading.problem === "rounded").toBe(true);
      }),
    );
  });

  test.each([
    ["", "empty"],
    ["　", "empty"],
    ["433124********1234", "masked"],
    [VALID.slice(1), "wrong-length"],
    [`${VALID}0`, "wrong-length"],
    ["4331241990", "wrong-length"],
    ["无", "bad-character"],
    ["43312419900101123?", "bad-character"],
    [`${VALID.slice(0, 10)}13${VALID.slice(12)}`, "impossible-birth-date"],
    [`${VALID}42`, "disability-certificate"],
  ])("%s is %s", (text, problem) => {
    expect(readIdentityNumber(text)).toMatchObject({ ok: false, problem });
  });

  test("any text gets an answer", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.double()), (cell) => {
        expect(typeof readIdentityNumber(cell).ok).toBe("boolean");
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("suggestions", () => {
  test("are at most three, valid, and never the number itself", () => {
    fc.assert(
      fc.property(validNumber, fc.nat(16), fc.nat(9), (number, at, digit) => {
        const wrong = number.slice(0, at) + digit + number.slice(at + 1);
        fc.pre(wrong !== number);
        const candidates = repairCandidates(wrong, {});
        expect(candidates.length).toBeLessThanOrEqual(3);
        for (const candidate of candidates) expect(readIdentityNumber(candidate)).toMatchObject({ ok: true });
      }),
    );
  });

  test("swapped neighbours are put back", () => {
    fc.assert(
      fc.property(validNumber, fc.nat(15), (number, at) => {
        const wrong = number.slice(0, at) + number[at + 1] + number[at] + number.slice(at + 2);
        fc.pre(wrong !== number);
        // At most three are listed; a number with more possible repairs shows none rather than a choice of guesses.
        const found = repairCandidates(wrong, { birthDate: birthDateOf(number), sex: sexOf(number) });
        if (found.length > 0) expect(found).toContain(number);
      }),
      { seed: 20_250_618 },
    );
  });

  test("a mistyped digit of the date is found with the birth date of the row", () => {
    const wrong = `${VALID.slice(0, 9)}5${VALID.slice(10)}`;
    const reading = readIdentityNumber(wrong, { birthDate: "1990-01-01", sex: "male", knownPrefix: idPrefixKnown });
    expect(reading).toMatchObject({ ok: false, problem: "bad-check-digit", candidates: [VALID] });
  });

  test("a digit typed twice or left out is found", () => {
    const doubled = VALID.slice(0, 8) + VALID[7] + VALID.slice(8);
    expect(repairCandidates(doubled, { birthDate: "1990-01-01", likelyPrefix: "433124" })).toContain(VALID);
    const lost = VALID.slice(0, 7) + VALID.slice(8);
    expect(repairCandidates(lost, { birthDate: "1990-01-01" })).toEqual([VALID]);
  });

  test("letters typed for digits are suggested, not taken", () => {
    expect(readIdentityNumber(VALID.replaceAll("0", "O"))).toEqual({
      ok: false,
      problem: "bad-character",
      candidates: [VALID],
    });
  });

  test("a disability certificate begins with the holder's number", () => {
    expect(readIdentityNumber(`${VALID}42B1`)).toMatchObject({
      problem: "disability-certificate",
      candidates: [VALID],
    });
  });
});

describe("other documents", () => {
  test.each(["810000", "820000", "830000"])("residence permit %s", (prefix) => {
    expect(readIdentityNumber(withCheck(`${prefix}19900101123`))).toMatchObject({
      kind: "hmt-residence-permit",
      birthDate: "1990-01-01",
    });
  });

  test.each([
    [withCheck("93184019900101123"), "foreigner-residence-permit"],
    ["USA310090010112", "foreigner-residence-permit"],
    ["usa 3100 900101 12", "foreigner-residence-permit"],
    ["E12345678", "passport"],
    ["EA1234567", "passport"],
    ["G12345678", "passport"],
    ["ab1234567", "passport"],
    ["LS433124000001", "temporary"],
    ["LS-433124-000001", "temporary"],
  ])("%s is a %s", (text, kind) => {
    expect(readIdentityNumber(text)).toMatchObject({ ok: true, kind });
  });

  test("an impossible birthday in the older foreigner's permit is refused", () => {
    expect(readIdentityNumber("USA310090023012")).toMatchObject({ ok: false, problem: "impossible-birth-date" });
  });
});
