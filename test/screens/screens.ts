import type { Page } from "playwright-core";

export interface Screen {
  readonly name: string;
  readonly path: string;
  /** The whole page, not only what fits. */
  readonly whole?: boolean;
  readonly act?: (page: Page) => Promise<void>;
  /** Answers with a refusal instead. */
  readonly refuse?: (path: string) => { status: number; body: { code: string; message: string } } | null;
}

export const screens: readonly Screen[] = [
  { name: "workbench", path: "/" },
  {
    name: "workbench-search",
    path: "/",
    act: (page) =>
      page.keyboard
        .press("/")
        .then(() => page.keyboard.type("龙建平", { delay: 10 }))
        .then(() => page.waitForTimeout(900)),
  },
  { name: "batches", path: "/ledger" },
  { name: "batches-empty", path: "/ledger?month=2024-01" },
  {
    name: "batches-problem",
    path: "/ledger",
    act: (page) => page.getByRole("alert").first().waitFor(),
    refuse: (path) =>
      path === "/api/ledger/batches"
        ? { status: 503, body: { code: "platform.busy", message: "系统繁忙，本次操作未执行，请稍后重试。" } }
        : null,
  },
  { name: "receive", path: "/ledger/receive?month=2025-08" },
  { name: "mapping", path: "/ledger/13", whole: true },
  { name: "check", path: "/ledger/12?step=check", whole: true },
  { name: "compare", path: "/ledger/12?region=433124105" },
  { name: "compare-whole", path: "/ledger/12", whole: true },
  { name: "compare-approve", path: "/ledger/15" },
  {
    name: "compare-confirm",
    path: "/ledger/12",
    act: (page) => page.getByRole("button", { name: "应用 717 处" }).first().click(),
  },
  { name: "busy", path: "/ledger/14" },
  { name: "applied", path: "/ledger/8" },
  {
    name: "undo",
    path: "/ledger/8",
    act: (page) =>
      page
        .getByRole("button", { name: "撤销整批" })
        .click()
        .then(() => page.waitForTimeout(400)),
  },
  { name: "undone", path: "/ledger/6" },
  { name: "refused", path: "/ledger/5" },
  { name: "forbidden", path: "/officers" },
  { name: "missing", path: "/nowhere" },
  {
    name: "left-off",
    path: "/ledger/12?region=433124105&kind=changed",
    act: (page) =>
      page
        .getByRole("link", { name: "稳岗，回工作台" })
        .click()
        .then(() => page.waitForTimeout(600)),
  },
  { name: "user-menu", path: "/ledger", act: (page) => page.getByRole("button", { name: /我的账号/ }).click() },
  { name: "notices", path: "/ledger", act: (page) => page.getByRole("button", { name: /^通知/ }).click() },
  {
    name: "keyboard",
    path: "/ledger",
    act: async (page) => {
      for (let press = 0; press < 14; press += 1) await page.keyboard.press("Tab");
    },
  },
  {
    name: "drawer",
    path: "/ledger",
    act: async (page) => {
      const menu = page.getByRole("button", { name: "打开导航" });
      if (await menu.isVisible()) await menu.click();
    },
  },
];
