import type { Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import type { RunningInstallation } from "./installation.ts";
import { answer, toTheBank } from "./money-desks.ts";
import { faultsOfPages, openOffice, pressAndConfirm, says, type Office } from "./office.ts";

/** A day on which the lists that the demonstration's office has published lately are over. */
const LATER = "2025-06-24";
/** Who signs what finance has built. */
const HUAYUAN = ["huayuan-review", "xiangxi-leader"] as const;

/**
 * 银行退回重发: lists run out, a batch goes through three hands to the bank, one payment comes back with its reason and is paid by a second
 * batch. Time passes by a second server on the same data.
 */
export function returnedPaymentJourney(demo: () => RunningInstallation): void {
  describe("a payment that the bank returns", () => {
    let server: { readonly url: string; stop(): Promise<void> };
    let office: Office;
    let finance: Page;
    let payee: string;

    afterAll(async () => {
      await office?.close();
      await server?.stop();
    });

    test("waits for lists that are over, which the desk clears without waiting for the night", async () => {
      server = await demo().later(LATER);
      office = await openOffice(server.url);
      const clerk = await office.signIn("huayuan");
      await clerk.goto("/publications");
      await pressAndConfirm(clerk, /^办结期满公示/, /^办结 \d+ 份$/);
      await says(clerk, /\d+ 件转待发放；1 份还有未答复的异议/);
      await clerk.context().close();
    });

    test("comes back with its reason, and its claim waits to be paid again", async () => {
      finance = await office.signIn("huayuan-finance");
      const lines = await toTheBank(office, finance, HUAYUAN);
      payee = lines[0]![1]!;
      await answer(
        office,
        finance,
        "回盘一.csv",
        lines.map(([line, , , , amount], at) =>
          at === 0 ? `${line},失败,${amount},,${LATER},账户已销户` : `${line},成功,${amount},J${line},${LATER},`,
        ),
      );
      await says(finance, new RegExp(`到账 ${lines.length - 1} 笔，退回 1 笔`));
      await says(finance, "账户已销户");
      expect(await faultsOfPages(finance, [new URL(finance.url()).pathname])).toEqual([]);
      await finance.setViewportSize({ width: 1366, height: 768 });
      await finance.getByRole("link", { name: payee }).first().click();
      await says(finance, "待发放");
      await says(finance, "银行退回，请核对账户后重发");
    });

    test("is paid by the next batch, once, and the books agree", async () => {
      const lines = await toTheBank(office, finance, HUAYUAN);
      expect(lines.map(([, name]) => name)).toEqual([payee]);
      const [line, , , , amount] = lines[0]!;
      await answer(office, finance, "回盘二.csv", [`${line},成功,${amount},J2-${line},${LATER},`]);
      await says(finance, "到账 1 笔，退回 0 笔");
      await says(finance, "已对账");
      await answer(office, finance, "回盘二再报.csv", [`${line},成功,${amount},J2-${line},${LATER},`]);
      await says(finance, /到账 0 笔，退回 0 笔，已知 1 笔/);
      await finance.getByRole("link", { name: payee }).first().click();
      await says(finance, "已发放");
      expect(
        await faultsOfPages(finance, [
          "/publications",
          "/batches-of-payment",
          "/funds/progress",
          "/funds/targets",
          "/inspections",
        ]),
      ).toEqual([]);
    });
  });
}
