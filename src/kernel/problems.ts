/** What is wrong with the text of a rule. The code is stable English, the sentence is for the officer who edits. */
export interface RuleProblem {
  readonly code: RuleProblemCode;
  /** Chinese sentence: what is wrong and how to mend it. */
  readonly message: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units as editors count. */
  readonly column: number;
}

export const RULE_PROBLEM_CODES = [
  "yaml.syntax",
  "format.unknown-key",
  "format.missing-key",
  "format.wrong-value",
  "format.duplicate-id",
  "format.comma-in-flow",
  "feel.syntax",
  "feel.refused",
  "feel.unknown-name",
  "feel.unknown-function",
  "feel.arguments",
  "feel.type",
  "feel.unknown-code",
  "rule.unknown-source",
  "rule.unknown-parameter",
  "rule.unknown-subject",
  "rule.unused-parameter",
  "rule.bounds",
] as const;
export type RuleProblemCode = (typeof RULE_PROBLEM_CODES)[number];

/** A problem inside the text of one expression, before it is known where that text stands. */
export interface ExpressionProblem {
  readonly code: RuleProblemCode;
  readonly message: string;
  readonly from: number;
  readonly to: number;
}
