import type { ApplicationView } from "#subsidies/contract";
import { el, type Child } from "../../platform/browser/dom.ts";
import { RefusedError, send } from "./api.ts";
import { answerField } from "./apply-fields.ts";
import { entry, form, messageOf, tell, type Entry } from "./form.ts";

type Statements = Readonly<Record<string, string>>;

/** What was typed into drafts and the server does not have yet: the page may be drawn anew, the network or the session end meanwhile. */
const unsaved = new Map<string, Statements>();
const declared = new Set<string>();
/** Saves what is open now, if something is. */
let saveNow: (() => void) | null = null;

const SAVED = "已自动保存，可以离开，回来接着填。";
/** After the last key. */
const PAUSE_MS = 1500;

window.addEventListener("beforeunload", (event) => {
  if (unsaved.size > 0) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden" && saveNow) saveNow();
});
window.addEventListener("online", () => saveNow && saveNow());

/** The questions of a draft, kept as they are answered, and its submission. */
export function askedForm(view: ApplicationView, again: () => Promise<void>): Child {
  const { applicationId, questions, lines } = view;
  const before = unsaved.get(applicationId) || {};
  const kept = el("p", { class: "my-source", role: "status" });
  const box: HTMLInputElement = el("input", {
    type: "checkbox",
    id: "declared",
    class: "my-check",
    checked: declared.has(applicationId),
    onchange: () => (box.checked ? declared.add(applicationId) : declared.delete(applicationId)),
  });
  let timer = 0;
  let saving: Promise<void> = Promise.resolve();

  const statements = (): Statements => {
    const values: Record<string, string> = {};
    whole.querySelectorAll<Entry>("input[name], select[name]").forEach((field) => {
      values[field.name] = field.value.trim();
    });
    return values;
  };
  /** One after the other: an older state never comes after a newer one. */
  const save = (): Promise<void> => {
    window.clearTimeout(timer);
    saving = saving
      .catch(() => undefined)
      .then(async () => {
        const given = statements();
        await send(`applications/${applicationId}/statements`, { statements: given });
        const now = unsaved.get(applicationId);
        if (now && JSON.stringify(now) === JSON.stringify(given)) unsaved.delete(applicationId);
        kept.textContent = SAVED;
      });
    return saving;
  };
  const quietly = (): void => {
    if (!unsaved.has(applicationId)) return;
    kept.textContent = "正在保存……";
    save().catch((cause: unknown) => {
      const status = cause instanceof RefusedError ? cause.refused.status : 500;
      if (status === 401) tell(kept, cause, whole);
      else kept.textContent = `填的还没有保存。${status === 0 ? "没有网络，连上以后会自动再存。" : messageOf(cause)}`;
    });
  };
  const typed = (): void => {
    unsaved.set(applicationId, statements());
    window.clearTimeout(timer);
    timer = window.setTimeout(quietly, PAUSE_MS);
  };

  const whole: HTMLFormElement = form({
    button: "提交申请",
    body: [
      questions.length > 0
        ? [
            el("h2", {}, "还要您填的"),
            el("p", { class: "my-hint" }, "登记里没有的才问；不清楚的可以不填。填的会自动保存。"),
            questions.map((one, index) => [
              lines.length > 1 && (index === 0 || questions[index - 1]!.about !== one.about)
                ? el("h3", { class: "my-about" }, one.about)
                : null,
              entry(one.question, answerField(one, before[one.fact]), HINTS[one.form]),
            ]),
            kept,
          ]
        : el("p", { class: "my-hint" }, "要用的情况都已经登记，没有要填的。"),
      el(
        "div",
        { class: "my-declared" },
        box,
        el("label", { for: "declared" }, "我承诺所填属实，同意核实；不属实的，愿意退回补贴并承担责任"),
      ),
    ],
    submit: async () => {
      if (!box.checked) throw new RefusedError({ status: 422, message: "请先勾选承诺，再提交。", field: "declared" });
      if (questions.length > 0) await save();
      await send(`applications/${applicationId}/submit`, { declared: true });
      unsaved.delete(applicationId);
      await again();
    },
  });
  whole.addEventListener("input", ({ target }) => {
    if (target !== box) typed();
  });
  saveNow = quietly;
  return el("section", { class: "card" }, whole);
}

const HINTS: Partial<Record<ApplicationView["questions"][number]["form"], string>> = {
  money: "填数字，单位：元",
  number: "填整数",
  year: "如 2025",
};
