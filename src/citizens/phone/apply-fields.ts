import type { ApplicationQuestion } from "#subsidies/contract";
import { el } from "../../platform/browser/dom.ts";
import { input, select, tell } from "./form.ts";

/** The field in which a question is answered, as it was answered before; `typed` is what the server does not have yet. */
export function answerField(question: ApplicationQuestion, typed?: string): HTMLInputElement | HTMLSelectElement {
  const { form: kind, fact, choices } = question;
  const value = typed === undefined ? question.value : typed;
  if (kind === "yes-no" || kind === "choice" || kind === "county") {
    const field = select(fact, [["", "请选择"], ...choices.map((choice) => [choice.value, choice.label] as const)]);
    field.value = value;
    return field;
  }
  const type = kind === "date" ? "date" : kind === "month" ? "month" : "text";
  const digits = kind === "number" || kind === "money" || kind === "year";
  const field = input(fact, { type, maxlength: 100, ...(digits ? { inputmode: "decimal" } : {}) });
  field.value = value;
  return field;
}

/** Sends a photograph or a file as soon as it is chosen. */
export function pick(
  words: string,
  label: string,
  camera: boolean,
  onFile: (file: File) => Promise<void>,
): HTMLElement {
  const problem = el("p", { class: "problem", role: "alert" });
  const button = el("span", { class: "my-choose" }, words);
  const field: HTMLInputElement = el("input", {
    type: "file",
    class: "my-file",
    "aria-label": `${label}：${words}`,
    accept: camera ? "image/*" : "image/jpeg,image/png,application/pdf,.docx,.xlsx",
    ...(camera ? { capture: "environment" } : {}),
    onchange: () => {
      const file = field.files && field.files[0];
      if (!file) return;
      field.disabled = true;
      problem.textContent = "";
      button.textContent = "正在上传……";
      onFile(file).catch((cause: unknown) => {
        tell(problem, cause);
        field.disabled = false;
        field.value = "";
        button.textContent = words;
      });
    },
  });
  return el("div", { class: "my-pick" }, el("label", {}, field, button), problem);
}
