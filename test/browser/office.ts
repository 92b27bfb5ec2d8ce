import { createRequire } from "node:module";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type Locator, type Page } from "playwright-core";
import { demoPassword } from "../../src/identity/demo/accounts.ts";
import { chromiumFlags, findChromium } from "./chromium.ts";

/** Work in the background (check, compare, apply, undo) on a machine that does other things too. */
export const WORK = { timeout: 120_000 } as const;

/** Whatever a page shows without work in the background. */
const CLICK_MS = 60_000;

/** The officers of one installation at their browsers. */
export interface Office {
  readonly url: string;
  /** Where downloads and made files lie. */
  readonly folder: string;
  /** Scripts' errors on any page so far. */
  readonly faults: string[];
  signIn(login: string): Promise<Page>;
  /** Somebody without an account, with a browser of his own. */
  newVisitor(viewport: { readonly width: number; readonly height: number }): Promise<BrowserContext>;
  /** Address and words of every page that stands open: what a failed journey looked at. */
  whatStands(): Promise<string>;
  close(): Promise<void>;
}

export async function openOffice(url: string): Promise<Office> {
  const browser = await chromium.launch({ executablePath: findChromium()!, args: chromiumFlags });
  const folder = mkdtempSync(join(tmpdir(), "wengang-journey-"));
  const faults: string[] = [];
  const newVisitor: Office["newVisitor"] = async (viewport) => {
    const context = await browser.newContext({
      viewport,
      locale: "zh-CN",
      timezoneId: "Asia/Shanghai",
      acceptDownloads: true,
      baseURL: url,
    });
    context.setDefaultTimeout(CLICK_MS);
    return context;
  };
  return {
    url,
    folder,
    faults,
    newVisitor,
    async signIn(login) {
      const context = await newVisitor({ width: 1366, height: 768 });
      const page = await context.newPage();
      page.on("pageerror", (cause) => faults.push(`${login}: ${cause.message}`));
      await page.goto("/");
      await page.getByLabel("登录名").fill(login);
      await page.getByLabel("密码", { exact: true }).fill(demoPassword);
      await page.keyboard.press("Enter");
      await page.getByRole("textbox", { name: "登录名" }).waitFor({ state: "detached" });
      await page.getByRole("main").waitFor();
      return page;
    },
    async whatStands() {
      const pages = browser.contexts().flatMap((context) => context.pages());
      const told = await Promise.all(pages.map(wordsOf));
      return told.join("\n");
    },
    async close() {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Enough of a page to see what it says instead of what was waited for. */
const WORDS_MOST = 3000;

async function wordsOf(page: Page): Promise<string> {
  const words = await page.evaluate(() => document.body.innerText).catch(String);
  return `${page.url()}\n${words.replaceAll(/\n\s*/g, " | ").slice(0, WORDS_MOST)}`;
}

/** Saves what a click downloads and returns where it lies. */
export async function downloadFrom(office: Office, page: Page, button: Locator): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  const file = join(office.folder, download.suggestedFilename());
  await download.saveAs(file);
  return file;
}

/** Downloads the demo's table whose name contains `words`. */
export async function demoFile(office: Office, page: Page, words: string): Promise<string> {
  await page.goto("/ledger/receive");
  return downloadFrom(office, page, page.getByRole("button", { name: new RegExp(`^下载 .*${words}`) }));
}

/** Hands a file over on the receiving page, as it is, and waits for the page of its batch. */
export async function receive(page: Page, file: string, { supplement = false } = {}): Promise<string> {
  await page.goto("/ledger/receive");
  await page.getByPlaceholder("如：县农业农村局").fill("县农业农村局");
  if (supplement) await page.getByRole("radio", { name: "只是补充" }).check();
  await page.locator("input[type=file]").setInputFiles(file);
  await page.waitForURL(/\/ledger\/\d+/, WORK);
  return batchIn(page);
}

/** The number of the batch in the address. */
export function batchIn(page: Page): string {
  return /\/ledger\/(\d+)/.exec(page.url())![1]!;
}

/** Waits until the page says it. */
export async function says(page: Page, words: string | RegExp): Promise<void> {
  await page.getByText(words).filter({ visible: true }).first().waitFor(WORK);
}

/** Rows that wait for repair, as the tiles say; waits while the batch is being checked. */
export async function waitingRows(page: Page): Promise<number> {
  await says(page, /校验：(\d+ 行待修|没有待修的行)|没有查出错误/);
  return Number(/校验：(\d+) 行待修/.exec((await page.textContent("body")) ?? "")?.[1] ?? 0);
}

/** Presses the button in the page, then the same one in the dialog that says what it will change. */
export async function pressAndConfirm(page: Page, name: RegExp, confirm = name): Promise<void> {
  await page.getByRole("button", { name }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: confirm }).click();
}

export async function applyBatch(page: Page): Promise<void> {
  await pressAndConfirm(page, /^应用 [\d,]+ 处$/);
  await page.getByRole("button", { name: "撤销整批" }).waitFor(WORK);
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Rules of WCAG 2.2 AA that the page breaks, once it shows what it was last asked for: rows that are about to go are dimmed. */
export async function violations(page: Page): Promise<string[]> {
  await page.locator("[aria-busy=true]").first().waitFor({ state: "hidden" });
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

/** What is wrong with the looks of these pages: rules of accessibility broken, and scrolling sideways at the desk and on a phone. */
export async function faultsOfPages(page: Page, paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    await page.setViewportSize({ width: 1366, height: 768 });
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor(WORK);
    await page.waitForLoadState("networkidle");
    found.push(...(await violations(page)).map((one) => `${path} ${one}`));
    if (await scrollsSideways(page)) found.push(`${path} scrolls sideways`);
    await page.setViewportSize({ width: 390, height: 844 });
    if (await scrollsSideways(page)) found.push(`${path} scrolls sideways on a phone`);
  }
  return found;
}

export async function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}
