import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { parse } from "yaml";
import { readText } from "./read.ts";
import { findQuote } from "./quote.ts";
import { articleOf, statusOfText, type SourceText } from "./text.ts";

const folder = join(import.meta.dirname, "../../../policies/texts");
const texts = new Map<string, SourceText>(
  readdirSync(folder).map((name) => {
    const { value, problems } = readText(`policies/texts/${name}`, readFileSync(join(folder, name), "utf8"));
    if (!value) throw new Error(JSON.stringify(problems, null, 1));
    return [value.id, value];
  }),
);
const text = (id: string) => texts.get(id)!;

/** What the documents we were given say, without blanks and Markdown; one changed character changes it. */
const AS_GIVEN: Record<string, string> = {
  "hn-2021-10": "5e90cdc38d7617c30d604261cf1d3d71ddd4f2f686ca4975bf9638951e2aaef4",
  "hn-2021-03": "b917bb8994905b9d901e9345fe64f3f84713d3617bab05e55c362b492c169c62",
  "hn-2024-102": "765adc745fcb3875f92a8ec768158537876eb87f1bcd91cdc90ee6fd51129947",
  "jn-2023": "ea2cd91ef6650102f010fb7ed2cee015e05e5f4072aa9531375f254dcdf3beb6",
  "gs-2025": "7e5ea6ef98fef0f825a67362bfbb28d7ed5b5beeb7377fd2260fb93bae81cad0",
};

/** Clauses of the catalogue (0.1) and the article each of them is. */
const range = (from: number, to: number, name: (number: number) => string) =>
  Array.from({ length: to - from + 1 }, (_, index) => name(from + index));
const CHINESE = "一二三四五六七八九十".split("");
const chinese = (number: number) => (number <= 10 ? CHINESE[number - 1]! : `十${CHINESE[number - 11]!}`);
const CLAUSES: Record<string, readonly string[]> = {
  "hn-2021-10": [...range(1, 5, chinese), ...range(1, 18, (number) => `（${chinese(number)}）`), "文首", "文尾"],
  "hn-2021-03": [
    "1",
    "2",
    "3.1",
    "3.2",
    "3.3",
    ...[4, 5, 6].flatMap((part) => range(1, 4, (n) => `${part}.${n}`)),
  ].concat(["5.5", "6.5", "6.6"]),
  "hn-2024-102": [
    "文首",
    "1-4",
    ...["1", "2", "3", "4", "N1", "N2", "N3", "N4"].flatMap((part) => range(1, 3, (number) => `${part}-${number}`)),
    "N",
    "文尾",
  ],
  "jn-2023": [...range(1, 20, String), "S1", "S2", "S3", ...range(1, 5, chinese)],
  "gs-2025": [...range(1, 10, chinese), "文首", "文尾"],
};

describe("the five texts", () => {
  test.each(Object.entries(AS_GIVEN))("%s says what the document says, character for character", (id, given) => {
    const words = text(id).articles.flatMap(({ paragraphs }) => paragraphs);
    const said = words.join("").replaceAll(/[\s*]/g, "");
    expect(createHash("sha256").update(said).digest("hex")).toBe(given);
  });

  test.each(Object.entries(CLAUSES))("%s has an article for each clause of the catalogue", (id, clauses) => {
    expect(clauses.filter((clause) => !articleOf(text(id), clause))).toEqual([]);
  });

  test("articles begin with their own number", () => {
    expect(articleOf(text("hn-2021-10"), "（九）")?.paragraphs[0]).toMatch(/^发展就业载体吸纳就业。/);
    expect(articleOf(text("hn-2024-102"), "N2-1")?.paragraphs).toEqual([
      expect.stringMatching(/^一是激发返乡创业活力。/),
    ]);
    expect(articleOf(text("jn-2023"), "9")?.paragraphs).toEqual([expect.stringMatching(/^9、强化政策支持力度。/)]);
  });

  test("page breaks are joined: every paragraph of an article ends where a sentence does", () => {
    const broken = [...texts.values()].flatMap(({ id, articles }) =>
      articles
        .filter(({ id: article }) => article !== "文首" && article !== "文尾")
        .flatMap(({ id: article, paragraphs }) =>
          // The first line of a part may be a heading, which has no full stop.
          paragraphs
            .filter((words, at) => !/[。：）]$/.test(words) && (at > 0 || words.length > 30))
            .map(() => [id, article]),
        ),
    );
    expect(broken).toEqual([]);
  });

  test("every quote of the catalogue of subsidies stands in its text word for word", () => {
    const catalogue = parse(readFileSync(join(import.meta.dirname, "catalogue-quotes.yaml"), "utf8")) as Record<
      string,
      readonly { text: string; quote: string }[]
    >;
    const quotes = Object.entries(catalogue).flatMap(([item, said]) => said.map((one) => ({ item, ...one })));
    expect(quotes.length).toBe(69);
    expect(quotes.filter(({ text: id, quote }) => findQuote(text(id), quote)?.verbatim !== true)).toEqual([]);
  });

  test("documents that they cite and that are missing here are named, in the article that cites them", () => {
    const cited = [...texts.values()].flatMap((one) =>
      one.cites.map(({ article, number, title }) => ({ one, article, words: number ?? title })),
    );
    expect(cited.length).toBe(17);
    const unsaid = cited.filter(
      ({ one, article, words }) => findQuote(one, words)?.spans.some((span) => span.article === article) !== true,
    );
    expect(unsaid.map(({ words }) => words)).toEqual([]);
  });

  test("each is in force on its own days", () => {
    const hunan = text("hn-2021-10");
    expect(["2021-07-25", "2021-07-26", "2025-12-31", "2026-01-01"].map((date) => statusOfText(hunan, date))).toEqual([
      "not-yet",
      "in-force",
      "in-force",
      "ended",
    ]);
    expect(statusOfText(text("gs-2025"), "2099-01-01")).toBe("in-force");
    expect(statusOfText(text("jn-2023"), "2024-01-01")).toBe("ended");
    const successor = { ...hunan, id: "hn-2025-01", replaces: ["hn-2021-10"], inForce: { from: "2025-07-01" } };
    expect(["2025-06-30", "2025-07-01"].map((date) => statusOfText(hunan, date, [successor]))).toEqual([
      "in-force",
      "replaced",
    ]);
  });
});

describe("findQuote", () => {
  it("runs across blanks, paragraphs and articles, and says where", () => {
    const found = findQuote(text("hn-2024-102"), "稳定就业规模。一是劳务协作输出一批。");
    expect(found).toMatchObject({ article: "1", spans: [{ article: "1" }, { article: "1-1", paragraph: 0, from: 0 }] });
    expect(findQuote(text("hn-2024-102"), "脱贫人口（含监测对象）务工规模达254.2万人")).toMatchObject({
      verbatim: true,
    });
  });

  it("marks exactly the words quoted", () => {
    const { spans } = findQuote(text("gs-2025"), "达20%以上")!;
    const words = articleOf(text("gs-2025"), "五")!.paragraphs[spans[0]!.paragraph]!;
    expect(words.slice(spans[0]!.from, spans[0]!.to)).toBe("达 20% 以上");
  });

  it("tells punctuation of another width from the print", () => {
    expect(findQuote(text("gs-2025"), "确保不打折扣,应补尽补")?.verbatim).toBe(true);
    expect(findQuote(text("gs-2025"), "确保不打折扣，应补尽补")?.verbatim).toBe(false);
  });

  it("leaves out what an omission leaves out, in order", () => {
    expect(findQuote(text("hn-2021-10"), "每成功介绍1名脱贫人口……给予300元")).not.toBeNull();
    expect(findQuote(text("hn-2021-10"), "给予300元……每成功介绍1名脱贫人口")).toBeNull();
  });

  it("finds nothing where the text says something else", () => {
    expect(findQuote(text("hn-2021-10"), "给予400元的就业创业服务补助")).toBeNull();
    expect(findQuote(text("hn-2021-10"), " ")).toBeNull();
  });
});

describe("readText", () => {
  const written = (front: string, body: string) => `---\n${front}\n---\n\n${body}\n`;
  const front = `id: some-text
title: 某通知
issuer: [某厅]
region: "430000"
in-force: { from: 2021-07-26 }
nature: 通知
clauses: SOME`;
  const problems = (head: string, body: string) =>
    readText("policies/texts/some-text.md", written(head, body)).problems.map(({ code, line }) => [code, line]);

  it("reads a text", () => {
    const { value } = readText("policies/texts/some-text.md", written(front, "## 一 总则\n\n一、总则\n\n全文。"));
    expect(value?.articles).toEqual([
      { id: "一", title: "总则", level: 2, line: 11, paragraphs: ["一、总则", "全文。"] },
    ]);
  });

  it("says what is wrong, with the line", () => {
    const body = "## 一\n\n正文。";
    expect(readText("some-text.md", "没有文件信息").problems).toMatchObject([{ code: "yaml.syntax", line: 1 }]);
    expect(problems(front.replace('"430000"', "43"), body)).toEqual([["format.wrong-value", 5]]);
    expect(problems(`${front}\ntitel: 错`, body)).toEqual([["format.unknown-key", 9]]);
    expect(problems(front.replace("some-text", "other"), body)).toEqual([["format.wrong-value", 2]]);
    expect(problems(front.replace("2021-07-26", "2021-7-26"), body)).toEqual([["format.wrong-value", 6]]);
    expect(problems(front, `${body}\n\n## 一\n\n重复。`)).toEqual([["format.duplicate-id", 15]]);
    expect(problems(front, "## 一\n\n## 二\n\n正文。")).toEqual([["format.wrong-value", 11]]);
    expect(problems(front, "没有标题。")).toEqual([
      ["format.wrong-value", 11],
      ["format.wrong-value", 10],
    ]);
    expect(problems(`${front}\ncites: { article: 九, title: 某文, needed-for: 某事 }`, body)).toEqual([
      ["format.wrong-value", 9],
    ]);
  });
});
