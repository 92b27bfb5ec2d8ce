/** What a browser may import: types, labels, and the small runtime that decides emitted rules. No parser, no YAML. */
export type { FactField, FactSource, Facts, KeyColumn } from "./facts/source.ts";
export { fieldType, readFact } from "./facts/source.ts";
export { FUNCTIONS, type FunctionSignature } from "./feel/functions.ts";
export * from "./format/types.ts";
export { RULE_PROBLEM_CODES, type RuleProblem, type RuleProblemCode } from "./problems.ts";
export type { FactChange, Way } from "./runtime/changes.ts";
export type { CheckOutcome, CheckResult } from "./interpret/check.ts";
export type { ExplainedCondition, ExplainedFact, Explanation } from "./interpret/explain.ts";
export type { JoinedDecision } from "./interpret/together.ts";
export * as runtime from "./phone/runtime.ts";
export type { Decision, FundOutcome, JudgedCondition, MeasureOutcome, Question } from "./runtime/decide.ts";
export type { Claim, Subjects } from "./runtime/limits.ts";
export type { ConditionState } from "./runtime/states.ts";
export type { MeasurePlan } from "./runtime/plan.ts";
export { addDays, daysBetween, isDate, type MonthCounting } from "./values/dates.ts";
export { describeType, type Rate, type Value, type ValueType } from "./values/types.ts";
export { REASONS, type Reason } from "./values/unknown.ts";
