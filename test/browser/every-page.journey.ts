import { describe, expect, test } from "vitest";
import { faultsOfPages, type Office } from "./office.ts";

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
  "/months",
  "/duplicates",
  "/monitored",
  "/transfers",
  "/claims",
  "/publications",
  "/batches-of-payment",
  "/funds",
  "/funds/progress",
  "/funds/targets",
  "/inspections",
  "/subsidy-settings",
  "/findings",
  "/checks",
  "/results",
  "/parameters",
  "/exports",
  "/security",
];

export function everyPage(office: () => Office): void {
  describe("every page", () => {
    test("breaks no rule of accessibility, and scrolls sideways neither at 1366 × 768 nor on a phone", async () => {
      const page = await office().signIn("huayuan");
      expect(await faultsOfPages(page, pages)).toEqual([]);
      await page.context().close();
    });

    test("an address without a page keeps the navigation, and what is not found leads back", async () => {
      const page = await office().signIn("huayuan");
      await page.goto("/nowhere");
      await page.getByRole("heading", { name: "没有这个页面" }).waitFor();
      await page.getByRole("link", { name: "本月台账" }).first().click();
      await page.getByRole("heading", { level: 1, name: "本月台账" }).waitFor();
      await page.goto("/persons/999");
      await page.getByRole("button", { name: "返回" }).click();
      await page.getByRole("heading", { level: 1, name: "本月台账" }).waitFor();
      await page.context().close();
    });

    test("the sign-in page leads those without an account on", async () => {
      const context = await office().newVisitor({ width: 1366, height: 768 });
      const page = await context.newPage();
      await page.goto("/");
      await page.getByRole("link", { name: "算一算" }).click();
      await page.getByRole("heading", { name: "算一算能领哪些补贴" }).waitFor();
      await context.close();
    });

    test("threw no error on the way", () => {
      expect(office().faults).toEqual([]);
    });
  });
}
