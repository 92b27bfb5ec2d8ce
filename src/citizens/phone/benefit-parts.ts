import { payeeAnswerLabels, type MyBenefit, type OwnClaim, type PayeeAnswer } from "#subsidies/contract";
import { el, type Child } from "../../platform/browser/dom.ts";
import { dayWords } from "../../platform/day-words.ts";
import { formatYuan } from "../../platform/money.ts";
import { actButton, entry, form, select } from "./form.ts";

/** What the page of a link and the pages of an account show alike. A sum is never parted from its unit. */
export const yuan = (fen: number): string => `${formatYuan(fen)}\u00a0元`;

export const tone = (state: OwnClaim["state"]): string =>
  state === "proposed" || state === "correction"
    ? "not-yet"
    : state === "refused" || state === "withdrawn"
      ? "ended"
      : "in-force";

/** What happens next, who does it, and by when. */
export const nextWords = ({ next, dueOn }: Pick<OwnClaim, "next" | "dueOn">): string =>
  next === "" ? "" : `接下来：${next}${dueOn ? `，最迟 ${dayWords(dueOn)}` : ""}。`;

/** The sentence of the law, and where it stands. */
export const basisCards = (basis: MyBenefit["basis"]): Child =>
  basis.map(({ source, quote }) =>
    el(
      "div",
      { class: "my-basis" },
      quote ? el("blockquote", {}, quote) : null,
      el("p", { class: "my-source" }, source),
    ),
  );

/** Yes by one button; everything else asks for a word. */
export function answerForm(
  one: { readonly accountMask: string | null; readonly answers: readonly PayeeAnswer[] },
  submit: (answer: PayeeAnswer, said: string) => Promise<unknown>,
  proof?: Child,
): HTMLElement {
  const others = one.answers.filter((answer) => answer !== "confirm");
  const yes = actButton(payeeAnswerLabels.confirm, () => submit("confirm", ""), { primary: true });
  return el(
    "section",
    { class: "card" },
    el("h2", {}, "请您确认"),
    el(
      "p",
      {},
      one.accountMask
        ? `确认后由人社部门受理，付到尾号 ${one.accountMask.slice(-4)} 的账户。`
        : "确认后由人社部门受理。收款账户还没有登记，工作人员会联系您。",
    ),
    proof,
    yes,
    el(
      "details",
      {},
      el("summary", {}, "不确认，或者要换账户"),
      form({
        button: "提交",
        body: [
          entry(
            "您的答复",
            select(
              "answer",
              others.map((answer) => [answer, payeeAnswerLabels[answer]] as const),
            ),
          ),
          entry(
            "说明",
            el("textarea", { name: "said", rows: 2, maxlength: 200 }),
            "要换账户的，写明原因；账号不要写在这里",
          ),
        ],
        submit: async (values) => {
          await submit(values["answer"] as PayeeAnswer, values["said"]!);
        },
      }),
    ),
  );
}
