import { Command } from "commander";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { callerByLogin } from "../acting.ts";
import { duties, dutyLabels, listOfficers } from "../contract.ts";
import type { CommandActs } from "../../platform/module.ts";
import { addOfficer, Browser, modules, PASSWORD, signedIn, testSite, type TestSite } from "../fixtures.ts";
import { identityModule } from "../module.ts";
import { passwordFaults } from "../sessions/password-rules.ts";
import { demoAccounts, demoPassword } from "./accounts.ts";
import { demoAnnouncement } from "./announcement.ts";

describe("a demo installation", () => {
  let site: TestSite;
  beforeAll(async () => {
    site = await testSite({ demo: true });
    await identityModule.seedDemo?.(site.runtime);
    // A first start that was killed is repeated.
    await identityModule.seedDemo?.(site.runtime);
  });
  afterAll(() => site.close());

  test("every listed account signs in with the one password, and finds its name and duty", async () => {
    for (const account of demoAccounts) {
      const browser = new Browser(site.server);
      expect([account.login, (await browser.signIn(account.login, demoPassword)).body]).toEqual([
        account.login,
        { mustChangePassword: false, secondFactor: null },
      ]);
      expect((await browser.openPage()).officer).toMatchObject({
        name: account.name,
        organisation: account.organisation,
        dutyLabels: account.dutyLabels,
      });
    }
  });

  test("the sign-in page is told the accounts", async () => {
    const page = await new Browser(site.server).openPage();
    expect(page).toMatchObject({ demo: true, officer: null, demoAccess: { password: demoPassword } });
    expect(page.demoAccess?.accounts).toHaveLength(demoAccounts.length);
  });

  test("each county has its own administrators, who see its accounts and no other county's", async () => {
    for (const [login, prefix] of [
      ["hunan-system", "43"],
      ["shandong-system", "37"],
      ["gansu-system", "62"],
    ] as const) {
      const browser = new Browser(site.server);
      await browser.signIn(login, demoPassword);
      const { body } = await browser.ask(listOfficers, { size: 200 });
      expect(body.total).toBe(16);
      expect(body.rows.filter((row) => !row.region.startsWith(prefix))).toEqual([]);
    }
  });

  test("all duties occur, names are all there and different, and nobody could choose the printed password elsewhere", () => {
    const shown = new Set(demoAccounts.flatMap((account) => account.dutyLabels));
    expect([...shown].toSorted()).toEqual(duties.map((duty) => dutyLabels[duty]).toSorted());
    expect(new Set(demoAccounts.map((account) => account.name)).size).toBe(demoAccounts.length);
    expect(new Set(demoAccounts.map((account) => account.login)).size).toBe(demoAccounts.length);
    expect(passwordFaults(demoPassword, "somebody").join()).toContain("猜到");
  });
});

describe("the command line", () => {
  let site: TestSite;
  let printed: string[];
  beforeAll(async () => {
    site = await testSite();
  });
  beforeEach(() => {
    printed = [];
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      printed.push(String(text));
      return true;
    });
    return () => void vi.restoreAllMocks();
  });
  afterAll(() => site.close());

  const refused = () => Promise.reject(new Error("the user commands run no act of another domain"));
  const noActs: CommandActs = { run: refused, finish: refused };

  async function run(...words: string[]) {
    const program = new Command().exitOverride();
    identityModule.commands?.(program, async () => site.runtime, noActs);
    await program.parseAsync(["user", ...words], { from: "user" });
    return printed.at(-1) ?? "";
  }
  const place = ["--organisation", "花垣县人力资源和社会保障局", "--region", "433124"];

  test("makes the first administrator of an installation, who then works in the browser", async () => {
    const output = JSON.parse(
      await run("create", "--login", "first.admin", "--name", "罗文涛", ...place, "--duty", "system-admin", "--json"),
    );
    expect(output.login).toBe("first.admin");
    const browser = new Browser(site.server);
    expect(await browser.signIn("first.admin", output.oneTimePassword)).toMatchObject({
      body: { mustChangePassword: true },
    });
    const { rows } = await site.owner.query(
      "SELECT officer_id, officer_name, region, outcome FROM audit.entry WHERE act = '新增用户'",
    );
    expect(rows).toMatchObject([
      { officer_id: null, officer_name: expect.stringContaining("命令行"), region: "433124", outcome: "done" },
    ]);
  });

  test("uses the organisation that is there, and takes several duties", async () => {
    await run("create", "--login", "second.one", "--name", "石建华", ...place, "--duty", "county-clerk", "reviewer");
    expect(printed.at(-1)).toContain("已新增用户 second.one。一次性密码");
    const { rows } = await site.owner.query(
      "SELECT count(*)::int AS n FROM identity.organisation WHERE name = '花垣县人力资源和社会保障局'",
    );
    expect(rows).toEqual([{ n: 1 }]);
  });

  test("refuses what the screen would refuse, in a sentence", async () => {
    const create = (login: string, ...rest: string[]) => run("create", "--login", login, "--name", "某某", ...rest);
    await expect(create("a b", ...place, "--duty", "finance")).rejects.toThrow("登录名为 3 至 40 位");
    await expect(create("third.one", ...place, "--duty", "system-admin", "finance")).rejects.toThrow(
      "不得兼任业务职责",
    );
    await expect(create("third.one", ...place, "--duty", "king")).rejects.toThrow();
    await expect(create("first.admin", ...place, "--duty", "finance")).rejects.toThrow("已被使用");
    await expect(
      create("third.one", "--organisation", "某局", "--region", "999999", "--duty", "finance"),
    ).rejects.toThrow("没有代码为 999999 的区划");
    await expect(run("deactivate", "nobody")).rejects.toThrow("没有找到登录名为 nobody 的用户");
  });

  test("resets a password, which lifts locks and ends sessions", async () => {
    const officer = await addOfficer(site.owner);
    const browser = await signedIn(site.server, officer.login);
    await site.owner.query(
      "UPDATE identity.officer SET locked_until = now() + interval '10 minutes' WHERE officer_id = $1",
      [officer.officerId],
    );
    const { oneTimePassword } = JSON.parse(await run("reset-password", officer.login, "--json"));
    expect((await browser.openPage()).officer).toBeNull();
    expect(await browser.signIn(officer.login, PASSWORD)).toMatchObject({ problem: "identity.wrong-password" });
    expect(await browser.signIn(officer.login, oneTimePassword)).toMatchObject({ body: { mustChangePassword: true } });
  });

  test("acts for an officer with his permissions and sight, naming the operator; not for one who may not sign in", async () => {
    const officer = await addOfficer(site.owner, { region: "433124110", duties: ["town-officer"] });
    expect(await callerByLogin(site.runtime, modules, officer.login)).toMatchObject({
      officerId: officer.officerId,
      name: expect.stringMatching(/^测试人员\d+（命令行 .+）$/),
      permissions: new Set([
        "registry.read",
        "registry.edit",
        "registry.unmask",
        "registry.export",
        "registry.compare",
        "registry.employers",
      ]),
      sight: { region: "433124110", administers: null, audits: false, officerId: officer.officerId },
      session: null,
    });
    await run("deactivate", officer.login);
    await expect(callerByLogin(site.runtime, modules, officer.login)).rejects.toThrow("已停用");
    await expect(callerByLogin(site.runtime, modules, "nobody")).rejects.toThrow("没有找到");
  });

  test("stops an account and lists all", async () => {
    const officer = await addOfficer(site.owner, { region: "433125" });
    const browser = await signedIn(site.server, officer.login);
    expect(await run("deactivate", officer.login)).toContain("已停用");
    expect((await browser.openPage()).officer).toBeNull();
    const users = JSON.parse(await run("list", "--region", "433125", "--json"));
    expect(users).toMatchObject([{ login: officer.login, active: false, duties: ["county-clerk"] }]);
    expect(await run("list")).toContain("台账与补贴经办");
  });
});

describe("what the start says", () => {
  const lines = demoAnnouncement((region) => (region?.startsWith("3708") ? "2023-06-18" : "2025-06-18"));
  test("names each account with its duty, one below the other", () => {
    const clerk = lines.find((line) => line.includes(" huayuan "))!;
    expect(clerk).toMatch(/^ {4}huayuan +向晓岚 +台账与补贴经办 +花垣县人力资源和社会保障局$/);
    for (const account of demoAccounts)
      expect(lines.some((line) => line.includes(account.name) && line.includes(account.dutyLabels[0]!))).toBe(true);
  });
  test("says where the business date is another", () => {
    expect(lines[0]).toContain("业务日期 2025-06-18（济宁市 2023-06-18）");
    expect(demoAnnouncement(() => "2025-06-18")[0]).not.toContain("（济宁");
  });
});
