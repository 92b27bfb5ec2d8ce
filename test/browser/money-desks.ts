import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { pressAndConfirm, says, WORK, type Office } from "./office.ts";

/**
 * Builds a batch of a fund's line, lets two others sign it, sends it, and returns the bank's file as lines of cells: 行号, 收款人, 账号, 开户行,
 * 金额, 用途, 补贴件编号.
 */
export async function toTheBank(
  office: Office,
  finance: Page,
  hands: readonly [Page, Page],
  line: RegExp,
): Promise<string[][]> {
  await finance.goto("/batches-of-payment");
  await finance.getByRole("button", { name: "编制批次" }).click();
  const dialog = finance.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "资金额度" }).click();
  await finance
    .locator(".ant-select-dropdown:visible .ant-select-item-option")
    .filter({ hasText: line })
    .first()
    .click();
  await dialog.getByRole("button", { name: "编制", exact: true }).click();
  await finance.waitForURL(/batches-of-payment\/\d+/, WORK);
  await pressAndConfirm(finance, /^冻结$/);
  await says(finance, "待签发");
  const path = new URL(finance.url()).pathname;
  for (const [at, act] of [/^签发$/, /^会签$/].entries()) {
    const hand = hands[at]!;
    await hand.goto(path);
    await pressAndConfirm(hand, act);
    await hand.getByRole("dialog").waitFor({ state: "detached", ...WORK });
  }
  await finance.reload();
  await finance.getByRole("button", { name: "送银行发放" }).click();
  const [download] = await Promise.all([
    finance.waitForEvent("download", WORK),
    finance.getByRole("dialog").getByRole("button", { name: "送银行发放" }).click(),
  ]);
  const file = join(office.folder, download.suggestedFilename());
  await download.saveAs(file);
  await finance.getByRole("dialog").waitFor({ state: "detached", ...WORK });
  const lines = readFileSync(file, "utf8").replace("\ufeff", "").trim().split("\r\n");
  return lines.slice(1).map((text) => text.split(","));
}

/** Hands the bank's answer over on the page of a batch. */
export async function answer(office: Office, finance: Page, name: string, lines: readonly string[]): Promise<void> {
  const file = join(office.folder, name);
  writeFileSync(file, ["行号,结果,金额,流水号,日期,原因", ...lines].join("\r\n"));
  await finance.locator("input[type=file]").setInputFiles(file);
}
