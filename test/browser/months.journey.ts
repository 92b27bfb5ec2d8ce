import { describe, expect, test } from "vitest";
import { downloadFrom, says, WORK, type Office } from "./office.ts";
import { readFileSync } from "node:fs";

/** Huayuan's May, from the towns to the province; the county below Linxia is late. The demonstration stands in June 2025. */
const MONTH = "2025-05";

export function monthsJourney(office: () => Office): void {
  describe("a month, closed level by level", () => {
    test("the township confirms its month", async () => {
      const page = await office().signIn("huayuan-town1");
      await page.goto("/months");
      await page.getByRole("button", { name: "去关账" }).click();
      await page.getByRole("textbox", { name: "说明" }).fill("已逐村核对");
      await page.getByRole("button", { name: "关账上报 2025年5月" }).click();
      await says(page, "双龙镇2025年5月已关账。");
      await page.context().close();
    });

    test("the county acknowledges, names the other townships as missing and submits", async () => {
      const page = await office().signIn("huayuan");
      await page.goto("/months");
      await page.getByRole("button", { name: "全部签收 1 个" }).click();
      await page.getByRole("button", { name: "签收 1 个", exact: true }).click();
      await says(page, "已签收 1 个地区。");
      await page.getByRole("button", { name: "去关账" }).click();
      const submit = page.getByRole("button", { name: "关账上报 2025年5月" });
      await submit.waitFor();
      expect(await submit.isDisabled()).toBe(true);
      await page.getByRole("button", { name: /^全部 \d+ 个列为缺报$/ }).click();
      await page.getByRole("textbox", { name: "说明" }).fill("其余乡镇由县统一核对，花名册随后补报");
      await submit.click();
      await says(page, "花垣县2025年5月已关账。");
      await page.context().close();
    });

    test("the city returns it with a reason; the county sees why, mends and submits again; the city acknowledges and submits", async () => {
      const city = await office().signIn("xiangxi");
      await city.goto("/months");
      await city.getByRole("button", { name: "退回 花垣县" }).click();
      await city.getByLabel("原因（下级会看到）").fill("请说明缺报乡镇的原因");
      await city.getByRole("button", { name: "退回，并告知原因" }).click();
      await says(city, "花垣县2025年5月已退回。");

      const county = await office().signIn("huayuan");
      await says(county, /上级退回：请说明缺报乡镇的原因/);
      await county.goto(`/months/433124/${MONTH}`);
      await county.getByRole("button", { name: /^全部 \d+ 个列为缺报$/ }).click();
      await county.getByRole("textbox", { name: "说明" }).fill("其余乡镇尚未开通账号，县里已逐一核对");
      await county.getByRole("button", { name: "关账上报 2025年5月" }).click();
      await says(county, "花垣县2025年5月已关账。");
      await county.context().close();

      await city.reload();
      await city.getByRole("button", { name: "全部签收 1 个" }).click();
      await city.getByRole("button", { name: "签收 1 个", exact: true }).click();
      await says(city, "已签收 1 个地区。");
      await city.getByRole("button", { name: "去关账" }).click();
      await city.getByRole("button", { name: "关账上报 2025年5月" }).click();
      await says(city, "湘西土家族苗族自治州2025年5月已关账。");
      await city.context().close();
    });

    test("the province acknowledges and closes, reads the report and takes it as a PDF", async () => {
      const page = await office().signIn("hunan");
      await page.goto("/months");
      await page.getByRole("button", { name: "全部签收 1 个" }).click();
      await page.getByRole("button", { name: "签收 1 个", exact: true }).click();
      await says(page, "已签收 1 个地区。");
      await page.getByRole("button", { name: "去关账" }).click();
      await page.getByRole("button", { name: "关账 2025年5月" }).click();
      await says(page, "湖南省2025年5月已关账。");
      await page.goto(`/months/43/${MONTH}/report`);
      await page.getByRole("heading", { name: "湖南省2025年5月脱贫人口务工就业月报" }).waitFor(WORK);
      const file = await downloadFrom(office(), page, page.getByRole("button", { name: "PDF" }));
      expect(readFileSync(file).subarray(0, 5).toString()).toBe("%PDF-");
      await page.context().close();
    });

    test("a late county stands out to its city", async () => {
      const page = await office().signIn("linxia");
      await page.goto("/months?month=2025-04");
      await says(page, /迟报 3 天/);
      await page.context().close();
    });
  });
}
