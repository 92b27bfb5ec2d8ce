import ExcelJS from "exceljs";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, test } from "vitest";
import { pressAndConfirm, receive, says, WORK, type Office } from "./office.ts";

/** The first bytes of a photograph, as a telephone sends it. */
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x4a, 0x46, 0x49, 0x46, 0x00, 0x01]);

export function wrongFilesJourney(office: () => Office): void {
  describe("a clerk is handed wrong files", () => {
    let clerk: Page;
    const fileIn = (name: string) => join(office().folder, name);

    test("a photograph named .xlsx is refused in one sentence, and the way on stands beside", async () => {
      clerk = await office().signIn("jishishan");
      writeFileSync(fileIn("照片.xlsx"), Buffer.concat([JPEG, Buffer.alloc(4096, 7)]));
      await receive(clerk, fileIn("照片.xlsx"));
      await says(clerk, "这份文件无法读取");
      await says(clerk, /这不是电子表格，而是.*图片。请上传 Excel（.xlsx、.xls）、ODS 或 CSV 文件。/);
      await clerk.getByRole("main").getByRole("link", { name: "重新接收" }).click();
      await says(clerk, "这是什么表");
    });

    test("a file cut off on its way is refused in one sentence", async () => {
      const whole = await workbookOf([["姓名", "身份证号"]]);
      writeFileSync(fileIn("半个文件.xlsx"), whole.subarray(0, whole.length / 2));
      await receive(clerk, fileIn("半个文件.xlsx"));
      await says(clerk, "这份文件无法读取");
      await says(clerk, /文件不完整|文件已损坏/);
    });

    test("a workbook without the table says which columns were looked for", async () => {
      writeFileSync(
        fileIn("采购单.xlsx"),
        await workbookOf([
          ["商品", "数量"],
          ["大米", 3],
          ["菜油", 5],
        ]),
      );
      await receive(clerk, fileIn("采购单.xlsx"));
      await says(clerk, /文件中没有找到“务工情况台账”的表头。.*“姓名”“身份证号”/);
    });

    test("a file of a kind that is no table is refused before it is sent", async () => {
      writeFileSync(fileIn("通知.docx"), "通知");
      await clerk.goto("/ledger/receive");
      await clerk.getByPlaceholder("如：县农业农村局").fill("县农业农村局");
      await clerk.locator("input[type=file]").setInputFiles(fileIn("通知.docx"));
      await says(clerk, /“通知.docx”不是可接收的格式/);
    });

    test("wrong batches stand in the list with their reason, and can be discarded", async () => {
      await clerk.goto("/ledger?state=refused");
      await clerk.getByRole("link", { name: "看原因" }).first().click();
      await says(clerk, "这份文件无法读取");
      await pressAndConfirm(clerk, /^作废$/, /^作废本批$/);
      await says(clerk, "这一批已作废");
    });

    test("a table that calls its columns by names of its own is understood by the clerk's word", async () => {
      writeFileSync(
        fileIn("外出名单.xlsx"),
        await workbookOf([
          ["姓名", "所在村", "务工单位", "十八位号码"],
          ["马小林", "大墩村", "兰州某厂", "622927199001011234"],
        ]),
      );
      await receive(clerk, fileIn("外出名单.xlsx"), { supplement: true });
      await clerk.getByRole("button", { name: "还缺 身份证号" }).waitFor(WORK);
      await clerk.getByRole("combobox", { name: "“十八位号码”对应的登记项" }).fill("身份证号");
      await clerk.keyboard.press("Enter");
      await clerk.getByRole("button", { name: "确认 4 列，开始校验" }).click();
      await says(clerk, "校验：1 行待修");
      await says(clerk, "证号校验位不符");
      await pressAndConfirm(clerk, /^作废$/, /^作废本批$/);
      await says(clerk, "这一批已作废");
      await clerk.context().close();
    });
  });
}

async function workbookOf(rows: readonly (readonly (string | number)[])[]): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook();
  workbook.addWorksheet("表1").addRows(rows.map((row) => [...row]));
  return Buffer.from(await workbook.xlsx.writeBuffer());
}
