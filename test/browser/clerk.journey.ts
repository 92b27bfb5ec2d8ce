import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { applyBatch, demoFile, pressAndConfirm, receive, says, waitingRows, WORK, type Office } from "./office.ts";

export function clerkJourney(office: () => Office): void {
  describe("a newcomer does a month's ledger", () => {
    let clerk: Page;

    test("downloads the demo's table and uploads it as it is", async () => {
      clerk = await office().signIn("huayuan");
      await says(clerk, "今日该办");
      await receive(clerk, await demoFile(office(), clerk, "务工"));
      expect(await waitingRows(clerk)).toBeGreaterThan(20);
      expect(new URL(clerk.url()).pathname).toMatch(/^\/ledger\/\d+$/);
    });

    test("repairs faulty rows by the rules' suggestions", async () => {
      const before = await waitingRows(clerk);
      await clerk.getByText(/^修复 \d+ 行/).click();
      const byRule = clerk.getByRole("listitem").filter({ hasText: "性别与证号不符" });
      await byRule.getByRole("button", { name: /^采用 3 条建议$/ }).click();
      await clerk
        .getByRole("dialog")
        .getByRole("button", { name: /^采用 3 条建议$/ })
        .click();
      await expect.poll(() => waitingRows(clerk), { ...WORK, interval: 500 }).toBe(before - 3);
    });

    test("takes one suggestion of one row, though it is shown only masked", async () => {
      const before = await waitingRows(clerk);
      await clerk.goto(`${clerk.url().split("?")[0]!}?step=check&severity=waiting&code=identity-number-format`);
      await clerk
        .getByRole("button", { name: /^按建议改第 \d+ 行身份证号$/ })
        .first()
        .click();
      await expect.poll(() => waitingRows(clerk), { ...WORK, interval: 500 }).toBe(before - 1);
    });

    test("fills in a cell by hand", async () => {
      const before = await waitingRows(clerk);
      const address = clerk.url().split("?")[0]!;
      await clerk.goto(`${address}?step=check&severity=waiting&code=wage-unreadable`);
      await clerk.getByRole("button", { name: "填写" }).first().click();
      await clerk.getByRole("textbox", { name: /的正确值$/ }).fill("3600");
      await clerk.keyboard.press("Enter");
      await expect.poll(() => waitingRows(clerk), { ...WORK, interval: 500 }).toBe(before - 1);
    });

    test("looks at the differences, leaves one out, applies the rest, and finds a person", async () => {
      await clerk.goto(clerk.url().split("?")[0]!);
      const button = clerk.getByRole("button", { name: /^应用 [\d,]+ 处$/ });
      const places = async () => Number((await button.textContent())!.replace(/\D/g, ""));
      await button.waitFor(WORK);
      const all = await places();
      await clerk
        .getByRole("checkbox", { name: /^采纳.+的新增$/ })
        .first()
        .click();
      await expect.poll(places, WORK).toBe(all - 1);
      await applyBatch(clerk);
      await clerk.goto("/persons");
      await clerk.locator("tbody a").first().click();
      await clerk.getByRole("heading", { name: "每个值从哪来" }).waitFor(WORK);
      await says(clerk, "时间线");
    });

    test("sees the month as applied, and the next table that is due", async () => {
      await clerk.goto("/ledger");
      await clerk.getByRole("row", { name: /2025年5月务工情况台账.*2025-06-18 按时 向晓岚.*已应用/ }).waitFor(WORK);
      await clerk.getByRole("row", { name: /2025年4月务工情况台账.*2025-05-18 按时 向晓岚.*已应用/ }).waitFor(WORK);
      await clerk.goto("/");
      await says(clerk, "接收 5月公益性岗位花名册");
    });

    test("receives the month's second table of another kind", async () => {
      const roster = await demoFile(office(), clerk, "公益");
      await clerk.goto("/");
      await clerk.getByRole("button", { name: /^去接收：接收 5月公益性岗位花名册/ }).click();
      await says(clerk, "这是什么表");
      await clerk.getByPlaceholder("如：县农业农村局").fill("花垣县人社局");
      await clerk.locator("input[type=file]").setInputFiles(roster);
      await clerk.waitForURL(/\/ledger\/\d+/, WORK);
      await says(clerk, /^(应用 [\d,]+ 处|确认 [\d,]+ 行无变化)$/);
      await pressAndConfirm(clerk, /^(应用 [\d,]+ 处|确认 [\d,]+ 行无变化)$/);
      await clerk.getByRole("button", { name: "撤销整批" }).waitFor(WORK);
      await clerk.context().close();
    });
  });
}
