import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { downloadFrom, faultsOfPages, says, scrollsSideways, WORK, type Office } from "./office.ts";

const MEASURE = "劳务输出就业创业服务补助";
const NOTE = "由省厅核对过，只作说明。";

async function openMeasure(page: Page): Promise<void> {
  await page.goto(`/rules?words=${encodeURIComponent(MEASURE)}`);
  await page.getByRole("link", { name: MEASURE }).first().click();
  await page.getByRole("heading", { level: 1, name: MEASURE }).waitFor(WORK);
}

/** The officers of the rulebook: who drafts, who publishes, who sets a standard, who asks what it would cost. */
export function rulebookJourney(office: () => Office): void {
  describe("the rulebook", () => {
    test("shows a measure with the words of the law, its conditions, its cases, and gives its file away", async () => {
      const page = await office().signIn("hunan-policy");
      await openMeasure(page);
      await says(page, /每成功介绍1名脱贫人口到县以外稳定就业6个月以上的/);
      await page.getByRole("row", { name: /就业地在输出地县以外.*就业.所在县 != 劳动者.户籍县/ }).waitFor(WORK);
      await says(page, /^\d+ 例全部一致$/);
      const file = await downloadFrom(office(), page, page.getByRole("button", { name: "导出规则文件" }));
      expect(readFileSync(file, "utf8")).toMatch(/^title: 劳务输出就业创业服务补助/);
      await page.context().close();
    });

    test("a draft with an error is mended, proposed, withheld from its author, and published by a second officer", async () => {
      const page = await office().signIn("hunan-policy");
      await openMeasure(page);
      await page.getByRole("button", { name: "起草新版本" }).click();
      const editor = page.getByRole("textbox", { name: "规则文件" });
      await editor.click();
      await page.keyboard.press("Control+End");
      await page.keyboard.type("\nremark: 1");
      await says(page, /1 处错误/);
      await page.getByRole("button", { name: /^第 \d+ 行第 1 列$/ }).click();
      await page.keyboard.press("Control+End");
      for (let letter = 0; letter < "remark: 1".length; letter += 1) await page.keyboard.press("Backspace");
      await page.keyboard.type(`notes: ${NOTE}`);
      await says(page, /没有错误，\d+ 例全部一致/);
      await page.getByRole("button", { name: "保存草稿" }).click();
      await page.waitForURL(/\/rules\/\d+\/edit/, WORK);
      await page.getByRole("tab", { name: /^与版本 \d+ 对照$/ }).click();
      await page.locator(".cm-changedLine, .cm-insertedLine").getByText(NOTE).waitFor(WORK);
      await page.getByRole("button", { name: "去提交发布" }).click();
      await page.getByRole("button", { name: "提交发布" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "提交发布" }).click();
      await says(page, /例全部一致。$/);
      await says(page, "您是起草人，请由另一位工作人员复核发布。");
      expect(await page.getByRole("button", { name: /发布$/ }).count()).toBe(0);
      const path = new URL(page.url()).pathname;
      await page.context().close();

      const leader = await office().signIn("hunan-leader");
      await leader.goto("/rules");
      await leader.getByRole("link", { name: MEASURE }).first().waitFor(WORK);
      await leader.goto(path);
      const publish = leader.getByRole("button", { name: /发布$/ });
      const words = (await publish.textContent())!;
      await publish.click();
      const dialog = leader.getByRole("dialog");
      if (words !== "发布") await dialog.getByRole("textbox").fill("只改说明，不改条件和金额");
      await dialog.getByRole("button", { name: words }).click();
      await says(leader, "施行中");
      await says(leader, NOTE);
      await says(leader, "已替代");
      await leader.context().close();
    });

    test("a condition is written in the form and in the YAML by turns: both are one draft, its comments kept", async () => {
      const page = await office().signIn("hunan-policy");
      await openMeasure(page);
      await page.getByRole("button", { name: "起草新版本" }).click();
      await page.getByRole("tab", { name: "条件" }).click();
      await page.getByRole("button", { name: "编辑：就业开始时被介绍人是脱贫人口" }).click();
      const feel = page.getByRole("textbox", { name: "规则式" });
      await feel.click();
      await page.keyboard.press("Control+End");
      await page.keyboard.type(" and 劳动者.脱贫");
      // Words of the facts are offered; the mistake is said under the field.
      await page.getByRole("option", { name: /^劳动者\.脱贫人口/ }).waitFor(WORK);
      await page.keyboard.press("Escape");
      await page
        .locator("li", { has: feel })
        .getByText(/没有“劳动者\.脱贫”这个事实或参数/)
        .waitFor(WORK);
      for (let letter = 0; letter < " and 劳动者.脱贫".length; letter += 1) await page.keyboard.press("Backspace");
      await page.getByRole("textbox", { name: "条件（给人看的话）" }).fill("就业开始时被介绍人是脱贫人口，不含边缘户");
      await page.getByRole("button", { name: "添加条件" }).click();
      await page.getByRole("textbox", { name: "编号", exact: true }).fill("extra");
      await page.getByRole("button", { name: "删除：extra" }).click();
      await page.getByRole("button", { name: /^下移：就业开始时被介绍人是脱贫人口，/ }).click();
      await page.getByRole("tab", { name: "规则", exact: true }).click();
      const yaml = page.getByRole("textbox", { name: "规则文件" });
      await says(page, /没有错误，\d+ 例全部一致/);
      await yaml.click();
      await page.keyboard.press("Control+End");
      await yaml.getByText("evidence:").waitFor(WORK);
      await page.getByRole("tab", { name: /^与版本 \d+ 对照$/ }).click();
      await page
        .locator(".cm-insertedLine, .cm-changedLine")
        .getByText(/不含边缘户/)
        .first()
        .waitFor(WORK);
      await page
        .locator(".cm-insertedLine, .cm-changedLine, .cm-line")
        .getByText("# AMB-33")
        .filter({ visible: true })
        .first()
        .waitFor(WORK);
      await page.context().close();
    });

    test("an article leads to its rules and to its text, and the text back to them", async () => {
      const page = await office().signIn("hunan-policy");
      await openMeasure(page);
      await page.getByRole("link", { name: "本条的全部规则" }).first().click();
      await page.waitForURL(/\/rules\?.*article=/, WORK);
      await page.getByRole("link", { name: MEASURE }).first().waitFor(WORK);
      const [text] = await Promise.all([
        page.context().waitForEvent("page"),
        page.getByRole("link", { name: "看原文", exact: true }).first().click(),
      ]);
      await text.getByRole("link", { name: "工作人员看（四）的规则" }).click();
      await text.waitForURL(/\/rules\?.*article=/, WORK);
      await text.getByRole("link", { name: MEASURE }).first().waitFor(WORK);
      await page.goto("/rules?status=ended");
      await says(page, /执行期满 \d+ 项/);
      await page.goto("/rules?words=没有这样的规则");
      await says(page, "没有符合这些条件的规则");
      await page.context().close();
    });

    test("results go out for a stated purpose, as a workbook or CSV", async () => {
      const page = await office().signIn("huayuan");
      await openMeasure(page);
      const versionId = new URL(page.url()).pathname.split("/").at(-1);
      await page.goto(`/results?versionId=${versionId}`);
      await page.getByRole("button", { name: /^导出 [\d,]+ 条$/ }).click();
      await page.getByRole("textbox", { name: "导出用途" }).fill("核对本月名单");
      await page.getByRole("radio", { name: /csv/ }).check();
      const file = await downloadFrom(office(), page, page.getByRole("button", { name: "记录用途并导出" }));
      const [title, header] = readFileSync(file, "utf8").split("\r\n");
      expect(title).toContain("用途：核对本月名单");
      expect(header).toMatch(/^对象,证件号码,地区,政策,结论/);
      await page.context().close();
    });

    test("a prefecture sets a standard within its bounds and is refused outside of them", async () => {
      const page = await office().signIn("xiangxi");
      const drawer = page.getByRole("dialog");
      const set = async (value: string) => {
        await drawer.getByLabel("值", { exact: true }).fill(value);
        await drawer.getByLabel("施行日期").fill("2025-01-01");
        await drawer.getByPlaceholder("文件名称和文号").fill("州人社发〔2025〕1号（演示）");
        await drawer.getByRole("button", { name: "设定 1 项标准" }).click();
      };
      await page.goto("/parameters?words=月最低工资");
      await page.getByRole("button", { name: "设定：当地月最低工资标准" }).click();
      await set("1700");
      await drawer.getByText("1,700.00 元").first().waitFor(WORK);

      await page.goto(`/parameters?words=${encodeURIComponent("每人每月岗位补贴")}`);
      await page
        .getByRole("row", { name: /乡村公益性岗位补贴（湖南省）/ })
        .getByRole("button")
        .click();
      await set("1800");
      await drawer.getByText(/超出了上级规定的范围/).waitFor(WORK);
      await set("900");
      await drawer.getByText("900.00 元").first().waitFor(WORK);
      await page.context().close();
    });

    test("a simulation says what a measure costs and whom it refuses, and writes nothing", async () => {
      const page = await office().signIn("hunan-policy");
      await openMeasure(page);
      await page.getByRole("button", { name: "测算" }).click();
      await page.getByRole("button", { name: "开始测算" }).click();
      await page.waitForURL(/\/simulations\/\d+/, WORK);
      await says(page, "看过的记录");
      await page
        .getByRole("table", { name: "被哪些条件挡住" })
        .getByRole("row", { name: /^就业地在输出地县以外/ })
        .waitFor(WORK);
      await page
        .getByRole("table", { name: "各县", exact: true })
        .getByRole("row", { name: /花垣县/ })
        .waitFor(WORK);
      const book = await downloadFrom(office(), page, page.getByRole("button", { name: "导出 Excel" }));
      expect(book).toMatch(/测算报告-.*\.xlsx$/);
      const paper = await page.pdf({ preferCSSPageSize: true });
      expect(paper.subarray(0, 5).toString()).toBe("%PDF-");
      await page.emulateMedia({ media: "print" });
      await page.getByText(`政策测算报告：${MEASURE}`).waitFor(WORK);
      expect(await page.getByRole("button", { name: "打印" }).isVisible()).toBe(false);
      expect(await scrollsSideways(page)).toBe(false);
      await page.context().close();
    });

    test("what was screened leads to a person, whose page says every condition with its fact", async () => {
      const officer = await office().signIn("hunan-policy");
      await officer.goto("/results");
      await officer.getByRole("button", { name: "重新筛查" }).click();
      await officer
        .getByRole("row", { name: new RegExp(MEASURE) })
        .first()
        .waitFor(WORK);
      await officer.context().close();
      const page = await office().signIn("huayuan");
      await openMeasure(page);
      const versionId = new URL(page.url()).pathname.split("/").at(-1);
      await page.goto(`/results?versionId=${versionId}&outcome=ELIGIBLE`);
      const row = page
        .getByRole("row")
        .filter({ hasText: MEASURE })
        .filter({ has: page.locator("a[href^='/persons/']") });
      await row.locator("a[href^='/persons/']").first().click();
      await page.getByRole("heading", { name: "政策待遇" }).waitFor(WORK);
      const panel = page.getByRole("region", { name: "政策待遇" });
      await panel.getByRole("link", { name: MEASURE }).first().waitFor(WORK);
      await panel.getByText("稳定就业6个月以上").first().waitFor(WORK);
      await page.context().close();
    });

    test("its pages break no rule of accessibility and scroll sideways neither at 1366 × 768 nor on a phone", async () => {
      const page = await office().signIn("hunan-policy");
      await openMeasure(page);
      const measure = new URL(page.url()).pathname;
      const from = measure.replace("/rules/", "/rules/new?from=");
      expect(
        await faultsOfPages(page, [
          "/rules",
          measure,
          from,
          "/parameters",
          "/simulations",
          "/simulations/1",
          "/results",
        ]),
      ).toEqual([]);
      await page.context().close();
    });
  });
}
