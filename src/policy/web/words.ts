import type { BasisView, OutcomeName, RuleRow, RuleView, VersionState } from "../contract.ts";
import { count, yuan, type Tone } from "../../ui/index.ts";

/** Words and tones of the rulebook's pages. */

export const outcomeTones: Record<OutcomeName, Tone> = {
  ELIGIBLE: "done",
  ELIGIBLE_UP_TO_CAP: "done",
  PARTLY_ELIGIBLE: "done",
  NOT_YET: "soon",
  UNKNOWN: "soon",
  REVIEW: "soon",
  PARAM_MISSING: "soon",
  NOT_ELIGIBLE: "plain",
};

export const stateTones: Record<VersionState, Tone> = {
  draft: "outline",
  proposed: "soon",
  published: "done",
  superseded: "plain",
  withdrawn: "plain",
};

export const statusLabels: Record<RuleRow["status"], string> = {
  "in-force": "施行中",
  "not-yet": "尚未施行",
  ended: "执行期满",
};
export const statusTones: Record<RuleRow["status"], Tone> = { "in-force": "done", "not-yet": "soon", ended: "plain" };

export const textTones: Readonly<Record<string, Tone>> = { 施行中: "done", 尚未施行: "soon" };

/** "湘人社规〔2021〕10号（四）": where a sentence stands. Articles of some texts are bare numbers. */
export function placeOf({ number, textTitle, article }: BasisView): string {
  const where = article === null ? "" : /^[（(]/.test(article) ? article : ` ${article}`;
  return `${number || textTitle}${where}`;
}

/** The public page of the text, at the article. */
export const textAddress = ({ text, article }: Pick<BasisView, "text" | "article">): string =>
  `/texts/${text}${article === null ? "" : `#${encodeURIComponent(article)}`}`;

/** Everything made of one article. */
export const articleRules = (text: string, article: string | null): string =>
  `/rules?text=${encodeURIComponent(text)}${article === null ? "" : `&article=${encodeURIComponent(article)}`}`;

/** "2021-07-26 至 2025-12-31", "2021-07-26 起". */
export function windowWords(from: string | null, to: string | null): string {
  if (from === null) return to === null ? "长期" : `至 ${to}`;
  return to === null ? `${from} 起` : `${from} 至 ${to}`;
}

/** Fen as leaders read it: "144.36 万元"; small sums in yuan. */
export function moneyWords(fen: number): string {
  if (Math.abs(fen) < 1_000_000) return `${yuan(fen)} 元`;
  return `${yuan(Math.round(fen / 10_000))} 万元`;
}

/** A change with its sign: "+1,124". */
export const signed = (value: number): string =>
  value > 0 ? `+${count(value)}` : value < 0 ? `−${count(-value)}` : "0";
export const signedMoney = (fen: number): string =>
  fen > 0 ? `+${moneyWords(fen)}` : moneyWords(fen).replace("-", "−");

const isRate = (value: unknown): value is { of: number; value: number } =>
  typeof value === "object" && value !== null && "of" in value && "value" in value;

/** "70%", "2/3"; the whole is 100%, not "1/1". */
const rateWords = ({ value, of }: { of: number; value: number }): string =>
  value === of ? "100%" : of === 100 ? `${value}%` : `${value}/${of}`;

/** A parameter's value as it is said: 300.00 元, 70%, 2/3, 是, 6. */
export function valueWords(kind: string, value: unknown): string {
  if (typeof value === "boolean") return value ? "是" : "否";
  if (typeof value === "number") return kind === "fen" ? `${yuan(value)} 元` : count(value);
  if (isRate(value)) return rateWords(value);
  return typeof value === "string" ? value : "";
}

export const kindLabels: Readonly<Record<string, string>> = {
  fen: "金额",
  integer: "整数",
  rate: "比例",
  text: "文字",
  date: "日期",
  boolean: "是否",
};

export const grainLabels: Readonly<Record<string, string>> = { person: "按人（次）", month: "按月", batch: "按批" };

/** How the acts of the page are called before the version exists. */
export const cannotPublishOwn = "您是起草人，请由另一位工作人员复核发布。";

/** Rows that conditions refused, over all counties of the officer's area. */
export function refusedBy(view: Pick<RuleView, "outcomesByCounty">): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { failed } of view.outcomesByCounty)
    for (const [id, rows] of Object.entries(failed)) sums.set(id, (sums.get(id) ?? 0) + rows);
  return sums;
}
