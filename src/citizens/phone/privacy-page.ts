import type { MyPrivacy } from "#privacy/contract";
import { el, type Child } from "../../platform/browser/dom.ts";
import { dayWords } from "../../platform/day-words.ts";
import { read, send } from "./api.ts";
import { actButton, entry, form, sureButton } from "./form.ts";
import { moment } from "./words.ts";

const stateWords: Record<MyPrivacy["requests"][number]["state"], string> = {
  waiting: "办理中",
  approved: "已同意，正在删除",
  refused: "未同意",
  withdrawn: "已撤回",
  done: "已删除",
};

/** 同意与删除: what he agreed to apart from all else, and what he asks to be erased. */
export async function privacyPage(again: () => Promise<void>): Promise<Child> {
  const { consents, requests, kept } = await read<MyPrivacy>("privacy");
  const open = requests.some((row) => row.state === "waiting" || row.state === "approved");
  return [
    el("h1", { tabindex: -1 }, "同意与删除"),
    el(
      "p",
      { class: "lead" },
      "哪些信息要单独问您、存多久、怎么用，见",
      el("a", { href: "/privacy" }, "个人信息处理告知"),
      "。",
    ),
    el("h2", {}, "单独同意"),
    consents.map((row) => consentCard(row, again)),
    el("h2", { class: "divider" }, "申请删除"),
    kept.length === 0
      ? el("p", {}, "没有依法还须保存的记录。")
      : el(
          "div",
          { class: "card" },
          el("p", {}, "依法还要保存的，到期以前不能删除："),
          el(
            "ul",
            { class: "bullets" },
            kept.map((row) =>
              el("li", {}, `${row.title}：${row.until ? `存到 ${dayWords(row.until)}` : "还没有结束"}`),
            ),
          ),
        ),
    open
      ? null
      : form({
          button: "申请删除我的信息",
          body: [entry("理由", el("textarea", { name: "reason", rows: 3, maxlength: 300 }), "最迟 15 天答复")],
          submit: async (values) => {
            await send("erasures", values);
            await again();
          },
        }),
    requests.map((row) => requestCard(row, again)),
  ];
}

function consentCard(row: MyPrivacy["consents"][number], again: () => Promise<void>): HTMLElement {
  const given = row.givenAt !== null && row.withdrawnAt === null;
  const says = given
    ? `您已同意，${moment(row.givenAt!)}`
    : row.withdrawnAt
      ? `您已撤回，${moment(row.withdrawnAt)}。您自己填写的已删除`
      : "您没有单独同意过";
  const set = (agree: boolean) => send("consents", { kind: row.kind, given: agree }).then(again);
  return el(
    "div",
    { class: "card" },
    el("h3", {}, row.label),
    el("p", {}, `包括：${row.fields.join("、")}`),
    el("p", { class: "my-source" }, says),
    row.withdrawnAt
      ? null
      : sureButton(
          given ? "撤回同意" : "不同意，删除这些内容",
          `撤回后，登记的${row.label}会被删除，以后报来的也会删除；不影响身份类别。确定？`,
          () => set(false),
        ),
    given ? null : actButton(`同意保存和使用${row.label}`, () => set(true)),
  );
}

function requestCard(row: MyPrivacy["requests"][number], again: () => Promise<void>): HTMLElement {
  return el(
    "div",
    { class: "card" },
    el("p", { class: "tags" }, el("span", { class: "tag" }, stateWords[row.state])),
    el("p", {}, `${dayWords(row.askedOn)}申请删除。理由：${row.reason}`),
    row.answer
      ? el(
          "p",
          { class: "why" },
          `答复：${row.answer}${row.keptUntil ? `（依法保存到 ${dayWords(row.keptUntil)}）` : ""}`,
        )
      : null,
    row.state === "waiting"
      ? [
          el("p", { class: "my-source" }, `最迟 ${dayWords(row.dueOn)} 答复`),
          sureButton("撤回", "撤回删除申请？撤回后可以重新提交。", () =>
            send(`erasures/${row.requestId}/withdraw`, {}).then(again),
          ),
        ]
      : null,
  );
}
