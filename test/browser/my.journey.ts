import { describe, expect, test } from "vitest";
import { PHONE_PAGE_BUDGET_KB, lightPageSize } from "../../scripts/build-web.ts";
import { faultsOfPages, says, scrollsSideways, violations, type Office } from "./office.ts";

const PHONE = { width: 390, height: 844 } as const;

/** From the code in a text message to the answer to a request for correction, and the officer's part between. */
export function myJourney(office: () => Office): void {
  describe("a citizen's account", () => {
    test("signs in by code, sees what is held, who opened it, asks for a correction, and reads the answer", async () => {
      const context = await office().newVisitor(PHONE);
      const page = await context.newPage();
      page.on("pageerror", (cause) => office().faults.push(`my: ${cause.message}`));
      const outbox = await context.newPage();
      await outbox.goto("/my/outbox");
      const who = outbox.locator(".demo-citizen").nth(1);
      const name = (await who.locator("h3").innerText()).trim();
      const phone = (await who.locator(".phone").innerText()).trim();
      const identity = (await who.locator(".identity").innerText()).trim();

      await page.goto("/my");
      await page.getByLabel("手机号").fill(phone);
      await page.getByRole("button", { name: "获取验证码" }).click();
      await page.getByLabel("验证码").waitFor();
      expect(await violations(page)).toEqual([]);
      await outbox.reload();
      const code = /验证码 (\d{6})/.exec(await outbox.locator(".message").first().innerText())![1]!;
      await page.getByLabel("验证码").fill(code === "000000" ? "000001" : "000000");
      await page.getByRole("button", { name: "登录" }).click();
      await says(page, /验证码不正确或已过期/);
      await page.getByLabel("验证码").fill(code);
      await page.getByRole("button", { name: "登录" }).click();
      await page.getByRole("textbox", { name: "姓名" }).fill(name);
      await page.getByLabel("身份证号").fill(identity);
      await page.getByRole("button", { name: "核验" }).click();
      await page.getByRole("heading", { name: `${name}，您好` }).waitFor();
      expect(await violations(page)).toEqual([]);
      expect(await scrollsSideways(page)).toBe(false);
      expect(await page.locator("main").innerText()).not.toContain(identity);

      const clerk = await office().signIn("huayuan");

      await page
        .getByRole("button", { name: "更正技能" })
        .or(page.getByRole("button", { name: "更正申请" }))
        .first()
        .click();
      await page.getByRole("heading", { name: "更正申请", exact: true }).waitFor();
      await page.getByLabel("要更正哪一项").selectOption("skills");
      await page.getByLabel("应当是").fill("中式面点师");
      await page.getByLabel("理由").fill("去年拿到了证书");
      // The session ends while the form is filled: nothing that was typed is lost, and one may sign in under it.
      const session = (await context.cookies()).filter(({ name: cookie }) => cookie.includes("citizen"));
      await context.clearCookies();
      await page.getByRole("button", { name: "提交申请" }).click();
      await page.getByRole("heading", { name: "重新登录" }).waitFor();
      expect(await page.getByLabel("理由").inputValue()).toBe("去年拿到了证书");
      expect(await violations(page)).toEqual([]);
      await context.addCookies(session);
      await page.getByRole("button", { name: "提交申请" }).click();
      await says(page, /最迟 \d{4}年\d{1,2}月\d{1,2}日 答复/);
      expect(await violations(page)).toEqual([]);

      await clerk.goto("/corrections");
      const row = clerk.getByRole("row").filter({ hasText: "中式面点师" });
      await row.getByRole("button", { name: "采纳", exact: true }).click();
      await clerk.getByLabel("答复").fill("已核对证书，予以更正");
      await clerk.getByRole("button", { name: "采纳 1 件" }).click();
      await says(clerk, /已采纳/);

      await page.getByRole("button", { name: "更正申请" }).click();
      await says(page, /已核对证书，予以更正/);
      await page.getByRole("button", { name: "谁查看过" }).click();
      await says(page, /采纳更正申请/);
      await page.getByRole("button", { name: "代办授权" }).click();
      await says(page, "没有人在替您代办。");
      await page.goBack();
      await page.getByRole("heading", { name: "谁查看过" }).waitFor();
      await page.getByRole("button", { name: "退出" }).click();
      await page.getByLabel("手机号").waitFor();
      await context.close();
      await clerk.context().close();
    });

    test("is light enough for an old telephone", () => {
      expect(lightPageSize("src/citizens/phone/my.ts")).toBeLessThan(PHONE_PAGE_BUDGET_KB);
    });
  });

  describe("the administrators' and officers' own pages", () => {
    test("break no rule of accessibility and scroll sideways nowhere", async () => {
      const security = await office().signIn("hunan-security");
      expect(await faultsOfPages(security, ["/security", "/officers/grants", "/officers/access"])).toEqual([]);
      await security.context().close();
      const clerk = await office().signIn("huayuan");
      expect(await faultsOfPages(clerk, ["/corrections", "/corrections/enterprises"])).toEqual([]);
      await clerk.context().close();
    });
  });
}
