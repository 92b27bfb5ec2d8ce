import { el } from "../../platform/browser/dom.ts";
import { answerField } from "./fields.ts";
import { frame, type Actions } from "./frame.ts";
import type { Answer, Asked, Interview, Setup } from "./interview.ts";
import type { CalculatorRules } from "./model.ts";
import { OPEN_WORDS, questionWords, UNKNOWN_WORDS, whyWords } from "./phrases.ts";

interface Asking {
  readonly rules: CalculatorRules;
  readonly setup: Setup;
  readonly asked: Asked;
  /** What was answered before somebody went back. */
  readonly draft: Answer | undefined;
  /** How many have been answered. */
  readonly before: number;
  readonly progress: Pick<Interview, "left" | "settled">;
}

/** One question, with why it is asked and where that is written. */
export function questionScreen(
  { rules, setup, asked, draft, before, progress }: Asking,
  actions: Actions,
  done: (answer: Answer) => void,
  stop: () => void,
): HTMLElement {
  const field = answerField(rules, setup.place, asked, draft);
  const quick = (words: string, answer: Answer) =>
    el("button", { type: "button", class: "option press unknown", onclick: () => done(answer) }, words);
  const { source, sources, subject } = asked.benefit;
  const stated = (asked.kind === "fact" ? sources[asked.condition] : sources[asked.limit.id]) ?? source;
  return frame({
    head: el(
      "div",
      { class: "progress" },
      el("progress", { max: before + progress.left, value: before, "aria-label": "答题进度" }),
      el(
        "p",
        {},
        el("span", {}, `第 ${before + 1} 题，最多还有 ${progress.left - 1} 题`),
        el("span", {}, `已能算出 ${progress.settled} 项`),
      ),
    ),
    title: questionWords(asked, setup.audience),
    hint: asked.kind === "fact" && asked.fact.topic ? null : subject,
    body: [
      field.node,
      field.offersUnknown
        ? null
        : el(
            "div",
            { class: "options" },
            asked.kind === "fact" && asked.fact.openEnded ? quick(OPEN_WORDS, { known: true, value: null }) : null,
            quick(UNKNOWN_WORDS, { known: false }),
          ),
    ],
    note: [
      `为什么问：${whyWords(asked)}。`,
      el("a", { href: stated.address, target: "_blank", rel: "noopener" }, `看${stated.words}原文`),
      before > 0 ? el("button", { type: "button", class: "link stop", onclick: stop }, "不答了，先看结果") : null,
    ],
    next: "下一题",
    back: actions.back,
    submit: () => {
      const answer = field.read();
      if (typeof answer === "string") return answer;
      done(answer);
      return null;
    },
  });
}
