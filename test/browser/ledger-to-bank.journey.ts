import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { cellText, isProblem, openSheets } from "../../src/platform/sheets/index.ts";
import { gather, historyOf, numberOf, publish, step } from "./claim-steps.ts";
import { answer, toTheBank } from "./money-desks.ts";
import {
  applyBatch,
  demoFile,
  faultsOfPages,
  pressAndConfirm,
  says,
  scrollsSideways,
  violations,
  waitingRows,
  WORK,
  type Office,
} from "./office.ts";
import { openOutbox, PHONE, signInAtPhone, type Citizen } from "./telephone.ts";

const MEASURE = "灵活就业社会保险补贴";
const RULE = "flexible-social-insurance";
/** 412.37 of pension and 186.50 of health insurance, of which two thirds come back: to the fen, and the last one rounded up. */
const PENSION = "412.37";
const HEALTH = "186.50";
const AMOUNT = "399.25";
const FUND = /就业专项资金/;
const TURNED_BACK = "账户状态异常，请核对后重发";

/**
 * 免于申请，从台账到回盘: the agency's table of a month says that somebody who works flexibly has paid contributions; he is found, says yes at his
 * telephone, and is paid, though the bank turns the first payment back (银行退回重发). `later`: a day after the lists.
 */
export function ledgerToBankJourney(
  office: () => Office,
  later: string,
  toLaterDay: (date: string) => Promise<void>,
): void {
  describe("a month's ledger pays somebody who never applied", () => {
    let clerk: Page;
    let finance: Page;
    /** Who signs what finance has built. */
    let hands: readonly [Page, Page];
    let citizen: Citizen;
    let person: string;
    let claim: string;
    let number: string;

    test("the agency's table is received as it is, one amount is repaired by hand, and it is applied", async () => {
      clerk = await office().signIn("huayuan");
      [citizen, person] = await somebodyUninsured(clerk, await demoFile(office(), clerk, "务工"));
      const file = join(office().folder, "花垣县2025年5月灵活就业人员社会保险缴费明细.csv");
      const row = (kind: string, paid: string) =>
        `${citizen.name},${citizen.identity},灵活就业人员,${kind},202505,0,${paid},已缴费`;
      writeFileSync(
        file,
        [
          "姓名,身份证号,参保单位,险种,费款所属期,单位缴费（元）,个人缴费（元）,缴费状态",
          row("企业职工基本养老保险", "四百余元"),
          row("职工医疗", HEALTH),
        ].join("\n"),
      );
      await clerk.goto("/ledger/receive?kind=social-insurance");
      await clerk.getByLabel("移交单位").fill("花垣县社会保险服务中心");
      await clerk.locator("input[type=file]").setInputFiles(file);
      await clerk.waitForURL(/\/ledger\/\d+/, WORK);
      expect(await waitingRows(clerk)).toBe(1);
      const batch = new URL(clerk.url()).pathname;
      await clerk.goto(`${batch}?step=check&severity=waiting&code=wage-unreadable`);
      await clerk.getByRole("button", { name: "填写" }).first().click();
      await clerk.getByRole("textbox", { name: /的正确值$/ }).fill(PENSION);
      await clerk.keyboard.press("Enter");
      await expect.poll(() => waitingRows(clerk), { ...WORK, interval: 500 }).toBe(0);
      await clerk.goto(batch);
      await applyBatch(clerk);
    });

    test("the screening of the batch finds him, and a claim is made of it, with its facts and its sentence", async () => {
      await clerk.goto(person);
      const entitled = clerk
        .getByRole("region", { name: "政策待遇" })
        .getByRole("article")
        .filter({ hasText: MEASURE });
      await entitled.waitFor(WORK);
      expect(await entitled.innerText()).toMatch(new RegExp(`^符合\\s*${MEASURE}\\s*${AMOUNT} 元`));
      // The batch is screened in its turn: what is gathered before that holds him not yet.
      const own = clerk.locator("tbody a");
      let found = 0;
      for (let tries = 0; tries < 5 && found === 0; tries++) {
        await gather(clerk);
        await clerk.goto(`/claims?rule=${RULE}&state=proposed&search=${encodeURIComponent(citizen.name)}`);
        await own.or(clerk.getByText("没有符合这些条件的记录")).first().waitFor(WORK);
      }
      await own.first().click();
      await clerk.waitForURL(/\/claims\/\d+/, WORK);
      claim = new URL(clerk.url()).pathname;
      number = await numberOf(clerk);
      await says(clerk, "本人");
      const facts = clerk.getByRole("region", { name: "办理", exact: true });
      expect(await facts.innerText()).toContain(`${AMOUNT} 元`);
      await clerk.getByText(/^\d+ 条条件的事实$/).click();
      await says(clerk, new RegExp(`${PENSION} 元`));
      await says(clerk, /脱贫人口通过临时性、非全日制、季节性、弹性工作/);
      expect(await faultsOfPages(clerk, [claim])).toEqual([]);
      await clerk.setViewportSize({ width: 1366, height: 768 });
    });

    test("he says yes at his telephone", async () => {
      const outbox = await openOutbox(office());
      const page = await signInAtPhone(office(), outbox.page, citizen, true);
      const card = page.locator(".my-benefit").filter({ hasText: number });
      await card.getByText(`${AMOUNT} 元`).waitFor(WORK);
      await card.getByRole("button").click();
      await page.getByRole("button", { name: "确认领取" }).click();
      await says(page, "本人确认（本人账号）");
      expect(await scrollsSideways(page)).toBe(false);
      await page.context().close();
      await outbox.page.context().close();
    });

    test("one officer takes it in and examines it, another approves it, and it hangs out for everybody to read", async () => {
      await clerk.goto(claim);
      await step(clerk, "受理");
      await step(clerk, "初审通过");
      expect(await clerk.getByRole("button", { name: "复核通过" }).count()).toBe(0);
      const reviewer = await office().signIn("huayuan-review");
      await reviewer.goto(claim);
      await step(reviewer, "复核通过");
      await says(reviewer, "待公示");
      await reviewer.context().close();
      await publish(clerk, MEASURE, "花垣县人社局就业股 0743-0000000");
      const visitor = await office().newVisitor(PHONE);
      const page = await visitor.newPage();
      await page.goto("/notices");
      await page.getByRole("link", { name: new RegExp(MEASURE) }).click();
      await says(page, citizen.name);
      const text = await page.getByRole("main").innerText();
      expect(text).toContain(AMOUNT);
      expect(text).not.toContain(citizen.identity);
      await visitor.close();
      await clerk.context().close();
    });

    test("when the days of publicity are over, the desk clears the lists without waiting for the night", async () => {
      await toLaterDay(later);
      clerk = await office().signIn("huayuan");
      await clerk.goto("/publications");
      await pressAndConfirm(clerk, /^办结期满公示/, /^办结 \d+ 份$/);
      await says(clerk, /\d+ 件转待发放；1 份还有未答复的异议/);
      await clerk.goto(claim);
      await says(clerk, "待发放");
    });

    test("a batch goes through three hands to the bank, which turns his payment back, and says why", async () => {
      finance = await office().signIn("huayuan-finance");
      hands = [await office().signIn("huayuan-review"), await office().signIn("xiangxi-leader")];
      const lines = await toTheBank(office(), finance, hands, FUND);
      const own = lines.find(([, name]) => name === citizen.name)!;
      expect(own[4]).toBe(AMOUNT);
      await answer(
        office(),
        finance,
        "回盘一.csv",
        lines.map((one) =>
          one === own
            ? `${one[0]},失败,${one[4]},,${later},${TURNED_BACK}`
            : `${one[0]},成功,${one[4]},J${one[0]},${later},`,
        ),
      );
      await says(finance, `到账 ${lines.length - 1} 笔，退回 1 笔`);
      await says(finance, TURNED_BACK);
      expect(await faultsOfPages(finance, [new URL(finance.url()).pathname])).toEqual([]);
      await finance.setViewportSize({ width: 1366, height: 768 });
      await finance.goto(claim);
      await says(finance, "待发放");
      await says(finance, "银行退回，请核对账户后重发");
    });

    test("the next batch pays him, once, and the books agree", async () => {
      const lines = await toTheBank(office(), finance, hands, FUND);
      expect(lines.map(([, name, , , amount]) => [name, amount])).toEqual([[citizen.name, AMOUNT]]);
      const paid = [`${lines[0]![0]},成功,${AMOUNT},J2-1,${later},`];
      await answer(office(), finance, "回盘二.csv", paid);
      await says(finance, "到账 1 笔，退回 0 笔");
      await says(finance, "已对账");
      await answer(office(), finance, "回盘二再报.csv", paid);
      await says(finance, /到账 0 笔，退回 0 笔，已知 1 笔/);
      for (const hand of hands) await hand.context().close();
    });

    test("his claim is closed, and says who did what; the log says it too, and the fen leads back to the sentence", async () => {
      await finance.goto(claim);
      await says(finance, "已发放");
      await step(finance, "办结");
      await says(finance, "已办结");
      const happened = await historyOf(finance);
      const who = (act: string) => happened.find((one) => one.startsWith(`${act} `));
      expect(happened[0]).toMatch(/^筛查生成 向晓岚 /);
      expect(who("确认申领")).toContain("本人确认（本人账号）");
      for (const act of ["受理", "初审通过", "公示"])
        expect(who(act), act).toContain("向晓岚 花垣县人力资源和社会保障局");
      expect(who("复核通过")).toContain("石建华 花垣县人力资源和社会保障局");
      for (const act of ["编入发放批次", "银行退回", "发放", "办结"])
        expect(who(act), act).toContain("彭立新 花垣县财政局");
      expect(happened.every((one) => one.includes(`${AMOUNT} 元`))).toBe(true);
      await finance.goto(`/trace?of=${number}`);
      await says(finance, /比照就业困难人员按规定给予社会保险补贴/);
      await says(finance, AMOUNT);
      const auditor = await office().signIn("huayuan-audit");
      for (const [act, officer] of [
        ["初审通过", "向晓岚"],
        ["复核通过", "石建华"],
        ["导入银行回盘", "彭立新"],
        ["办结补贴件", "彭立新"],
      ] as const) {
        await auditor.goto(`/audit?act=${encodeURIComponent(act)}`);
        await auditor.getByRole("row").filter({ hasText: officer }).first().waitFor(WORK);
      }
      await auditor.context().close();
      expect(
        await faultsOfPages(finance, [
          "/publications",
          "/batches-of-payment",
          "/funds/progress",
          "/funds/targets",
          "/inspections",
        ]),
      ).toEqual([]);
      await finance.context().close();
    });

    test("his own page and the county's page of him say that it was paid, to the fen", async () => {
      const outbox = await openOutbox(office());
      const page = await signInAtPhone(office(), outbox.page, citizen, true);
      const card = page.locator(".my-benefit").filter({ hasText: number });
      expect(await card.innerText()).toMatch(/2025年6月30日\s*到账/);
      await card.getByRole("button").click();
      await says(page, `${AMOUNT} 元，已到账`);
      expect(await violations(page)).toEqual([]);
      await page.context().close();
      await outbox.page.context().close();
      await clerk.goto(person);
      const paid = clerk.getByRole("region", { name: "补贴办理" }).getByRole("listitem").filter({ hasText: MEASURE });
      await expect.poll(() => paid.innerText(), WORK).toMatch(new RegExp(`已办结[\\s\\S]*${AMOUNT}`));
      await clerk.context().close();
    });
  });
}

/** Columns of the demonstration's table of work. */
const [NAME, IDENTITY, CATEGORY, PHONE_NUMBER, COUNTY, FORM] = [7, 9, 13, 17, 21, 25];

/** Somebody of working age who works flexibly in the county, of whose contributions nothing is on record; and the page of him. */
async function somebodyUninsured(clerk: Page, table: string): Promise<[Citizen, string]> {
  const opened = await openSheets(table);
  if (isProblem(opened)) throw new Error(opened.message);
  await using source = opened;
  for await (const rows of source.rows(0))
    for (const { cells } of rows) {
      const texts = cells.map((cell) => cellText(cell));
      const [name, identity, phone] = [texts[NAME!] ?? "", texts[IDENTITY!] ?? "", texts[PHONE_NUMBER!] ?? ""];
      const isFlexible = texts[FORM!] === "灵活就业" && texts[COUNTY!] === "花垣县" && texts[CATEGORY!] === "脱贫人口";
      if (!isFlexible || !/^\d{6}19(7[5-9]|8\d|9[0-4])\d{7}[\dX]$/.test(identity) || !/^1\d{10}$/.test(phone)) continue;
      const path = await pageOf(clerk, name);
      if (path !== null) return [{ name, identity, phone }, path];
    }
  throw new Error("nobody of the table will do");
}

/** The page of the one person with this name, if his page says nothing of contributions and their subsidy. */
async function pageOf(clerk: Page, name: string): Promise<string | null> {
  await clerk.goto(`/persons?name=${encodeURIComponent(name)}`);
  const found = clerk.locator("tbody a[href^='/persons/']");
  await found.first().waitFor(WORK);
  if ((await found.count()) !== 1) return null;
  const path = (await found.first().getAttribute("href"))!;
  await clerk.goto(path);
  await clerk.getByRole("heading", { name: "每个值从哪来" }).waitFor(WORK);
  await clerk.waitForLoadState("networkidle");
  const text = await clerk.getByRole("main").innerText();
  return text.includes("灵活就业") && !text.includes("社会保险补贴") ? path : null;
}
