import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { says, scrollsSideways, violations, WORK, type Office } from "./office.ts";

/** A finding goes its way: given to an officer, the other side heard, decided by a second officer, closed. */
export function findingsJourney(office: () => Office): void {
  describe("a suspicion is looked into", () => {
    let reviewer: Page;
    let address: string;

    test("the reviewer gives one to the clerk from the queue", async () => {
      reviewer = await office().signIn("huayuan-review");
      await reviewer.goto("/findings?severity=H");
      const row = reviewer.getByRole("row").nth(1);
      await row.getByRole("checkbox").check();
      await reviewer.getByRole("button", { name: "分派 1 件" }).click();
      const dialog = reviewer.getByRole("dialog");
      await dialog.getByRole("combobox", { name: "承办人" }).click();
      await reviewer.locator(".ant-select-item-option").first().click();
      await dialog.getByRole("button", { name: "分派 1 件" }).click();
      await says(reviewer, "已分派 1 件");
      address = (await row.getByRole("link").first().getAttribute("href"))!;
      expect(await scrollsSideways(reviewer)).toBe(false);
    });

    test("no check drowns the others of a county", async () => {
      const counts = await reviewer.evaluate(async () => (await fetch("/api/oversight/findings/counts")).json());
      const { checks } = counts as { checks: { rulePath: string; open: number }[] };
      // At most 46 in the demonstration; tables that other journeys have applied before add their own, once up to 83.
      expect(checks.filter(({ open }) => open > 150)).toEqual([]);
      expect(checks.map(({ rulePath }) => rulePath.split("/")[2])).toEqual(
        expect.arrayContaining(["employee-rights", "phantom-job", "fund-age", "post-insurance"]),
      );
    });

    test("nobody is decided on unheard: first the other side speaks", async () => {
      await reviewer.goto(address);
      await reviewer.getByRole("button", { name: "听取意见" }).waitFor(WORK);
      expect(await reviewer.getByRole("button", { name: "认定", exact: true }).count()).toBe(0);
      await reviewer.getByRole("button", { name: "听取意见" }).click();
      await reviewer.getByLabel("对方的说明，照原话记").fill("合同已经续签，原件在单位。");
      await reviewer.getByRole("dialog").getByRole("button", { name: "听取意见" }).click();
      await says(reviewer, "合同已经续签，原件在单位。");
    });

    test("it is decided and closed, and its history tells all of it", async () => {
      await reviewer.getByRole("button", { name: "认定", exact: true }).click();
      await reviewer.getByRole("radio", { name: "不属实" }).check();
      await reviewer.getByLabel("认定的事实和依据").fill("核对了续签的合同原件。");
      await reviewer.getByRole("dialog").getByRole("button", { name: "认定" }).click();
      await says(reviewer, "核对了续签的合同原件。");
      await reviewer.getByRole("button", { name: "办结" }).click();
      await reviewer.getByLabel("处理结果，如：已停发并追回 1 个月、已退出岗位").fill("不作处理，补录合同。");
      await reviewer.getByRole("dialog").getByRole("button", { name: "办结" }).click();
      await says(reviewer, "不作处理，补录合同。");
      const history = reviewer.locator("ol > li");
      await expect.poll(() => history.count()).toBeGreaterThanOrEqual(5);
      expect(await violations(reviewer)).toEqual([]);
    });

    test("the checks tell what each of those that are not there yet waits for", async () => {
      await reviewer.goto("/checks?view=waiting");
      await says(reviewer, "公益性岗位年审记录");
    });

    test("a check leads to its rule, and the rule to what it has found", async () => {
      await reviewer.goto("/checks");
      await reviewer.locator("tbody tr").first().getByRole("link").first().click();
      await reviewer.getByRole("link", { name: "看辖区内按这条规则查出的疑点" }).click();
      await reviewer.waitForURL(/\/findings\?check=/);
      await reviewer.locator("tbody tr").first().waitFor(WORK);
    });
  });
}
