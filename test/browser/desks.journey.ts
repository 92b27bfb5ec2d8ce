import { describe, expect, test } from "vitest";
import { says, WORK, type Office } from "./office.ts";

/** The other officers of the county after its month has been applied. */
export function deskJourneys(office: () => Office): void {
  describe("others at their desks", () => {
    test("a township officer sees his township only", async () => {
      const page = await office().signIn("huayuan-town1");
      await page.goto("/persons");
      await page.locator("tbody tr").first().waitFor(WORK);
      const villages = await page.locator("tbody tr td:nth-child(5)").allTextContents();
      expect(new Set(villages.filter(Boolean).map((text) => text.split(" ")[0]))).toEqual(new Set(["双龙镇"]));
      await page.context().close();
    });

    test("a township officer finds at home what is due to him, and his villages as the county has applied them", async () => {
      const page = await office().signIn("huayuan-town1");
      await says(page, /^处理比对任务 \d+ 件$/);
      await says(page, "27 / 27 村");
      await page.context().close();
    });

    test("finance is held to the money that waits for it, and not to what the clerk has to receive", async () => {
      const page = await office().signIn("huayuan-finance");
      await says(page, /^办结已发放的补贴件 \d+ 件$/);
      expect(await page.getByText(/^接收 /).count()).toBe(0);
      expect(await page.getByText("待办队列").count()).toBe(0);
      await page.context().close();
    });

    test("a township officer settles who is still at work and who is not, and the person's record says so", async () => {
      const page = await office().signIn("huayuan-town1");
      await page
        .getByRole("link", { name: /^比对任务/ })
        .first()
        .click();
      const rows = page.locator("tbody tr").filter({ hasText: "本期台账未报" });
      await rows.first().waitFor(WORK);
      const open = await rows.count();

      await rows.first().getByRole("checkbox").click();
      await page.getByRole("button", { name: "仍在务工" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("textbox", { name: "处理依据" }).fill("电话核实，仍在原厂");
      await dialog.getByRole("button", { name: "仍在务工 1 项" }).click();
      await says(page, "已办结 1 项比对任务。");
      await expect.poll(() => rows.count(), WORK).toBe(open - 1);

      const link = rows.first().getByRole("link").first();
      const path = (await link.getAttribute("href"))!;
      await rows.first().getByRole("checkbox").click();
      await page.getByRole("button", { name: "已不在务工" }).click();
      await dialog.getByLabel("务工结束日期").fill("2025-05-20");
      await dialog.getByRole("textbox", { name: "处理依据" }).fill("入户核实，已返乡");
      await dialog.getByRole("button", { name: "已不在务工 1 项" }).click();
      await expect.poll(() => rows.count(), WORK).toBe(open - 2);

      await page.goto(path);
      await says(page, "未务工");
      await page.goto(`${path}/changes`);
      await page
        .getByRole("row", { name: /2025-05-20/ })
        .first()
        .waitFor(WORK);
      await page.context().close();
    });

    test("a village worker sees his villagers and their tasks, and decides nothing", async () => {
      const page = await office().signIn("huayuan-village");
      await page.goto("/comparisons");
      await says(page, /^待核对/);
      expect(await page.getByRole("checkbox").count()).toBe(0);
      await page.goto("/persons");
      await page.locator("tbody tr").first().waitFor(WORK);
      const villages = await page.locator("tbody tr td:nth-child(5)").allTextContents();
      expect(new Set(villages.filter(Boolean))).toEqual(new Set(["双龙镇 十八洞村"]));
      await page.context().close();
    });

    test("an auditor reads who did what", async () => {
      const page = await office().signIn("huayuan-audit");
      await page.goto("/audit");
      await page
        .getByRole("row", { name: /应用台账.*向晓岚/ })
        .first()
        .waitFor(WORK);
      // The counts beside the navigation are asked for on every page: they are nobody's act, and would hide what is.
      expect(await page.getByRole("row", { name: /待答复更正申请数|查询更正申请.*双龙镇/ }).count()).toBe(0);
      await page.context().close();
    });

    test("a system administrator keeps accounts and sees no person", async () => {
      const page = await office().signIn("hunan-system");
      await page.goto("/officers");
      await says(page, "huayuan");
      const answer = await page.evaluate(async () => (await fetch("/api/registry/persons")).status);
      expect(answer).toBe(403);
      await page.context().close();
    });
  });
}
