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
];

export function everyPage(office: () => Office): void {
  describe("every page", () => {
    test("breaks no rule of accessibility, and scrolls sideways neither at 1366 × 768 nor on a phone", async () => {
      const page = await office().signIn("huayuan");
      expect(await faultsOfPages(page, pages)).toEqual([]);
      await page.context().close();
    });

    test("threw no error on the way", () => {
      expect(office().faults).toEqual([]);
    });
  });
}
