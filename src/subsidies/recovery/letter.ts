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
  return view.decidedOn && view.payBy
    ? {
        ...shared,
        paragraphs: [
          `${about}，经重新核算多发 ${amount}。本机关已于${dayWords(view.notifiedOn!)}告知，${
            view.statement ? `您（单位）陈述申辩的意见是：${view.statement}` : "您（单位）在规定期限内没有提出意见"
          }。`,
          view.decision ?? "",
          `现决定追回 ${amount}，${
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
