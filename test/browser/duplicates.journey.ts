import { describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { says, WORK, type Office } from "./office.ts";

/** Records of one person in one county and in two. */
export function duplicateJourneys(office: () => Office): void {
  describe("one person, two records", () => {
    test("a clerk claims a pair, merges it by choice of cells, and takes the merge back", async () => {
      const page = await office().signIn("huayuan");
      await page.goto("/duplicates?across=false&kind=duplicate");
      const row = page.locator("tbody tr").first();
      await row.waitFor(WORK);
      await row.getByRole("checkbox").click();
      await page.getByRole("button", { name: "认领" }).click();
      await says(page, "已认领 1 项。");
      await row.getByRole("link").first().click();
      await says(page, "为什么列出");
      await page.getByRole("button", { name: "合并为一份" }).click();
      await confirm(page, "办理依据", "核对户口簿，同一人");
      const told = page
        .getByText(/已开始合并。|已提出合并/)
        .filter({ visible: true })
        .first();
      await told.waitFor(WORK);
      // Which pair stands first depends on what was found by then; of a pair with money paid a second officer decides.
      if ((await told.textContent())!.includes("已提出")) {
        await agree(office());
        await page.reload();
      }
      await says(page, "已合并");
      await page.getByRole("link", { name: "查看这次合并" }).click();
      const merged = page.locator("tbody tr").first();
      await merged.getByRole("button", { name: "撤销合并" }).click();
      await confirm(page, "办理依据", "村里核实为两人");
      await expect
        .poll(async () => {
          await page.reload();
          await merged.waitFor(WORK);
          return merged.textContent();
        }, WORK)
        .toContain("已撤销合并");
      await page.context().close();
    });

    test("of a record in another county its county and contact are shown, and it comes over when that county consents", async () => {
      const asking = await office().signIn("huayuan");
      await asking.goto("/duplicates?across=true");
      const row = asking.locator("tbody tr").first();
      await row.waitFor(WORK);
      await row.getByRole("link").first().click();
      await asking.waitForURL(/\/duplicates\/\d+/);
      await says(asking, "请与联系人核对");
      const name = (await asking.getByRole("heading", { level: 1 }).textContent())!;
      const county = (await asking.locator("td b").first().textContent())!;
      await asking.getByRole("button", { name: "申请转入本县" }).click();
      await confirm(asking, "办理依据", "本人住在本县，户口簿核对一致");
      await asking
        .locator("tbody tr")
        .filter({ hasText: name })
        .filter({ hasText: "待对方答复" })
        .first()
        .waitFor(WORK);

      const answering = await office().signIn(county.includes("泗水") ? "sishui" : "jishishan");
      await answering.goto("/transfers");
      const received = answering.locator("tbody tr").filter({ hasText: "本人住在本县，户口簿核对一致" });
      await received.getByRole("button", { name: "同意", exact: true }).click();
      await confirm(answering, "答复", "本县档案为误登");
      await expect
        .poll(async () => {
          await answering.reload();
          await received.first().waitFor(WORK);
          return received.first().textContent();
        }, WORK)
        .toContain("已转移");

      await asking.reload();
      const sent = asking.locator("tbody tr").filter({ hasText: "本人住在本县，户口簿核对一致" }).first();
      await sent.waitFor(WORK);
      expect(await sent.textContent()).toContain("两份档案已合并为一份");
      await answering.context().close();
      await asking.context().close();
    });

    test("monitored persons stand with their three dates, and the late ones first", async () => {
      const page = await office().signIn("huayuan");
      await page.goto("/monitored");
      await says(page, "按地区");
      const rows = page.getByRole("table", { name: "监测对象早发现早帮扶早就业" }).locator("tbody tr");
      await rows.first().waitFor(WORK);
      await rows.first().getByRole("link").first().click();
      await says(page, "早发现早帮扶早就业");
      await page.context().close();
    });
  });
}

async function agree(office: Office): Promise<void> {
  const second = await office.signIn("huayuan-review");
  await second.goto("/duplicates/merges");
  await second.getByRole("button", { name: "同意", exact: true }).first().click();
  await confirm(second, "办理依据", "已复核户口簿和发放记录");
  await second.context().close();
}

async function confirm(page: Page, field: string, words: string): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: field }).fill(words);
  await dialog.locator(".ant-modal-footer button").last().click();
  await dialog.waitFor({ state: "hidden" });
}
