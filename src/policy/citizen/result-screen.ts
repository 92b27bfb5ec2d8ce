import { AUDIENCE_WORDS } from "../facts/audience.ts";
import { el } from "../../platform/browser/dom.ts";
import { answerWords, gapWords, placeWords, questionWords, REASON_WORDS, remarks, verdictWords } from "./phrases.ts";
import {
  amountWords,
  countsWords,
  daysLeft,
  isPaidToAsker,
  overWords,
  plainText,
  samplesFor,
  sampleWords,
  sumOf,
  type Result,
} from "./result.ts";
import type { Verdict, VerdictKind } from "./verdict.ts";
import { dateWords, yuanWords } from "./words.ts";

interface ResultActions {
  /** Asks again for the answer at this place; all others stay. */
  readonly change: (place: number) => void;
  readonly again: () => void;
}

/** What the answers come to: amounts and reasons first, then what was told, for paper and for showing round. */
export function resultScreen(result: Result, actions: ResultActions): HTMLElement {
  const { rules, setup, verdicts, over } = result;
  const own = verdicts.filter((verdict) => isPaidToAsker(result, verdict));
  const others = verdicts.filter((verdict) => !isPaidToAsker(result, verdict));
  return el(
    "div",
    { class: "result" },
    summary(result),
    el(
      "p",
      { class: "context" },
      `${rules.region[1]}${placeWords(rules, setup.place)}，算到${dateWords(setup.asOf)}，${AUDIENCE_WORDS[setup.audience].label}`,
    ),
    own.map((verdict) => verdictCard(result, verdict)),
    others.length > 0
      ? el(
          "section",
          {},
          el("h2", { class: "divider" }, "因您而付给别人的"),
          others.map((verdict) => verdictCard(result, verdict)),
        )
      : null,
    over.length > 0
      ? el(
          "section",
          { class: "card over" },
          el("h2", {}, "已经期满、没有算的"),
          el(
            "ul",
            { class: "bullets" },
            over.map((benefit) => el("li", {}, overWords(benefit))),
          ),
        )
      : null,
    told(result, actions),
    el(
      "div",
      { class: "bottom" },
      el(
        "div",
        { class: "bottom-row thirds" },
        el("button", { type: "button", class: "big", onclick: actions.again }, "重新算"),
        copyButton(result),
        el("button", { type: "button", class: "big primary", onclick: () => print() }, "打印"),
      ),
      el("p", { class: "safe" }, "您填的只留在这部手机里，不上传、不保存"),
    ),
  );
}

function summary(result: Result): HTMLElement {
  const [now, confirmed] = [sumOf(result, "can"), sumOf(result, "likely")];
  const shown = now > 0 ? now : confirmed;
  const isMade = result.verdicts.some(
    (verdict) =>
      verdict.kind === (now > 0 ? "can" : "likely") &&
      isPaidToAsker(result, verdict) &&
      samplesFor(result, verdict).some(({ amount }) => amount),
  );
  const monthly = result.verdicts.some(
    (verdict) => verdict.benefit.monthly && verdict.amount !== null && isPaidToAsker(result, verdict),
  );
  return el(
    "div",
    { class: "total" },
    el(
      "h1",
      { tabindex: -1 },
      shown > 0
        ? [
            el("span", { class: "total-label" }, now > 0 ? "您可以领到" : "部门核实后，您可以领到"),
            el("span", { class: "total-amount" }, yuanWords(shown)),
            isMade ? el("span", { class: "tag sample" }, "含样例") : null,
          ]
        : "按您填的，现在没有能直接领的钱",
    ),
    now > 0 && confirmed > 0 ? el("p", {}, `部门核实后还有 ${yuanWords(confirmed)}`) : null,
    el("p", {}, countsWords(result)),
    monthly ? el("p", {}, "按月发的只算了一个月") : null,
  );
}

/** Where the single conditions are what he wants to see; elsewhere the sentences above them say enough. */
const UNFOLDED: readonly VerdictKind[] = ["cannot", "unclear", "review"];

function verdictCard(result: Result, verdict: Verdict): HTMLElement {
  const { rules } = result;
  const { benefit, kind } = verdict;
  const amount = amountWords(verdict);
  const given = benefit.amountSays ?? benefit.decides;
  const gap = gapWords(rules, verdict, daysLeft(result, verdict));
  const samples = samplesFor(result, verdict);
  const made = sampleWords(result, verdict);
  const titleId = `verdict-${benefit.key}`;
  return el(
    "section",
    { class: `card verdict ${kind}`, "aria-labelledby": titleId },
    el(
      "div",
      { class: "verdict-head" },
      el("h2", { id: titleId }, benefit.plan.title),
      amount
        ? el(
            "span",
            { class: "verdict-amount" },
            amount,
            samples.some((sample) => sample.amount) ? el("span", { class: "tag sample" }, "样例") : null,
          )
        : null,
    ),
    el("p", { class: `state ${kind}` }, verdictWords(verdict)),
    el("p", { class: "secondary" }, given ? `${given}，付给${benefit.payee}` : `对象：${benefit.payee}`),
    remarks(verdict).map((words) => el("p", {}, words)),
    made ? el("p", { class: "secondary" }, made) : null,
    gap.length > 0
      ? el(
          "div",
          { class: "gap" },
          el("b", {}, "差什么："),
          gap.map((words) => el("p", {}, words)),
        )
      : null,
    el(
      "details",
      { open: UNFOLDED.includes(kind) },
      el("summary", {}, "逐条看条件"),
      el(
        "ul",
        { class: "reasons" },
        verdict.reasons.map(({ says, state, suppliers }) =>
          el(
            "li",
            { class: state },
            el("span", { class: "reason-state" }, REASON_WORDS[state]),
            el("span", {}, says, state === "office" || state === "unclear" ? `（${suppliers.join("、")}）` : null),
          ),
        ),
      ),
      el(
        "p",
        { class: "secondary" },
        `要带：${benefit.evidence.join("、")}${benefit.funds ? `。从${benefit.funds}列支` : ""}。`,
      ),
    ),
    el(
      "figure",
      { class: "law" },
      benefit.source.quote ? el("blockquote", {}, benefit.source.quote) : null,
      el(
        "figcaption",
        {},
        el("a", { href: benefit.source.address, target: "_blank", rel: "noopener" }, `${benefit.source.words}，看原文`),
      ),
    ),
  );
}

function told({ rules, setup, answered }: Result, actions: ResultActions): HTMLElement {
  return el(
    "section",
    { class: "card told" },
    el("h2", {}, "您填的情况"),
    el(
      "dl",
      {},
      answered.map(({ asked, answer }, index) =>
        el(
          "div",
          {},
          el("dt", {}, questionWords(asked, setup.audience)),
          el(
            "dd",
            {},
            answerWords(rules, asked, answer),
            " ",
            el(
              "button",
              {
                type: "button",
                class: "link",
                onclick: () => actions.change(index),
                "aria-label": `改“${questionWords(asked, setup.audience)}”`,
              },
              "改",
            ),
          ),
        ),
      ),
    ),
  );
}

function copyButton(result: Result): HTMLElement {
  const button = el("button", { type: "button", class: "big" }, "复制文字");
  button.addEventListener("click", () => void copy(plainText(result)).then((words) => (button.textContent = words)));
  return button;
}

/** The clipboard where the browser has one; else the text is laid open and chosen, to be copied by hand. */
async function copy(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return "已复制";
  } catch {
    const area = el("textarea", { class: "copy", rows: 12, readonly: true, "aria-label": "测算结果文字" });
    area.value = text;
    document.querySelector(".result")?.appendChild(area);
    area.select();
    return "请长按复制";
  }
}
