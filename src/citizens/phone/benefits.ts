import type { MyBenefits, OwnClaim } from "#subsidies/contract";
import { el, type Child } from "../../platform/browser/dom.ts";
import { dayWords, withDayWords } from "../../platform/day-words.ts";
import { read, send } from "./api.ts";
import { basisCards, nextWords, tone, yuan } from "./benefit-parts.ts";
import { actButton, entry, form, input, moreButton, sureButton } from "./form.ts";

const OVER = ["paid", "closed", "refused", "withdrawn"];
const PAGE = 50;

/** 我的补贴: what is under way or was paid, and what may come. */
export async function benefitsPage(open: (claimId: string) => void, again: () => Promise<void>): Promise<Child> {
  const { rows, total, possible, messages } = await read<MyBenefits>(`benefits?size=${PAGE}`);
  const place = el("div", {});
  const draw = (some: readonly OwnClaim[]) => some.forEach((row) => place.appendChild(card(row, open)));
  draw(rows);
  const more = moreButton(`再看 ${PAGE} 件`, { shown: rows.length, total }, async (page) => {
    const next = await read<MyBenefits>(`benefits?size=${PAGE}&page=${page}`);
    draw(next.rows);
    return next.rows.length;
  });
  return [
    el("h1", { tabindex: -1 }, "我的补贴"),
    el("p", { class: "lead" }, "人社部门发现可以领取的、正在办的和已经发放的，都在这里。"),
    rows.length === 0
      ? el(
          "p",
          { class: "empty" },
          "现在没有正在办的，也没有发放过的补贴。能领什么，可以点上面的“申请补贴”，或者先",
          el("a", { href: "/calculator" }, "算一算"),
          "。",
        )
      : place,
    more,
    possible.length === 0
      ? null
      : [
          el("h2", { class: "divider" }, "还可以享受的"),
          el("p", { class: "my-hint" }, "按现在登记的信息比对，还没有办的。差什么、凭什么，都写在下面。"),
          possible.map((one) =>
            el(
              "div",
              { class: "card" },
              el("p", { class: "tags" }, el("span", { class: "tag not-yet" }, one.outcome)),
              el("h3", {}, one.title),
              one.amountFen === null
                ? null
                : el("p", {}, `约 ${yuan(one.amountFen)}${one.rows > 1 ? `，共 ${one.rows} 项` : ""}`),
              one.lacks.length === 0
                ? null
                : el(
                    "ul",
                    { class: "bullets" },
                    one.lacks.map((words) => el("li", {}, withDayWords(words))),
                  ),
              one.basis.length === 0 ? null : el("details", {}, el("summary", {}, "文件怎么说"), basisCards(one.basis)),
            ),
          ),
        ],
    messages === null ? null : messageWish(messages, again),
  ];
}

function card(row: OwnClaim, open: (claimId: string) => void): HTMLElement {
  return el(
    "div",
    { class: "card my-benefit" },
    el("p", { class: "tags" }, el("span", { class: `tag ${tone(row.state)}` }, row.says)),
    el("h2", {}, row.title),
    el("p", { class: "my-amount" }, yuan(row.amountFen)),
    row.paidOn ? el("p", {}, `${dayWords(row.paidOn)}到账`) : el("p", {}, nextWords(row)),
    el("p", { class: "my-source" }, `编号 ${row.number}，${dayWords(row.receivedOn)}生成`),
    el(
      "button",
      {
        type: "button",
        class: row.state === "proposed" || row.state === "correction" ? "my-button primary" : "my-button",
        "aria-label": `查看${row.title}`,
        onclick: () => open(row.claimId),
      },
      row.state === "proposed"
        ? "查看并确认"
        : row.state === "correction"
          ? "看要补什么"
          : OVER.indexOf(row.state) < 0
            ? "查看进度"
            : "查看",
    ),
  );
}

function messageWish(wanted: boolean, again: () => Promise<void>): HTMLElement {
  const set = (on: boolean) => send("messages", { wanted: on }).then(again);
  return el(
    "div",
    { class: "card" },
    el("h2", {}, "补贴消息"),
    el("p", {}, wanted ? "有可以领取的补贴时，会发消息给您。" : "您选了不再接收补贴消息。"),
    wanted
      ? sureButton("不再接收", "以后有可以领取的补贴，不再发消息给您。确定？", () => set(false))
      : actButton("恢复接收", () => set(true)),
  );
}

/** For whoever has no account: how far a claim is, by its number. */
export function progressForm(): HTMLElement {
  const found = el("div", { role: "status" });
  return el(
    "details",
    { class: "card" },
    el("summary", {}, "不登录，按编号查补贴进度"),
    form({
      button: "查询",
      body: [
        entry(
          "补贴编号",
          input("number", { maxlength: 24, autocapitalize: "characters" }),
          "在消息和文书里，像 BT433124-00000012",
        ),
        entry(
          "证件号码后六位",
          input("lastSix", { maxlength: 6, autocapitalize: "characters" }),
          "单位填统一社会信用代码后六位",
        ),
      ],
      submit: async (values) => {
        const answer = await send<Pick<OwnClaim, "title" | "says" | "next" | "dueOn">>("progress", values);
        while (found.firstChild) found.removeChild(found.firstChild);
        found.appendChild(
          el(
            "div",
            { class: "why" },
            el("p", {}, el("b", {}, `${answer.title}：${answer.says}`)),
            el("p", {}, nextWords(answer)),
          ),
        );
      },
      aside: found,
    }),
  );
}
