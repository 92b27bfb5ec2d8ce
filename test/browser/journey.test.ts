import { createRequire } from "node:module";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumFlags, findChromium } from "./chromium.ts";
import { startDemo, type RunningInstallation } from "./installation.ts";

const PASSWORD = "Wengang2025!";
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let demo: RunningInstallation;
let browser: Browser;
const folder = mkdtempSync(join(tmpdir(), "wengang-journey-"));
const faults: string[] = [];

beforeAll(async () => {
  demo = await startDemo();
  browser = await chromium.launch({ executablePath: findChromium()!, args: chromiumFlags });
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function signIn(login: string, size = { width: 1366, height: 768 }): Promise<Page> {
  const context = await browser.newContext({ viewport: size, locale: "zh-CN", acceptDownloads: true });
  const page = await context.newPage();
  page.on("pageerror", (cause) => faults.push(`${login}: ${cause.message}`));
  await page.goto(demo.url);
  await page.getByLabel("登录名").fill(login);
  await page.getByLabel("密码", { exact: true }).fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "登录名" }).waitFor({ state: "detached" });
  await page.getByRole("main").waitFor();
  return page;
}

/** Rules of WCAG 2.2 AA that the page breaks. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const result = await page.evaluate(() =>
    (
      globalThis as unknown as {
        axe: { run(options: unknown): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> };
      }
    ).axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] }),
  );
  return result.violations.map(
    (one) =>
      `${one.id}: ${one.nodes
        .map((node) => node.target.join(" "))
        .slice(0, 3)
        .join(" | ")}`,
  );
}

async function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}

describe("a newcomer does a month's ledger", () => {
  let clerk: Page;

  test("downloads the demo's table and uploads it as it is", async () => {
    clerk = await signIn("huayuan");
    await clerk.getByText("今日该办").waitFor();
    await clerk.goto(`${demo.url}/ledger/receive`);
    const [download] = await Promise.all([
      clerk.waitForEvent("download"),
      clerk
        .getByRole("button", { name: /下载/ })
        .or(clerk.getByRole("link", { name: /下载/ }))
        .first()
        .click(),
    ]);
    const file = join(folder, download.suggestedFilename());
    await download.saveAs(file);
    await clerk.getByPlaceholder("如：县农业农村局").fill("花垣县农业农村局");
    await clerk.locator("input[type=file]").setInputFiles(file);
    await clerk.getByText(/校验：\d+ 行待修/).waitFor({ timeout: 120_000 });
    expect(new URL(clerk.url()).pathname).toMatch(/^\/ledger\/\d+$/);
  });

  test("repairs faulty rows by the rules' suggestions", async () => {
    const waiting = async () => Number(/校验：(\d+) 行待修/.exec((await clerk.textContent("body")) ?? "")?.[1] ?? 0);
    const before = await waiting();
    expect(before).toBeGreaterThan(20);
    await clerk.getByText(/^修复 \d+ 行/).click();
    await clerk
      .getByRole("row")
      .or(clerk.locator("li, div"))
      .filter({ hasText: /^性别与证号不符/ })
      .getByRole("button", { name: /^采用 \d+ 条建议$/ })
      .first()
      .click();
    await clerk
      .getByRole("dialog")
      .getByRole("button", { name: /^采用 \d+ 条建议$/ })
      .click();
    await expect.poll(waiting, { timeout: 120_000, interval: 500 }).toBe(before - 3);
  });

  test("looks at the differences, applies them, and finds a person", async () => {
    await clerk.goto(clerk.url().split("?")[0]!);
    await clerk.getByRole("button", { name: /^应用 [\d,]+ 处$/ }).click();
    await clerk
      .getByRole("dialog")
      .getByRole("button", { name: /^应用 [\d,]+ 处$/ })
      .click();
    await clerk.getByRole("button", { name: "撤销整批" }).waitFor({ timeout: 120_000 });
    await clerk.goto(`${demo.url}/persons`);
    await clerk.locator("tbody a").first().click();
    await clerk.getByRole("heading", { name: "每个值从哪来" }).waitFor();
    await expect.poll(() => clerk.textContent("body"), { timeout: 30_000 }).toContain("时间线");
  });

  test("sees the month as applied in the list of batches", async () => {
    await clerk.goto(`${demo.url}/ledger`);
    await expect.poll(() => clerk.textContent("body"), { timeout: 30_000 }).toContain("已应用");
  });
});

describe("others at their desks", () => {
  test("an auditor reads who did what", async () => {
    const page = await signIn("huayuan-audit");
    await page.goto(`${demo.url}/audit`);
    await page.getByText("应用台账").first().waitFor();
    await page.context().close();
  });

  test("a township officer sees his township only", async () => {
    const page = await signIn("huayuan-town1");
    await page.goto(`${demo.url}/persons`);
    await page.locator("tbody tr").first().waitFor();
    const villages = await page.locator("tbody tr td:nth-child(5)").allTextContents();
    const towns = new Set(villages.filter(Boolean).map((text) => text.split(" ")[0]));
    expect(towns.size).toBe(1);
    await page.context().close();
  });

  test("a system administrator keeps accounts and sees no person", async () => {
    const page = await signIn("hunan-system");
    await page.goto(`${demo.url}/officers`);
    await page.getByText("huayuan").first().waitFor();
    const answer = await page.evaluate(async () => (await fetch("/api/registry/persons")).status);
    expect(answer).toBe(403);
    await page.context().close();
  });
});

describe("every page", () => {
  const pages = ["/", "/ledger", "/ledger/receive", "/persons", "/employers", "/comparisons"];

  test("breaks no rule of accessibility and does not scroll sideways at 1366 × 768", async () => {
    const page = await signIn("huayuan");
    const found: string[] = [];
    for (const path of pages) {
      await page.goto(`${demo.url}${path}`);
      await page.waitForLoadState("networkidle");
      found.push(...(await violations(page)).map((one) => `${path} ${one}`));
      if (await scrollsSideways(page)) found.push(`${path} scrolls sideways`);
    }
    expect(found).toEqual([]);
    await page.context().close();
  });

  test("can be used at the width of a phone", async () => {
    const page = await signIn("huayuan", { width: 390, height: 844 });
    const found: string[] = [];
    for (const path of pages) {
      await page.goto(`${demo.url}${path}`);
      await page.waitForLoadState("networkidle");
      if (await scrollsSideways(page)) found.push(`${path} scrolls sideways`);
    }
    expect(found).toEqual([]);
    await page.context().close();
  });

  test("threw no error on the way", () => {
    expect(faults).toEqual([]);
  });
});
