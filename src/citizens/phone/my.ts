/** 我的: at the telephone, for everybody with one. */
import "./my.css";
import { el, type Child } from "../../platform/browser/dom.ts";
import type { WhoEntered } from "../contract.ts";
import type { CorrectionField } from "../words.ts";
import { read, RefusedError, send, setToken } from "./api.ts";
import { show } from "./screen.ts";
import { benefitLinkPage, readBenefit } from "./benefit-link.ts";
import { benefitPage, benefitsPage, progressForm } from "./benefits.ts";
import { entrance, realName } from "./entrance.ts";
import { enterprisePage, membershipsPage } from "./enterprise.ts";
import { messageOf } from "./form.ts";
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

let tab: Tab = location.pathname.endsWith("/benefits") ? "benefits" : "data";
/** The claim that is looked at, of those under 我的补贴. */
let claim = "";
let wanted: CorrectionField | null = null;
/** Of the address, and out of it at once: it must not stay in the history or be sent on. */
let token = (/^#link=([\w-]{43})$/.exec(location.hash) || [])[1] || "";
let benefit = (/^#benefit=([\w-]{43})$/.exec(location.hash) || [])[1] || "";
if (token || benefit) history.replaceState(null, "", location.pathname);

function bar(account: NonNullable<WhoEntered["account"]>): HTMLElement {
  return el(
    "div",
    { class: "my-bar" },
    el("span", {}, account.enterprise ? account.enterprise.name : `${account.name || ""} ${account.phoneMask}`),
    el(
      "button",
      {
        type: "button",
        class: "my-leave",
        onclick: () => {
          void send("sign-out", {}).then(begin, begin);
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
          onclick: () => {
            tab = name;
            wanted = null;
            claim = "";
            void begin();
          },
        },
        label,
      ),
    ),
  );
}

function ownBenefits(): Promise<Child> {
  const go = (to: string) => {
    claim = to;
    void begin();
  };
  return claim
    ? benefitPage(
        claim,
        () => go(""),
        () => void begin(),
      )
    : benefitsPage(go, () => void begin());
}

async function pageOf(account: NonNullable<WhoEntered["account"]>): Promise<Child> {
  if (tab === "benefits" && (account.enterprise || account.name !== null)) return ownBenefits();
  if (account.enterprise) return enterprisePage(begin);
  if (tab === "enterprise") return membershipsPage(account, begin);
  if (account.name === null) return realName(begin);
  if (tab === "openings") return openingsPage();
  if (tab === "privacy") return privacyPage(() => void begin());
  if (tab === "mandates") return mandatesPage(() => void begin());
  if (tab === "corrections") {
    const field = wanted;
    wanted = null;
    return correctionsPage(field, () => void begin());
  }
  return dataPage((field) => {
    tab = "corrections";
    wanted = field;
    void begin();
  });
}

async function begin(): Promise<void> {
  try {
    const { account, demo } = await read<WhoEntered>("me");
    setToken(account ? account.csrf : "");
    if (token) {
      const used = token;
      const link = await readLink(used);
      const page = linkPage(used, link, account !== null, async () => {
        token = "";
        await begin();
      });
      if (link.purpose === "bind-account" && !account) return show(page, entrance(demo, "", begin));
      return show(page);
    }
    if (benefit) {
      const used = benefit;
      benefit = "";
      return show(benefitLinkPage(used, await readBenefit(used)));
    }
    if (!account) return show(entrance(demo, "", begin), progressForm());
    const page = await pageOf(account);
    show(
      bar(account),
      account.name === null && !account.enterprise
        ? null
        : el("a", { class: "my-button primary my-link", href: "/my/apply" }, "申请补贴"),
      navigation(account.enterprise !== null),
      page,
    );
  } catch (cause) {
    token = "";
    benefit = "";
    if (cause instanceof RefusedError && cause.refused.status === 401) {
      setToken("");
      return show(entrance(false, "登录已失效，请重新登录。", begin));
    }
    show(
      el("h1", { tabindex: -1 }, "没有打开"),
      el("p", { class: "problem", role: "alert" }, messageOf(cause)),
      el("button", { type: "button", class: "my-button primary", onclick: () => void begin() }, "再试一次"),
    );
  }
}

void begin();
