import { el, type Child } from "../../platform/browser/dom.ts";
import { RefusedError } from "./api.ts";

let made = 0;

export type Entry = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** A question with its field; what is wrong with it stands under it and is read out. */
export function entry(label: string, field: Entry, hint?: string): HTMLElement {
  made += 1;
  field.id = field.id || `entry-${made}`;
  const fault = el("p", { class: "fault", id: `${field.id}-fault`, role: "alert" });
  field.setAttribute("aria-describedby", fault.id);
  return el(
    "div",
    { class: "my-entry" },
    el("label", { for: field.id }, label),
    hint ? el("p", { class: "my-hint" }, hint) : null,
    field,
    fault,
  );
}

const NO_FILE = "还没有选";

/** A photograph or a PDF. The browser's own field speaks the browser's language; this one ours. */
export function fileEntry(label: string, hint: string): HTMLElement {
  made += 1;
  const id = `entry-${made}`;
  const chosen = el("span", { class: "my-chosen" }, NO_FILE);
  const field: HTMLInputElement = el("input", {
    type: "file",
    name: "file",
    class: "my-file",
    id,
    accept: "image/jpeg,image/png,application/pdf",
    "aria-describedby": `${id}-fault`,
    onchange: () => {
      chosen.textContent = (field.files && field.files[0] && field.files[0].name) || NO_FILE;
    },
  });
  return el(
    "div",
    { class: "my-entry" },
    el("label", { for: id }, label),
    el("p", { class: "my-hint" }, hint),
    el("div", { class: "my-files" }, field, el("label", { class: "my-choose", for: id }, "选照片或文件"), chosen),
    el("p", { class: "fault", id: `${id}-fault`, role: "alert" }),
  );
}

export function input(
  name: string,
  attributes: Readonly<Record<string, string | number | boolean>> = {},
): HTMLInputElement {
  return el("input", { name, autocomplete: "off", ...attributes });
}

export function select(name: string, options: readonly (readonly [value: string, label: string])[]): HTMLSelectElement {
  return el(
    "select",
    { name },
    options.map(([value, label]) => el("option", { value }, label)),
  );
}

interface FormOptions {
  readonly button: string;
  readonly body: Child;
  /** Refusals are shown at the field they name, others under the form. */
  readonly submit: (values: Readonly<Record<string, string>>, form: HTMLFormElement) => Promise<void>;
  readonly aside?: Child;
}

export function form({ button, body, submit, aside }: FormOptions): HTMLFormElement {
  const problem = el("p", { class: "problem", role: "alert" });
  const press = el("button", { type: "submit", class: "my-button primary" }, button);
  const whole: HTMLFormElement = el(
    "form",
    {
      class: "my-form",
      novalidate: true,
      onsubmit: (event: Event) => {
        event.preventDefault();
        if (press.disabled) return;
        say(whole, problem, null);
        press.disabled = true;
        void submit(valuesOf(whole), whole)
          .catch((cause: unknown) => say(whole, problem, cause))
          .then(() => {
            press.disabled = false;
          });
      },
    },
    body,
    problem,
    press,
    aside,
  );
  return whole;
}

function valuesOf(whole: HTMLFormElement): Record<string, string> {
  const values: Record<string, string> = {};
  whole.querySelectorAll<Entry>("input[name], select[name], textarea[name]").forEach((field) => {
    if (field.type !== "file") values[field.name] = field.value.trim();
  });
  return values;
}

export function fileOf(whole: HTMLFormElement): File | null {
  const field = whole.querySelector<HTMLInputElement>("input[type=file]");
  return (field && field.files && field.files[0]) || null;
}

function say(whole: HTMLFormElement, problem: HTMLElement, cause: unknown): void {
  whole.querySelectorAll(".fault").forEach((fault) => (fault.textContent = ""));
  problem.textContent = "";
  if (cause === null) return;
  const words = messageOf(cause);
  const named = cause instanceof RefusedError && cause.refused.field ? cause.refused.field : "";
  const field = named ? whole.querySelector<Entry>(`[name="${named}"]`) : null;
  const fault = field && document.getElementById(`${field.id}-fault`);
  if (field && fault) {
    // The server names the field; its label stands above already.
    fault.textContent = words.replace(/^“[^”]*”：/, "");
    field.focus();
  } else problem.textContent = words;
}

export function messageOf(cause: unknown): string {
  return cause instanceof RefusedError ? cause.message : "出了意外，请刷新页面后重试。";
}

/** A button that asks once more before it does what cannot be taken back. */
export function sureButton(words: string, question: string, act: () => Promise<void>): HTMLElement {
  const problem = el("p", { class: "problem", role: "alert" });
  const button = el("button", {
    type: "button",
    class: "my-button",
    onclick: () => {
      if (!window.confirm(question)) return;
      button.disabled = true;
      act().catch((cause: unknown) => {
        problem.textContent = messageOf(cause);
        button.disabled = false;
      });
    },
  });
  button.textContent = words;
  return el("div", { class: "my-act" }, button, problem);
}
