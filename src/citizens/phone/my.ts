/** 我的: at the telephone, for everybody with one. */
import "./my.css";
import { el, type Child } from "../../platform/browser/dom.ts";
import type { WhoEntered } from "../contract.ts";
import type { CorrectionField } from "../words.ts";
import { RefusedError, send, setAccount, whoIs } from "./api.ts";
import { goOn, show, showAt, stood } from "./screen.ts";
import { benefitLinkPage, readBenefit } from "./benefit-link.ts";
import { benefitPage } from "./benefit-page.ts";
import { benefitsPage, progressForm } from "./benefits.ts";
import { enterUnder, entrance, realName } from "./entrance.ts";
import { enterprisePage, membershipsPage } from "./enterprise.ts";
import { messageOf, offerEntrance } from "./form.ts";
import { linkPage, readLink } from "./link.ts";
import { privacyPage } from "./privacy-page.ts";
import { correctionsPage, dataPage, mandatesPage, openingsPage } from "./pages.ts";

const tabs = [
  ["data", "我的信息"],
  ["benefits", "我的补贴"],
  ["openings", "谁查看过"],
  ["corrections", "更正申请"],
  ["mandates", "代办授权"],
  ["privacy", "同意与删除"],
  ["enterprise", "企业"],
] as const;
type Tab = (typeof tabs)[number][0];

let tab: Tab = "data";
/** The claim that is looked at, of those under 我的补贴. */
let claim = "";
let wanted: CorrectionField | null = null;
let token = "";
let benefit = "";

/** The address says where one is (`#benefits/12`), so that the telephone's own way back works. */
function readAddress(): void {
  const { hash, pathname } = location;
  const secret = /^#(link|benefit)=([\w-]{43})$/.exec(hash);
  // Out of the address at once: it must not stay in the history or be sent on.
  if (secret) history.replaceState(null, "", pathname);
  if (secret && secret[1] === "link") token = secret[2]!;
  if (secret && secret[1] === "benefit") benefit = secret[2]!;
  const [name = "", number = ""] = hash.slice(1).split("/");
  const found = tabs.filter(([one]) => one === name)[0];
  tab = found ? found[0] : pathname.slice(-9) === "/benefits" ? "benefits" : "data";
  claim = tab === "benefits" && /^\d+$/.test(number) ? number : "";
  wanted = null;
}

function go(to: Tab, { number = "", field = null }: { number?: string; field?: CorrectionField | null } = {}): void {
  goOn(`#${to}${number === "" ? "" : `/${number}`}`);
  readAddress();
  wanted = field;
  void begin();
}

function bar(account: NonNullable<WhoEntered["account"]>): HTMLElement {
  return el(
    "div",
    { class: "my-bar" },
    el(
      "span",
      { class: "my-who" },
      account.enterprise ? account.enterprise.name : `${account.name || ""} ${account.phoneMask}`,
    ),
    el(
      "button",
      {
        type: "button",
        class: "my-leave",
        onclick: () => {
          const out = () => begin();
          void send("sign-out", {}).then(out, out);
        },
      },
      "退出",
    ),
  );
}

function navigation(forEnterprise: boolean): HTMLElement {
  const shown = forEnterprise ? tabs.filter(([name]) => name === "enterprise" || name === "benefits") : tabs;
  // An enterprise has two of them, and its record is the other.
  const current = forEnterprise && tab !== "benefits" ? "enterprise" : tab;
  return el(
    "nav",
    { class: "my-tabs", "aria-label": "我的" },
    shown.map(([name, label]) =>
      el(
        "button",
        {
          type: "button",
          "aria-current": name === current ? "page" : undefined,
          onclick: () => go(name),
        },
        label,
      ),
    ),
  );
}

function ownBenefits(again: () => Promise<void>): Promise<Child> {
  return claim === ""
    ? benefitsPage((number) => go("benefits", { number }), again)
    : benefitPage(claim, {
        back: () => go("benefits"),
        again,
        mendAccount: () => go("corrections", { field: "bank_account" }),
      });
}

async function pageOf(account: NonNullable<WhoEntered["account"]>): Promise<Child> {
  const again = () => begin();
  /** After an act in the middle of a page. */
  const here = () => begin(window.scrollY);
  if (tab === "benefits" && (account.enterprise || account.name !== null)) return ownBenefits(again);
  if (account.enterprise) return enterprisePage(again);
  if (tab === "enterprise") return membershipsPage(account, again);
  if (account.name === null) return realName(again);
  if (tab === "openings") return openingsPage();
  if (tab === "privacy") return privacyPage(here);
  if (tab === "mandates") return mandatesPage(here);
  if (tab === "corrections") return correctionsPage(wanted, again);
  return dataPage((field) => go("corrections", { field }));
}

/** What a link of a message opens; it stays good while it could not be read. */
async function linked(signedIn: boolean, demo: boolean): Promise<boolean> {
  if (token !== "") {
    const used = token;
    const link = await readLink(used);
    const page = linkPage(used, link, signedIn, async () => {
      token = "";
      await begin();
    });
    if (link.purpose === "bind-account" && !signedIn) show(page, entrance(demo, "", begin));
    else show(page);
    return true;
  }
  if (benefit === "") return false;
  const used = benefit;
  const told = await readBenefit(used);
  benefit = "";
  show(benefitLinkPage(used, told));
  return true;
}

/** Of two that are under way, the one asked for last is shown. */
let turn = 0;

async function begin(top = 0): Promise<void> {
  turn += 1;
  const mine = turn;
  try {
    const { account, demo } = await whoIs();
    offerEntrance(enterUnder(demo, begin));
    if (await linked(account !== null, demo)) return;
    if (!account) return show(entrance(demo, "", begin), progressForm());
    const page = await pageOf(account);
    if (turn !== mine) return;
    showAt(
      top,
      bar(account),
      account.name === null && !account.enterprise
        ? null
        : el("a", { class: "my-button primary my-link", href: "/my/apply" }, "申请补贴"),
      navigation(account.enterprise !== null),
      page,
    );
    const current = document.querySelector(".my-tabs [aria-current]");
    if (current) current.scrollIntoView({ block: "nearest", inline: "center" });
  } catch (cause) {
    if (turn !== mine) return;
    const status = cause instanceof RefusedError ? cause.refused.status : 500;
    if (status === 401) {
      setAccount(null);
      return show(entrance(false, "太久没有操作，登录已失效，请重新登录。", begin));
    }
    // A link that is gone does not come back; one that did not get through is tried once more.
    const gone = (token !== "" || benefit !== "") && status > 0 && status < 429;
    if (gone) {
      token = "";
      benefit = "";
    }
    show(
      el("h1", { tabindex: -1 }, gone ? "链接打不开了" : "没有打开"),
      el("p", { class: "problem", role: "alert" }, messageOf(cause)),
      el(
        "button",
        { type: "button", class: "my-button primary", onclick: () => void begin() },
        gone ? "登录“我的”看看" : "再试一次",
      ),
    );
  }
}

window.addEventListener("popstate", () => {
  readAddress();
  void begin(stood());
});
readAddress();
void begin();
