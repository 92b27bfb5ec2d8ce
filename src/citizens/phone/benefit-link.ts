import { payeeAnswerLabels, payeeAnswers, type BenefitLink, type PayeeAnswer } from "#subsidies/contract";
import { el, type Child } from "../../platform/browser/dom.ts";
import { dayWords, withDayWords } from "../../platform/day-words.ts";
import { RefusedError, send } from "./api.ts";
import { answerForm, basisCards, yuan } from "./benefit-parts.ts";
import { entry, input } from "./form.ts";

export function readBenefit(token: string): Promise<BenefitLink> {
  return send<BenefitLink>("benefit-link", { token });
}

/** What a message told of, and the answer to it: without an account, by the last six digits of the identity number. */
export function benefitLinkPage(token: string, one: BenefitLink): Child {
  const six = input("lastSix", { maxlength: 6, autocapitalize: "characters" });
  const stop = el("input", { type: "checkbox", name: "stop" });
  const proof = entry("您的证件号码后六位", six, `证件号码 ${one.identityMask}，最后一位是字母的填 X`);
  const page = el("div", {});
  const answer = async (said: PayeeAnswer, words: string) => {
    if (!/^\d{5}[\dXx]$/.test(six.value.trim()))
      throw new RefusedError({ status: 422, message: "请填写证件号码的后六位。", field: "lastSix" });
    const { number, dueOn } = await send<{ number: string; dueOn: string | null }>("benefit-link/answer", {
      token,
      lastSix: six.value.trim(),
      answer: said,
      said: words,
      stop: stop.checked,
    });
    while (page.firstChild) page.removeChild(page.firstChild);
    page.appendChild(done(said, number, dueOn, one));
    const heading = page.querySelector("h1");
    if (heading) heading.focus();
    window.scrollTo(0, 0);
  };
  page.appendChild(
    el(
      "div",
      {},
      el("h1", { tabindex: -1 }, one.title),
      el(
        "p",
        { class: "lead" },
        `${one.office}告知${one.person}：您可以领取。请在 ${dayWords(one.expiresOn)}（含当天）前确认。`,
      ),
      el("div", { class: "card" }, el("p", { class: "my-amount" }, yuan(one.amountFen))),
      answerForm({ accountMask: one.accountMask, answers: payeeAnswers }, answer, [
        proof,
        el("label", { class: "my-check" }, stop, " 以后不再接收补贴消息"),
      ]),
      el(
        "section",
        { class: "card" },
        el("h2", {}, "为什么"),
        basisCards(one.basis),
        one.why.length === 0
          ? null
          : [
              el("h3", {}, "已经核对的条件"),
              el(
                "ul",
                { class: "bullets" },
                one.why.map((words) => el("li", {}, withDayWords(words))),
              ),
            ],
      ),
      el("p", { class: "my-foot" }, `不是本人，请直接关闭本页。工作人员不会为此收费或要验证码。咨询：${one.contact}`),
    ),
  );
  return page;
}

function done(said: PayeeAnswer, number: string, dueOn: string | null, one: BenefitLink): HTMLElement {
  return el(
    "div",
    {},
    el("h1", { tabindex: -1 }, said === "confirm" ? "已确认" : "已收到您的答复"),
    el(
      "p",
      { class: "lead", role: "status" },
      said === "confirm"
        ? `人社部门最迟 ${dueOn ? dayWords(dueOn) : ""} 受理。`
        : `您选了“${payeeAnswerLabels[said]}”，${one.office}会处理。`,
    ),
    el(
      "div",
      { class: "card" },
      el("p", { class: "my-label" }, "编号，查进度时要用"),
      el("p", { class: "my-value my-number" }, number),
      el("p", { class: "my-source" }, `${one.title}，${yuan(one.amountFen)}`),
    ),
    el("p", { class: "my-foot" }, "这个链接已经用过，不能再打开。要看进度，请登录“我的补贴”，或者用编号查。"),
    el("a", { class: "my-button my-link", href: "/my/benefits" }, "看我的补贴"),
  );
}
