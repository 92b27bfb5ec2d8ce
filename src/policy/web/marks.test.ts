import { describe, expect, test } from "vitest";
import type { BasisView } from "../contract.ts";
import { isMarked, markQuote } from "./marks.ts";

const said = (quote: string | null, text = "hn-2021-10"): BasisView => ({
  text,
  textTitle: "",
  number: "湘人社规〔2021〕10号",
  article: "（四）",
  quote,
});
const article = said("每成功介绍1名脱贫人口到县以外 稳定就业6个月以上的，脱贫人口每人每年只享受一次补助。");

describe("the quoted article", () => {
  test("marks the words of each condition that cites its own", () => {
    const parts = markQuote(article, [
      { basis: null },
      { basis: said("县以外稳定就业") },
      { basis: said("脱贫人口每人每年只享受一次补助") },
    ]);
    expect(parts).toEqual([
      { text: "每成功介绍1名脱贫人口到", condition: null },
      { text: "县以外稳定就业", condition: 2 },
      { text: "6个月以上的，", condition: null },
      { text: "脱贫人口每人每年只享受一次补助", condition: 3 },
      { text: "。", condition: null },
    ]);
  });

  test("is one stretch where no condition has words of its own in it", () => {
    expect(markQuote(article, [{ basis: said("须为我省劳动年龄范围内的帮扶对象") }])).toHaveLength(1);
    expect(isMarked({ basis: said("县以外稳定就业", "hn-2024-102") }, [article])).toBe(false);
    expect(isMarked({ basis: said("县以外稳定就业") }, [article])).toBe(true);
  });

  test("leaves out words that overlap others", () => {
    const parts = markQuote(article, [{ basis: said("县以外稳定就业6个月") }, { basis: said("稳定就业6个月以上") }]);
    expect(parts.flatMap(({ condition }) => condition ?? [])).toEqual([1]);
  });
});
