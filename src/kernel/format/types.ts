import type { Rate, Scalar, ScalarKind } from "../values/types.ts";
import type { DateText } from "../values/dates.ts";

/** An expression as it stands in a file. */
export interface FeelText {
  readonly feel: string;
  readonly line: number;
  readonly column: number;
  /** False when the text was quoted with escapes or folded: a mistake inside can then only be placed at its beginning. */
  readonly exact: boolean;
}

export const CLASSES = ["CALC", "PARAM", "EXT", "QUAL"] as const;
export type RuleClass = (typeof CLASSES)[number];
export const GRAINS = ["person", "month", "batch"] as const;
export type Grain = (typeof GRAINS)[number];
/**
 * 申请确认: found or applied for, confirmed, examined, approved. 免申即享: nobody applies or confirms. 免审即享: nobody examines either; a
 * second officer still releases the money. 定额预付: a fixed sum is paid at once and settled when the facts are there.
 */
export const HANDLINGS = ["申请确认", "免申即享", "免审即享", "定额预付"] as const;
export type Handling = (typeof HANDLINGS)[number];
export const WINDOWS = ["自然年", "自然月", "一生", "滚动12个月"] as const;
export type LimitWindow = (typeof WINDOWS)[number];
export const LEVELS = ["省", "市", "县"] as const;
export type Level = (typeof LEVELS)[number];
/** Whose office holds a case: of the finding's place, or the one above it. */
export const CASE_LEVELS = [...LEVELS, "乡镇"] as const;
export type CaseLevel = (typeof CASE_LEVELS)[number];
export const SEVERITIES = ["H", "M", "L"] as const;
export type Severity = (typeof SEVERITIES)[number];
export const FINDINGS = ["VIOLATION", "WARNING", "SUSPECTED"] as const;
export type Finding = (typeof FINDINGS)[number];
export const PERIODS = ["月", "季", "年", "当前"] as const;
export type Period = (typeof PERIODS)[number];
export const COMPARATORS = [">=", ">", "<=", "<", "=", "≈"] as const;

export interface Basis {
  /** Id of the text in `policies/texts`. */
  readonly text: string;
  /** Heading of the article in it. */
  readonly article?: string;
  /** Verbatim. */
  readonly quote?: string;
}

export interface InForce {
  readonly from: DateText;
  /** Inclusive; open when absent. */
  readonly to?: DateText;
  /** Where the window itself is said, when it is shorter than the document's. */
  readonly basis?: Basis;
  /** What the citizen is told once it has ended, e.g. which text goes on. */
  readonly ended?: string;
}

interface Condition {
  readonly id: string;
  readonly says: string;
  readonly basis?: Basis;
  /** The condition is asked only where this holds. */
  readonly when?: FeelText;
  /** The condition is asked only for payment from these funds. */
  readonly whenFund?: readonly string[];
}
export interface PlainCondition extends Condition {
  readonly kind: "plain";
  readonly feel: FeelText;
  /** Where `feel` is false and `when` true, the text does not decide: the answer is 人工研判 with this id. */
  readonly review?: { readonly ambiguity: string; readonly when: FeelText };
}
/** Fulfilled from a date on; lost for good if `until` comes before it. */
export interface TimeCondition extends Condition {
  readonly kind: "time";
  readonly reached: FeelText;
  readonly until?: FeelText;
}
/** Where `when` is true the text does not decide. */
export interface ReviewCondition extends Condition {
  readonly kind: "review";
  readonly ambiguity: string;
  readonly feel: FeelText;
}
export type ConditionDefinition = PlainCondition | TimeCondition | ReviewCondition;

export interface LimitDefinition {
  readonly id: string;
  readonly says: string;
  readonly basis?: Basis;
  /** Shared by every rule that draws on the same entitlement: 此前已享受的期限合并计算. */
  readonly key: string;
  readonly per: readonly string[];
  readonly within: LimitWindow;
  /**
   * `times` so many claims; `months` so many months, whichever claims brought them; `years` so many calendar years with a claim, the
   * year itself not counted; `exclusive` none at all (不重复享受).
   */
  readonly counts: "times" | "months" | "years" | "exclusive";
  /** Absent for `exclusive`. Integer; a parameter may stand in it. */
  readonly most?: FeelText;
  /** Of `months`: the name under which the amount reads how many are left. */
  readonly as?: string;
  /** Of `exclusive`: a claim that agrees in this subject does not count, e.g. the same uninterrupted spell. */
  readonly unlessSame?: string;
}

export interface AmountDefinition {
  readonly unit: "分" | "元";
  readonly says?: string;
  /** First tier whose `when` holds; a single tier without `when` for a plain amount. */
  readonly tiers: readonly { readonly when?: FeelText; readonly feel: FeelText; readonly cap?: FeelText }[];
  /** The amount is for each of so many months or days, at most so many. */
  readonly each?: { readonly count: FeelText; readonly atMost?: FeelText; readonly unit: "月" | "天" };
}

export interface ParameterValue {
  readonly from: DateText;
  readonly to?: DateText;
  /** Division that has set it; the rule's own region when absent. */
  readonly region?: string;
  /** The case of `by` that it is for; any when absent. */
  readonly for?: string;
  readonly value: Scalar | Rate;
  /** Document that says it. */
  readonly basis?: Basis;
  /** Made up for a demonstration: no document says it. It counts like any other and is said to be made up wherever it is shown. */
  readonly sample?: true;
}

export interface ParameterDefinition {
  readonly name: string;
  readonly says: string;
  readonly kind: Exclude<ScalarKind, "boolean"> | "boolean";
  /** Text on which the value depends besides region and date, e.g. 岗位.类型. */
  readonly by?: FeelText;
  readonly values: readonly ParameterValue[];
  /** Levels that may set it. */
  readonly openTo: readonly Level[];
  /** What a value set below must fulfil; the value itself is 值. */
  readonly bounds?: FeelText;
  /** Id of the shared parameter it comes from. */
  readonly shared?: string;
  /** Document that would supply it and is not among the sources (0.6). */
  readonly awaits?: string;
  readonly basis?: Basis;
}

export interface FundDefinition {
  readonly name: string;
  readonly conditions: readonly ConditionDefinition[];
}

interface Rule {
  readonly file: string;
  /** Name of the folder: the measure whatever its region. */
  readonly id: string;
  /** Six-digit code of the division whose rule it is. */
  readonly region: string;
  readonly title: string;
  readonly catalogue: readonly string[];
  readonly basis: readonly Basis[];
  readonly inForce: InForce;
  /** Fact source. */
  readonly source: string;
  readonly jurisdiction: string;
  readonly parameters: readonly ParameterDefinition[];
  readonly notes: readonly string[];
}

/** A document that an application brings. */
export interface MaterialDefinition {
  readonly name: string;
  /** The department whose own record stands for it: nobody is asked for it (免交). */
  readonly certifiedBy?: string;
  /** Brought only where it applies. */
  readonly optional: boolean;
}

export interface MeasureDefinition extends Rule {
  readonly kind: "measure";
  readonly class: RuleClass;
  readonly grain: Grain;
  readonly payee: string;
  /**
   * Subjects of the source one of whom is paid through the office, the usual one first: whoever it is has an account. Empty where nothing
   * is paid out (loans, waived fees), or where who is paid stands in no register.
   */
  readonly pays: readonly string[];
  /** How its money reaches people; what the text says nothing of is applied for, or confirmed when it was found. */
  readonly handling: Handling;
  readonly payer?: string;
  readonly eventDate: FeelText;
  readonly testDate?: FeelText;
  /** AMB-09: claims lodged after the window for facts within it; else the last day and the date that is held against it. */
  readonly lateClaims: "accepted" | { readonly until: DateText; readonly date: FeelText };
  readonly conditions: readonly ConditionDefinition[];
  readonly limits: readonly LimitDefinition[];
  /** Absent for what is recorded and not computed (QUAL), and where the rule decides something else than money. */
  readonly amount?: AmountDefinition;
  /** In place of an amount: what an eligible subject is given or has fulfilled, e.g. 免除反担保. */
  readonly decides?: string;
  /** Exactly one of them pays; the first in order that can. */
  readonly funds: readonly FundDefinition[];
  readonly evidence: readonly string[];
  /** What whoever applies is asked to bring; empty: nothing is asked for by name. */
  readonly materials: readonly MaterialDefinition[];
}

/** Who answers for a finding, by when, and who must be heard before it is decided. */
export interface CaseDefinition {
  /** Department, in the office's words. */
  readonly owner: string;
  readonly level: CaseLevel;
  readonly within: number;
  readonly unit: "工作日" | "日";
  readonly hear: readonly string[];
}

export interface CheckDefinition extends Rule {
  readonly kind: "check";
  /** What is wrong, said to the officer. */
  readonly says: string;
  /** The same of one record: names of facts in braces stand for its values. */
  readonly message?: string;
  /** All must be true for something to be wrong. One, called `finding`, where the check has no words for parts of it. */
  readonly conditions: readonly PlainCondition[];
  /** Subjects of the source by which rows are one finding: twelve months of one placement are one. Empty: each row is. */
  readonly per: readonly string[];
  readonly case: CaseDefinition;
  /** Recorded reason that makes a violation a warning (AMB-14). */
  readonly unless?: FeelText;
  readonly answers: Finding;
  readonly severity: Severity;
  readonly blocksPayment: boolean;
  /** Date that decides which version and which parameter values judge the record. */
  readonly eventDate: FeelText;
}

export interface DutyDefinition extends Rule {
  readonly kind: "duty";
  readonly says: string;
  readonly responsible: string;
  /** Whether it is owed to, or by, this row at all. */
  readonly owed: FeelText;
  /** The day it begins to be owed; decides window and parameter values. */
  readonly from: FeelText;
  /** Last day, inclusive. */
  readonly due: FeelText;
  /** The day on which it was done, or whether it is. */
  readonly done: FeelText;
}

export interface IndicatorDefinition extends Rule {
  readonly kind: "indicator";
  readonly says: string;
  readonly unit: string;
  readonly period: Period;
  /** Places a row in a period; 观察日 for what stands at present. */
  readonly date?: FeelText;
  /** Which rows count. */
  readonly counts: FeelText;
  /** What each counted row adds; 1 when absent. */
  readonly sums?: FeelText;
  /** Rows of which those that count are a share, in percent. */
  readonly of?: FeelText;
  readonly target?: { readonly comparator: (typeof COMPARATORS)[number]; readonly value: number; readonly raw: string };
}

export type RuleDefinition = MeasureDefinition | CheckDefinition | DutyDefinition | IndicatorDefinition;
export type RuleKind = RuleDefinition["kind"];
