import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { faultsOfPages, pressAndConfirm, says, WORK, type Office } from "./office.ts";

const RULE = "workshop-award";

/** 车间吸纳奖补: one award for many workers of whom some are not eligible, from what screening found to the approval with a line set aside for it. */
export function workshopAwardJourney(office: () => Office): void {
  describe("a workshop's award for many workers", () => {
    let clerk: Page;
    let claim: string;

    /** A step on the claim's own page. */
    async function step(page: Page, act: string, words?: string): Promise<void> {
      await page.goto(claim);
      await page.getByRole("button", { name: act, exact: true }).click();
      const dialog = page.getByRole("dialog");
      if (words) await dialog.getByRole("textbox").fill(words);
      await dialog.getByRole("button", { name: `${act} 1 件` }).click();
      await dialog.waitFor({ state: "detached", ...WORK });
      await says(page, `${act} 1 件。`);
    }

    test("is one claim of all that screening found payable, with the sentence that says so", async () => {
      clerk = await office().signIn("jishishan");
      await clerk.goto("/claims");
      await clerk.getByRole("button", { name: "由筛查结果生成" }).click();
      await expect
        .poll(
          async () => {
            await clerk.goto(`/claims?state=proposed&rule=${RULE}`);
            await clerk
              .getByRole("searchbox")
              .first()
              .waitFor(WORK)
              .catch(() => {});
            return clerk.locator("tbody tr").count();
          },
          { timeout: 120_000, interval: 3000 },
        )
        .toBeGreaterThan(0);
      const link = clerk.locator("tbody a[href^='/claims/']").first();
      claim = (await link.getAttribute("href"))!;
      await clerk.goto(claim);
      await says(clerk, /按3000元\/人标准给予奖补/);
      const items = Number(/(\d+) 项，合计到分/.exec(await clerk.getByRole("main").innerText())?.[1]);
      expect(items).toBeGreaterThan(1);
    });

    test("is no award for those who are not eligible: screening says how many and why", async () => {
      await clerk.goto("/results");
      await clerk.getByText("乡村就业工厂（帮扶车间）吸纳就业奖补").first().waitFor(WORK);
      const row = clerk.getByRole("row", { name: /乡村就业工厂（帮扶车间）吸纳就业奖补/ }).first();
      expect(await row.innerText()).toMatch(/[1-9]/);
    });

    test("is approved by another hand once a document has set money aside for it", async () => {
      await step(clerk, "确认申领", "车间负责人柜台确认");
      await step(clerk, "受理");
      await step(clerk, "初审通过");
      const finance = await office().signIn("jishishan-finance");
      await finance.goto("/funds");
      await finance.getByRole("button", { name: "登记额度" }).click();
      const dialog = finance.getByRole("dialog");
      await dialog.getByRole("combobox", { name: "限定用于哪些项目" }).click();
      await finance
        .locator(".ant-select-dropdown:visible .ant-select-item-option")
        .filter({ hasText: "吸纳就业奖补" })
        .first()
        .click();
      await dialog.getByLabel("下达文件").fill(`车间奖补下达文件${Date.now().toString(36)}`);
      await dialog.getByLabel("金额（元）").fill("5000000");
      await dialog.getByRole("button", { name: "登记", exact: true }).click();
      await dialog.waitFor({ state: "detached", ...WORK });
      await finance.context().close();
      const second = await office().signIn("jishishan-review");
      await second.goto(claim);
      await pressAndConfirm(second, /^复核通过$/, /^复核通过 1 件$/);
      await says(second, /待公示|待领导审批/);
      expect(await faultsOfPages(second, [claim, "/funds"])).toEqual([]);
      await second.context().close();
      await clerk.context().close();
    });
  });
}
