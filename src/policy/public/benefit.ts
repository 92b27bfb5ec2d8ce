import {
  divisionPrefix,
  expressionsOfCondition,
  namesIn,
  orderedValues,
  type Basis,
  type Level,
  type PreparedMeasure,
  type PreparedParameter,
} from "#kernel";
import { AUDIENCE_WORDS, AUDIENCES, type Audience } from "../facts/audience.ts";
import type { CalculatorBenefit } from "../citizen/model.ts";
import { valueWords } from "../citizen/words.ts";
import type { SourceText } from "../texts/text.ts";
import type { Benefit } from "./library.ts";

/** Whom a benefit concerns; of a source that does not say, everybody. */
export const audienceOf = ({ dictionary }: Benefit): readonly Audience[] => dictionary.audience ?? AUDIENCES;

/** True where the asker himself is paid, and not another because of him. */
export const isPaidTo = ({ rule }: Benefit, audience: Audience): boolean =>
  AUDIENCE_WORDS[audience].payees.some((word) => rule.definition.payee.includes(word));

export const BENEFIT_STATUSES = ["in-force", "not-yet", "ended"] as const;
export type BenefitStatus = (typeof BENEFIT_STATUSES)[number];
export const BENEFIT_STATUS_LABELS: Record<BenefitStatus, string> = {
  "in-force": "施行中",
  "not-yet": "还没开始",
  ended: "已经期满",
};

export function statusOfBenefit({ rule }: Benefit, date: string): BenefitStatus {
  const { from, to } = rule.definition.inForce;
  if (date < from) return "not-yet";
  return to !== undefined && date > to ? "ended" : "in-force";
}

/** Rules of the place itself and of the divisions around it, and, for a place wider than a rule's, of those within it. */
export const holdsIn = ({ rule }: Benefit, place: string): boolean => {
  const [own, asked] = [divisionPrefix(rule.definition.region), divisionPrefix(place)];
  return own.startsWith(asked) || asked.startsWith(own);
};

/** A standard as it stands in a place on a day. */
export interface Standard {
  readonly says: string;
  /** In words, one for each case (男 60 周岁); empty when nobody has set it. */
  readonly values: readonly { readonly words: string; readonly sample: boolean }[];
  /** Where it is not set: who is to set it. */
  readonly awaited: string | null;
}

/** What the amount is made of. */
export const amountStandards = (rule: PreparedMeasure, place: string, date: string): readonly Standard[] =>
  standardsIn(rule, amountExpressions(rule), place, date);

const amountExpressions = ({ amount }: PreparedMeasure) => [
  ...(amount?.tiers.flatMap(({ when, amount: own, cap }) => [when, own, cap]) ?? []),
  amount?.each?.count,
  amount?.each?.atMost,
];

/** What the conditions and limits are held against. */
export const conditionStandards = (rule: PreparedMeasure, place: string, date: string): readonly Standard[] => {
  const cores = rule.conditions.flatMap(expressionsOfCondition);
  return standardsIn(rule, [...cores, ...rule.limits.map(({ most }) => most)], place, date);
};

/** Standards that somebody made up for a demonstration, with the place for which they stand, and whether an amount is made of them. */
export function samplesOf(rule: PreparedMeasure): CalculatorBenefit["samples"] {
  const inAmount = new Set(amountExpressions(rule).flatMap((one) => (one ? namesIn(one, "parameter") : [])));
  return rule.parameters.flatMap(({ name, says, values }) =>
    [
      ...new Set(
        values.flatMap(({ sample, region }) => (sample ? [divisionPrefix(region ?? rule.definition.region)] : [])),
      ),
    ].map((prefix) => ({ says, prefix, amount: inAmount.has(name) })),
  );
}

function standardsIn(
  rule: PreparedMeasure,
  expressions: readonly (Parameters<typeof namesIn>[0] | undefined)[],
  place: string,
  date: string,
): readonly Standard[] {
  const names = new Set(expressions.flatMap((one) => (one ? namesIn(one, "parameter") : [])));
  return rule.parameters
    .filter(({ name }) => names.has(name))
    .map((parameter) => standard(parameter, rule.definition.region, place, date));
}

function standard(parameter: PreparedParameter, region: string, place: string, date: string): Standard {
  const held = orderedValues(parameter.values, region).filter(
    ({ prefix, from, to }) => place.startsWith(prefix) && from <= date && (to === undefined || date <= to),
  );
  // Tried in this order: of each case the first holds, and after one for any case nothing more is asked.
  const anyCase = held.findIndex((value) => value.for === undefined);
  const asked = anyCase < 0 ? held : held.slice(0, anyCase + 1);
  const first = asked.filter((value, index) => asked.findIndex((other) => other.for === value.for) === index);
  const general = first.length > 1 ? "其他" : "";
  return {
    says: parameter.says === parameter.name ? parameter.name : parameter.says,
    values: first.map((value) => ({
      words: `${value.for ?? general} ${valueWords(parameter.kind, value.value)}`.trim(),
      sample: value.sample ?? false,
    })),
    awaited: first.length > 0 ? null : awaited(parameter),
  };
}

const SETTERS: Record<Level, string> = { 省: "省", 市: "市州", 县: "县市区" };

/** Who is to say it: 「标准由…规定，尚未公布」. */
export function awaited({ awaits, openTo }: Pick<PreparedParameter, "awaits" | "openTo">): string {
  const setter = awaits
    ? `“${awaits}”`
    : openTo.length > 0
      ? openTo.map((level) => SETTERS[level]).join("、")
      : "上级文件";
  return `标准由${setter}规定，尚未公布`;
}

/** Where a sentence stands, in words: 湘人社规〔2021〕10号（四）. */
export function sourceWords({ text: id, article }: Basis, texts: readonly SourceText[]): string {
  const text = texts.find((one) => one.id === id);
  const name = text ? (text.number ?? `《${text.title}》`) : id;
  return article ? `${name} ${/^[（(]/.test(article) ? article : `“${article}”`}` : name;
}

export const sourceAddress = ({ text, article }: Basis): string =>
  `/texts/${text}${article ? `#${encodeURIComponent(article)}` : ""}`;
