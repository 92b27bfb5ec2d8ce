import { describe, expect, test } from "vitest";
import { scrollsSideways, violations, type Office } from "./office.ts";

const pages = [
  "/",
  "/ledger",
  "/ledger/receive",
  "/persons",
  "/employers",
  "/comparisons",
  "/registers",
  "/registers/introductions",
  "/registers/introductions/import",
];

export function everyPage(office: () => Office): void {
  describe("every page", () => {
    test("breaks no rule of accessibility, and scrolls sideways neither at 1366 × 768 nor on a phone", async () => {
      const page = await office().signIn("huayuan");
      const found: string[] = [];
      for (const path of pages) {
        await page.setViewportSize({ width: 1366, height: 768 });
        await page.goto(path);
        await page.waitForLoadState("networkidle");
        found.push(...(await violations(page)).map((one) => `${path} ${one}`));
        if (await scrollsSideways(page)) found.push(`${path} scrolls sideways`);
        await page.setViewportSize({ width: 390, height: 844 });
        if (await scrollsSideways(page)) found.push(`${path} scrolls sideways on a phone`);
      }
      expect(found).toEqual([]);
      await page.context().close();
    });

    test("threw no error on the way", () => {
      expect(office().faults).toEqual([]);
    });
  });
}
