import ExcelJS from "exceljs";
import { join } from "node:path";
import type { Page, Route } from "playwright-core";
import { describe, expect, test } from "vitest";
import { applyBatch, demoFile, receive, says, WORK, type Office } from "./office.ts";

/** Above 3 % of those covered; the second officer must have seen who is missing. */
export function approvalJourney(office: () => Office): void {
  describe("a table in which too many are missing", () => {
    let clerk: Page;
    let batch: string;

    test("the clerk who received it can neither apply nor approve it alone", async () => {
      clerk = await office().signIn("jishishan");
      const whole = await demoFile(office(), clerk, "务工");
      const short = join(office().folder, "少收了村的台账.xlsx");
      await leaveOutRows(whole, short, 400);
      batch = await receive(clerk, short);
      await says(clerk, /消失 [\d,]+ 人，占申报范围的 .+，超过 3%，须由另一名经办人复核/);
      expect(await clerk.getByRole("button", { name: /^应用 [\d,]+ 处$/ }).isDisabled()).toBe(true);
      await clerk.getByRole("button", { name: /^复核同意 [\d,]+ 人待核实$/ }).click();
      await says(clerk, "消失人员须由另一名工作人员复核，不能由接收该批次的人自己确认。");
    });

    test("a second officer finds it on his workbench, looks at the villages and agrees", async () => {
      const second = await office().signIn("jishishan-review");
      await second.getByRole("link", { name: /待复核/ }).click();
      await second
        .getByRole("row", { name: /待应用/ })
        .getByRole("link", { name: "看差异" })
        .click();
      const alarm = second.getByRole("alert").filter({ hasText: "须由另一名经办人复核" });
      await alarm.getByRole("link").first().click();
      await second.waitForURL(/kind=vanished/);
      await second
        .getByRole("row", { name: /消失.*V1 本月未报/ })
        .first()
        .waitFor(WORK);
      await second.getByRole("button", { name: /^复核同意 [\d,]+ 人待核实$/ }).click();
      await says(second, /消失 [\d,]+ 人已由另一名经办人复核同意。/);
      expect(await second.getByRole("button", { name: /^应用/ }).count()).toBe(0);
      await second.context().close();
    });

    test("then the clerk applies it, and the missing wait to be looked for, still in the registry", async () => {
      await clerk.goto(`/ledger/${batch}`);
      await says(clerk, /已由另一名经办人复核同意/);
      const release = await holdFigures(clerk);
      await applyBatch(clerk);
      await clerk.getByRole("listitem").filter({ hasText: "核实消失的" }).getByRole("link", { name: "看名单" }).click();
      await release();
      await clerk
        .getByRole("row", { name: /待核实/ })
        .first()
        .waitFor(WORK);
      // Whoever goes on at once is not fetched back when the last figures of the page before have come.
      await clerk.waitForLoadState("networkidle");
      expect(new URL(clerk.url()).pathname).toBe("/persons");
      await clerk.context().close();
    });
  });
}

/** Keeps back what the page asks beside the batch itself, as a slow network would; gives the release. */
async function holdFigures(page: Page): Promise<() => Promise<void>> {
  const held: Route[] = [];
  const api = /\/api\//;
  await page.route(api, async (route) => {
    const request = route.request();
    if (request.method() !== "GET" || /\/api\/ledger\/batches\/\d+$/.test(new URL(request.url()).pathname))
      return route.continue();
    held.push(route);
  });
  return async () => {
    expect(held.length).toBeGreaterThan(0);
    await page.unroute(api);
    await Promise.allSettled(held.map((route) => route.continue()));
  };
}

const FIRST_ROW = 100;

/** The same workbook with rows of persons emptied: a village or two that nobody handed in. */
async function leaveOutRows(from: string, to: string, rows: number): Promise<void> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(from);
  const sheet = workbook.worksheets[0]!;
  for (let row = FIRST_ROW; row < FIRST_ROW + rows; row += 1) sheet.getRow(row).values = [];
  await workbook.xlsx.writeFile(to);
}
