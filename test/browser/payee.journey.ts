import { describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { step } from "./claim-steps.ts";
import { faultsOfPages, pressAndConfirm, says, scrollsSideways, violations, type Office } from "./office.ts";

const PHONE = { width: 390, height: 844 } as const;

/** From a message to the answer to a request: the payee at the telephone, the office between. */
export function payeeJourney(office: () => Office): void {
  describe("a payee", () => {
    test("confirms by the link of a message, reads state and letter, and asks that a refusal be looked at again", async () => {
      const clerk = await office().signIn("huayuan");
      await gather(clerk);
      await clerk.goto("/pushes");
      await pressAndConfirm(clerk, /^立即发送$/);
      const context = await office().newVisitor(PHONE);
      const outbox = await context.newPage();
      await untilThere(outbox, "/my/outbox/benefits", ".message a");
      const message = outbox.locator(".message").first();
      const words = await message.innerText();
      const phone = /发给 (\d{11})/.exec(words)![1]!;
      const name = /】(.+?)：按/.exec(words)![1]!;
      const identity = (await message.locator(".identity").innerText()).trim();

      const page = await context.newPage();
      page.on("pageerror", (cause) => office().faults.push(`payee: ${cause.message}`));
      // Without a network at first: the link is not used up by it.
      await context.route("**/api/citizen/**", (route) => route.abort());
      await page.goto((await message.locator("a").getAttribute("href"))!);
      await says(page, /连不上服务器/);
      await context.unroute("**/api/citizen/**");
      await page.getByRole("button", { name: "再试一次" }).click();
      await page.getByRole("heading", { name: "请您确认" }).waitFor();
      // The token is gone from the address before anything else is done.
      expect(new URL(page.url()).hash).toBe("");
      expect(await violations(page)).toEqual([]);
      expect(await scrollsSideways(page)).toBe(false);
      const shown = await page.locator("main").innerText();
      for (const secret of [name, identity, identity.slice(-4), phone]) expect(shown).not.toContain(secret);
      const six = page.getByLabel("您的证件号码后六位");
      await six.fill(identity.endsWith("111111") ? "222222" : "111111");
      await page.getByRole("button", { name: "确认领取" }).click();
      await says(page, /没有核对通过/);
      await six.fill(identity.slice(-6));
      await page.getByRole("button", { name: "确认领取" }).click();
      await page.getByRole("heading", { name: "已确认" }).waitFor();
      const number = (await page.locator(".my-number").innerText()).trim();

      await clerk.goto(`/claims?search=${number}&state=submitted`);
      await clerk.getByRole("row").filter({ hasText: number }).getByRole("link").first().click();
      await says(clerk, /本人确认（链接）/);
      await step(clerk, "受理");
      await says(clerk, /受理通知书/);
      expect(await violations(clerk)).toEqual([]);
      await step(clerk, "初审通过");
      await says(clerk, /待复核/);
      const reviewer = await office().signIn("huayuan-review");
      await reviewer.goto(new URL(clerk.url()).pathname);
      await step(reviewer, "不予发放", "没有查到外出务工记录");
      await says(reviewer, /不予发放决定书/);

      await page.goto("/my/benefits");
      await page.getByLabel("手机号").fill(phone);
      await page.getByRole("button", { name: "获取验证码" }).click();
      await page.getByLabel("验证码").waitFor();
      await outbox.goto("/my/outbox");
      const code = /验证码 (\d{6})/.exec(await outbox.locator(".message").first().innerText())![1]!;
      await page.getByLabel("验证码").fill(code);
      await page.getByRole("button", { name: "登录" }).click();
      await page.getByRole("textbox", { name: "姓名" }).fill(name);
      await page.getByLabel("身份证号").fill(identity);
      await page.getByRole("button", { name: "核验" }).click();
      await page.getByRole("heading", { name: "我的补贴" }).waitFor();
      expect(await violations(page)).toEqual([]);
      expect(await scrollsSideways(page)).toBe(false);
      const card = page.locator(".my-benefit").filter({ hasText: number });
      await card.getByRole("button").click();
      await says(page, /决定不予发放/);
      await page.getByText(/不予发放决定书/).click();
      await says(page, /申请行政复议/);
      await page.getByText("申请复核", { exact: true }).click();
      await page.getByLabel("理由").fill("我今年三月就在东莞的厂里上班");
      expect(await violations(page)).toEqual([]);
      await page.getByRole("button", { name: "提交申请" }).click();
      await says(page, /最迟 \d{4}年\d{1,2}月\d{1,2}日 答复/);

      // Who refused it does not answer.
      await reviewer.goto("/reviews");
      await says(reviewer, /原决定是您作的/);
      expect(await violations(reviewer)).toEqual([]);
      for (const open of [clerk, reviewer]) await open.context().close();
      await context.close();
    });

    test("the offices' pages of messages, visits and wordings break no rule of accessibility and scroll sideways nowhere", async () => {
      const clerk = await office().signIn("huayuan");
      expect(
        await faultsOfPages(clerk, ["/pushes", "/pushes?view=outbox", "/visits", "/templates?kind=refusal"]),
      ).toEqual([]);
      await clerk.goto("/templates?kind=refusal");
      await clerk.getByRole("button", { name: "预览" }).click();
      await says(clerk, /没有签发/);
      await clerk.getByLabel("正文").fill("{姓名}：{没有的}");
      await clerk.getByRole("button", { name: "保存，提交批准" }).click();
      await says(clerk, /正文第 1 行第 6 个字/);
      await clerk.context().close();
    });
  });
}

/** Claims of what screening has found, made by the office where the night has made none yet. */
async function gather(clerk: Page): Promise<void> {
  await clerk.goto("/claims");
  await clerk.getByRole("button", { name: "由筛查结果生成" }).click();
  await untilThere(clerk, "/claims?state=proposed&rule=transport-allowance", "tbody a, tbody tr[data-path], tbody td");
}

/** Opens a page again and again until what background work brings is there. */
async function untilThere(page: Page, path: string, what: string): Promise<void> {
  for (let attempt = 0; attempt < 60; attempt++) {
    await page.goto(path);
    const found = await page
      .locator(what)
      .first()
      .waitFor({ timeout: 2_000 })
      .then(() => true)
      .catch(() => false);
    if (found) return;
  }
  throw new Error(`${path} never showed ${what}`);
}
