import type { Uncounted } from "#subsidies/contract";
import { el, type Child } from "../../platform/browser/dom.ts";
import { dayWords, withDayWords } from "../../platform/day-words.ts";
import { read } from "./api.ts";

const PAGE = 200;
/** Conditions by how far they are from being met; whatever is neither of the first two waits for somebody. */
const WHY = { failed: "没有达到", "not-yet": "还没到时候", open: "待核实" } as const;
const kindOf = (state: string): keyof typeof WHY => (state === "failed" || state === "not-yet" ? state : "open");

function whyNot({ outcome, reasons, missingParameters }: Uncounted["rows"][number]): string {
  if (outcome.indexOf("ELIGIBLE") === 0) return "已经符合，人社部门会另生成一件";
  const kinds = (Object.keys(WHY) as (keyof typeof WHY)[]).map((kind) => {
    const own = reasons.filter(({ state }) => kindOf(state) === kind).map(({ says }) => withDayWords(says));
    return own.length === 0 ? "" : `${WHY[kind]}：${own.join("、")}`;
  });
  return [...kinds, missingParameters.length > 0 ? "当地标准还没有公布" : ""].filter(Boolean).join("；");
}

/** Who of an enterprise's people is not paid for, and why: the sentence of the rule, and from when on it will be otherwise. */
export async function uncountedCard(claimId: string): Promise<Child> {
  const { asOf, total, rows } = await read<Uncounted>(`benefits/${claimId}/uncounted?size=${PAGE}`);
  if (total === 0) return null;
  return el(
    "section",
    { class: "card" },
    el("h2", {}, "没有列入的人"),
    el("p", {}, `按${dayWords(asOf)}登记的信息，还有 ${total} 人没有列入：`),
    rows.map((row) =>
      el(
        "div",
        { class: "my-row" },
        el("p", {}, [row.personName, row.from ? `${dayWords(row.from)}起可以列入` : ""].filter(Boolean).join("　")),
        el("p", { class: "my-source" }, whyNot(row)),
      ),
    ),
    rows.length < total ? el("p", { class: "my-hint" }, `这里列出前 ${rows.length} 人，其余请向人社窗口查询。`) : null,
  );
}
