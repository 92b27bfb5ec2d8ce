import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { completeIdentity } from "../../registry/fixtures.ts";
import { areSwapped, isOneSlip, scorePair, type ComparedPerson } from "./score.ts";

const person = (given: Partial<ComparedPerson> = {}): ComparedPerson => ({
  personId: "1",
  name: "龙金秀",
  sex: 2,
  birthDate: "1985-03-12",
  home: "433124110226",
  householdId: null,
  identityKind: "resident-id",
  number: completeIdentity("43312419850312002"),
  phoneHash: null,
  bankHash: null,
  ...given,
});
const wrongDigit = (number: string, at: number) =>
  number.slice(0, at) + String((Number(number[at]) + 1) % 10) + number.slice(at + 1);

describe("the score of two records", () => {
  it("is certain of one number under two kinds of document, with 15 or 18 digits", () => {
    const short = "433124850312002";
    const same = scorePair(
      person(),
      person({ identityKind: "temporary", number: short, birthDate: null, name: "龙金香" }),
    );
    expect(same.reasons).toContain("number-same");
    expect(same.score).toBe(100);
  });

  it("takes a number typed wrong for the same person, for only one of the two passes the check", () => {
    const typed = scorePair(person(), person({ number: wrongDigit(person().number, 15), identityKind: "temporary" }));
    expect(typed.reasons).toContain("number-typed");
    expect(typed.score).toBeGreaterThanOrEqual(80);
  });

  it("looks again at name, birth and village under two sound numbers, and drops them in two counties", () => {
    const other = { number: completeIdentity("43312419850312118") };
    expect(scorePair(person(), person(other)).score).toBe(45);
    expect(scorePair(person({ phoneHash: "p" }), person({ ...other, phoneHash: "p" })).score).toBe(70);
    expect(scorePair(person(), person({ ...other, home: "370831101219" })).score).toBeLessThan(50);
  });

  it("does not depend on which of the two is named first, and stays between 0 and 100", () => {
    const any = fc.record({
      name: fc.constantFrom("龙金秀", "石建华"),
      sex: fc.constantFrom(1, 2, null),
      birthDate: fc.constantFrom("1985-03-12", null),
      home: fc.constantFrom("433124110226", "433124", "370831101219"),
      householdId: fc.constantFrom("1", null),
      number: fc.constantFrom(person().number, wrongDigit(person().number, 3), "LS433124000001", ""),
      phoneHash: fc.constantFrom("p", null),
      bankHash: fc.constantFrom("b", null),
    });
    fc.assert(
      fc.property(any, any, (a, b) => {
        const [one, other] = [scorePair(person(a), person(b)), scorePair(person(b), person(a))];
        expect(one).toEqual(other);
        expect(one.score).toBeGreaterThanOrEqual(0);
        expect(one.score).toBeLessThanOrEqual(100);
      }),
    );
  });
});

describe("one slip", () => {
  it("is one digit or two neighbours changed places, the check character besides", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{17}$/), fc.nat({ max: 15 }), (seventeen, at) => {
        const changed = wrongDigit(seventeen, at);
        expect(isOneSlip(completeIdentity(seventeen), completeIdentity(changed))).toBe(true);
        const turned = seventeen.slice(0, at) + seventeen[at + 1] + seventeen[at] + seventeen.slice(at + 2);
        expect(isOneSlip(completeIdentity(seventeen), completeIdentity(turned))).toBe(true);
        expect(isOneSlip(completeIdentity(seventeen), completeIdentity(wrongDigit(changed, (at + 3) % 17)))).toBe(
          false,
        );
      }),
    );
  });
});

it("finds two of a household with each other's number, and nobody else", () => {
  const [his, hers] = [completeIdentity("43312419800101111"), completeIdentity("43312419850312002")];
  const man = { personId: "2", name: "石建华", sex: 1, birthDate: "1980-01-01" };
  expect(areSwapped(person({ number: his }), person({ ...man, number: hers }))).toBe(true);
  expect(areSwapped(person({ number: hers }), person({ ...man, number: his }))).toBe(false);
});
