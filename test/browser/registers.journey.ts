import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { cellText, isProblem, openSheets } from "../../src/platform/sheets/index.ts";
import {
  demoFile,
  downloadFrom,
  pressAndConfirm,
  says,
  scrollsSideways,
  violations,
  WORK,
  type Office,
} from "./office.ts";

/** Names and numbers of people as another office's table has them. */
async function peopleIn(file: string, count: number): Promise<{ name: string; identity: string }[]> {
  const opened = await openSheets(file);
  if (isProblem(opened)) throw new Error(opened.message);
  await using source = opened;
  const people: { name: string; identity: string }[] = [];
  for await (const rows of source.rows(0))
    for (const { cells } of rows) {
      const texts = cells.map((cell) => cellText(cell));
      const at = texts.findIndex((text) => /^\d{17}[\dX]$/.test(text));
      const name = texts.find((text) => /^[\u4e00-\u9fff]{2,4}$/.test(text));
      if (at >= 0 && name) people.push({ name, identity: texts[at]! });
      if (people.length === count) return people;
    }
  return people;
}

export function registersJourney(office: () => Office): void {
  describe("a clerk keeps the register of introductions", () => {
    let clerk: Page;
    let people: { name: string; identity: string }[];
    let agency: string;
    let employer: string;
    const list = "/registers/introductions";
    /** Numbers of this run: the installation may have been used before. */
    const run = Date.now().toString(36);
    const code = (n: number) => `J${run}-${n}`;

    /** A table with its own title and words for the columns, as an agency would hand it over. */
    const table = (name: string, rows: readonly string[]) => {
      const file = join(office().folder, name);
      writeFileSync(
        file,
        `劳务介绍情况表,,,,,\n编号,姓名,身份证号,机构编号,就业单位,介绍时间,到岗日期\n${rows.join("\n")}\n合计,${rows.length},,,,,\n`,
      );
      return file;
    };
    const row = (n: number, at: number, day = "2025年5月6日") =>
      `${code(n)},,${people[at]!.identity},${agency},${employer},${day},2025.5.8`;
    const upload = async (file: string) => {
      await clerk.goto(`${list}/import`);
      await clerk.locator("input[type=file]").setInputFiles(file);
      await clerk.waitForURL(/\/imports\/\d+/, WORK);
    };

    test("finds the registers by what they are for, and opens one", async () => {
      clerk = await office().signIn("huayuan");
      people = await peopleIn(await demoFile(office(), clerk, "务工"), 6);
      expect(people.length).toBe(6);
      await clerk.goto("/registers");
      await clerk.getByRole("link", { name: "劳务介绍", exact: true }).click();
      await clerk.waitForURL(/\/registers\/introductions/, WORK);
      const first = clerk.locator("tbody tr").first();
      await first.waitFor(WORK);
      agency = (await first.locator("a[href*='/registers/agencies']").textContent()) ?? "";
      const employers = clerk.locator("tbody a[href^='/employers/']");
      employer = (await employers.first().textContent()) ?? "";
      expect([agency, employer].every((text) => text.length > 2)).toBe(true);
    });

    test("imports a table as it is: sees what is new and what is wrong before anything is written", async () => {
      await upload(
        table(`介绍五月${run}.csv`, [
          row(1, 0),
          row(2, 1),
          row(3, 2, "2025-02-30"),
          row(1, 3),
          `${code(5)},,12345,${agency},${employer},2025-05-06,`,
        ]),
      );
      await clerk.getByRole("button", { name: "导入 2 条" }).waitFor(WORK);
      await says(clerk, /介绍日期：“2025-02-30”这一天不存在/);
      await says(clerk, /与第 3 行的介绍编号相同/);
      expect(await violations(clerk)).toEqual([]);
      expect(await scrollsSideways(clerk)).toBe(false);
      const file = await downloadFrom(office(), clerk, clerk.getByRole("button", { name: "下载有错的行" }));
      expect(file).toContain("有错的行");
      await clerk.getByRole("button", { name: "导入 2 条" }).click();
      await says(clerk, /已导入：新登记 2 条/);
    });

    test("explains by hand a table that nobody recognises, and corrects a column of one that was", async () => {
      const odd = join(office().folder, `怪表${run}.csv`);
      writeFileSync(
        odd,
        `某公司送来的表\n甲,乙,丙,丁,戊\n${code(20)},${people[0]!.identity},${agency},${employer},2025-05-06\n`,
      );
      await upload(odd);
      await clerk.getByRole("button", { name: "自己指定列对应" }).click();
      await clerk.getByText("还缺必需的列").waitFor(WORK);
      const map = async (header: string, field: string) => {
        const select = clerk.getByRole("combobox", { name: `“${header}”对应的栏目` });
        await select.click();
        await select.fill(field);
        await clerk.locator(".ant-select-dropdown:visible .ant-select-item-option").first().click();
      };
      await map("甲", "介绍编号");
      await map("乙", "身份证号");
      await map("丙", "申领机构编号");
      await map("丁", "用人单位");
      await map("戊", "介绍日期");
      expect(await violations(clerk)).toEqual([]);
      expect(await scrollsSideways(clerk)).toBe(false);
      await clerk.getByRole("button", { name: "重新核对" }).click();
      await clerk.getByRole("button", { name: "导入 1 条" }).waitFor(WORK);
      await says(clerk, "按人工设定的列对应");
      await clerk.getByRole("button", { name: "改列对应" }).click();
      await clerk.getByRole("button", { name: "不改了" }).click();
      await pressAndConfirm(clerk, /^作废$/);
      await says(clerk, "这次导入已作废");
    });

    test("finds the new rows in the list, and on the person's page", async () => {
      await clerk.goto(`${list}?text=${code(1)}`);
      await clerk.getByRole("button", { name: code(1), exact: true }).waitFor(WORK);
      await clerk.getByRole("button", { name: code(1), exact: true }).click();
      await says(clerk, `导入 介绍五月${run}.csv`);
      await clerk.goto(`${list}?text=${code(1)}`);
      await clerk.locator("tbody a[href^='/persons/']").first().click();
      await clerk.getByRole("heading", { name: "登记信息" }).waitFor(WORK);
      await clerk.getByRole("link", { name: code(1), exact: true }).waitFor(WORK);
    });

    test("mends a row by hand, with its reason, and sees both versions", async () => {
      await clerk.goto(`${list}?text=${code(2)}`);
      await clerk.getByRole("button", { name: code(2), exact: true }).click();
      await clerk.getByRole("button", { name: "修改", exact: true }).click();
      await clerk.getByRole("textbox", { name: "岗位" }).fill("缝纫工");
      await clerk.getByRole("textbox", { name: "依据" }).fill("电话核对");
      await clerk.getByRole("button", { name: "保存 1 处修改" }).click();
      await says(clerk, "电话核对");
      await says(clerk, "缝纫工");
    });

    test("hands the same table over again: nothing to write but what was mended by hand stays", async () => {
      await upload(table("介绍五月再报.csv", [row(1, 0), row(2, 1)]));
      await says(clerk, "与登记簿完全一致，没有要写入的。");
    });

    test("takes an import back, unless somebody has changed its rows since", async () => {
      await clerk.goto(`${list}?tab=imports`);
      await clerk.getByRole("link", { name: `介绍五月${run}.csv` }).click();
      await says(clerk, /其中 1 条之后又有改动，不能整批撤销/);
      await upload(table("介绍六月.csv", [row(7, 4), row(8, 5)]));
      await clerk.getByRole("button", { name: "导入 2 条" }).click();
      await clerk.getByRole("button", { name: "撤销整批" }).waitFor(WORK);
      await pressAndConfirm(clerk, /^撤销整批$/, /^撤销 2 条$/);
      await says(clerk, /已整批撤销，登记簿回到导入之前/);
      await clerk.goto(`${list}?text=${code(7)}`);
      await says(clerk, "没有符合这些条件的记录");
    });

    test("removes a row with its reason", async () => {
      await clerk.goto(`${list}?text=${code(1)}`);
      await clerk.getByRole("button", { name: code(1), exact: true }).click();
      await clerk.getByRole("button", { name: "删除", exact: true }).click();
      await clerk.getByRole("textbox", { name: "删除原因" }).fill("重复登记");
      await clerk.getByRole("button", { name: "删除 1 条" }).click();
      await says(clerk, "没有符合这些条件的记录");
      await clerk.context().close();
    });
  });
}
