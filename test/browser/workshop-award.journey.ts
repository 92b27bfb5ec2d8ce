import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { gather, historyOf, numberOf, publish, step } from "./claim-steps.ts";
import { answer, toTheBank } from "./money-desks.ts";
import { faultsOfPages, pressAndConfirm, says, WORK, type Office } from "./office.ts";

const MEASURE = "乡村就业工厂（帮扶车间）吸纳就业奖补";
const RULE = "workshop-award";
const EACH_YUAN = 3_000;
const DOCUMENT = "临州财社〔2025〕18号（演示）";
const ACCOUNT = "6228480000000000017";

/**
 * 车间吸纳奖补: on 30 June half a year is full for whoever was there on 1 January. A workshop is paid for those of its people who count; the
 * others are listed with the sentence that they do not meet. It stands on that day; `later` is the day after its list.
 */
export function workshopAwardJourney(
  office: () => Office,
  later: string,
  toLaterDay: (date: string) => Promise<void>,
): void {
  describe("a workshop's award for those of its people who count", () => {
    let clerk: Page;
    let finance: Page;
    let claim: string;
    let number: string;
    let workshop: string;
    let yuan: string;

    test("finance sets money aside for an award whose text names no fund", async () => {
      finance = await office().signIn("jishishan-finance");
      await finance.goto("/funds");
      await finance.getByRole("button", { name: "登记额度" }).click();
      const dialog = finance.getByRole("dialog");
      await choose(finance, "限定用于哪些项目", MEASURE);
      await dialog.getByLabel("下达文件").fill(DOCUMENT);
      await dialog.getByLabel("金额（元）").fill("900000");
      await dialog.getByRole("button", { name: "登记", exact: true }).click();
      await dialog.waitFor({ state: "detached", ...WORK });
      await says(finance, DOCUMENT);
      await finance.context().close();
    });

    test("on the day that half a year is full the reviewer has this one measure screened anew", async () => {
      const reviewer = await office().signIn("jishishan-review");
      await reviewer.goto("/results");
      await reviewer.getByRole("link", { name: MEASURE }).click();
      await reviewer.getByRole("button", { name: "重新筛查这一项" }).click();
      const counts = reviewer.getByRole("region", { name: "各项政策" }).getByRole("row").filter({ hasText: MEASURE });
      await counts.filter({ hasText: "2025-06-30" }).waitFor(WORK);
      expect(Number(await counts.getByRole("cell").nth(3).innerText())).toBeGreaterThan(2);
      await reviewer.context().close();
    });

    test("the claim of a workshop lists who counts, and who does not, each with the sentence and the facts", async () => {
      clerk = await office().signIn("jishishan");
      await gather(clerk);
      await openPartly(clerk);
      claim = new URL(clerk.url()).pathname;
      number = await numberOf(clerk);
      workshop = /：(.+)/.exec(await clerk.getByRole("heading", { level: 1 }).innerText())![1]!.trim();
      const counted = clerk.getByRole("region", { name: "明细" }).getByRole("row");
      const people = (await counted.count()) - 1;
      expect(people).toBeGreaterThan(1);
      yuan = `${(people * EACH_YUAN).toLocaleString("en-US")}.00`;
      expect(await clerk.getByRole("region", { name: "办理", exact: true }).innerText()).toContain(`${yuan} 元`);
      await counted
        .nth(1)
        .getByText(/条条件的事实/)
        .click();
      await says(clerk, /进入车间的日期：\d{4}-\d{2}-\d{2}/);
      const left = clerk.getByRole("region", { name: "没有列入的" });
      const reasons = (await left.getByRole("row").allInnerTexts()).slice(1);
      expect(reasons.length).toBeGreaterThan(0);
      for (const reason of reasons) expect(reason).toMatch(/不符合|未到期|待核实|人工研判/);
      expect(reasons.join("\n")).toMatch(/进入车间时是脱贫人口|本年度内稳定就业6个月以上|就地就近吸纳/);
      expect(await left.innerText()).toMatch(/条款出自：.*2025年脱贫人口就业帮扶/);
      // Nobody stands in both.
      const names = async (region: string) =>
        clerk.getByRole("region", { name: region }).locator("tbody a").allInnerTexts();
      const paid = await names("明细");
      expect((await names("没有列入的")).filter((name) => paid.includes(name))).toEqual([]);
      expect(await faultsOfPages(clerk, [claim, "/results"])).toEqual([]);
      await clerk.setViewportSize({ width: 1366, height: 768 });
    });

    test("it is claimed for the workshop at the counter, examined, approved by another, and published", async () => {
      await clerk.goto(claim);
      await step(clerk, "确认申领", "车间负责人到柜台确认，已核营业执照");
      await step(clerk, "受理");
      await step(clerk, "初审通过");
      await clerk.getByRole("button", { name: "登记", exact: true }).click();
      const dialog = clerk.getByRole("dialog");
      await dialog.getByLabel("开户银行").fill("积石山县农村信用合作联社");
      await dialog.getByLabel(/^银行账号/).fill(ACCOUNT);
      await dialog.getByRole("button", { name: "登记", exact: true }).click();
      await dialog.waitFor({ state: "detached", ...WORK });
      const reviewer = await office().signIn("jishishan-review");
      await reviewer.goto(claim);
      await step(reviewer, "复核通过");
      await says(reviewer, DOCUMENT);
      await reviewer.context().close();
      await publish(clerk, MEASURE, "积石山县人社局就业股 0930-0000000");
      await clerk
        .getByRole("link", { name: new RegExp(MEASURE.replaceAll(/[（）]/g, ".")) })
        .first()
        .click();
      await says(clerk, workshop);
      await says(clerk, yuan);
      expect(await faultsOfPages(clerk, [new URL(clerk.url()).pathname])).toEqual([]);
      await clerk.context().close();
    });

    test("after its days of publicity the bank pays the workshop's account, and the claim is closed", async () => {
      await toLaterDay(later);
      clerk = await office().signIn("jishishan");
      await clerk.goto("/publications");
      await pressAndConfirm(clerk, /^办结期满公示/, /^办结 \d+ 份$/);
      await says(clerk, /\d+ 件转待发放/);
      await clerk.context().close();
      finance = await office().signIn("jishishan-finance");
      const hands = [await office().signIn("jishishan-review"), await office().signIn("linxia-leader")] as const;
      const lines = await toTheBank(office(), finance, hands, /临州财社/);
      for (const hand of hands) await hand.context().close();
      expect(lines.map(([, name, account, , amount]) => [name, account, amount])).toEqual([
        [workshop, ACCOUNT, yuan.replaceAll(",", "")],
      ]);
      const [line, , , , amount] = lines[0]!;
      await answer(office(), finance, "车间回盘.csv", [`${line},成功,${amount},W${line},${later},`]);
      await says(finance, "到账 1 笔，退回 0 笔");
      await finance.goto(claim);
      await step(finance, "办结");
      await says(finance, "已办结");
      const happened = await historyOf(finance);
      const who = (act: string) => happened.find((one) => one.startsWith(`${act} `));
      expect(who("确认申领")).toContain("车间负责人到柜台确认");
      for (const act of ["受理", "初审通过", "公示"]) expect(who(act), act).toContain("马晓梅");
      expect(who("复核通过")).toContain("韩文忠");
      expect(who("办结")).toContain("妥海龙");
      await finance.goto(`/trace?of=${number}`);
      await says(finance, /按3000元\/人标准给予奖补/);
      await says(finance, yuan);
      await finance.context().close();
    });
  });
}

/** Takes the option with these words in a choice of the dialog. */
async function choose(page: Page, label: string, words: string): Promise<void> {
  const box = page.getByRole("dialog").getByRole("combobox", { name: label });
  await box.click();
  await box.fill(words.slice(0, 6));
  await page.locator(".ant-select-dropdown:visible .ant-select-item-option").filter({ hasText: words }).first().click();
}

/** Opens the claim of a workshop of whose people several count and others do not. */
async function openPartly(clerk: Page): Promise<void> {
  await clerk.goto(`/claims?rule=${RULE}&state=proposed`);
  const several = clerk.locator("tbody tr").filter({ hasText: /[2-9] 人/ });
  await several.first().waitFor(WORK);
  const paths = await several.locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href")!));
  for (const path of paths.slice(0, 6)) {
    await clerk.goto(path);
    await clerk.getByRole("region", { name: "办理经过" }).waitFor(WORK);
    await clerk.waitForLoadState("networkidle");
    if ((await clerk.getByRole("region", { name: "没有列入的" }).count()) > 0) return;
  }
  throw new Error("no workshop is partly eligible");
}
