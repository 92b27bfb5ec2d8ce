import ExcelJS from "exceljs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { downloadFrom, says, type Office } from "./office.ts";

/** A list too long for one officer: asked for, approved by another, taken, found where it should not be, and known again. */
export function exportsJourney(office: () => Office): void {
  describe("a list that leaves the system", () => {
    let clerk: Page;
    let number: string;
    let file: string;

    test("the clerk asks for a list with whole numbers; it is not given out", async () => {
      clerk = await office().signIn("huayuan");
      await clerk.goto("/persons?workStates=working");
      await clerk.getByRole("button", { name: /^导出 [\d,]+ 条$/ }).click();
      const dialog = clerk.getByRole("dialog");
      await dialog.getByLabel("导出用途").fill("发放一次性交通补助");
      await dialog.getByLabel(/含完整证件号码/).check();
      await dialog.getByRole("button", { name: "提交导出申请" }).click();
      await dialog.getByText(/申请已提交，编号 DC-\d{8}-\d+/).waitFor();
      number = /DC-\d{8}-\d+/.exec(await dialog.innerText())![0];
      await dialog.getByRole("link", { name: "导出记录" }).click();
      const row = clerk.getByRole("row", { name: new RegExp(number) });
      await row.getByText("待审批").waitFor();
      expect(await row.getByRole("button", { name: /下载/ }).count()).toBe(0);
    });

    test("a second officer sees what for and what is in it, and approves", async () => {
      const second = await office().signIn("huayuan-review");
      await second.goto("/exports?view=waiting");
      const row = second.getByRole("row", { name: new RegExp(number) });
      await row.getByText("含完整号码").waitFor();
      await row.getByRole("button", { name: "审批" }).click();
      const dialog = second.getByRole("dialog");
      await dialog.getByText("发放一次性交通补助").waitFor();
      await dialog.getByRole("button", { name: /^批准导出 [\d,]+ 条$/ }).click();
      await row.waitFor({ state: "detached" });
      await second.context().close();
    });

    test("the clerk takes it: numbers whole, his name and its number above", async () => {
      await clerk.reload();
      const button = clerk
        .getByRole("row", { name: new RegExp(number) })
        .getByRole("button", { name: /下载（余 3 次）/ });
      file = await downloadFrom(office(), clerk, button);
      const sheet = await firstSheet(file);
      expect(sheet.getCell("A1").text).toContain(number);
      const header = (sheet.getRow(2).values as string[]).indexOf("证件号码");
      expect(sheet.getRow(3).getCell(header).text).toMatch(/^\d{17}[\dX]$/);
      expect(sheet.headerFooter.oddFooter).toContain(number);
      await clerk.getByRole("button", { name: /下载（余 2 次）/ }).waitFor();
      await clerk.context().close();
    });

    test("three of its rows, found without heading, tell the auditor whose it was", async () => {
      const leaked = join(office().folder, "网上流传的名单.xlsx");
      await keepRows(file, leaked, 3);
      const auditor = await office().signIn("huayuan-audit");
      await auditor.goto("/export-tracing");
      await auditor.locator("input[type=file]").setInputFiles(leaked);
      const row = auditor.getByRole("row", { name: new RegExp(number) });
      await row.getByText("3 行相同").waitFor();
      await says(auditor, /没有见到导出编号/);
      expect(await row.innerText()).toContain("发放一次性交通补助");
      await auditor.context().close();
    });
  });
}

async function firstSheet(path: string): Promise<ExcelJS.Worksheet> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(path);
  return workbook.worksheets[0]!;
}

/** A few rows of the list in a sheet of their own, without heading. */
async function keepRows(from: string, to: string, rows: number): Promise<void> {
  const source = await firstSheet(from);
  const workbook = new ExcelJS.Workbook();
  const sheet = workbook.addWorksheet("名单");
  for (let row = 3; row < 3 + rows; row += 1) sheet.addRow((source.getRow(row).values as string[]).slice(1));
  await workbook.xlsx.writeFile(to);
}
