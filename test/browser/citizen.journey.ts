import type { Page, Request } from "playwright-core";
import { describe, expect, test } from "vitest";
import { CALCULATOR_BUDGET_KB } from "../../scripts/build-web.ts";
import { scrollsSideways, violations, type Office } from "./office.ts";

const PHONE = { width: 390, height: 844 } as const;

/** What browsers had no notion of when phones still in use were last updated (Chrome 80, Safari 13). */
function forgetNewerThings(): void {
  const gone: readonly (readonly [object, readonly string[]])[] = [
    [Array.prototype, ["at", "findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "with"]],
    [String.prototype, ["at", "replaceAll", "isWellFormed", "toWellFormed"]],
    [Element.prototype, ["replaceChildren"]],
    [Object, ["hasOwn", "groupBy"]],
    [Map, ["groupBy"]],
    [globalThis, ["BigInt", "structuredClone", "WeakRef"]],
  ];
  for (const [holder, names] of gone) for (const name of names) Reflect.deleteProperty(holder, name);
}

type Given = string | readonly string[] | { readonly county: string };
/** By words of the question: the label of a choice, the parts of a date, a number; a county by name. */
type Answers = Readonly<Record<string, Given>>;

interface Visit {
  readonly page: Page;
  /** Requests since the page stood ready. */
  readonly requests: readonly string[];
}

export function citizenJourneys(office: () => Office): void {
  async function visit(
    path: string,
    { old = true, viewport = PHONE as { width: number; height: number } } = {},
  ): Promise<Visit> {
    const context = await office().newVisitor(viewport);
    const page = await context.newPage();
    page.on("pageerror", (cause) => office().faults.push(`citizen ${path}: ${cause.message}`));
    if (old) await page.addInitScript(forgetNewerThings);
    await page.goto(path);
    if (path.startsWith("/calculator/")) await page.getByRole("heading", { name: "您在哪里办？" }).waitFor();
    const requests: string[] = [];
    page.on("request", (request: Request) => requests.push(request.url()));
    return { page, requests };
  }

  async function begin(page: Page, county: string, who: RegExp, situation: string): Promise<void> {
    await page.getByLabel("县（市、区）").selectOption({ label: county });
    await page.getByRole("button", { name: "下一步" }).click();
    await page.getByRole("button", { name: who }).click();
    await page.getByRole("button", { name: "开始" }).waitFor();
    const others = page.locator("details.others:not([open]) summary");
    if (!(await page.getByRole("checkbox", { name: situation }).isVisible()) && (await others.count()) > 0)
      await others.click();
    await page.getByRole("checkbox", { name: situation }).check();
    await page.getByRole("button", { name: "开始" }).click();
  }

  /** Answers until there is a result; a question that `answers` does not name is not known. */
  async function answer(page: Page, answers: Answers): Promise<string[]> {
    const asked: string[] = [];
    for (;;) {
      const heading = page.locator("main h1");
      const words = await heading.innerText();
      if ((await page.locator(".result").count()) > 0) return asked;
      asked.push(words);
      expect(asked.length, asked.join(" ")).toBeLessThan(40);
      const found = Object.entries(answers).find(([part]) => words.includes(part))?.[1];
      await give(page, found);
      await expect
        .poll(
          async () =>
            (await page.locator(".result").count()) > 0 ||
            (await page.locator(".progress").innerText()).startsWith(`第 ${asked.length + 1} 题`),
        )
        .toBe(true);
    }
  }

  async function give(page: Page, given: Given | undefined): Promise<void> {
    const unknown = page.getByText("不知道，先跳过");
    if (given === undefined) {
      await unknown.click();
      if (await page.locator("input[type=radio]").count()) await page.getByRole("button", { name: "下一题" }).click();
      return;
    }
    if (typeof given === "string") {
      if (given === "还没有，仍在继续") return page.getByRole("button", { name: given }).click();
      if (await page.locator("input[type=radio]").count()) await page.getByText(given, { exact: true }).click();
      else await page.locator("#answer").fill(given);
    } else if ("county" in given) await page.getByLabel(/^选.*的县/).selectOption({ label: given.county });
    else for (const [index, part] of given.entries()) await page.locator(".entry input").nth(index).fill(part);
    await page.getByRole("button", { name: "下一题" }).click();
  }

  const introduced: Answers = {
    介绍方是哪一类: "人力资源服务机构",
    合法资质: "是",
    有组织的劳务输出: "是",
    政府购买了这项服务: "是",
    脱贫人口: "是",
    户籍在哪个县: "湘西土家族苗族自治州花垣县",
    在哪个县: { county: "吉首市" },
    哪一天结束就业: "还没有，仍在继续",
    出生日期: ["1990", "3", "5"],
    性别: "男",
    同一年里: "没有",
  };
  const INTRODUCED = "经人介绍，有组织地到外地务工";
  const agency = /^人力资源机构/;

  describe("a citizen at his phone", () => {
    test("counts the award for an introduction: on the day six months are complete, and not the day before", async () => {
      const { page } = await visit("/calculator/430000?date=2025-06-18");
      await begin(page, "花垣县", agency, INTRODUCED);
      const asked = await answer(page, { ...introduced, 哪一天开始就业: ["2024", "12", "19"] });
      expect(new Set(asked).size).toBe(asked.length);
      await page.getByRole("heading", { name: /部门核实后，您可以领到\s*300.00 元/ }).waitFor();
      await page.getByText("由介绍机构、人社部门核实").or(page.getByText("由人社部门、介绍机构核实")).first().waitFor();

      // One day later, by changing the answer: the sixth month is complete tomorrow.
      await page.getByRole("button", { name: "改“哪一天开始就业？”" }).click();
      await page.getByRole("textbox", { name: "日" }).fill("20");
      await page.getByRole("button", { name: "下一题" }).click();
      await page.getByText("还有 1 天，2025年6月19日起可以领。").waitFor();
      await page.getByText("再等等").first().waitFor();
      await page.context().close();
    });

    test("is told what would have to be different", async () => {
      const { page } = await visit("/calculator/430000?date=2025-06-18");
      await begin(page, "花垣县", agency, INTRODUCED);
      const here = { ...introduced, 在哪个县: "湘西土家族苗族自治州花垣县", 哪一天开始就业: ["2024", "1", "10"] };
      await answer(page, here);
      await page.getByText("没有达到：就业地在输出地县以外。").waitFor();
      const gap = page.locator(".gap");
      await expect.poll(() => gap.innerText()).toContain("如果就业地所在县换成湘西土家族苗族自治州花垣县以外的，");
      expect(await gap.innerText()).toContain("就能领 300.00 元");
      await page.context().close();
    });

    test("counts the award of a workshop in Gansu for his employer, with the law beside it", async () => {
      const { page } = await visit("/calculator/620000?date=2025-07-10");
      await begin(page, "积石山保安族东乡族撒拉族自治县", /^用人单位/, "在乡村就业工厂、帮扶车间干活");
      const place = "临夏回族自治州积石山保安族东乡族撒拉族自治县";
      await answer(page, {
        哪一年的奖补: ["2025"],
        哪一天进车间: ["2025", "1", "10"],
        哪一天离开: "还没有，仍在继续",
        车间哪一天认定的: ["2023", "5", "1"],
        认定到哪一天为止: "还没有，仍在继续",
        脱贫人口: "是",
        户籍在哪个县: place,
        常住在哪个县: place,
        同一年里: "没有",
      });
      await page.getByRole("heading", { name: /您可以领到\s*3,000.00 元/ }).waitFor();
      await page.getByText("按3000元/人标准给予奖补").first().waitFor();
      await page.context().close();
    });

    test("is told that a text has ended, and may count what happened while it stood", async () => {
      const { page } = await visit("/calculator/430000?date=2026-03-01");
      await begin(page, "花垣县", /^创业的人/, "开店、办企业");
      const ended = await answer(page, {
        脱贫人口: "是",
        返乡下乡创业: "是",
        第一次办: "是",
        办的是哪一类: "个体工商户",
        哪一天登记: ["2025", "11", "3"],
        哪一天停业: "还没有，仍在继续",
        正常经营: "是",
      });
      expect(ended.length).toBeGreaterThan(0);
      await page.getByText("事情不在执行期（2021年7月26日至2025年12月31日）里。").waitFor();
      await page.context().close();

      const list = await visit("/policies?place=433124&who=founder&date=2026-03-01");
      await list.page.getByRole("heading", { name: "不在执行期的" }).waitFor();
      await list.page.getByText("执行期限截至2025年12月31日。").first().waitFor();
      await list.page.context().close();
    });

    test("need not know everything: what he does not know is said, with who knows it", async () => {
      const { page } = await visit("/calculator/430000?date=2025-06-18");
      await begin(page, "花垣县", agency, INTRODUCED);
      await answer(page, { ...introduced, 脱贫人口: "不知道，先跳过", 哪一天开始就业: ["2024", "1", "10"] });
      await page.getByText("还说不准").first().waitFor();
      await page.getByText(/可以问农业农村（乡村振兴）部门/).waitFor();
      await page.context().close();
    });

    test("sends nothing and leaves nothing behind, works without a network, and weighs little", async () => {
      const context = await office().newVisitor(PHONE);
      const page = await context.newPage();
      let bytes = 0;
      const sizes: Promise<void>[] = [];
      page.on("requestfinished", (request) => {
        if (request.resourceType() === "script")
          sizes.push(request.sizes().then(({ responseBodySize }) => void (bytes += responseBodySize)));
      });
      await page.goto("/calculator/430000?date=2025-06-18");
      await page.getByRole("heading", { name: "您在哪里办？" }).waitFor();
      await Promise.all(sizes);
      expect(bytes).toBeGreaterThan(5_000);
      expect(bytes / 1024).toBeLessThan(CALCULATOR_BUDGET_KB);

      const requests: string[] = [];
      page.on("request", (request) => requests.push(request.url()));
      await context.setOffline(true);
      await begin(page, "花垣县", /^务工的人/, INTRODUCED);
      await answer(page, { ...introduced, 哪一天开始就业: ["2024", "1", "10"] });
      await page.getByRole("heading", { name: "您填的情况" }).waitFor();
      expect(requests).toEqual([]);
      const left = await page.evaluate(async () => ({
        stored: localStorage.length + sessionStorage.length,
        databases: (await indexedDB.databases()).length,
        address: location.search + location.hash,
      }));
      expect(left).toEqual({ stored: 0, databases: 0, address: "?date=2025-06-18" });
      expect(await context.cookies()).toEqual([]);
      await context.close();
    });

    test("opens it again without a network after one visit; what is typed is kept nowhere", async () => {
      const context = await office().newVisitor(PHONE);
      const page = await context.newPage();
      await page.goto("/calculator/430000?date=2025-06-18");
      await page.getByRole("heading", { name: "您在哪里办？" }).waitFor();
      const kept = () =>
        page.evaluate(async () => {
          const shelf = await caches.open("calculator");
          return (await shelf.keys()).map(({ url }) => new URL(url).pathname + new URL(url).search);
        });
      await expect.poll(async () => (await kept()).length, { timeout: 15_000 }).toBeGreaterThan(3);
      await expect.poll(kept).toContain("/calculator/430000");
      const before = (await kept()).toSorted();
      expect(before.every((path) => /^\/(assets|calculator)\/[^?]+$/.test(path))).toBe(true);

      await context.setOffline(true);
      await page.reload();
      await page.getByRole("heading", { name: "您在哪里办？" }).waitFor();
      expect(await page.getByLabel("算到哪一天").inputValue()).toBe("2025-06-18");
      await begin(page, "花垣县", /^务工的人/, INTRODUCED);
      await answer(page, { ...introduced, 哪一天开始就业: ["2024", "1", "10"] });
      await page.getByRole("heading", { name: "您填的情况" }).waitFor();
      expect((await kept()).toSorted()).toEqual(before);
      const words = await page.evaluate(async () => {
        const shelf = await caches.open("calculator");
        const pages = await Promise.all(
          (await shelf.keys()).map(async (key) => (await shelf.match(key))?.text() ?? ""),
        );
        return pages.join("");
      });
      expect(words).not.toContain("2024-01-10");
      // Another place takes the first one's place on the shelf: it does not grow.
      await context.setOffline(false);
      await page.goto("/calculator/620000");
      await expect.poll(kept, { timeout: 15_000 }).toContain("/calculator/620000");
      await expect.poll(kept).not.toContain("/calculator/430000");
      await context.close();
    });

    test("is told beside each amount that it was made up for the demonstration", async () => {
      const { page } = await visit("/calculator/430000?date=2025-06-18");
      await page.getByText(/^2025年6月18日正在执行的有 \d+ 项/).waitFor();
      await page.getByLabel("算到哪一天").fill("2026-03-01");
      await page.getByText(/已经期满的有 \d+ 项（最近一次是2025年12月31日）/).waitFor();
      await page.context().close();
      const list = await visit("/policies?place=433124&who=founder&date=2025-06-18");
      const made = list.page.locator(".standards li", { hasText: "样例" });
      expect(await made.count()).toBeGreaterThan(0);
      await list.page.context().close();
    });

    test("goes through it with the keyboard alone, and back with the browser's own way back", async () => {
      const { page } = await visit("/calculator/430000?date=2025-06-18");
      await page.getByLabel("县（市、区）").focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Tab");
      // The date has three parts and a button for its calendar; Enter in it goes on.
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "您是？" }).waitFor();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "您有哪些情况？" }).waitFor();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Space");
      await page.keyboard.press("Enter");
      await page.locator(".progress").waitFor();
      const first = await page.locator("main h1").innerText();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Space");
      await page.keyboard.press("Enter");
      await expect.poll(() => page.locator("main h1").innerText()).not.toBe(first);
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
      await page.goBack();
      await expect.poll(() => page.locator("main h1").innerText()).toBe(first);
      expect(await page.getByRole("radio", { checked: true }).count()).toBe(1);
      await page.context().close();
    });

    test("finds a sentence in all documents, and the benefits made of an article beside it", async () => {
      const { page } = await visit("/texts");
      await page.getByRole("searchbox", { name: "在全部文件里查找" }).fill("稳定就业6个月以上");
      await page.keyboard.press("Enter");
      await page.locator("mark").first().waitFor();
      expect(await page.locator("article.card").count()).toBeGreaterThan(2);
      await page
        .getByRole("link", { name: /^（四）/ })
        .first()
        .click();
      const article = page.getByRole("region", { name: /^（四）/ });
      await article.getByRole("link", { name: "劳务输出就业创业服务补助" }).waitFor();
      await article.getByText("湘财农〔2021〕10号").first().waitFor();
      expect(await article.locator("mark").count()).toBeGreaterThan(0);
      await page.context().close();
    });

    test("meets no barrier on any page, and nothing scrolls sideways", async () => {
      const found: string[] = [];
      for (const path of [
        "/policies",
        "/policies?place=433124&date=2025-06-18",
        "/texts",
        "/texts?q=补贴",
        "/texts/gs-2025",
        "/texts/nothing",
        "/calculator",
        "/calculator/430000",
      ]) {
        const { page } = await visit(path, { old: false });
        const look = async (where: string) => {
          found.push(...(await violations(page)).map((one) => `${where} ${one}`));
          if (await scrollsSideways(page)) found.push(`${where} scrolls sideways`);
        };
        await look(path);
        await page.getByRole("button", { name: "大字" }).click();
        if (await scrollsSideways(page)) found.push(`${path} scrolls sideways in large type`);
        if (path === "/calculator/430000") {
          await begin(page, "花垣县", /^务工的人/, INTRODUCED);
          await look("question");
          await answer(page, { ...introduced, 哪一天开始就业: ["2024", "12", "20"] });
          await look("result");
        }
        await page.setViewportSize({ width: 1366, height: 768 });
        await look(`${path} at a desk`);
        await page.context().close();
      }
      expect(found).toEqual([]);
    });

    test("prints a result on A4 and copies it as text", async () => {
      const { page } = await visit("/calculator/430000?date=2025-06-18", { old: false });
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await begin(page, "花垣县", agency, INTRODUCED);
      await answer(page, { ...introduced, 哪一天开始就业: ["2024", "1", "10"] });
      await page.getByRole("button", { name: "复制文字" }).click();
      await page.getByRole("button", { name: "已复制" }).waitFor();
      const text = await page.evaluate(() => navigator.clipboard.readText());
      expect(text).toContain("劳务输出就业创业服务补助：条件够，等部门核实，300.00 元（付给介绍机构）");
      expect(text).toContain("- 哪一天开始就业？ 2024年1月10日");
      const sheet = await page.pdf({ preferCSSPageSize: true });
      expect(sheet.subarray(0, 5).toString()).toBe("%PDF-");
      await page.context().close();
    });
  });
}
