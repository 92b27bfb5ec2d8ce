/**
 * A measure as its deciding engine sees it: data, and expressions as functions. The interpreter makes it from the syntax tree, the
 * phone's build writes it out as JavaScript; `decide.ts` reads both.
 */
import type { Scalar, ScalarKind } from "../values/types.ts";
import type { Outcome } from "./operators.ts";

/** Where an expression gets its names from. */
export interface Environment {
  fact(name: string): Outcome;
  parameter(name: string): Outcome;
  special(name: string): Outcome;
}
export type Compute = (environment: Environment) => Outcome;

export interface FactPlan {
  readonly kind: ScalarKind | "list";
  readonly of?: ScalarKind;
}

export interface ConditionPlan {
  readonly id: string;
  readonly says: string;
  readonly funds?: readonly string[];
  readonly ambiguity?: string;
  readonly when?: Compute;
  /** Of a plain condition. */
  readonly test?: Compute;
  /** Of a time condition. */
  readonly reached?: Compute;
  readonly until?: Compute;
  readonly openEnded?: string;
  readonly review?: Compute;
}

export interface LimitPlan {
  readonly id: string;
  readonly says: string;
  readonly key: string;
  readonly per: readonly string[];
  readonly within: "自然年" | "自然月" | "一生" | "滚动12个月";
  readonly counts: "times" | "months" | "years" | "exclusive";
  readonly most?: Compute;
  readonly as?: string;
  readonly unlessSame?: string;
}

export interface AmountPlan {
  readonly factor: 1 | 100;
  readonly tiers: readonly { readonly when?: Compute; readonly amount: Compute; readonly cap?: Compute }[];
  readonly each?: { readonly count: Compute; readonly atMost?: Compute; readonly unit: "月" | "天" };
}

export interface ValuePlan {
  readonly from: string;
  readonly to?: string;
  readonly prefix: string;
  readonly for?: string;
  readonly value: string | number | boolean | { readonly value: number; readonly of: number };
}

export interface ParameterPlan {
  readonly by?: Compute;
  /** In the order in which they are tried. */
  readonly values: readonly ValuePlan[];
}

/** A fact that may change: by the person, or by time. */
export interface ChangeablePlan {
  readonly label: string;
  readonly by: "by-person" | "by-time";
  /** To choose among; absent where any value may be. */
  readonly values?: readonly Scalar[];
  readonly openEnded?: boolean;
}

export interface HintPlan {
  readonly reads: readonly string[];
  /** Values that the facts read may take to make a difference. */
  readonly near: readonly Compute[];
}

export interface MeasurePlan {
  readonly id: string;
  readonly region: string;
  readonly title: string;
  /** One row is one month. */
  readonly monthly: boolean;
  readonly regionFact: string;
  readonly facts: Readonly<Record<string, FactPlan>>;
  readonly eventDate: Compute;
  readonly testDate?: Compute;
  readonly conditions: readonly ConditionPlan[];
  readonly limits: readonly LimitPlan[];
  readonly amount?: AmountPlan;
  readonly parameters: Readonly<Record<string, ParameterPlan>>;
  readonly funds: readonly string[];
  /** For 差什么 (see `rule/hints.ts`). */
  readonly changeable: Readonly<Record<string, ChangeablePlan>>;
  readonly hints: Readonly<Record<string, HintPlan>>;
  readonly moves: boolean;
  readonly numbers: readonly number[];
  readonly dates: readonly string[];
}
