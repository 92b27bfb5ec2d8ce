import { el, type Child } from "../../platform/browser/dom.ts";
import { dayWords } from "../../platform/day-words.ts";
import { correctionFieldLabels, correctionFields } from "../words.ts";
import { send } from "./api.ts";
import { entry, form, input, select } from "./form.ts";
import { moment } from "./words.ts";

interface LinkWords {
  readonly purpose: "bind-account" | "correction";
  readonly person: string;
  readonly organisation: string;
  readonly expiresAt: string;
}

export function readLink(token: string): Promise<LinkWords> {
  return send<LinkWords>("link", { token });
}

/** What a link is for, and the one thing that may be done with it. */
export function linkPage(token: string, link: LinkWords, signedIn: boolean, done: () => Promise<void>): Child {
  const head = [
    el("h1", { tabindex: -1 }, link.purpose === "bind-account" ? "绑定本人账号" : "提交更正申请"),
    el(
      "p",
      { class: "lead" },
      `${link.organisation}发给${link.person}的链接，只能用一次，${moment(link.expiresAt)} 前有效。`,
    ),
  ];
  if (link.purpose === "bind-account") {
    if (!signedIn) return [head, el("p", {}, "请先用您现在的手机号登录。")];
    return [
      head,
      form({
        button: "我就是本人，绑定",
        body: el("p", {}, `绑定后，用这个手机号登录就能看到${link.person}的信息。不是本人请勿操作。`),
        submit: async () => {
          await send("link/bind", { token });
          await done();
        },
      }),
    ];
  }
  return [
    head,
    form({
      button: "提交申请",
      body: [
        entry(
          "要更正哪一项",
          select(
            "field",
            // What has a list of values needs the list, which only the signed-in pages have.
            correctionFields
              .filter(
                (field) =>
                  ["name", "phone", "bank_account", "address", "skills", "desired_job", "other"].indexOf(field) >= 0,
              )
              .map((field) => [field, correctionFieldLabels[field]] as const),
          ),
        ),
        entry("应当是", input("proposed", { maxlength: 200 })),
        entry("理由", el("textarea", { name: "reason", rows: 3, maxlength: 300 })),
      ],
      submit: async (values, whole) => {
        const { dueOn } = await send<{ dueOn: string }>("link/correction", { token, ...values });
        whole.parentNode!.replaceChild(
          el("p", { class: "why", role: "status" }, `已提交，最迟 ${dayWords(dueOn)} 答复。`),
          whole,
        );
      },
    }),
  ];
}
