import ExcelJS from "exceljs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import {
  applyBatch,
  batchIn,
  demoFile,
  downloadFrom,
  pressAndConfirm,
  receive,
  says,
  waitingRows,
  WORK,
  type Office,
} from "./office.ts";

/** A wage that the month's table changes: whose it is, from what to what. */
interface ChangedWage {
  readonly path: string;
  readonly held: string;
  readonly claimed: string;
}

/** The table is left, found again, mended in the workbook, applied, sent twice, taken back, and applied again. */
export function mendingJourney(office: () => Office): void {
  describe("a clerk mends a table in the workbook and takes it back", () => {
    let clerk: Page;
    let batch: string;
    let mended: string;
    let wage: ChangedWage;

    test("leaves a batch in the middle and finds it again in the list", async () => {
      const before = await office().signIn("sishui");
      batch = await receive(before, await demoFile(office(), before, "务工"));
      await before.getByRole("button", { name: /^应用 [\d,]+ 处$/ }).waitFor(WORK);
      await before.context().close();
      clerk = await office().signIn("sishui");
      await clerk.goto("/ledger");
      await clerk
        .getByRole("row", { name: /待应用/ })
        .getByRole("link", { name: "看差异" })
        .click();
      await clerk.getByRole("button", { name: /^应用 [\d,]+ 处$/ }).waitFor(WORK);
      expect(batchIn(clerk)).toBe(batch);
    });

    test("is offered on the workbench to go on where he stopped", async () => {
      await clerk.goto("/");
      await clerk.getByRole("link", { name: /^接着办：2023年5月务工情况台账/ }).click();
      await clerk.getByRole("button", { name: /^应用 [\d,]+ 处$/ }).waitFor(WORK);
      expect(batchIn(clerk)).toBe(batch);
    });

    test("downloads the marked workbook, mends cells in it and uploads it back", async () => {
      await clerk.goto(`/ledger/${batch}?step=check`);
      const before = await waitingRows(clerk);
      const marked = await downloadFrom(office(), clerk, clerk.getByRole("button", { name: "下载标错原表" }));
      mended = join(office().folder, "改好的台账.xlsx");
      const cells = await mendCells(marked, mended);
      expect(cells).toBe(6);
      await clerk.locator("input[type=file]").setInputFiles(mended);
      await says(clerk, "已收到改好的表，正在重新校验。");
      await clerk.goto(`/ledger/${batch}?step=check`);
      await expect.poll(() => waitingRows(clerk), { ...WORK, interval: 500 }).toBe(before - cells);
      await expect.poll(() => clerk.getByText("缺姓名").count()).toBe(0);
    });

    test("is told in words when another table comes back instead", async () => {
      await clerk.goto(`/ledger/${batch}?step=check`);
      await waitingRows(clerk);
      const other = join(office().folder, "别的表.xlsx");
      await writeTable(other, [
        ["商品", "数量"],
        ["大米", 3],
      ]);
      await clerk.locator("input[type=file]").setInputFiles(other);
      await clerk.getByRole("alert").filter({ hasText: "上传的表不是从本批次下载的" }).waitFor(WORK);
    });

    test("applies, and a person's wage is the new one", async () => {
      wage = await changedWage(clerk, batch);
      expect(await shownWage(clerk, wage)).toBe(wage.held);
      await clerk.goto(`/ledger/${batch}`);
      await applyBatch(clerk);
      expect(await shownWage(clerk, wage)).toBe(wage.claimed);
    });

    test("uploads the same file once more: received before, nothing new", async () => {
      await receive(clerk, mended);
      await says(clerk, "这份文件以前收过");
      await says(clerk, "与登记库一致，没有新内容");
      await clerk.getByRole("button", { name: /^确认 [\d,]+ 行无变化$/ }).waitFor(WORK);
      await pressAndConfirm(clerk, /^作废$/, /^作废本批$/);
      await says(clerk, "这一批已作废");
    });

    test("takes the applied batch back, in the numbers announced, and the person is as before", async () => {
      await clerk.goto(`/ledger/${batch}`);
      await clerk.getByRole("button", { name: "撤销整批" }).click();
      const dialog = clerk.getByRole("dialog");
      await dialog.getByText("恢复为应用前的值").waitFor(WORK);
      await dialog.getByText("应用之后没有人改过这些值，撤销后与应用前逐项一致。").waitFor(WORK);
      await dialog.getByRole("button", { name: /^撤销 [\d,]+ 处$/ }).click();
      await says(clerk, "这一批已整批撤销，登记库回到应用前。");
      expect(await shownWage(clerk, wage)).toBe(wage.held);
    });

    test("keeps a trace of both", async () => {
      await clerk.goto(`${wage.path}/changes`);
      await clerk.getByRole("row", { name: /月工资.*撤销/ }).waitFor(WORK);
      expect(await clerk.getByRole("row", { name: /月工资/ }).count()).toBe(2);
    });

    test("finds a record of the undo, which cannot itself be undone", async () => {
      await clerk.goto(`/ledger/${batch}`);
      await clerk.getByRole("link", { name: "看撤销记录" }).click();
      await says(clerk, /撤销本身不能再撤销/);
      expect(await clerk.getByRole("button", { name: "撤销整批" }).count()).toBe(0);
    });

    test("receives the file again, as one that is not in the registry, and applies it again", async () => {
      await receive(clerk, mended);
      await clerk.getByRole("button", { name: /^应用 [\d,]+ 处$/ }).waitFor(WORK);
      expect(await clerk.getByText("这份文件以前收过").count()).toBe(0);
      await applyBatch(clerk);
      expect(await shownWage(clerk, wage)).toBe(wage.claimed);
      await clerk.context().close();
    });
  });
}

/** The first wage that the comparison lists as changed. */
async function changedWage(page: Page, batch: string): Promise<ChangedWage> {
  await page.goto(`/ledger/${batch}?step=compare&kind=changed&reason=C3`);
  const row = page.getByRole("row", { name: /月工资/ }).first();
  await row.waitFor(WORK);
  const path = (await row.getByRole("link").first().getAttribute("href"))!;
  const [held, claimed] = (await row.innerText()).match(/[\d,]+\.\d\d 元/g)!;
  return { path, held: held!, claimed: claimed! };
}

/** The wage on the person's own page. */
async function shownWage(page: Page, wage: ChangedWage): Promise<string> {
  await page.goto(wage.path);
  const row = page.getByRole("row", { name: /^月工资/ }).first();
  await row.waitFor(WORK);
  return (await row.getByRole("cell").nth(1).innerText()).trim();
}

/** Writes a name and a telephone number into the cells that are marked for want of them; how many it mended. */
async function mendCells(from: string, to: string): Promise<number> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(from);
  let mended = 0;
  for (const sheet of workbook.worksheets)
    sheet.eachRow((row) =>
      row.eachCell({ includeEmpty: true }, (cell) => {
        const note = noteOf(cell);
        const value = note.startsWith("姓名：") ? "孙小明" : note.startsWith("联系电话：") ? "13800138000" : null;
        if (value === null) return;
        cell.value = value;
        mended += 1;
      }),
    );
  await workbook.xlsx.writeFile(to);
  return mended;
}

function noteOf(cell: ExcelJS.Cell): string {
  // Empty merged cells have none; exceljs types the note as always there.
  const note = cell.note as ExcelJS.Comment | string | undefined;
  return typeof note === "string" ? note : (note?.texts ?? []).map((part) => part.text).join("");
}

async function writeTable(file: string, rows: readonly (readonly (string | number)[])[]): Promise<void> {
  const workbook = new ExcelJS.Workbook();
  workbook.addWorksheet("表1").addRows(rows.map((row) => [...row]));
  await workbook.xlsx.writeFile(file);
}
