import type { ApplicationQuestion } from "#subsidies/contract";
import { el } from "../../platform/browser/dom.ts";
import { input, messageOf, select } from "./form.ts";

/** The field in which a question is answered, as it was answered before. */
export function answerField(question: ApplicationQuestion): HTMLInputElement | HTMLSelectElement {
  const { form: kind, fact, value, choices } = question;
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
      button.textContent = "正在上传……";
      onFile(file).catch((cause: unknown) => {
        problem.textContent = messageOf(cause);
        field.disabled = false;
        field.value = "";
        button.textContent = words;
      });
    },
  });
  return el("div", { class: "my-pick" }, el("label", {}, field, button), problem);
}
