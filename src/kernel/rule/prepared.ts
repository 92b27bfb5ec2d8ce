import type { Expression } from "../feel/ast.ts";
import type { FactSource } from "../facts/source.ts";
import type {
  Basis,
  CheckDefinition,
  DutyDefinition,
  IndicatorDefinition,
  LimitDefinition,
  MeasureDefinition,
  ParameterDefinition,
} from "../format/types.ts";

/** A rule whose every name and type is settled: what the three engines are made from. */
export interface PreparedCondition {
  readonly id: string;
  readonly says: string;
  readonly basis?: Basis;
  /** Asked only where true. */
  readonly when?: Expression;
  /** Asked only for payment from these funds; absent for all. */
  readonly funds?: readonly string[];
  readonly core: ConditionCore;
}

export type ConditionCore =
  /** Where `test` is false and `review` true, a person decides (`ambiguity`). */
  | { readonly kind: "plain"; readonly test: Expression; readonly review?: Expression; readonly ambiguity?: string }
  /** Reached on a day; `openEnded` names the fact whose absence means that `until` has not come. */
  | { readonly kind: "time"; readonly reached: Expression; readonly until?: Expression; readonly openEnded?: string }
  | { readonly kind: "review"; readonly review: Expression; readonly ambiguity: string };

export interface PreparedLimit extends Omit<LimitDefinition, "most"> {
  readonly most?: Expression;
}

export interface PreparedAmount {
  /** Fen per unit of the expressions: 100 where they are in yuan. */
  readonly factor: 1 | 100;
  readonly tiers: readonly { readonly when?: Expression; readonly amount: Expression; readonly cap?: Expression }[];
  readonly each?: { readonly count: Expression; readonly atMost?: Expression; readonly unit: "月" | "天" };
}

export interface PreparedParameter extends Omit<ParameterDefinition, "by" | "bounds"> {
  readonly by?: Expression;
  readonly bounds?: Expression;
}

interface PreparedRule {
  readonly source: FactSource;
  /** Field with the division that decides which rule applies and whose parameter values hold. */
  readonly regionFact: string;
  readonly eventDate: Expression;
  readonly parameters: readonly PreparedParameter[];
}

export interface PreparedMeasure extends PreparedRule {
  readonly kind: "measure";
  readonly definition: MeasureDefinition;
  readonly testDate?: Expression;
  /** In the order of reports: jurisdiction, window, those of the text, those of the funds. */
  readonly conditions: readonly PreparedCondition[];
  readonly limits: readonly PreparedLimit[];
  readonly amount?: PreparedAmount;
  /** At least one; a single empty name when the text names no fund. */
  readonly funds: readonly string[];
}

export interface PreparedCheck extends PreparedRule {
  readonly kind: "check";
  readonly definition: CheckDefinition;
  /** Each with its own words; all together are the finding. */
  readonly conditions: readonly {
    readonly id: string;
    readonly says: string;
    readonly basis?: Basis;
    readonly test: Expression;
  }[];
  readonly finding: Expression;
  readonly unless?: Expression;
}

export interface PreparedDuty extends PreparedRule {
  readonly kind: "duty";
  readonly definition: DutyDefinition;
  readonly owed: Expression;
  readonly due: Expression;
  /** Boolean or date. */
  readonly done: Expression;
  /** The fact whose absence means that it has not been done. */
  readonly openEnded?: string;
}

export interface PreparedIndicator extends PreparedRule {
  readonly kind: "indicator";
  readonly definition: IndicatorDefinition;
  readonly counts: Expression;
  readonly sums?: Expression;
  readonly of?: Expression;
}

/** Dates of the evaluation itself that expressions may name. */
export const AS_OF = "观察日";
export const EVENT_DATE = "事件日";
export const TEST_DATE = "测试日";
/** In `bounds:` of a parameter: the value that somebody wants to set. */
export const PROPOSED = "值";
