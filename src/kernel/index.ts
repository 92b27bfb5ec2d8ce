/** The kernel's server door: reading rules, preparing them against facts, deciding, and compiling to SQL and JavaScript. */
export * from "./contract.ts";
export { checkFeel, type Checked, type NameMeaning, type Names } from "./feel/check.ts";
export { namesIn } from "./feel/ast.ts";
export { readRule, readSharedParameter, type Read, type RuleFile } from "./format/rule.ts";
export type { SharedParameters } from "./format/parts.ts";
export { explainCheck, judgeCheck } from "./interpret/check.ts";
export { judgeDuty } from "./interpret/duty.ts";
export { figuresOf, type IndicatorSettings } from "./interpret/indicator.ts";
export { YamlFile, type YamlMap } from "./format/yaml.ts";
export { levelOf, refusalOf, type SettingRefusal } from "./interpret/bounds.ts";
export { waysToEligible } from "./interpret/changes.ts";
export { explainMeasure, factsOf, nextQuestion } from "./interpret/explain.ts";
export { expressionsOf as expressionsOfCondition } from "./rule/hints.ts";
export { evaluate } from "./interpret/evaluate.ts";
export { planOf } from "./interpret/plan.ts";
export { decideTogether, joinParts } from "./interpret/together.ts";
export { measureScript } from "./phone/emit.ts";
export { orderedValues } from "./rule/parameters.ts";
export {
  prepareCheck,
  prepareDuty,
  prepareIndicator,
  prepareMeasure,
  type ParameterSettings,
  type Prepared,
} from "./rule/prepare.ts";
export { AS_OF } from "./rule/prepared.ts";
export type {
  PreparedCheck,
  PreparedDuty,
  PreparedIndicator,
  PreparedMeasure,
  PreparedParameter,
} from "./rule/prepared.ts";
export { checkStatement, type CheckStatementOptions } from "./sql/check.ts";
export { dutyStatement } from "./sql/duty.ts";
export { indicatorStatement, type IndicatorStatementOptions } from "./sql/indicator.ts";
export { claimStatement } from "./sql/claim.ts";
export type { StatementOptions } from "./sql/columns.ts";
export type { ClaimsRelation } from "./sql/limits.ts";
export { measureStatement, type MeasureStatementOptions } from "./sql/measure.ts";
export { divisionPrefix } from "./runtime/functions.ts";
