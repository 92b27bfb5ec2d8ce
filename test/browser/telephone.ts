import type { Page } from "playwright-core";
import { WORK, type Office } from "./office.ts";

export const PHONE = { width: 390, height: 844 } as const;

export interface Citizen {
  readonly name: string;
  readonly phone: string;
  readonly identity: string;
}

/** Made-up people of the demonstration, and the texts that would have reached their telephones. */
export async function openOutbox(
  office: Office,
): Promise<{ readonly page: Page; citizen(index: number): Promise<Citizen> }> {
  const context = await office.newVisitor(PHONE);
  const page = await context.newPage();
  await page.goto("/my/outbox");
  return {
    page,
    async citizen(index) {
      const who = page.locator(".demo-citizen").nth(index);
      const text = async (selector: string) => (await who.locator(selector).innerText()).trim();
      return { name: await text("h3"), phone: await text(".phone"), identity: await text(".identity") };
    },
  };
}

/** Enters by the code in the text message; whoever has not said who he is yet says it. `benefits`: to 我的补贴. */
export async function signInAtPhone(
  office: Office,
  outbox: Page,
  { name, phone, identity }: Citizen,
  benefits = false,
): Promise<Page> {
  const context = await office.newVisitor(PHONE);
  const page = await context.newPage();
  page.on("pageerror", (cause) => office.faults.push(`telephone: ${cause.message}`));
  await page.goto(benefits ? "/my/benefits" : "/my");
  await page.getByLabel("手机号").fill(phone);
  await page.getByRole("button", { name: "获取验证码" }).click();
  await page.getByLabel("验证码").waitFor();
  await outbox.reload();
  const messages = outbox.locator(".message").filter({ hasText: phone });
  await page.getByLabel("验证码").fill(/验证码 (\d{6})/.exec(await messages.first().innerText())![1]!);
  await page.getByRole("button", { name: "登录" }).click();
  const known = page.getByRole("heading", { name: benefits ? "我的补贴" : `${name}，您好` });
  const asked = page.getByRole("textbox", { name: "姓名" });
  await known.or(asked).waitFor(WORK);
  if (await asked.isVisible()) {
    await asked.fill(name);
    await page.getByLabel("身份证号").fill(identity);
    await page.getByRole("button", { name: "核验" }).click();
  }
  await known.waitFor(WORK);
  return page;
}
