import { describe, expect, test } from "vitest";
import { namesFor, parametersNamed, sourceNamed, type Vocabulary } from "./feel-completion.ts";

const text = `title: 补助
claim: 劳务介绍 # 一次介绍一行
conditions:
  - { id: a, says: 脱贫, feel: 劳动者.脱贫人口 }
parameters:
  补助标准:
    type: 分
  劳动年龄下限: { shared: working-age-from }
funds: [就业专项资金]
`;
const vocabulary: Vocabulary = {
  sources: [
    {
      name: "劳务介绍",
      label: "有组织劳务输出的介绍",
      subjects: ["劳动者"],
      jurisdictions: ["输出地"],
      fields: [
        {
          name: "介绍机构.类型",
          label: "介绍方类型",
          type: "文本",
          codes: ["人力资源服务机构"],
          supplier: "人社部门",
          question: null,
        },
      ],
    },
  ],
  functions: [{ name: "满月日", signature: "满月日(起, 月数)", says: "从起始日起满若干个月的那一天" }],
};

describe("completion", () => {
  test("knows the source and the parameters of the text", () => {
    expect(sourceNamed(text)).toBe("劳务介绍");
    expect(sourceNamed("title: 空")).toBeNull();
    expect(parametersNamed(text)).toEqual(["补助标准", "劳动年龄下限"]);
  });

  test("offers facts with their Chinese names, parameters, and functions with what they do", () => {
    const offered = namesFor(text, vocabulary);
    expect(offered.map(({ label }) => label)).toEqual(["介绍机构.类型", "补助标准", "劳动年龄下限", "满月日"]);
    expect(offered[0]).toMatchObject({
      detail: "文本　介绍方类型",
      info: "介绍方类型。由人社部门提供。取值：人力资源服务机构",
    });
    expect(offered[3]).toMatchObject({ detail: "(起, 月数)", apply: "满月日(" });
  });

  test("offers no facts before a source is named", () => {
    expect(namesFor("title: 空", vocabulary).map(({ label }) => label)).toEqual(["满月日"]);
  });
});
