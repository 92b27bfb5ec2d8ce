/** What a phone loads to count for itself: the rules of a place as code, and their words. Made by `public/rules-script.ts`. */
import type { LimitWindow, MeasurePlan } from "#kernel/contract";
import type { Audience } from "../facts/audience.ts";
import type { AnswerForm } from "../facts/dictionary.ts";

/** Where a sentence stands. */
export interface Source {
  readonly words: string;
  readonly address: string;
  readonly quote?: string;
}

/** A fact that a benefit reads. */
export interface AskedFact {
  readonly name: string;
  readonly label: string;
  /** Who can supply it when the citizen cannot. */
  readonly supplier: string;
  /** Absent: nobody but the supplier can say. */
  readonly question?: string;
  readonly form: AnswerForm;
  readonly choices?: readonly string[];
  /** One answer serves all facts of a topic. */
  readonly topic?: string;
  /** Not having come yet is an answer. */
  readonly openEnded?: true;
}

/** A limit, and how to ask what has been had of it already. */
export interface AskedLimit {
  readonly id: string;
  /** Shared entitlement: its limits are asked once for all benefits that draw on it. */
  readonly key: string;
  readonly counts: "times" | "months" | "years" | "exclusive";
  readonly within: LimitWindow;
  /** Whether having had it once decides; else the number is asked. */
  readonly once: boolean;
  readonly says: string;
}

export interface CalculatorBenefit {
  readonly key: string;
  readonly plan: MeasurePlan;
  /** What one row of the source is: 有组织劳务输出的介绍. */
  readonly subject: string;
  /** The same as a person would say it of himself. */
  readonly situation: string;
  readonly monthly: boolean;
  readonly facts: readonly AskedFact[];
  readonly limits: readonly AskedLimit[];
  /** Conditions that rest on nothing but what an office knows: a citizen is not held to them, and told who confirms them. */
  readonly office: readonly { readonly id: string; readonly suppliers: readonly string[] }[];
  readonly audience: readonly Audience[];
  readonly payee: string;
  readonly paidTo: readonly Audience[];
  readonly funds: string;
  readonly amountSays?: string;
  /** In place of an amount: what is given. */
  readonly decides?: string;
  readonly hasAmount: boolean;
  readonly inForce: { readonly from: string; readonly to?: string; readonly ended?: string };
  readonly evidence: readonly string[];
  readonly source: Source;
  /** Of conditions that rest on another sentence than the benefit itself. */
  readonly sources: Readonly<Record<string, Source>>;
  /** Standards made up for a demonstration: in words, where they stand, and whether the amount is made of them. */
  readonly samples: readonly { readonly says: string; readonly prefix: string; readonly amount: boolean }[];
  /** By parameter: who is to set it, in words. */
  readonly awaited: Readonly<Record<string, string>>;
}

type Named = readonly [code: string, name: string];

export interface CalculatorRules {
  readonly region: Named;
  /** Prefectures of the region with their counties. */
  readonly prefectures: readonly (readonly [code: string, name: string, counties: readonly Named[]])[];
  readonly provinces: readonly Named[];
  readonly benefits: readonly CalculatorBenefit[];
}
