import type { Page } from "playwright-core";
import { says, WORK } from "./office.ts";

/** A step on the page of a claim that is open: the button, the words that it asks for, the same button in the dialog. */
export async function step(page: Page, act: string, words?: string): Promise<void> {
  await page.getByRole("button", { name: act, exact: true }).click();
  const dialog = page.getByRole("dialog");
  if (words !== undefined) await dialog.getByRole("textbox").last().fill(words);
  await dialog.getByRole("button", { name: `${act} 1 件` }).click();
  await dialog.waitFor({ state: "detached", ...WORK });
  await says(page, `${act} 1 件。`);
}

/** Makes claims of what screening has found. */
export async function gather(clerk: Page): Promise<void> {
  await clerk.goto("/claims");
  await clerk.getByRole("button", { name: "由筛查结果生成" }).click();
  // Shut until what it asked for is done.
  const shut = clerk.locator("button[disabled]", { hasText: "由筛查结果生成" });
  await shut.waitFor(WORK);
  await shut.waitFor({ state: "detached", timeout: 2 * WORK.timeout });
}

/** Publishes what is approved of one measure, whole, and says until when it hangs out. */
export async function publish(clerk: Page, title: string, contact: string): Promise<void> {
  await clerk.goto("/publications");
  await clerk
    .getByRole("listitem")
    .filter({ hasText: title })
    .getByRole("button", { name: "公示", exact: true })
    .click();
  const dialog = clerk.getByRole("dialog");
  await dialog.getByLabel("受理异议的单位和电话").fill(contact);
  await dialog.getByRole("button", { name: /^公示 \d+ 件$/ }).click();
  await dialog.waitFor({ state: "detached", ...WORK });
}

/** What the open claim says has happened to it, oldest first: the act, a blank, and who did it, when, with how much. */
export async function historyOf(page: Page): Promise<readonly string[]> {
  const lines = page.getByRole("region", { name: "办理经过" }).getByRole("listitem");
  await lines.first().waitFor(WORK);
  const read = await lines.evaluateAll((all) =>
    all.map((one) => [...one.children].map((part) => (part as HTMLElement).innerText).join(" ")),
  );
  return read.map((text) => text.replaceAll(/\s+/g, " "));
}

/** The claim's number, as it stands on its page. */
export async function numberOf(page: Page): Promise<string> {
  await says(page, /BT\d{6}-\d{8}/);
  return /BT\d{6}-\d{8}/.exec(await page.getByRole("main").innerText())![0];
}
