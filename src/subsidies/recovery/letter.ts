import { dayWords } from "../../platform/day-words.ts";
import { formatYuan } from "../../platform/money.ts";
import { noticeKindLabels, type NoticeKind, type RecoveryView } from "../contract.ts";

/** A letter to the payee, the same on the page, on paper and as a file. */
export interface RecoveryLetter {
  readonly title: string;
  readonly number: string;
  readonly addressee: string;
  readonly paragraphs: readonly string[];
  readonly table: {
    readonly columns: readonly string[];
    readonly rows: readonly (readonly string[])[];
  } | null;
  readonly basis: readonly string[];
  readonly closing: readonly string[];
  readonly office: string;
  readonly date: string;
}

const changedText = (changed: RecoveryView["items"][number]["changed"]): string =>
  changed
    .map(({ label, before, after }) => `${label}由“${before ?? "没有填写"}”变为“${after ?? "没有填写"}”`)
    .join("；");

function itemTable(view: RecoveryView): RecoveryLetter["table"] {
  return {
    columns: ["序号", "人员", "所属日期", "已发（元）", "应发（元）", "应缴回（元）", "事实和理由"],
    rows: [
      ...view.items.map((item, index) => [
        String(index + 1),
        item.personName ?? "",
        item.eventDate,
        formatYuan(item.wasFen),
        formatYuan(item.nowFen),
        formatYuan(item.wasFen - item.nowFen),
        [item.why.join("；"), changedText(item.changed)].filter((part) => part !== "").join("。"),
      ]),
      [
        "",
        "合计",
        "",
        formatYuan(view.items.reduce((sum, { wasFen }) => sum + wasFen, 0)),
        formatYuan(view.items.reduce((sum, { nowFen }) => sum + nowFen, 0)),
        formatYuan(view.amountFen),
        "",
      ],
    ],
  };
}

const basisOf = (view: RecoveryView): string[] =>
  view.basis.flatMap(({ quote, number, textTitle, article }) =>
    quote ? [`${number || textTitle}${article ? ` ${article}` : ""}：“${quote}”`] : [],
  );

const reducedWords = ({ reductions }: RecoveryView, when: (on: string) => boolean): string[] =>
  reductions
    .filter(({ on }) => when(on))
    .map(({ on, amountFen, note }) => `${dayWords(on)}减少 ${formatYuan(amountFen)} 元：${note.replace(/。$/u, "")}。`);

/** Null before its day. */
export function letterOf(kind: NoticeKind, view: RecoveryView): RecoveryLetter | null {
  const amount = `${formatYuan(view.amountFen)} 元`;
  const about = `您（单位）${view.paidOn ? `于${dayWords(view.paidOn)}` : ""}领取的“${view.title}”（补贴件 ${view.claimNumber}）`;
  const shared = {
    title: noticeKindLabels[kind],
    number: view.number,
    addressee: view.payeeName,
    table: itemTable(view),
    basis: basisOf(view),
    office: view.organisation,
  };
  if (kind === "notice")
    return view.notifiedOn && view.replyBy
      ? {
          ...shared,
          paragraphs: [
            `${about}，经重新核算，多发 ${amount}，拟依照下列规定追回。`,
            view.grounds,
            `您（单位）对上述事实、理由和金额有权陈述和申辩，请于${dayWords(view.replyBy)}前（含当日）提出，口头、书面均可；逾期未提出的，视为没有意见。陈述申辩不会加重处理。`,
          ],
          closing: [`陈述申辩和咨询：${view.contact ?? ""}`],
          date: dayWords(view.notifiedOn),
        }
      : null;
  if (kind === "change") return changeLetter(view, about, shared);
  // What had been reduced by the day of the decision is no part of it.
  const before = view.reductions.filter(({ on }) => view.decidedOn !== null && on <= view.decidedOn);
  const decided = `${formatYuan(view.amountFen - before.reduce((sum, { amountFen }) => sum + amountFen, 0))} 元`;
  return view.decidedOn && view.payBy
    ? {
        ...shared,
        paragraphs: [
          `${about}，经重新核算多发 ${amount}。本机关已于${dayWords(view.notifiedOn!)}告知，${
            view.statement ? `您（单位）陈述申辩的意见是：${view.statement}` : "您（单位）在规定期限内没有提出意见"
          }。`,
          ...reducedWords(view, (on) => on <= view.decidedOn!),
          view.decision ?? "",
          `现决定追回 ${decided}，${
            view.instalments.length > 0
              ? `准予分期缴回：${view.instalments.map(({ line, dueOn, amountFen }) => `第${line}期 ${dayWords(dueOn)}前 ${formatYuan(amountFen)} 元`).join("，")}。`
              : `请于${dayWords(view.payBy)}前（含当日）缴回。一次缴回确有困难的，可以申请分期。`
          }`,
        ],
        closing: [`缴款和咨询：${view.contact ?? ""}`, view.remedy],
        date: dayWords(view.decidedOn),
      }
    : null;
}

/** Tells a payee who had a notice or a decision that less is asked of him, or that what he paid in is his again. */
function changeLetter(
  view: RecoveryView,
  about: string,
  shared: Pick<RecoveryLetter, "title" | "number" | "addressee" | "table" | "basis" | "office">,
): RecoveryLetter | null {
  const last = view.reductions.at(-1);
  if (!view.notifiedOn || !last) return null;
  const owed = view.amountFen - view.reducedFen;
  return {
    ...shared,
    table: null,
    paragraphs: [
      `${about}，本机关${view.decidedOn ? `于${dayWords(view.decidedOn)}决定` : `于${dayWords(view.notifiedOn)}告知拟`}追回 ${formatYuan(view.amountFen)} 元，现变更如下。`,
      ...reducedWords(view, () => true),
      view.state === "refunding" || view.state === "refunded"
        ? `原发放款已由银行退回，追回终止。您（单位）已缴回的 ${formatYuan(view.receivedFen)} 元全部退还。`
        : view.openFen > 0
          ? `变更后应缴回 ${formatYuan(owed)} 元，已缴回 ${formatYuan(view.receivedFen)} 元，还应缴回 ${formatYuan(view.openFen)} 元${
              view.instalments.length > 0
                ? `，分期改为：${view.instalments.map(({ line, dueOn, amountFen }) => `第${line}期 ${dayWords(dueOn)}前 ${formatYuan(amountFen)} 元`).join("，")}`
                : ""
            }。`
          : "变更后不再需要缴回。",
    ],
    closing: [`咨询：${view.contact ?? ""}`],
    date: dayWords(last.on),
  };
}
