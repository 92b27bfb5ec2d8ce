import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { downloadFrom, faultsOfPages, says, violations, WORK, type Office } from "./office.ts";

const STANDARD = "flexible-social-insurance/430000:补贴比例";
/** Half of what was paid in, where two thirds were paid out. */
const LOWER = { parameter: STANDARD, region: "433100", forCase: null, value: { value: 1, of: 2 }, from: "2025-05-01" };

/** Asks a route as the officer of a page, as its buttons do. */
const ask = <T>(page: Page, path: string, body?: object): Promise<T> =>
  page.evaluate(
    async ([url, sent]) => {
      // A server that is busy says so, and is asked again.
      const whoAmI = async () => (await (await fetch("/api/identity/me")).json()) as { officer?: { csrf: string } };
      let me = await whoAmI();
      for (let tries = 0; !me.officer && tries < 20; tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 500));
        me = await whoAmI();
      }
      const headers = { "content-type": "application/json", "x-csrf-token": me.officer!.csrf };
      const answer = await fetch(url!, sent === undefined ? {} : { method: "POST", headers, body: sent });
      const said = await answer.text();
      if (!answer.ok) throw new Error(`${url}: ${said}`);
      return JSON.parse(said) as T;
    },
    [path, body === undefined ? undefined : JSON.stringify(body)] as const,
  );

/**
 * A standard is lowered from a day that lies back: found, told, heard, decided by another hand, repaid in parts. It stands after somebody was
 * paid by it (ledger-to-bank.journey.ts).
 */
export function recoveryJourney(office: () => Office): void {
  describe("an overpayment is recovered after a standard has changed", () => {
    let clerk: Page;
    let reviewer: Page;
    let finance: Page;
    let address: string;

    /** Presses the page's button, fills the dialog and confirms. */
    async function act(page: Page, name: string, fill: (dialog: ReturnType<Page["getByRole"]>) => Promise<void>) {
      await page.goto(address);
      await page.getByRole("button", { name, exact: true }).click();
      const dialog = page.getByRole("dialog");
      await fill(dialog);
      await dialog.getByRole("button", { name }).click();
      await says(page, `已${name}。`);
    }

    test("the clerk sees who is entitled and not paid, and every figure opens its list", async () => {
      clerk = await office().signIn("huayuan");
      await clerk.goto("/unpaid");
      await says(clerk, "为什么没发");
      await clerk.getByRole("link", { name: "待确认" }).first().click();
      await clerk.waitForURL(/reason=proposed/);
      await clerk.locator("tbody tr").first().waitFor(WORK);
      expect(await violations(clerk)).toEqual([]);
    });

    test("a lower standard makes differences, each with its cause", async () => {
      const policy = await office().signIn("hunan-policy");
      await ask(policy, "/api/policy/parameters", {
        ...LOWER,
        to: null,
        document: "州人社〔2025〕12号",
        documentDate: null,
      });
      await policy.context().close();
      await clerk.goto("/differences");
      await clerk.waitForLoadState("networkidle");
      await clerk.getByRole("button", { name: "马上重算" }).click();
      await clerk
        .getByRole("cell", { name: /标准调整/ })
        .first()
        .waitFor({ timeout: 240_000 });
      await says(clerk, "多发 ");
    }, 300_000);

    test("taken up, they become a case of recovery", async () => {
      await clerk.getByRole("row").nth(1).getByRole("checkbox").check();
      await clerk.getByRole("button", { name: "补发、追回 1 项" }).click();
      await clerk.getByRole("dialog").getByRole("button", { name: "处理 1 项" }).click();
      await says(clerk, "追回件 1 件");
      await clerk.goto("/recoveries");
      address = (await clerk.locator("tbody tr").first().getByRole("link").first().getAttribute("href"))!;
    });

    test("the payee is told and heard before another officer decides", async () => {
      await act(clerk, "告知", async (dialog) => {
        await dialog.getByLabel("陈述申辩和缴款的单位、地址、电话").fill("花垣县人社局就业股 0743-0000000");
      });
      await clerk.goto(`${address}/letter?kind=notice`);
      await says(clerk, "有权陈述和申辩");
      const file = await downloadFrom(office(), clerk, clerk.getByRole("button", { name: "DOCX" }));
      expect(file).toContain("追回告知书");
      await act(clerk, "记录陈述申辩", async (dialog) => {
        await dialog.getByRole("textbox").first().fill("知道标准降了，无异议，请求分期");
      });
      expect(await clerk.getByRole("button", { name: "作出追回决定" }).count()).toBe(0);
      reviewer = await office().signIn("huayuan-review");
      await act(reviewer, "作出追回决定", async (dialog) => {
        await dialog.getByRole("textbox").first().fill("事实清楚，陈述申辩不影响金额，准予分期");
      });
      await act(reviewer, "订立分期", async () => {});
      await says(reviewer, "3 期，合计到分");
    });

    test("it comes back in three parts, and the fund has it again", async () => {
      finance = await office().signIn("huayuan-finance");
      for (const [index, left] of [2, 1, 0].entries()) {
        await act(finance, "登记缴回", async (dialog) => {
          await dialog.getByLabel("票据号、银行流水号").fill(`非税2025-${Date.now()}-${index}`);
        });
        await expect.poll(() => finance.getByText("待缴", { exact: true }).count(), WORK).toBe(left);
      }
      await says(finance, "已结清");
      expect(await finance.getByRole("button", { name: "登记缴回" }).count()).toBe(0);
      await finance
        .getByRole("link", { name: /就业|衔接|资金/ })
        .last()
        .click();
      await says(finance, "追回");
      expect(await faultsOfPages(finance, [address, "/recoveries", "/differences", "/unpaid"])).toEqual([]);
    }, 120_000);
  });
}
