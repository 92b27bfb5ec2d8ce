import { describe, expect, test } from "vitest";
import { loadSampleAliases } from "./aliases.ts";
import {
  codeAtLevel,
  DIVISION_LEVELS,
  levelOfCode,
  parentCode,
  parseDivisionCode,
  type Division,
  type DivisionLevel,
} from "./division.ts";
import { idPrefixCountyName, idPrefixKnown, idPrefixPrecision } from "./id-prefixes.ts";
import { loadDivisions } from "./load.ts";

const divisions = [...loadDivisions()];
const byCode = new Map(divisions.map((division) => [division.code, division]));

describe("the shipped divisions", () => {
  test("are as many as data/README.md says", () => {
    const counts = Object.fromEntries(DIVISION_LEVELS.map((level) => [level, 0])) as Record<DivisionLevel, number>;
    for (const division of divisions) counts[division.level]++;
    expect(counts).toEqual({ province: 34, prefecture: 342, county: 2978, town: 3569, village: 52_179 });
    expect(villagesIn("43")).toBe(29_534);
    expect(villagesIn("62")).toBe(17_718);
    expect(villagesIn("3708")).toBe(4_927);
  });

  test("have unique codes, and each stands after its parent", () => {
    expect(byCode.size).toBe(divisions.length);
    const seen = new Set<string>();
    for (const { code, parent, level } of divisions) {
      if (parent !== null) expect(seen.has(parent), code).toBe(true);
      expect(levelOfCode(code)).toBe(level);
      seen.add(code);
    }
  });

  test("carry the everyday name and the full path", () => {
    expect(byCode.get("433124110226")).toEqual({
      code: "433124110226",
      name: "十八洞村",
      fullName: "湖南省湘西土家族苗族自治州花垣县双龙镇十八洞村",
      level: "village",
      parent: "433124110",
    } satisfies Division);
    expect(byCode.get("370831001202")!.name).toBe("鲍王庄村");
    expect(byCode.get("370831001204")!.name).toBe("大鲍村");
    expect(byCode.get("622927100005")!.name).toBe("城东社区");
  });

  test("leave out of full names what only fills a level", () => {
    expect(byCode.get("110105")!.fullName).toBe("北京市朝阳区");
    expect(byCode.get("419001")!.fullName).toBe("河南省济源市");
    expect(byCode.get("441900")!.fullName).toBe("广东省东莞市");
  });

  test("never give two villages of one town the same name", () => {
    const names = new Set(divisions.filter((d) => d.level === "village").map((d) => `${d.parent}${d.name}`));
    expect(names.size).toBe(52_179);
  });

  function villagesIn(prefix: string): number {
    return divisions.filter((division) => division.level === "village" && division.code.startsWith(prefix)).length;
  }
});

describe("codes", () => {
  test("lead to the parent and to every wider level", () => {
    expect(parentCode("433124110226")).toBe("433124110");
    expect(parentCode("433124")).toBe("4331");
    expect(parentCode("43")).toBeNull();
    expect(codeAtLevel("433124110226", "county")).toBe("433124");
    expect(codeAtLevel("4331", "county")).toBeNull();
  });

  test("are read with and without filling zeros", () => {
    expect(parseDivisionCode("433124000000")).toBe("433124");
    expect(parseDivisionCode("433124110000")).toBe("433124110");
    expect(parseDivisionCode("433124110226")).toBe("433124110226");
    expect(parseDivisionCode("12345")).toBeNull();
    expect(parseDivisionCode("13800138000")).toBeNull();
    expect(parseDivisionCode("十八洞")).toBeNull();
  });
});

describe("prefixes of ID numbers", () => {
  test("know counties in force and abolished ones", () => {
    expect(idPrefixPrecision("433124")).toBe("county");
    expect(idPrefixPrecision("430124")).toBe("county");
    expect(idPrefixCountyName("430124")).toBe("宁乡县");
    expect(idPrefixPrecision("432524")).toBe("county");
    expect(idPrefixPrecision("622421")).toBe("county");
  });

  test("know the permits of Hong Kong, Macao and Taiwan residents", () => {
    for (const prefix of ["810000", "820000", "830000"]) expect(idPrefixKnown(prefix)).toBe(true);
  });

  test("accept an unlisted county of a known prefecture and nothing beyond", () => {
    expect(idPrefixPrecision("433199")).toBe("prefecture");
    expect(idPrefixKnown("999999")).toBe(false);
    expect(idPrefixKnown("000000")).toBe(false);
    expect(idPrefixKnown("4331")).toBe(false);
    expect(idPrefixCountyName("433199")).toBeNull();
  });
});

describe("the sample aliases", () => {
  test("point at existing divisions of the three demo counties and clash with no name of theirs", () => {
    const aliases = loadSampleAliases();
    expect(aliases.length).toBeGreaterThanOrEqual(30);
    for (const { alias, code } of aliases) {
      expect(byCode.has(code), alias).toBe(true);
      const county = code.slice(0, 6);
      expect(["433124", "370831", "622927"]).toContain(county);
      expect(
        divisions.some((d) => d.name === alias && d.code.startsWith(county)),
        alias,
      ).toBe(false);
    }
  });
});
