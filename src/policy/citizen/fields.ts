/** The fields in which an answer is given, one kind for each form of fact. */
import { isDate } from "#kernel/contract";
import { parseYuan } from "../../platform/money.ts";
import { el } from "../../platform/browser/dom.ts";
import type { Answer, Asked } from "./interview.ts";
import type { CalculatorRules } from "./model.ts";
import { placeWords, UNKNOWN_WORDS } from "./phrases.ts";

export interface AnswerField {
  readonly node: HTMLElement;
  /** The answer, or in words what is wrong with it. */
  readonly read: () => Answer | string;
  /** True where "does not know" is among the choices already. */
  readonly offersUnknown: boolean;
}

const given = (value: string | number | boolean): Answer => ({ known: true, value });
const draftValue = (draft: Answer | undefined) => (draft?.known ? draft.value : null);

export function answerField(
  rules: CalculatorRules,
  place: string,
  asked: Asked,
  draft: Answer | undefined,
): AnswerField {
  if (asked.kind === "limit")
    return asked.limit.once
      ? choices(
          [
            { label: "没有", answer: given(0) },
            { label: "享受过", answer: given(1) },
          ],
          draft,
        )
      : numberField(asked.limit.counts === "months" ? "个月" : asked.limit.counts === "years" ? "年" : "次", draft);
  const { fact } = asked;
  switch (fact.form) {
    case "yes-no":
      return choices(
        [
          { label: "是", answer: given(true) },
          { label: "否", answer: given(false) },
        ],
        draft,
      );
    case "choice":
      return choices(
        (fact.choices ?? []).map((label) => ({ label, answer: given(label) })),
        draft,
      );
    case "county":
      return countyField(rules, place, draft);
    case "date":
      return dateField(["年", "月", "日"], draft);
    case "month":
      return dateField(["年", "月"], draft);
    case "year":
      return dateField(["年"], draft);
    case "number":
      return numberField("", draft);
    case "money":
      return moneyField(draft);
    case "text":
      return textField(draft);
  }
}

interface Choice {
  readonly label: string;
  readonly answer: Answer;
}

function choices(options: readonly Choice[], draft: Answer | undefined): AnswerField {
  const all: readonly Choice[] = [...options, { label: UNKNOWN_WORDS, answer: { known: false } }];
  const same = (answer: Answer) =>
    draft !== undefined && answer.known === draft.known && (!answer.known || answer.value === draftValue(draft));
  const inputs = all.map(({ answer }, index) =>
    el("input", { type: "radio", name: "answer", value: index, checked: same(answer) }),
  );
  return {
    node: el(
      "div",
      { class: "options" },
      all.map(({ label, answer }, index) =>
        el("label", { class: answer.known ? "option" : "option unknown" }, inputs[index], el("span", {}, label)),
      ),
    ),
    read: () => all[inputs.findIndex(({ checked }) => checked)]?.answer ?? "请选一个答案。",
    offersUnknown: true,
  };
}

const NUMBER = /^\d{1,9}$/;
/** What people type on a Chinese keyboard for digits and points. */
const halfWidth = (text: string) =>
  text
    .replace(/[０-９．]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/。/g, ".")
    .trim();

function numberField(unit: string, draft: Answer | undefined): AnswerField {
  const input = el("input", {
    id: "answer",
    class: "short",
    inputmode: "numeric",
    autocomplete: "off",
    "aria-label": unit ? `填数字，单位${unit}` : "填数字",
    value: draftValue(draft) === null ? "" : String(draftValue(draft)),
  });
  return {
    node: el("p", { class: "entry" }, input, unit ? el("span", { class: "unit" }, unit) : null),
    read: () =>
      NUMBER.test(halfWidth(input.value)) ? given(Number(halfWidth(input.value))) : "请填整数，如 0 或 12。",
    offersUnknown: false,
  };
}

function moneyField(draft: Answer | undefined): AnswerField {
  const before = draftValue(draft);
  const input = el("input", {
    id: "answer",
    class: "short",
    inputmode: "decimal",
    autocomplete: "off",
    "aria-label": "填金额，单位元",
    value: typeof before === "number" ? String(before / 100) : "",
  });
  return {
    node: el("p", { class: "entry" }, input, el("span", { class: "unit" }, "元")),
    read: () => {
      const fen = parseYuan(halfWidth(input.value));
      return fen === null || fen < 0 ? "请填金额，如 800 或 800.50。" : given(fen);
    },
    offersUnknown: false,
  };
}

function textField(draft: Answer | undefined): AnswerField {
  const input = el("input", {
    id: "answer",
    class: "long",
    maxlength: 60,
    autocomplete: "off",
    "aria-label": "填写答案",
    value: String(draftValue(draft) ?? ""),
  });
  return {
    node: el("p", { class: "entry" }, input),
    read: () => (input.value.trim() ? given(input.value.trim()) : "请填写，或者跳过。"),
    offersUnknown: false,
  };
}

type Part = "年" | "月" | "日";

/** Three short fields rather than a calendar: a birthday is typed faster than looked for. Missing parts are the first of them. */
function dateField(parts: readonly Part[], draft: Answer | undefined): AnswerField {
  const before = draftValue(draft);
  const written = typeof before === "string" ? before.split("-").map((part) => String(Number(part))) : [];
  const inputs = parts.map((part, index) =>
    el("input", {
      id: index === 0 ? "answer" : undefined,
      class: part === "年" ? "year" : "two",
      inputmode: "numeric",
      autocomplete: "off",
      maxlength: part === "年" ? 4 : 2,
      "aria-label": part,
      placeholder: part === "年" ? "如2025" : undefined,
      value: written[index] ?? "",
    }),
  );
  return {
    node: el(
      "p",
      { class: "entry" },
      parts.map((part, index) => [inputs[index], el("span", { class: "unit" }, part)]),
    ),
    read: () => {
      const numbers = inputs.map(({ value }) => halfWidth(value));
      const [year = "", month = "1", day = "1"] = numbers;
      const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
      return isDate(date) && year >= "1900"
        ? given(date)
        : `请填完整的日期，如 ${parts.map((part) => ({ 年: "2025年", 月: "1月", 日: "10日" })[part]).join("")}。`;
    },
    offersUnknown: false,
  };
}

/** The chosen place first; then the region's counties; of other provinces the name is enough. */
function countyField(rules: CalculatorRules, place: string, draft: Answer | undefined): AnswerField {
  const before = draftValue(draft);
  const option = ([code, name]: readonly [string, string]) =>
    el("option", { value: code, selected: code === before }, name);
  const inside = el(
    "select",
    { "aria-label": `选${rules.region[1]}的县（市、区）` },
    el("option", { value: "" }, "请选择"),
    rules.prefectures.map(([, name, counties]) => el("optgroup", { label: name }, counties.map(option))),
  );
  const outside = el(
    "select",
    { "aria-label": "选省份" },
    el("option", { value: "" }, "请选择"),
    rules.provinces.map(option),
  );
  const isInside =
    before !== null && before !== place && rules.prefectures.some(([, , all]) => all.some(([code]) => code === before));
  const isOutside = before !== null && rules.provinces.some(([code]) => code === before);
  const radio = (checked: boolean) => el("input", { type: "radio", name: "answer", checked });
  const [here, elsewhere, other, unknown] = [
    radio(before === place),
    radio(isInside),
    radio(isOutside),
    radio(draft?.known === false),
  ] as const;
  inside.addEventListener("change", () => (elsewhere.checked = true));
  outside.addEventListener("change", () => (other.checked = true));
  const chosen = (select: HTMLSelectElement): Answer | string =>
    select.value ? given(select.value) : "请选一个地方。";
  return {
    node: el(
      "div",
      { class: "options" },
      el("label", { class: "option" }, here, el("span", {}, placeWords(rules, place))),
      el(
        "div",
        { class: "option" },
        el("label", {}, elsewhere, el("span", {}, `${rules.region[1]}的其他地方`)),
        inside,
      ),
      el("div", { class: "option" }, el("label", {}, other, el("span", {}, "外省")), outside),
      el("label", { class: "option unknown" }, unknown, el("span", {}, UNKNOWN_WORDS)),
    ),
    read: () => {
      if (here.checked) return given(place);
      if (elsewhere.checked) return chosen(inside);
      if (other.checked) return chosen(outside);
      return unknown.checked ? { known: false } : "请选一个答案。";
    },
    offersUnknown: true,
  };
}
