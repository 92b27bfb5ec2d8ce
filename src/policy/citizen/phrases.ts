/** The calculator's sentences: questions, answers and outcomes in plain words. */
import type { FactChange, Value, Way } from "#kernel/contract";
import { AUDIENCE_WORDS, type Audience } from "../facts/audience.ts";
import type { Answer, Asked } from "./interview.ts";
import type { AskedFact, CalculatorBenefit, CalculatorRules } from "./model.ts";
import type { Reason, Verdict, VerdictKind } from "./verdict.ts";
import { dateWords, valueWords, yuanWords } from "./words.ts";

export const UNKNOWN_WORDS = "不知道，先跳过";
export const OPEN_WORDS = "还没有，仍在继续";

/** A name for a county or a province of the rules' file. */
export function placeWords({ prefectures, provinces, region }: CalculatorRules, code: string): string {
  for (const [prefecture, name, counties] of prefectures) {
    if (prefecture === code) return name;
    const county = counties.find(([one]) => one === code);
    if (county) return prefectures.length === 1 ? county[1] : `${name}${county[1]}`;
  }
  return provinces.find(([one]) => one === code)?.[1] ?? (region[0] === code ? region[1] : code);
}

/** Others than the worker himself answer for him. */
const addressed = (words: string, audience: Audience) =>
  AUDIENCE_WORDS[audience].forSelf ? words : words.replace(/您/g, "这名劳动者");

export function questionWords(asked: Asked, audience: Audience): string {
  if (asked.kind === "fact") {
    const { question = asked.fact.label, topic, openEnded } = asked.fact;
    const words = topic ? addressed(question, audience) : question;
    // On paper an end that has not come is left blank; here it has a button of its own.
    return openEnded ? words.replace(/？.*不填$/, "？") : words;
  }
  const { counts, within, once } = asked.limit;
  const period = { 自然年: "在同一年里，", 自然月: "在同一个月里，", 滚动12个月: "在前12个月里，", 一生: "以前，" }[
    within
  ];
  if (counts === "months") return `${period}这类补贴一共享受过几个月？没有就填0`;
  if (counts === "years") return "以前已经享受过几年？没有就填0";
  return once ? `${period}已经享受过这项待遇吗？` : `${period}已经享受过几次？没有就填0`;
}

/** Why it is asked: which benefit hangs on what. */
export function whyWords(asked: Asked): string {
  const { title } = asked.benefit.plan;
  if (asked.kind === "limit") return `“${title}”要看：${asked.limit.says}`;
  const says = asked.benefit.plan.conditions.find(({ id }) => id === asked.condition)?.says;
  return says ? `“${title}”要看：${says}` : `算“${title}”的金额要用`;
}

export function answerWords(rules: CalculatorRules, asked: Asked, answer: Answer): string {
  if (!answer.known) return "不知道";
  const { value } = answer;
  if (asked.kind === "fact") return value === null ? "还没有，仍在继续" : factWords(rules, asked.fact, value);
  if (asked.limit.once) return value === 0 ? "没有" : "享受过";
  return `${String(value)}${{ months: "个月", years: "年", times: "次", exclusive: "次" }[asked.limit.counts]}`;
}

export function factWords(rules: CalculatorRules, { form }: AskedFact, value: Value): string {
  const text = valueWords("text", value);
  switch (form) {
    case "county":
      return placeWords(rules, text);
    case "month":
      return `${Number(text.slice(0, 4))}年${Number(text.slice(5, 7))}月`;
    case "year":
      return `${text.slice(0, 4)}年`;
    case "money":
      return valueWords("fen", value);
    case "date":
      return valueWords("date", value);
    case "yes-no":
    case "choice":
    case "number":
    case "text":
      return text;
  }
}

export const VERDICT_WORDS: Record<VerdictKind, string> = {
  can: "能领",
  likely: "条件够，等部门核实",
  later: "再等等",
  unset: "标准未定",
  review: "要人工研判",
  unclear: "还说不准",
  cannot: "现在不行",
};
/** Of what is no money. */
export const verdictWords = ({ kind, benefit }: Verdict): string =>
  kind === "can" && !benefit.hasAmount ? "符合" : VERDICT_WORDS[kind];

export const REASON_WORDS: Record<Reason["state"], string> = {
  met: "符合",
  failed: "不符合",
  later: "还没到时候",
  office: "待核实",
  unclear: "不清楚",
  unset: "标准未定",
  review: "要研判",
};

/** What a verdict comes to besides its reasons: one sentence each. */
export function remarks(verdict: Verdict): readonly string[] {
  const { kind, benefit, reasons, awaited, unclear, capped } = verdict;
  const said: string[] = [];
  if (capped) said.push("按最高额度计算。");
  if (kind === "unset") said.push(`您填的条件都够，${awaited.join("；")}。`);
  if (kind === "review") said.push("文件没有写明这种情况，要由人社部门研判，请当面问。");
  for (const { label, supplier } of unclear) said.push(`不清楚“${label}”，可以问${supplier}。`);
  const office = reasons.filter(({ state }) => state === "office");
  if (office.length > 0 && kind !== "cannot")
    said.push(
      `由${[...new Set(office.flatMap(({ suppliers }) => suppliers))].join("、")}核实：${office.map(({ says }) => says).join("；")}。`,
    );
  if (kind === "unclear" && unclear.length === 0)
    said.push(
      `还差：${reasons
        .filter(({ state }) => state === "unclear")
        .map(({ says }) => says)
        .join("；")}。`,
    );
  if (kind === "cannot") said.push(...refusalWords(benefit, reasons));
  return said;
}

function refusalWords(
  { inForce: { from, to, ended } }: CalculatorBenefit,
  reasons: readonly Reason[],
): readonly string[] {
  const failed = reasons.filter(({ state }) => state === "failed");
  const others = failed.filter(({ id }) => id !== "in-force").map(({ says }) => `没有达到：${says}。`);
  if (others.length === failed.length) return others;
  const window = to ? `${dateWords(from)}至${dateWords(to)}` : `${dateWords(from)}起`;
  return [`事情不在执行期（${window}）里。${ended ?? ""}`, ...others];
}

/** 差什么: the day, or what would have to be otherwise and what it would bring. Empty where nothing is wanting that can be said. */
export function gapWords(rules: CalculatorRules, verdict: Verdict, daysLeft: number | null): readonly string[] {
  const { kind, on, reasons, ways } = verdict;
  if (kind === "later" && on) {
    const waiting = reasons.filter(({ state }) => state === "later").map(({ says }) => says);
    return [`只差时间（${waiting.join("；")}）：还有 ${daysLeft} 天，${dateWords(on)}起可以领。`];
  }
  if (kind !== "cannot") return [];
  if (ways.length === 0) return ["没有达到的条件，自己改变不了，时间到了也不会变。"];
  return ways.map((way) => wayWords(rules, verdict, way));
}

function wayWords(rules: CalculatorRules, { benefit }: Verdict, { changes, amount, from, again }: Way): string {
  const brings = amount === null ? "就符合条件" : `就能领 ${yuanWords(amount)}`;
  const when =
    from === null ? brings : again ? `要等下一次，${dateWords(from)}起${brings}` : `到${dateWords(from)}${brings}`;
  return changes.length === 0
    ? `${when}。`
    : `如果${changes.map((change) => changeWords(rules, benefit, change)).join("，并且")}，${when}。`;
}

function changeWords(
  rules: CalculatorRules,
  benefit: CalculatorBenefit,
  { name, label, from, to, otherThan }: FactChange,
): string {
  const fact = benefit.facts.find((one) => one.name === name);
  const words = (value: Value) => (fact ? factWords(rules, fact, value) : valueWords("text", value));
  const quoted = (value: Value) =>
    fact && ["yes-no", "choice", "text"].includes(fact.form) ? `“${words(value)}”` : words(value);
  if (otherThan) return `${label}换成${otherThan.map(words).join("、")}以外的`;
  const now = from === null ? "还没有到" : quoted(from);
  return `“${label}”${to === null ? "还没有到，一直继续下去" : `是${quoted(to)}`}（您填的是${now}）`;
}
