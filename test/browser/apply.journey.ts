import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { PHONE_PAGE_BUDGET_KB, lightPageSize } from "../../scripts/build-web.ts";
import { faultsOfPages, says, scrollsSideways, violations, WORK, type Office } from "./office.ts";
import { openOutbox, signInAtPhone } from "./telephone.ts";

/** A photograph as a telephone would send it; each has other bytes. */
let taken = 0;
function photo(office: Office): string {
  const path = join(office.folder, `车票${++taken}.png`);
  writeFileSync(path, Buffer.concat([Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), Buffer.from(`${taken}`)]));
  return path;
}

/** Hands over what the measures ask for by name, until nothing is called for any more. */
async function attachAll(office: Office, page: Page, box: string): Promise<void> {
  for (;;) {
    const wanted = page.locator(box).first();
    if ((await wanted.count()) === 0) return;
    const before = await page.locator(box).count();
    await wanted.locator("input[type=file]").first().setInputFiles(photo(office));
    await expect.poll(() => page.locator(box).count(), WORK).toBeLessThan(before);
  }
}

/** From what there is for somebody to the claim at the desk: at the telephone, at the counter, for another county. */
export function applyJourney(office: () => Office): void {
  describe("applying for a subsidy", () => {
    test("a citizen applies at the telephone for what one event of life opens, with a photograph", async () => {
      const outbox = await openOutbox(office());
      const citizen = await outbox.citizen(0);
      const page = await signInAtPhone(office(), outbox.page, citizen);
      await page.getByRole("link", { name: "申请补贴" }).click();
      await page.getByRole("heading", { level: 1, name: "申请补贴" }).waitFor(WORK);
      await says(page, `${citizen.name}，您好`);
      expect(await violations(page)).toEqual([]);
      expect(await scrollsSideways(page)).toBe(false);
      await page.getByRole("button", { name: "办“外出务工”" }).click();
      await page.getByRole("heading", { level: 1, name: "外出务工" }).waitFor(WORK);
      expect(await violations(page)).toEqual([]);
      expect(await scrollsSideways(page)).toBe(false);
      await page.getByRole("button", { name: "提交申请" }).click();
      await says(page, "请先勾选承诺，再提交。");
      await page.getByLabel(/我承诺所填属实/).check();
      await page.getByRole("button", { name: "提交申请" }).click();
      await says(page, /还缺材料：/);
      const where = page.getByLabel("在省外、省内外县还是县内务工？");
      const isAsked = await where.isVisible();
      if (isAsked) await where.selectOption("省外");
      await attachAll(office(), page, '.my-row:has-text("必须附") >> nth=0');
      // What was chosen and not sent yet is there after the page has been drawn anew with the photograph.
      if (isAsked) expect(await where.inputValue()).toBe("省外");
      expect(await page.getByLabel(/我承诺所填属实/).isChecked()).toBe(true);
      await page.getByRole("button", { name: "提交申请" }).click();
      await says(page, /已提交，编号 SQ433124-\d{8}/);
      expect(await violations(page)).toEqual([]);
      const number = /SQ433124-\d{8}/.exec(await page.locator("main").innerText())![0];
      await page.getByRole("button", { name: /回到可申请的项目/ }).click();
      await says(page, number);

      const clerk = await office().signIn("huayuan");
      await clerk.goto("/applications?view=lodged");
      await clerk.getByRole("link", { name: citizen.name }).first().click();
      await says(clerk, "本人网上申请");
      await says(clerk, "一件事，一次填报，各立一件");
      await says(clerk, /待核实登记|已立件/);
      await clerk.context().close();
      await page.context().close();
      await outbox.page.context().close();
    });

    test("an officer applies for a villager at the counter, goes on with the draft later, and sends what waits to the register", async () => {
      const outbox = await openOutbox(office());
      const citizen = await outbox.citizen(2);
      const clerk = await office().signIn("huayuan");
      await clerk.goto("/applications/new");
      await clerk.getByLabel("姓名、身份证号或手机号").fill(citizen.identity);
      await clerk.getByRole("button", { name: "查找" }).click();
      await clerk.getByRole("button", { name: `为${citizen.name}申请` }).click();
      await clerk.getByRole("checkbox", { name: "外出务工一次性交通补助" }).check();
      await clerk.getByLabel("凭据").fill("柜台本人在场，已核身份证");
      await clerk.getByRole("button", { name: "开始填报" }).click();
      await clerk.getByRole("heading", { level: 1, name: new RegExp(citizen.name) }).waitFor(WORK);
      const place = new URL(clerk.url()).pathname;
      expect(await faultsOfPages(clerk, [place])).toEqual([]);
      await clerk.setViewportSize({ width: 1366, height: 768 });
      await clerk.goto("/applications?view=drafts");
      await clerk.getByRole("link", { name: citizen.name }).first().click();
      await clerk.locator("input[type=file]").first().setInputFiles(photo(office()));
      await says(clerk, "已附");
      await clerk.getByRole("checkbox", { name: /已告知申请人/ }).check();
      await clerk.getByRole("button", { name: "提交申请" }).click();
      await says(clerk, /已提交/);
      await says(clerk, /待核实登记|已立件/);
      await clerk.context().close();
      await outbox.page.context().close();
    });

    test("a county takes an application for another, which acknowledges it; the taker sees the state and not the case", async () => {
      const outbox = await openOutbox(office());
      const citizen = await outbox.citizen(2);
      const taker = await office().signIn("sishui");
      await taker.goto("/applications/elsewhere");
      await taker.getByLabel("姓名").fill(citizen.name);
      await taker.getByLabel("公民身份号码").fill(citizen.identity);
      for (const name of ["湖南省", "湘西土家族苗族自治州"])
        await (await division(taker, name)).locator(".ant-select-tree-switcher").click();
      await (await division(taker, "花垣县")).locator(".ant-select-tree-title").click();
      await taker.getByRole("checkbox", { name: "一次性创业补贴" }).check();
      await taker.getByLabel("凭据").fill("柜台本人在场，已核身份证");
      await taker.getByRole("button", { name: "开始填报" }).click();
      await taker.getByRole("heading", { level: 1, name: new RegExp(citizen.name) }).waitFor(WORK);
      expect(await taker.locator("main").innerText()).not.toContain(citizen.identity);
      // What has to be brought is chosen already, one after the other.
      const wanted = taker.getByText("必须附", { exact: true });
      for (let left = await wanted.count(); left > 0; left--) {
        await taker.locator("input[type=file]").setInputFiles(photo(office()));
        await expect.poll(() => wanted.count(), WORK).toBe(left - 1);
      }
      await taker.getByRole("checkbox", { name: /已告知申请人/ }).check();
      await taker.getByRole("button", { name: "提交并转办" }).click();
      await says(taker, "已转出，待签收");

      const payer = await office().signIn("huayuan");
      await payer.goto("/applications?view=received");
      await payer.getByRole("link", { name: citizen.name }).first().click();
      await payer.getByRole("button", { name: "签收" }).click();
      await says(payer, /待核实登记|已立件|不符合/);
      await taker.reload();
      await says(taker, "已签收");
      expect(await taker.getByRole("link", { name: /^BT/ }).count()).toBe(0);
      for (const page of [taker, payer, outbox.page]) await page.context().close();
    });

    test("the pages break no rule of accessibility and scroll sideways nowhere", async () => {
      const clerk = await office().signIn("huayuan");
      const pages = ["/applications", "/applications/new", "/applications/elsewhere", "/prepayments"];
      expect(await faultsOfPages(clerk, pages)).toEqual([]);
      await clerk.context().close();
    });

    test("the telephone's page is light enough for an old telephone", () => {
      expect(lightPageSize("src/citizens/phone/apply.ts")).toBeLessThan(PHONE_PAGE_BUDGET_KB);
    });
  });
}

/** A division in the open tree, which draws only what is in sight. */
async function division(page: Page, name: string): Promise<Locator> {
  if ((await page.locator(".ant-select-tree").count()) === 0) await page.getByLabel("由哪里办理").last().click();
  const node = page
    .locator(".ant-select-tree-treenode")
    .filter({ has: page.locator(`.ant-select-tree-title:text-is("${name}")`) });
  await page.locator(".ant-select-tree-list-holder").hover();
  await expect
    .poll(async () => {
      if ((await node.count()) > 0) return true;
      await page.mouse.wheel(0, 150);
      return false;
    }, WORK)
    .toBe(true);
  return node;
}
