import { el, type Child } from "../../platform/browser/dom.ts";
import { send, whoIsAgain } from "./api.ts";
import { entry, form, input } from "./form.ts";

/** Telephone, then the code that reached it. */
function codeSteps(entered: () => Promise<void>): HTMLElement {
  const place = el("div", {});
  const show = (child: HTMLElement) => {
    while (place.firstChild) place.removeChild(place.firstChild);
    place.appendChild(child);
    const first = place.querySelector<HTMLInputElement>("input:not([readonly])");
    if (first) first.focus();
  };
  const askPhone = () =>
    show(
      form({
        button: "获取验证码",
        body: entry(
          "手机号",
          input("phone", { type: "tel", inputmode: "numeric", autocomplete: "tel", maxlength: 11 }),
        ),
        submit: async ({ phone }) => {
          const answer = await send<{ minutes: number; againInSeconds: number }>("code", { phone });
          askCode(phone!, answer);
        },
      }),
    );
  const askCode = (phone: string, { minutes, againInSeconds }: { minutes: number; againInSeconds: number }) => {
    const again = el("button", { type: "button", class: "my-button", disabled: true, onclick: askPhone });
    const other = el("button", { type: "button", class: "my-mend", onclick: askPhone }, "手机号填错了，换一个");
    let left = againInSeconds;
    const tick = () => {
      again.textContent = left > 0 ? `没收到？${left} 秒后可重新获取` : "没收到，重新获取";
      again.disabled = left > 0;
      if (left > 0 && again.isConnected) setTimeout(tick, 1000);
      left -= 1;
    };
    show(
      form({
        button: "登录",
        body: [
          el("p", { class: "my-hint", role: "status" }, `验证码已发到 ${phone}，${minutes} 分钟内有效。`),
          entry(
            "验证码",
            input("code", { type: "text", inputmode: "numeric", autocomplete: "one-time-code", maxlength: 6 }),
            "工作人员不会向您要验证码，请不要告诉任何人。",
          ),
        ],
        submit: async ({ code }) => {
          await send("sign-in", { phone, code });
          await entered();
        },
        aside: [again, other],
      }),
    );
    tick();
  };
  askPhone();
  return place;
}

const outboxLink = (demo: boolean): Child =>
  demo
    ? el("p", { class: "why" }, el("a", { href: "/my/outbox", target: "_blank" }, "演示：看验证码和可以试用的人"))
    : null;

/** Where a page begins for whoever is not signed in. */
export function entrance(demo: boolean, note: string, entered: () => Promise<void>): HTMLElement {
  return el(
    "div",
    {},
    el("h1", { tabindex: -1 }, "登录"),
    el(
      "p",
      { class: "lead" },
      note || "用手机号登录，可以查补贴、申请补贴，看登记了您哪些信息、谁查看过；信息有误可以申请更正。",
    ),
    codeSteps(entered),
    el("p", { class: "why" }, el("a", { href: "/privacy" }, "个人信息处理告知：有哪些信息、谁能看、存多久")),
    outboxLink(demo),
  );
}

/** Signing in under a form whose session has ended. Somebody else gets a page of his own; what was typed is not his. */
export const enterUnder =
  (demo: boolean, anew: () => Promise<void>) =>
  (entered: () => void): HTMLElement =>
    el(
      "section",
      { class: "card" },
      el("h2", {}, "重新登录"),
      codeSteps(async () => {
        if (await whoIsAgain()) entered();
        else await anew();
      }),
      outboxLink(demo),
    );

/** Once: who the telephone's owner is. */
export function realName(bound: () => Promise<void>): HTMLElement {
  return el(
    "div",
    {},
    el("h1", { tabindex: -1 }, "实名核验"),
    el("p", { class: "lead" }, "姓名、身份证号和登记的手机号都一致，才能看到您的信息。"),
    form({
      button: "核验",
      body: [
        entry("姓名", input("name", { maxlength: 30, autocomplete: "name" })),
        entry("身份证号", input("identity", { maxlength: 18, autocapitalize: "characters" })),
      ],
      submit: async (values) => {
        await send("real-name", values);
        await bound();
      },
      aside: el(
        "p",
        { class: "why" },
        "手机号换过的，请带身份证到村（社区）或乡镇服务窗口，工作人员核实后发给您一个绑定链接。",
      ),
    }),
  );
}
