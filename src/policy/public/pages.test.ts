import { describe, expect, it, test } from "vitest";
import type { PageRequest } from "../../platform/http/public-pages.ts";
import { DICTIONARIES } from "../facts/index.ts";
import { searchTexts } from "../texts/search.ts";
import { calculatorPage, calculatorRules } from "./calculator-page.ts";
import { factsPage } from "./facts-page.ts";
import { html } from "../../platform/http/html.ts";
import { publicLibrary } from "./fixtures.ts";
import { marked } from "./marks.ts";
import { policiesPage } from "./policies-page.ts";
import { textPage } from "./text-page.ts";
import { textsPage } from "./texts-page.ts";

/** Xiangxi has set a standard; nobody else has set anything. */
const library = publicLibrary({
  "startup-subsidy": { 创业补贴标准: [{ from: "2021-07-26", region: "433100", value: 300_000 }] },
});

const request = (
  query: Readonly<Record<string, string>>,
  params: Readonly<Record<string, string>> = {},
): PageRequest => ({
  services: { businessDate: () => "2025-06-18", demo: false } as unknown as PageRequest["services"],
  query,
  params,
  entry: () => null,
});
/** What a reader sees of it. */
const words = (body: string) => body.replace(/<[^>]+>/g, "").replace(/\s+/g, " ");
const card = (body: string, id: string) =>
  body.split('<article class="card" ').find((one) => one.startsWith(`id="${id}`))!;

describe("markup", () => {
  it("escapes every value, also within attributes", () => {
    expect(html`<a title="${'"><script>'}">${"<b>&'"}</a>`.text).toBe(
      '<a title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;&#39;</a>',
    );
  });

  it("marks stretches that overlap", () => {
    const span = (from: number, to: number) => ({ article: "一", paragraph: 0, from, to });
    const pieces = marked("甲乙丙丁", 0, [
      { kind: "cited", span: span(0, 3) },
      { kind: "hit", span: span(2, 4) },
    ]);
    expect(pieces.map(({ text }) => text).join("")).toBe(
      '<span class="cited">甲乙</span><span class="cited"><mark>丙</mark></span><mark>丁</mark>',
    );
  });
});

describe("the list of benefits", () => {
  const list = (query: Readonly<Record<string, string>>) => policiesPage(library, request(query)).body;

  it("asks for a place first, and lists what holds there and nothing of other places", () => {
    expect(words(list({}))).toContain("先选地方");
    const body = list({ place: "433124" });
    expect(body).toContain("劳务输出就业创业服务补助");
    expect(body).not.toContain("乡村就业工厂（帮扶车间）吸纳就业奖补");
  });

  it("says who sets a standard that nobody has set, and what the place has set", () => {
    expect(words(card(list({ place: "433124" }), "startup-subsidy-430000"))).toContain("3,000.00 元");
    expect(words(card(list({ place: "430121" }), "startup-subsidy-430000"))).toContain("标准由市州规定，尚未公布");
  });

  it("says of what has ended that it has, on the chosen day", () => {
    const [before, after] = ["2025-12-31", "2026-01-01"].map((date) =>
      card(list({ place: "433124", date }), "export-introduction"),
    );
    expect(words(before!)).toContain("施行中 到2025年12月31日为止");
    expect(words(after!)).toContain("已经期满 执行期限截至2025年12月31日。");
  });

  it("says that what is paid to another is not paid to him who asks", () => {
    const other = "因您而付给对方，不是付给您";
    expect(words(card(list({ place: "433124", who: "worker" }), "export-introduction"))).toContain(other);
    expect(words(card(list({ place: "433124", who: "agency" }), "export-introduction"))).not.toContain(other);
  });

  it("gives conditions, what to bring, funds, and the article with its address", () => {
    const body = card(list({ place: "433124" }), "export-introduction");
    for (const said of ["就业地在输出地县以外", "资质证书", "从就业专项资金列支", "每成功介绍1名脱贫人口到县以外"])
      expect(words(body)).toContain(said);
    expect(body).toContain('href="/texts/hn-2021-10#%EF%BC%88%E5%9B%9B%EF%BC%89"');
  });

  it("takes no word of the address for more than it is", () => {
    const body = list({ place: "433124", who: "<script>", date: "2025-13-01" });
    expect(body).not.toContain("<script>");
    expect(words(body)).toContain("2025年6月18日");
  });
});

describe("texts", () => {
  it("stand with their articles, what is made of them, and what they cite that is not here", () => {
    const { body } = textPage(library, request({}, { id: "hn-2021-10" }));
    const article = body.split("<section").find((one) => one.includes('id="（四）"'))!;
    expect(words(article)).toContain("劳务输出就业创业服务补助");
    expect(words(article)).toContain("湘财农〔2021〕10号");
    expect(article).toContain('<span class="cited">');
    expect(textPage(library, request({}, { id: "none" })).status).toBe(404);
  });

  it("say how they stand on a day", () => {
    const on = (date: string) => words(textPage(library, request({ date }, { id: "hn-2021-10" })).body);
    expect(on("2021-07-25")).toContain("尚未施行");
    expect(on("2025-12-31")).toContain("施行中");
    expect(on("2026-01-01")).toContain("执行期满");
  });

  it("are searched through whatever blanks are printed, every word of the query", () => {
    expect(words(textsPage(library, request({ q: "20万元个人创业担保贷款" })).body)).toContain("在 1 份文件里找到1 条");
    const hits = searchTexts(library.texts, "以工代赈 比例");
    expect(hits.length).toBeGreaterThan(0);
    for (const { article } of hits) expect(article.paragraphs.join("")).toMatch(/以工代赈[^]*比例|比例[^]*以工代赈/);
    expect(words(textsPage(library, request({ q: "<b>没有的词</b>" })).body)).toContain("没有找到");
    expect(searchTexts(library.texts, "  ")).toEqual([]);
  });

  it("list every fact that a rule may name", () => {
    const body = words(factsPage(library, request({})).body);
    for (const { fields } of DICTIONARIES) for (const { name } of fields) expect(body).toContain(name);
  });
});

test("the rules of a place have an address that changes with them", () => {
  const page = calculatorPage(library, request({}, { region: "430000" }));
  const path = /data-rules="([^"]+)"/.exec(page.body)![1]!;
  const rules = calculatorRules(library, request({}, { file: path.split("/").at(-1)! }));
  expect(rules).toMatchObject({ immutable: true, mediaType: "text/javascript; charset=utf-8" });
  expect(calculatorRules(library, request({}, { file: "430000-000000000000.js" })).status).toBe(404);
  expect(calculatorPage(library, request({}, { region: "110000" })).status).toBe(404);
});
