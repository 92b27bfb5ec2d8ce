/** The rulebook's server door. */
export * from "./contract.ts";
export { DICTIONARIES, sharedRegisters } from "./facts/index.ts";
export { BRAND_EVALUATIONS, BRANDS } from "./facts/brands.ts";
export { BASE_RECOGNITIONS, RELIEF_PROJECT_STAGES, WORKSHOP_ABSORPTIONS } from "./facts/carriers.ts";
export { ASSISTED_PERSONS, ENTERPRISE_MONTHS, FLEXIBLE_MONTHS, WORK_TRAINING_MONTHS } from "./facts/employment.ts";
export { INTRODUCTIONS, RECRUITMENT_EVENTS } from "./facts/jobs.ts";
export { INCUBATOR_SELECTIONS, LOAN_APPLICATIONS, PARK_MONTHS, STARTUPS } from "./facts/startups.ts";
export { TRAINING_ENROLMENTS } from "./facts/training.ts";
export { VILLAGE_POST_MONTHS, WELFARE_POST_MONTHS } from "./facts/welfare-posts.ts";
export { PAST_BENEFITS } from "./facts/check-benefits.ts";
export {
  BANK_ACCOUNTS,
  COUNTY_JOB_LOSS,
  EMPLOYER_ENDINGS,
  INTRODUCTION_RIVALS,
  SPELLS,
  WAGE_MONTHS,
} from "./facts/check-employment.ts";
export {
  BASE_YEARS,
  COUNTY_WORKSHOPS,
  GRANTED_LOANS,
  HANDOVERS,
  PREFECTURE_STANDARDS,
  RECRUITMENT_MONTHS,
  TRAINING_ATTENDANCE,
  WORKSHOP_UPGRADES,
} from "./facts/check-offices.ts";
export { CLAIM_PAYMENTS, FUND_LINES, INSPECTION_ITEMS, UNREACHED } from "./facts/check-money.ts";
export { MONITORED_STAGES, SUSPECTED_DUPLICATES } from "./facts/check-persons.ts";
export { POST_HOLDERS, POST_PAYMENTS, POST_ROTATIONS, POST_SIGNINGS } from "./facts/check-posts.ts";
export { sharedSource } from "./facts/shared-rows.ts";
export { checkCatalogue, type CatalogueItem } from "./checks/catalogue.ts";
export { divisionsOfFacts, toCheckExplanation } from "./checks/explain.ts";
export { isOfPersons, judgeRows, type CheckCount } from "./checks/findings.ts";
export { policyModule } from "./module.ts";
export { policyPersonTables } from "./person-tables.ts";
export { fillSamples } from "./samples/fill.ts";
export { divisionsIn, isDivision, shownValue, toExplanation } from "./rules/explanations.ts";
export { toBasis } from "./rules/views.ts";
export { explainRows, factsOfRow, isConcerned, type Entitlement } from "./screening/entitlements.ts";
export { entitlementsOf } from "./screening/of-person.ts";
export { decisionsSql, factRowsSql, rowKeySql, type OfficeClaims, type ScreeningScope } from "./screening/statement.ts";
export { asOfFor } from "./screening/tasks.ts";
export { saysOf } from "./simulation/simulate.ts";
export { forgetTouched, gatherTouched } from "./screening/store.ts";
export { basisOfVersion } from "./versions/basis.ts";
export { CurrentRulebook, type LoadedCheck, type LoadedMeasure, type Rulebook } from "./versions/rulebook.ts";
export { versionOfDaySql } from "./versions/store.ts";
export { answerFormOf, withoutRows, type AnswerForm, type FactDictionary } from "./facts/dictionary.ts";
export { rulebookFiles } from "./library/files.ts";
export { casesOf, measuresOf, readLibrary, type Library } from "./library/library.ts";
export type { BasisProblem } from "./library/bases.ts";
export { runCase, settingsOf, type MeasureCase, type MeasureCases } from "./measures/cases.ts";
export { readText } from "./texts/read.ts";
export { pageBody } from "./public/layout.ts";
