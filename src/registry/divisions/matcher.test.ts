import { describe, expect, test } from "vitest";
import { loadSampleAliases } from "./aliases.ts";
import { loadDivisions } from "./load.ts";
import { divisionMatcher, type DivisionMatch } from "./matcher.ts";

const matcher = divisionMatcher(loadDivisions(), loadSampleAliases());
const today = { on: "2025-06-18" };
const SHIBADONG = "433124110226";

describe("a village named by its county office", () => {
  const county = matcher.within("433124", today);

  test.each([
    "十八洞村",
    "十八洞",
    "十八洞村委会",
    "十八洞村村委会",
    "十八洞村民委员会",
    "十八洞村村民委员会",
    "双龙镇十八洞村",
    "双龙镇十八洞",
    "双龙十八洞村",
    "花垣县双龙镇十八洞村",
    "湘西州花垣县双龙镇十八洞村",
    "湖南省湘西州花垣县双龙镇十八洞村",
    "湖南省湘西土家族苗族自治州花垣县双龙镇十八洞村",
    "湖南花垣十八洞",
    "　双龙镇　十八洞村 ",
    "双龙镇/十八洞村",
    "十八洞村（原竹子寨）",
    "433124110226",
    "４３３１２４１１０２２６",
    433_124_110_226,
  ])("%s", (text) => {
    expect(county.resolve(text)).toMatchObject({ kind: "exact", code: SHIBADONG, outside: false });
  });

  test.each([
    ["双龙镇十八洞村3组", "3组"],
    ["十八洞村第三村民小组", "第三村民小组"],
    ["十八洞村五组12号", "五组12号"],
  ])("%s with a group or house number", (text, rest) => {
    expect(county.resolve(text)).toMatchObject({ kind: "exact", code: SHIBADONG, rest });
  });

  test("in a town that has since become a 镇 or changed its ending", () => {
    expect(county.resolve("双龙乡十八洞村")).toMatchObject({ kind: "alias", code: SHIBADONG });
    expect(county.resolve("城北村")).toMatchObject({ kind: "alias", code: "433124109012" });
  });

  test("is ambiguous when two towns have it, and clear with the town", () => {
    expect(county.resolve("龙门村")).toMatchObject({
      kind: "ambiguous",
      candidates: [{ code: "433124102200" }, { code: "433124111217" }],
    });
    expect(county.resolve("石栏镇龙门村")).toMatchObject({ kind: "exact", code: "433124111217" });
    expect(matcher.within("433124111", today).resolve("龙门村")).toMatchObject({ kind: "exact", code: "433124111217" });
  });

  test("outside the town of the context says so", () => {
    expect(matcher.within("433124111", today).resolve("十八洞村")).toMatchObject({ code: SHIBADONG, outside: true });
  });

  test("of another county needs that county's name, and says that it is outside", () => {
    expect(county.resolve("凤凰县沱江镇")).toMatchObject({ kind: "exact", code: "433123109", outside: true });
    expect(county.resolve("沱江镇")).toMatchObject({ kind: "unknown" });
  });
});

describe("wider divisions", () => {
  const county = matcher.within("433124", today);

  test.each([
    ["花垣县", "433124"],
    ["花垣", "433124"],
    ["双龙", "433124110"],
    ["湘西州", "4331"],
    ["湘西自治州", "4331"],
    ["湖南", "43"],
    ["433124000000", "433124"],
    ["433124110000", "433124110"],
    ["433100", "4331"],
    ["430000", "43"],
  ])("%s", (text, code) => {
    expect(county.resolve(text)).toMatchObject({ kind: "exact", code });
  });

  test("the column's level decides between 双龙镇 and 双龙村", () => {
    expect(matcher.within("433124", { ...today, level: "village" }).resolve("双龙")).toMatchObject({
      code: "433124110218",
    });
    expect(matcher.within("433124", { ...today, level: "town" }).resolve("双龙")).toMatchObject({ code: "433124110" });
  });

  test("a county's name made of its people's stays readable", () => {
    const gansu = matcher.within("622926", today);
    expect(gansu.resolve("东乡县")).toMatchObject({ code: "622926" });
    expect(gansu.resolve("积石山县")).toMatchObject({ code: "622927" });
    expect(gansu.resolve("甘肃省临夏州东乡族自治县")).toMatchObject({ code: "622926" });
  });

  test("礼县 keeps its ending, 礼 is nothing", () => {
    const gansu = matcher.within("621226", today);
    expect(gansu.resolve("礼县")).toMatchObject({ kind: "exact", code: "621226" });
    expect(gansu.resolve("礼")).toMatchObject({ kind: "unknown" });
  });
});

describe("earlier names", () => {
  test("are renamed after their last day, with the reason, and good until then", () => {
    expect(matcher.within("433124", today).resolve("青竹坪村")).toEqual({
      kind: "renamed",
      code: SHIBADONG,
      outside: false,
      rest: "",
      note: "2017年7月并入十八洞村",
      validTo: "2017-06-30",
    });
    expect(matcher.within("433124", { on: "2017-06-30" }).resolve("青竹坪村委会")).toMatchObject({ kind: "alias" });
  });

  test("of a town lead to its villages", () => {
    expect(matcher.within("433124", today).resolve("云雾乡十八洞村")).toMatchObject({
      kind: "renamed",
      code: SHIBADONG,
    });
  });

  test("of a village that was divided are ambiguous", () => {
    const match = matcher.within("433124", today).resolve("桃林村");
    expect(codes(match)).toEqual(["433124102216", "433124102217"]);
  });

  test("in daily use are aliases at any time", () => {
    expect(matcher.within("370831", today).resolve("集上")).toMatchObject({ kind: "alias", code: "370831102200" });
  });

  test("are not yet known before their first day", () => {
    const early = divisionMatcher(loadDivisions(), [
      { alias: "将来村", code: SHIBADONG, validFrom: "2026-01-01", validTo: null, note: "2026年起" },
    ]);
    expect(early.within("433124", today).resolve("将来村")).toMatchObject({ kind: "unknown" });
    expect(early.within("433124", { on: "2026-01-01" }).resolve("将来村")).toMatchObject({ kind: "alias" });
  });

  test("must point at a division", () => {
    const lost = { alias: "无处村", code: "433124999999", validFrom: null, validTo: null, note: "" };
    expect(() => divisionMatcher(loadDivisions(), [lost])).toThrow("433124999999");
  });
});

describe("near misses", () => {
  const county = matcher.within("433124", today);

  test.each([
    ["十八峒村", SHIBADONG],
    ["双龙镇十八洞洞村", SHIBADONG],
    ["双龙镇十洞八村", SHIBADONG],
    ["麻栗厂镇", "433124106"],
  ])("%s is suggested, never taken", (text, suggestion) => {
    expect(county.resolve(text)).toMatchObject({ kind: "unknown", suggestion });
  });

  test("two equally near names give no suggestion", () => {
    expect(county.resolve("排X村")).toMatchObject({ kind: "unknown", suggestion: null });
  });

  test("what was understood is told", () => {
    expect(county.resolve("双龙镇不知何处村")).toMatchObject({
      kind: "unknown",
      reached: "433124110",
      suggestion: null,
    });
  });

  test.each(["", "　", "无", "?", "-", "x".repeat(500), "433124999999", 3.5])("%j is unknown", (text) => {
    expect(county.resolve(text)).toMatchObject({ kind: "unknown" });
  });
});

test("every shipped village is found by its full name, and by its name within its town", () => {
  const nationwide = matcher.within("", today);
  const wrong: string[] = [];
  for (const division of matcher.divisions.values()) {
    // A sample of one in seven keeps the test short; the step shares no factor with any regular numbering.
    if (division.level !== "village" || Number(division.code) % 7 !== 0) continue;
    const byPath = nationwide.resolve(division.fullName);
    const byName = matcher.within(division.parent!, today).resolve(division.name);
    if (!codes(byPath).includes(division.code) || !codes(byName).includes(division.code)) wrong.push(division.fullName);
  }
  expect(wrong).toEqual([]);
});

function codes(match: DivisionMatch): string[] {
  if (match.kind === "ambiguous") return match.candidates.map((candidate) => candidate.code);
  return match.kind === "unknown" ? [] : [match.code];
}
