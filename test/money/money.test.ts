import { afterAll, beforeAll, expect, test } from "vitest";
import { runMoneyActs } from "./acts.ts";
import { openMoneyOffice, type MoneyOffice } from "./office.ts";

let office: MoneyOffice;
beforeAll(async () => {
  office = await openMoneyOffice(250);
}, 240_000);
afterAll(() => office?.close());

test("eight officers at once on the same claims and batches: nothing is paid twice, no fund falls below zero, every sum agrees", async () => {
  const report = await runMoneyActs(office, { acts: 1200, seed: 7 });
  expect(report.violations).toEqual([]);
  expect(report.payments).toBeGreaterThan(5);
  expect(report.paidFen).toBeGreaterThan(0);
  expect(Object.keys(report.refused)).toContain("subsidies.changed-meanwhile");
}, 180_000);
