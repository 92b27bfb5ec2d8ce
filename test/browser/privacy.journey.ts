import { describe, expect, test } from "vitest";
import { faultsOfPages, says, scrollsSideways, violations, type Office } from "./office.ts";

const PHONE = { width: 390, height: 844 } as const;

/** What is held, how long, and how it goes: the notice for everybody, the administrators' two hands, the certificate. */
export function privacyJourney(office: () => Office): void {
  describe("what is held of people", () => {
    test("is told to everybody in plain words, at the telephone, before any sign-in", async () => {
      const context = await office().newVisitor(PHONE);
      const page = await context.newPage();
      await page.goto("/my");
      await page
        .getByRole("link", { name: /个人信息处理告知/ })
        .first()
        .click();
      await page.getByRole("heading", { name: "个人信息处理告知" }).waitFor();
      await says(page, /位置：目前不收集/);
      expect(await violations(page)).toEqual([]);
      expect(await scrollsSideways(page)).toBe(false);
      await context.close();
    });

    test("is searched by officers, field by field", async () => {
      const page = await office().signIn("huayuan");
      await page.goto("/fields");
      await page.getByLabel("查找").fill("健康");
      await page
        .getByRole("row", { name: /健康状况/ })
        .first()
        .waitFor();
      expect(await faultsOfPages(page, ["/fields", "/erasure-requests"])).toEqual([]);
      await page.context().close();
    });

    test("goes by a length that one administrator proposes and another agrees to, with a certificate", async () => {
      const security = await office().signIn("hunan-security");
      await security.goto("/retention");
      const row = (page: typeof security) => page.getByRole("row", { name: /已结束的务工经历/ });
      await row(security).getByRole("button", { name: "提出期限" }).click();
      const dialog = security.getByRole("dialog");
      await dialog.getByLabel("理由").fill("省厅会议纪要确定");
      await dialog.getByRole("button", { name: "提出" }).click();
      await row(security).getByRole("button", { name: "撤回" }).waitFor();

      const system = await office().signIn("hunan-system");
      // As soon as what would go by it has been counted.
      const agreed = async () => {
        await system.goto("/retention");
        await row(system).getByRole("button", { name: "批准", exact: true }).click();
        const asked = system.getByRole("dialog");
        await asked.getByRole("button", { name: "批准这个期限" }).click();
        return Promise.race([
          asked.waitFor({ state: "detached" }).then(() => true),
          asked
            .getByText("请先预览")
            .waitFor()
            .then(() => false),
        ]);
      };
      await expect.poll(agreed, { timeout: 90_000 }).toBe(true);
      await system.goto("/retention");
      await row(system)
        .getByText(/ 批准$/)
        .waitFor();

      await security.goto("/retention?view=runs");
      await security.getByRole("button", { name: "立即清除" }).click();
      await security.getByRole("dialog").getByRole("button", { name: "立即清除" }).click();
      await security
        .getByRole("row", { name: /人工启动/ })
        .getByText("完成")
        .waitFor({ timeout: 60_000 });
      expect(await faultsOfPages(security, ["/retention", "/retention?view=preview", "/retention?view=runs"])).toEqual(
        [],
      );
      await security
        .getByRole("link", { name: /第 \d+ 号/ })
        .first()
        .click();
      await security.getByRole("heading", { name: /清除证明/ }).waitFor();
      await security.context().close();
      await system.context().close();
    });
  });
}
