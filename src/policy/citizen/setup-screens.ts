/** The first three screens: where and when, who asks, and what is to be counted. */
import { isDate } from "#kernel/contract";
import { AUDIENCE_WORDS, AUDIENCES, type Audience } from "../facts/audience.ts";
import { el } from "../../platform/browser/dom.ts";
import { frame, type Actions } from "./frame.ts";
import type { CalculatorBenefit, CalculatorRules } from "./model.ts";
import { placeWords } from "./phrases.ts";
import { isFuture, isOver } from "./state.ts";
import { dateWords } from "./words.ts";

export function placeScreen(
  rules: CalculatorRules,
  asOf: string,
  done: (place: string, asOf: string) => void,
): HTMLElement {
  const place = el(
    "select",
    { id: "answer", class: "wide" },
    el("option", { value: "" }, "请选择县（市、区）"),
    rules.prefectures.map(([, name, counties]) =>
      el(
        "optgroup",
        { label: name },
        counties.map(([code, county]) => el("option", { value: code }, county)),
      ),
    ),
  );
  const standing = el("p", { class: "hint", role: "status" }, standingWords(rules, asOf));
  const date = el("input", {
    id: "as-of",
    type: "date",
    class: "wide",
    value: asOf,
    required: true,
    oninput: () => (standing.textContent = isDate(date.value) ? standingWords(rules, date.value) : "请选完整的日期。"),
  });
  return frame({
    title: "您在哪里办？",
    hint: `${rules.region[1]}。选事情发生的地方：务工输出的选户籍地，在岗的选单位或岗位所在地。`,
    body: [
      el("p", { class: "entry" }, el("label", { for: "answer" }, "县（市、区）"), place),
      el("p", { class: "entry" }, el("label", { for: "as-of" }, "算到哪一天"), date),
      standing,
    ],
    next: "下一步",
    submit: () => {
      if (!place.value) return "请选县（市、区）。";
      if (!isDate(date.value)) return "请选日期。";
      done(place.value, date.value);
      return null;
    },
  });
}

/** What holds on a day, and what has ended by then: who chooses a late day is to know before he answers anything. */
function standingWords({ benefits }: CalculatorRules, asOf: string): string {
  const over = benefits.filter((benefit) => isOver(benefit, asOf));
  const future = benefits.filter((benefit) => isFuture(benefit, asOf));
  const last = over
    .map(({ inForce }) => inForce.to!)
    .sort()
    .pop();
  return [
    `${dateWords(asOf)}正在执行的有 ${benefits.length - over.length - future.length} 项`,
    over.length > 0 ? `已经期满的有 ${over.length} 项（最近一次是${dateWords(last!)}）` : "",
    future.length > 0 ? `还没开始的有 ${future.length} 项` : "",
  ]
    .filter(Boolean)
    .join("，")
    .concat("。");
}

export function audienceScreen(
  rules: CalculatorRules,
  place: string,
  actions: Actions,
  done: (audience: Audience) => void,
): HTMLElement {
  const present = AUDIENCES.filter((audience) => rules.benefits.some((benefit) => concerns(benefit, audience)));
  return frame({
    title: "您是？",
    hint: placeWords(rules, place),
    body: el(
      "div",
      { class: "options" },
      present.map((audience) =>
        el(
          "button",
          { type: "button", class: "option press", onclick: () => done(audience) },
          el("b", {}, AUDIENCE_WORDS[audience].label),
          el("small", {}, AUDIENCE_WORDS[audience].hint),
        ),
      ),
    ),
    back: actions.back,
  });
}

const concerns = ({ audience }: CalculatorBenefit, who: Audience) => audience.includes(who);

/** One box for each situation: who ticks what is true of him is asked about nothing else. */
export function choiceScreen(
  rules: CalculatorRules,
  { asOf, audience }: { readonly asOf: string; readonly audience: Audience },
  actions: Actions,
  done: (chosen: readonly string[]) => void,
): HTMLElement {
  const found = rules.benefits.filter((benefit) => concerns(benefit, audience));
  const isStanding = (benefit: CalculatorBenefit) => !isOver(benefit, asOf) && !isFuture(benefit, asOf);
  const boxes: { readonly box: HTMLInputElement; readonly keys: readonly string[] }[] = [];
  const rows = (benefits: readonly CalculatorBenefit[], note: (benefit: CalculatorBenefit) => string) =>
    [...new Set(benefits.map(({ situation }) => situation))].map((situation) => {
      const inIt = benefits.filter((benefit) => benefit.situation === situation);
      const box = el("input", { type: "checkbox" });
      boxes.push({ box, keys: inIt.map(({ key }) => key) });
      return el(
        "label",
        { class: "option check" },
        box,
        el("span", {}, el("b", {}, situation), el("small", {}, inIt.map(note).join("；"))),
      );
    });
  const standing = found.filter(isStanding);
  const others = found.filter((benefit) => !isStanding(benefit));
  return frame({
    title: standing.length > 0 ? "您有哪些情况？" : "这一天没有正在施行的",
    hint: standing.length > 0 ? "可以选几样，只问选了的。" : null,
    body: [
      el(
        "div",
        { class: "options" },
        rows(standing, ({ plan }) => plan.title),
      ),
      others.length > 0
        ? el(
            "details",
            { class: "others", open: standing.length === 0 },
            el("summary", {}, `不在执行期的 ${others.length} 项`),
            el("p", { class: "secondary" }, "事情发生在执行期内的，有的以后还能申领，可以勾上算一算。"),
            el(
              "div",
              { class: "options" },
              rows(others, (benefit) => `${benefit.plan.title}：${windowWords(benefit, asOf)}`),
            ),
          )
        : null,
    ],
    next: "开始",
    back: actions.back,
    submit: () => {
      const chosen = boxes.filter(({ box }) => box.checked).flatMap(({ keys }) => keys);
      if (chosen.length === 0) return "请至少选一样。";
      done(chosen);
      return null;
    },
  });
}

function windowWords(benefit: CalculatorBenefit, asOf: string): string {
  const { from, to, ended } = benefit.inForce;
  if (isFuture(benefit, asOf)) return `${dateWords(from)}起施行`;
  return ended ?? `已于${dateWords(to!)}期满`;
}
