import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { scrollsSideways, violations, WORK, type Office } from "./office.ts";

/** 免于申请: what screening found of one measure, from the list to the public notice; two hands, and one line objected to. */
export function subsidiesJourney(office: () => Office): void {
  const list = (state: string) => `/claims?state=${state}&rule=skill-upgrade-subsidy`;

  /** One step of everything that the list shows. */
  async function step(page: Page, state: string, act: string, words?: string): Promise<void> {
    await page.goto(list(state));
    await page.locator("thead").getByRole("checkbox").check();
    await page.getByRole("button", { name: new RegExp(`^${act} \\d+ 件$`) }).click();
    const dialog = page.getByRole("dialog");
    if (words) await dialog.getByRole("textbox").fill(words);
    await dialog.getByRole("button", { name: new RegExp(`^${act} \\d+ 件$`) }).click();
    await dialog.waitFor({ state: "detached", ...WORK });
    await page.getByText(new RegExp(`${act} \\d+ 件。$`)).waitFor();
  }

  describe("a subsidy that nobody applied for", () => {
    let clerk: Page;
    let payee: string;

    test("is made of what screening found", async () => {
      clerk = await office().signIn("huayuan");
      await clerk.goto("/claims");
      await clerk.getByRole("button", { name: "由筛查结果生成" }).click();
      const found = clerk.getByRole("link", { name: /^待确认/ });
      await expect.poll(() => found.innerText(), { timeout: 2 * WORK.timeout }).toMatch(/[1-9]\d* ?\n?件/);
    });

    test("is confirmed at the counter, accepted and examined on today's facts", async () => {
      await step(clerk, "proposed", "确认申领", "柜台本人确认");
      await step(clerk, "submitted", "受理");
      await step(clerk, "accepted", "初审通过");
    });

    test("is approved by another hand, with money kept for it", async () => {
      const second = await office().signIn("huayuan-review");
      await step(second, "checked", "复核通过");
      await second.goto("/funds");
      const row = second.getByRole("row", { name: /失业保险基金/ });
      expect(await row.getByRole("cell").nth(4).innerText()).not.toBe("0.00");
      await second.context().close();
    });

    test("is published with masked numbers, for everybody to read", async () => {
      await clerk.goto("/publications");
      await clerk.getByRole("button", { name: "公示", exact: true }).first().click();
      const dialog = clerk.getByRole("dialog");
      await dialog.getByLabel("受理异议的单位和电话").fill("花垣县人社局就业股 0743-7000001");
      await dialog.getByRole("button", { name: /^公示 \d+ 件$/ }).click();
      await dialog.waitFor({ state: "detached" });
      await clerk
        .getByRole("link", { name: /失业保险技能提升补贴/ })
        .first()
        .click();
      const name = clerk.locator("tbody").getByRole("link").first();
      payee = await name.innerText();
      const visitor = await office().newVisitor({ width: 390, height: 844 });
      const page = await visitor.newPage();
      await page.goto("/notices");
      await page.getByRole("link", { name: /失业保险技能提升补贴/ }).click();
      await page.getByText("花垣县人社局就业股").waitFor();
      const text = await page.getByRole("main").innerText();
      expect(text).toContain(payee);
      expect(text).toMatch(/4331\d\d\*{8}\d{3}[\dX]/);
      expect(text).not.toMatch(/\d{17}[\dX]/);
      expect(await violations(page)).toEqual([]);
      expect(await scrollsSideways(page)).toBe(false);
      await visitor.close();
    });

    test("is held by an objection against it alone, until another officer has answered", async () => {
      await clerk.locator("tbody").getByRole("button", { name: "登记" }).first().click();
      const dialog = clerk.getByRole("dialog");
      await dialog.getByLabel("异议人").fill("匿名");
      await dialog.getByLabel("异议内容").fill("证书不是本人的");
      await dialog.getByRole("button", { name: "登记异议" }).click();
      await dialog.waitFor({ state: "detached" });
      const second = await office().signIn("huayuan-review");
      await second.goto(new URL(clerk.url()).pathname);
      await second.getByRole("button", { name: "答复" }).click();
      const answer = second.getByRole("dialog");
      await answer.getByText("异议成立", { exact: true }).click();
      await answer.getByLabel("核实情况和答复").fill("经核实证书与本人不符");
      await answer.getByRole("button", { name: "答复" }).click();
      await answer.waitFor({ state: "detached" });
      await second
        .getByRole("row", { name: new RegExp(payee) })
        .first()
        .getByText("已撤下")
        .waitFor();
      await second.context().close();
      await clerk.context().close();
    });
  });
}
