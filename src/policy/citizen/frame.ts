import { el, type Child } from "../../platform/browser/dom.ts";

export interface Actions {
  readonly back: () => void;
}

interface Frame {
  readonly title: string;
  readonly hint?: Child;
  /** Above the title: how far it is. */
  readonly head?: Child;
  readonly body: Child;
  /** Under the answers: why it is asked. */
  readonly note?: Child;
  /** Words of the button that goes on; without it the answers themselves do. */
  readonly next?: string;
  readonly back?: () => void;
  /** Goes on, or says what is wrong. */
  readonly submit?: () => string | null;
}

/** One screen with one question: title, answers, and at the foot the way back and on. */
export function frame({ title, hint, head, body, note, next, back, submit }: Frame): HTMLElement {
  const problem = el("p", { class: "problem", role: "alert" });
  const onsubmit = (event: Event) => {
    event.preventDefault();
    problem.textContent = submit?.() ?? "";
  };
  return el(
    "form",
    { class: "screen", novalidate: true, onsubmit },
    head,
    el("h1", { tabindex: -1 }, title),
    hint ? el("p", { class: "hint" }, hint) : null,
    body,
    problem,
    note ? el("div", { class: "why" }, note) : null,
    el(
      "div",
      { class: "bottom" },
      el(
        "div",
        { class: "bottom-row" },
        back ? el("button", { type: "button", class: "big", onclick: back }, "上一步") : null,
        next ? el("button", { type: "submit", class: "big primary" }, next) : null,
      ),
      el("p", { class: "safe" }, "您填的只留在这部手机里，不上传、不保存"),
    ),
  );
}
