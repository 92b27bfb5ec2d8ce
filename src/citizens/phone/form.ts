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

/** Shows what was refused at the field it names, or under the form; null takes away what was said. */
function say(whole: HTMLFormElement, problem: HTMLElement, cause: unknown): void {
  whole.querySelectorAll(".fault").forEach((fault) => (fault.textContent = ""));
  problem.textContent = "";
  if (cause === null) return;
  if (isLapsed(cause)) return tell(problem, cause, whole);
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

/** Signing in, put under what could not be sent because the session had ended meanwhile. The page gives it: it is a form itself. */
let entranceAgain: ((entered: () => void) => HTMLElement) | null = null;
export function offerEntrance(make: (entered: () => void) => HTMLElement): void {
  entranceAgain = make;
}

const isLapsed = (cause: unknown): boolean => cause instanceof RefusedError && cause.refused.status === 401;

/** What was refused because nobody was signed in any more. */
const lapsed = new Set<HTMLElement>();

/** Says what was refused. Where the session has ended, one signs in under it, and nothing that was typed above is lost. */
export function tell(problem: HTMLElement, cause: unknown, under: HTMLElement = problem): void {
  problem.textContent = messageOf(cause);
  if (!isLapsed(cause) || !entranceAgain || !under.parentNode) return;
  problem.textContent = "太久没有操作，登录已失效，刚才的没有提交。填的内容都还在：在下面重新登录，再提交一次。";
  lapsed.add(problem);
  const next = under.nextElementSibling;
  if (next && next.className === "my-again") return;
  const box: HTMLElement = el(
    "div",
    { class: "my-again" },
    entranceAgain(() => {
      lapsed.forEach((one) => (one.textContent = "已重新登录，请再点一次。"));
      lapsed.clear();
      if (box.parentNode) box.parentNode.removeChild(box);
      problem.scrollIntoView({ block: "center" });
    }),
  );
  under.parentNode.insertBefore(box, next);
}

export function messageOf(cause: unknown): string {
  return cause instanceof RefusedError ? cause.message : "出了意外，请刷新页面后重试。";
}

/**
 * A button that does one thing at once: pressed twice it does it once, and what was refused stands under it. `question` is asked before
 * what cannot be taken back.
 */
export function actButton(
  words: string,
  act: () => Promise<unknown>,
  { primary = false, question = "" }: { readonly primary?: boolean; readonly question?: string } = {},
): HTMLElement {
  const problem = el("p", { class: "problem", role: "alert" });
  const button: HTMLButtonElement = el(
    "button",
    {
      type: "button",
      class: primary ? "my-button primary" : "my-button",
      onclick: () => {
        if (button.disabled || (question !== "" && !window.confirm(question))) return;
        button.disabled = true;
        problem.textContent = "";
        void act()
          .catch((cause: unknown) => tell(problem, cause))
          .then(() => {
            button.disabled = false;
          });
      },
    },
    words,
  );
  return el("div", { class: "my-act" }, button, problem);
}

export const sureButton = (words: string, question: string, act: () => Promise<unknown>): HTMLElement =>
  actButton(words, act, { question });

/** The rest of a long list, page by page; hidden when everything stands there. `load` returns how many it has added. */
export function moreButton(
  words: string,
  { shown, total }: { readonly shown: number; readonly total: number },
  load: (page: number) => Promise<number>,
): HTMLElement {
  let [there, page] = [shown, 1];
  const whole: HTMLElement = actButton(words, async () => {
    const added = await load(page + 1);
    page += 1;
    there += added;
    whole.hidden = there >= total || added === 0;
  });
  whole.hidden = there >= total;
  return whole;
}
