import { describe, expect, it } from "vitest";
import { BOOLEAN, DATE, FEN, INTEGER, listOf, RATE, TEXT, type ValueType } from "../values/types.ts";
import { checkFeel, type NameMeaning, type Names } from "./check.ts";

const fact = (type: ValueType) => ({ kind: "fact", type }) as const;
const names: Names = new Map<string, NameMeaning>([
  ["劳动者.户籍县", fact(TEXT)],
  ["劳动者.脱贫人口", fact(BOOLEAN)],
  ["就业.开始日期", fact(DATE)],
  ["就业.月工资", fact(FEN)],
  ["就业.月数", fact(INTEGER)],
  ["就业.各月工资", fact(listOf("fen"))],
  ["机构.类型", fact({ kind: "text", codes: ["人力资源服务机构", "农村劳务经纪人"] })],
  ["上浮比率", { kind: "parameter", type: RATE }],
]);
const check = (source: string) => checkFeel(source, names, ["boolean", "integer", "fen", "date", "text"]);
const kind = (source: string) => check(source).expression?.type.kind;

describe("FEEL that rules may use", () => {
  it.each([
    ['劳动者.户籍县 != "433124"', "boolean"],
    ['机构.类型 in ("人力资源服务机构", "农村劳务经纪人")', "boolean"],
    ["就业.月数 in [6..12)", "boolean"],
    ["就业.月数 in (< 3, >= 6)", "boolean"],
    ["就业.月数 between 6 and 12", "boolean"],
    ["就业.月工资 >= 元(1500) and not(劳动者.脱贫人口)", "boolean"],
    ["就业.月工资 > 0", "boolean"],
    ["就业.月工资 * 就业.月数 - 元(-3)", "fen"],
    ["就业.月数 -3", "integer"],
    ["-(就业.月数 + 1) * 2", "integer"],
    ["满月日(就业.开始日期, 6)", "date"],
    ["if 就业.月数 > 6 then 元(300) else 0", "fen"],
    ["some 工资 in 就业.各月工资 satisfies 工资 < 元(1500)", "boolean"],
    ["元(1) in 就业.各月工资", "boolean"],
    ["max(就业.月工资, 元(1), 0)", "fen"],
    ["sum(就业.各月工资)", "fen"],
    ["上浮(就业.月工资, 上浮比率)", "fen"],
    ["比例不低于(就业.月工资, 元(2000), 50)", "boolean"],
    ["known(就业.开始日期)", "boolean"],
    ['@"2021-07-26"', "date"],
    ['starts with(劳动者.户籍县, "43")', "boolean"],
    ["劳动者.脱贫人口 = true", "boolean"],
  ])("takes %s", (source, type) => {
    expect(check(source).problems).toEqual([]);
    expect(kind(source)).toBe(type);
  });

  it.each([
    ["就业.月数 / 2", "feel.refused", /四舍五入到分/],
    ["就业.月数 ** 2", "feel.refused", /不精确/],
    ["就业.月数 > 1.5", "feel.refused", /小数/],
    ["9007199254740992 > 就业.月数", "feel.refused", /超出/],
    ["劳动者.户籍县 = null", "feel.refused", /known/],
    ["就业.月数 in [1..null]", "feel.refused", /两端/],
    ["就业.各月工资[1] > 0", "feel.refused", /不支持/],
    ["就业.月数 in (!= 3)", "feel.refused", /不支持/],
    ['@"2023-02-30" = 就业.开始日期', "feel.refused", /没有/],
    ["date(2023, 1, 1) = 就业.开始日期", "feel.refused", /日期只能写成/],
    ['duration("P6M") = 就业.月数', "feel.refused", /日期只能写成/],
    ["for x in 就业.各月工资 return x", "feel.refused", /不支持/],
    ["some x in 1..3 satisfies x = 就业.月数", "feel.refused", /数字区间/],
    ["就业.月数 in []", "feel.refused", /空列表/],
    ["就业.月数 >", "feel.syntax", /不完整/],
    ["(就业.月数 > 1", "feel.syntax", /./],
    ['劳动者.户藉县 = "433124"', "feel.unknown-name", /劳动者\.户籍县/],
    ["满月(就业.开始日期, 6) = 就业.开始日期", "feel.unknown-function", /满月日/],
    ["满月日(就业.开始日期) = 就业.开始日期", "feel.arguments", /个数/],
    ["满月日(6, 就业.开始日期) = 就业.开始日期", "feel.type", /不能是整数/],
    ['机构.类型 = "人力资源服务机构 "', "feel.unknown-code", /人力资源服务机构/],
    ['机构.类型 in ("人才机构")', "feel.unknown-code", /取值范围/],
    ["就业.月工资 > 3000", "feel.type", /元\(3000\)/],
    ["就业.月工资 + 3000 > 0", "feel.type", /元/],
    ["就业.月工资 * 就业.月工资 > 0", "feel.type", /相乘/],
    ["就业.开始日期 + 1 = 就业.开始日期", "feel.type", /加日/],
    ['劳动者.户籍县 < "44"', "feel.type", /没有大小/],
    ["劳动者.脱贫人口 and 就业.月数", "feel.type", /是否/],
    ["上浮比率 > 70", "feel.type", /不能比较/],
    ["sum(劳动者.户籍县) > 0", "feel.type", /不能是文本/],
    ['if 劳动者.脱贫人口 then 1 else "x"', "feel.type", /同一种/],
    ["就业.各月工资", "feel.type", /需要/],
  ])("refuses %s as %s", (source, code, message) => {
    const { problems } = check(source);
    expect(problems.map((problem) => problem.code)).toEqual([code]);
    expect(problems[0]!.message).toMatch(message);
  });

  it("reports every mistake with its place", () => {
    const source = '劳动者.户藉县 = "43" and 就业.月工资 > 3000';
    const places = check(source).problems.map(({ from, to }) => source.slice(from, to));
    expect(places).toEqual(["劳动者.户藉县", "就业.月工资 > 3000"]);
  });
});
