import { describe, expect, test } from "vitest";
import { ageAtEndOf, monthOfDay, monthText } from "./calendar.ts";
import { CARRIER_SHARE, WELFARE_POST_SHARE } from "./career.ts";
import { summariseDifferences } from "./differences.ts";
import { population } from "./fixtures.ts";
import { dayOf, type Standing } from "./population.ts";

const JUNE = dayOf("2025-06-18");

function share(standings: readonly Standing[], test: (standing: Standing) => boolean): number {
  return standings.filter(test).length / standings.length;
}

describe("a county of 20,000", () => {
  const county = population();
  const listed = [...county.listed(JUNE)];
  const working = listed.filter((standing) => standing.working);

  test("has as many people as asked for, near enough, whatever the month", () => {
    for (const month of ["2021-06", "2023-06", "2025-06", "2027-06"]) {
      const persons = [...county.listed(dayOf(month))].length;
      expect(Math.abs(persons / 20_000 - 1)).toBeLessThan(0.025);
    }
  });

  test("keeps the shares that the sources print", () => {
    expect(Math.abs(share(working, ({ spell }) => !spell!.place.code.startsWith("43")) - 0.603)).toBeLessThan(0.012);
    expect(
      Math.abs(share(working, ({ spell }) => spell!.form.id === "welfare-post") - WELFARE_POST_SHARE),
    ).toBeLessThan(0.008);
    expect(Math.abs(share(working, ({ spell }) => spell!.form.id === "workshop") - CARRIER_SHARE)).toBeLessThan(0.006);
    const carriers = new Set(
      working.flatMap(({ spell }) => (spell!.employer.kind === "workshop" ? [spell!.employer.name] : [])),
    );
    // 8,160 carriers for 254.2 万 persons: 64 for a county of 20,000.
    expect(Math.abs(carriers.size - 64)).toBeLessThanOrEqual(3);
  });

  test("looks like its county: mostly Miao, of working age, nearly all at work", () => {
    expect(share(listed, ({ household }) => household.ethnicity.id === "miao")).toBeGreaterThan(0.7);
    expect(share(listed, (standing) => standing.working)).toBeGreaterThan(0.9);
    const ages = listed.map(({ person }) => ageAtEndOf(monthOfDay(JUNE), person.birth));
    expect([Math.min(...ages), Math.max(...ages)]).toEqual([16, 70]);
    expect(share(listed, ({ person }) => person.sex === "male")).toBeGreaterThan(0.5);
    expect(share(listed, ({ household }) => household.class !== "lifted")).toBeGreaterThan(0.08);
  });

  test("writes sex and birth date as the identity number has them", () => {
    const wrong = listed.filter(
      ({ person: { identityNumber, birth, sex } }) =>
        identityNumber.slice(6, 14) !== String(birth) || (Number(identityNumber[16]) % 2 === 1) !== (sex === "male"),
    );
    expect(wrong).toEqual([]);
  });

  test("gives one household one number, one head and one village", () => {
    const torn = [...Map.groupBy(listed, ({ household }) => household.number).values()].filter((members) => {
      const heads = members.filter(({ person }) => person.relation === "户主");
      const one = new Set(members.map(({ village, household }) => village.code + household.headName)).size === 1;
      return !(one && heads.length <= 1 && heads.every(({ person, household }) => person.name === household.headName));
    });
    expect(torn).toEqual([]);
  });

  test("is the same whenever and in whatever order it is asked", () => {
    const other = population();
    const village = other.counties[0]!.villages[100]!;
    const some = other
      .listedIn(village, JUNE)
      .map(({ person, spell, phone }) => [person.identityNumber, spell?.employer.name, phone]);
    expect(some).toEqual(
      listed
        .filter((standing) => standing.village.code === village.code)
        .map(({ person, spell, phone }) => [person.identityNumber, spell?.employer.name, phone]),
    );
    const another = population({ seed: "another" });
    expect(another.listedIn(another.counties[0]!.villages[100]!, JUNE)[0]!.person.identityNumber).not.toBe(some[0]![0]);
  });

  test("no spells of a person overlap, and some return to an employer", () => {
    let spells = 0;
    let returns = 0;
    let overlaps = 0;
    for (const standing of listed) {
      const ends = new Map<string, number>();
      let last = 0;
      for (const spell of county.spellsUntil(JUNE, standing)) {
        spells++;
        if (spell.end <= spell.start || spell.start <= last) overlaps++;
        if (ends.has(spell.employer.name)) returns++;
        ends.set(spell.employer.name, spell.end);
        last = spell.end;
      }
    }
    expect(overlaps).toBe(0);
    expect(spells / listed.length).toBeGreaterThan(1.5);
    expect(returns / spells).toBeGreaterThan(0.03);
  });

  test.each([
    ["2021-03", "2021-04"],
    ["2025-05-18", "2025-06-18"],
    ["2028-10", "2028-11"],
  ])("changes by about one row in twenty from %s to %s", (before, after) => {
    const { rowsBefore, kinds } = summariseDifferences(county, dayOf(before), dayOf(after));
    const differing = Object.values(kinds).reduce((sum, count) => sum + count, 0);
    expect(differing / rowsBefore).toBeGreaterThan(0.042);
    expect(differing / rowsBefore).toBeLessThan(0.058);
    for (const count of Object.values(kinds)) expect(count).toBeGreaterThan(0);
    // A file that loses more than three in a hundred waits for a second officer; ours must not.
    expect(kinds.vanished / rowsBefore).toBeLessThan(0.01);
  });

  test("tells differences as a comparison of the two lists would find them", () => {
    const before = dayOf("2025-05-18");
    const was = new Map([...county.listed(before)].map((standing) => [standing.person.identityNumber, standing]));
    const is = new Map(listed.map((standing) => [standing.person.identityNumber, standing]));
    const { rowsBefore, rowsAfter, kinds } = summariseDifferences(county, before, JUNE);
    expect(rowsBefore).toBe(was.size);
    expect(rowsAfter).toBe(is.size);
    expect(kinds.vanished).toBe([...was.keys()].filter((number) => !is.has(number)).length);
    expect(kinds.new + kinds.returned).toBe([...is.keys()].filter((number) => !was.has(number)).length);
    expect(kinds.moved).toBe(
      [...is].filter(([number, standing]) => was.has(number) && was.get(number)!.village.code !== standing.village.code)
        .length,
    );
  });

  test("nobody returns whom a registry of the month before would not know", () => {
    const known = new Set([...county.known(dayOf("2025-05"))].map(({ person }) => person.identityNumber));
    const before = new Set([...county.listed(dayOf("2025-05"))].map(({ person }) => person.identityNumber));
    const { kinds } = summariseDifferences(county, dayOf("2025-05"), dayOf("2025-06"));
    const came = [...county.listed(dayOf("2025-06"))].filter(({ person }) => !before.has(person.identityNumber));
    expect(came.filter(({ person }) => known.has(person.identityNumber)).length).toBe(kinds.returned);
  });
});

describe("other territories", () => {
  test("no two persons of a prefecture share an identity number in any month", () => {
    const prefecture = population({ region: "4331", persons: 30_000 });
    const owners = new Map<string, string>();
    const shared: string[] = [];
    for (const month of ["2020-01", "2025-06", "2029-12"]) {
      const seen = new Set<string>();
      for (const { person, household } of prefecture.listed(dayOf(month))) {
        const owner = `${household.number}|${person.name}`;
        if (seen.has(person.identityNumber) || (owners.get(person.identityNumber) ?? owner) !== owner)
          shared.push(person.identityNumber);
        seen.add(person.identityNumber);
        owners.set(person.identityNumber, owner);
      }
    }
    expect(shared).toEqual([]);
    // Brides come from the neighbouring county with its number, but not as the same person.
    expect(new Set([...owners.keys()].map((number) => number.slice(0, 6))).size).toBe(8);
  });

  test("the largest county that fits has no two persons with one number either", () => {
    const numbers = new Set<string>();
    let persons = 0;
    for (const { person } of population({ persons: 110_000 }).listed(JUNE)) {
      persons++;
      numbers.add(person.identityNumber);
    }
    expect(numbers.size).toBe(persons);
    expect(() => population({ persons: 130_000 })).toThrow(/more than/);
  });

  test.each([
    ["622927", "dongxiang", "62"],
    ["370831", "han", "37"],
  ])("%s has its own people and directions", (region, ethnicity, province) => {
    const listed = [...population({ region, persons: 6000 }).listed(JUNE)];
    expect(share(listed, ({ household }) => household.ethnicity.id === ethnicity)).toBeGreaterThan(0.08);
    expect(share(listed, ({ spell }) => spell !== null && spell.place.code.startsWith(province))).toBeGreaterThan(0.4);
  });

  test("a village alone keeps its households", () => {
    const village = population({ region: "433124110226", persons: 300 });
    const villages = new Set([...village.listed(JUNE)].map((standing) => standing.village.code));
    expect([...villages]).toEqual(["433124110226"]);
  });

  test("months outside 2020 to 2029 are refused", () => {
    expect(() => dayOf("2019-12")).toThrow(RangeError);
    expect(() => dayOf("2030-01")).toThrow(RangeError);
    expect(monthText(monthOfDay(dayOf("2024-02")))).toBe("2024-02");
    expect(dayOf("2024-02")).toBe(20_240_229);
  });
});
