import { createRequire } from "node:module";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium, type Page } from "playwright-core";
import { preview } from "vite";
import { answers } from "./fake-data.ts";
import { screens, type Screen } from "./screens.ts";

/**
 * Takes pictures of the pages with made-up answers, for people to look at: `node test/screens/take.ts [name…]`.
 * Uses the built pages (`npm run build` first; WENGANG_WEB names another folder). Says which pages scroll sideways, what axe finds, and what
 * the browser complained about.
 */
const wanted = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "wengang-screens-"));
const outDir = process.env["WENGANG_WEB"] ?? "dist/web";
const server = await preview({
  root: resolve(import.meta.dirname, "../.."),
  build: { outDir },
  preview: { port: 0, host: "127.0.0.1" },
  logLevel: "error",
});
const address = server.resolvedUrls?.local[0]?.replace(/\/$/, "") ?? "";
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
try {
  for (const screen of screens) {
    if (wanted.length > 0 && !wanted.some((name) => screen.name.startsWith(name))) continue;
    for (const [width, height] of [
      [1366, 768],
      [390, 844],
    ] as const) {
      const page = await browser.newPage({ viewport: { width, height }, locale: "zh-CN", timezoneId: "Asia/Shanghai" });
      await take(page, screen, width, height);
      await page.close();
    }
  }
} finally {
  await browser.close();
  await server.close();
}
process.stdout.write(`${folder}\n`);

async function take(page: Page, screen: Screen, width: number, height: number): Promise<void> {
  const complaints: string[] = [];
  page.on("console", (message) =>
    message.type() === "error" && !message.text().startsWith("Failed to load")
      ? complaints.push(message.text())
      : undefined,
  );
  page.on("response", (response) =>
    response.status() === 404 ? complaints.push(`no answer for ${new URL(response.url()).pathname}`) : undefined,
  );
  page.on("pageerror", (fault) => complaints.push(fault.message));
  await page.route("**/api/**", (route) => {
    const url = new URL(route.request().url());
    const found = answers.find(
      ([method, pattern]) => method === route.request().method() && pattern.test(url.pathname),
    );
    const answer = found?.[2]({ path: url.pathname, query: url.searchParams, body: route.request().postData() });
    const forced = screen.refuse?.(url.pathname);
    if (forced) return route.fulfill({ status: forced.status, json: forced.body });
    return found
      ? route.fulfill({ json: answer })
      : route.fulfill({
          status: 404,
          json: { code: "platform.not-found", message: `没有找到该地址（${url.pathname}）。` },
        });
  });
  await page.goto(address + screen.path);
  await page.locator("main h1, main p").first().waitFor({ timeout: 20_000 });
  await page.waitForTimeout(600);
  await screen.act?.(page);
  await page.waitForTimeout(350);
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  await page.screenshot({ path: join(folder, `${screen.name}-${width}.png`), fullPage: screen.whole ?? false });
  const barriers = await barriersOf(page);
  const notes = [sideways > 0 ? `scrolls sideways by ${sideways}` : "", ...barriers, ...complaints].filter(
    (note) => note !== "",
  );
  process.stdout.write(`${screen.name} ${width}×${height}${notes.length > 0 ? `: ${notes.join("; ")}` : ""}\n`);
}

/** What axe finds against WCAG 2.2 AA. */
async function barriersOf(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> };
    };
    const { violations } = await axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] });
    return violations.map(
      (violation) => `${violation.id} (${violation.nodes.length}): ${violation.nodes[0]?.target.join(" ") ?? ""}`,
    );
  });
  return found.map((text) => `\n    ${text}`);
}
