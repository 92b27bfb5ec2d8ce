import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import type { RunningInstallation } from "./installation.ts";
import { faultsOfPages, openOffice, pressAndConfirm, says, WORK, type Office } from "./office.ts";

/** A day on which the lists that the demonstration's office has published lately are over. */
const LATER = "2025-06-24";

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

    /** Builds a batch of a fund, lets two others sign it, sends it, and returns the bank's file as lines of cells. */
    async function toTheBank(fund: RegExp): Promise<string[][]> {
      await finance.goto("/batches-of-payment");
      await finance.getByRole("button", { name: "编制批次" }).click();
      const dialog = finance.getByRole("dialog");
      await dialog.getByRole("combobox", { name: "资金额度" }).click();
      await finance
        .locator(".ant-select-dropdown:visible .ant-select-item-option")
        .filter({ hasText: fund })
        .first()
        .click();
      await dialog.getByRole("button", { name: "编制" }).click();
      await finance.waitForURL(/batches-of-payment\/\d+/, WORK);
      await pressAndConfirm(finance, /^冻结$/);
      await says(finance, "待签发");
      const path = new URL(finance.url()).pathname;
      for (const [login, act] of [
        ["huayuan-review", /^签发$/],
        ["xiangxi-leader", /^会签$/],
      ] as const) {
        const hand = await office.signIn(login);
        await hand.goto(path);
        await pressAndConfirm(hand, act);
        await hand.getByRole("dialog").waitFor({ state: "detached", ...WORK });
        await hand.context().close();
      }
      await finance.reload();
      await finance.getByRole("button", { name: "送银行发放" }).click();
      const [download] = await Promise.all([
        finance.waitForEvent("download", WORK),
        finance.getByRole("dialog").getByRole("button", { name: "送银行发放" }).click(),
      ]);
      const file = join(office.folder, download.suggestedFilename());
      await download.saveAs(file);
      const lines = readFileSync(file, "utf8").replace("\ufeff", "").trim().split("\r\n");
      return lines.slice(1).map((line) => line.split(","));
    }

    async function answer(name: string, lines: readonly string[]): Promise<void> {
      const file = join(office.folder, name);
      writeFileSync(file, ["行号,结果,金额,流水号,日期,原因", ...lines].join("\r\n"));
      await finance.locator("input[type=file]").setInputFiles(file);
    }

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
      const lines = await toTheBank(/./);
      payee = lines[0]![1]!;
      await answer(
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
      const lines = await toTheBank(/./);
      expect(lines.map(([, name]) => name)).toEqual([payee]);
      const [line, , , , amount] = lines[0]!;
      await answer("回盘二.csv", [`${line},成功,${amount},J2-${line},${LATER},`]);
      await says(finance, "到账 1 笔，退回 0 笔");
      await says(finance, "已对账");
      await answer("回盘二再报.csv", [`${line},成功,${amount},J2-${line},${LATER},`]);
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
