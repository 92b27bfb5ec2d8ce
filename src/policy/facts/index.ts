import type { RegisterDefinition } from "#registers/contract";
import { FISHER_MONTHS, UNEMPLOYMENT_AIDS } from "./aid.ts";
import { BRAND_EVALUATIONS, BRANDS } from "./brands.ts";
import {
  BASE_RECOGNITIONS,
  RELIEF_PROJECT_STAGES,
  SKILL_BASES,
  WORKSHOP_ABSORPTIONS,
  WORKSHOP_SELECTIONS,
} from "./carriers.ts";
import { SKILL_CLAIMS } from "./certificates.ts";
import { PAST_BENEFITS } from "./check-benefits.ts";
import {
  BANK_ACCOUNTS,
  COUNTY_JOB_LOSS,
  EMPLOYER_ENDINGS,
  INTRODUCTION_RIVALS,
  SPELLS,
  WAGE_MONTHS,
} from "./check-employment.ts";
import {
  BASE_YEARS,
  COUNTY_WORKSHOPS,
  GRANTED_LOANS,
  HANDOVERS,
  PREFECTURE_STANDARDS,
  RECRUITMENT_MONTHS,
  TRAINING_ATTENDANCE,
  WORKSHOP_UPGRADES,
} from "./check-offices.ts";
import { CLAIM_PAYMENTS, FUND_LINES, INSPECTION_ITEMS, UNREACHED } from "./check-money.ts";
import { MONITORED_STAGES, SUSPECTED_DUPLICATES } from "./check-persons.ts";
import { POST_HOLDERS, POST_PAYMENTS, POST_ROTATIONS, POST_SIGNINGS } from "./check-posts.ts";
import type { FactDictionary } from "./dictionary.ts";
import { ASSISTED_PERSONS, ENTERPRISE_MONTHS, FLEXIBLE_MONTHS, WORK_TRAINING_MONTHS } from "./employment.ts";
import { FUND_ALLOCATIONS, FUND_EXPENDITURES, SUBSIDY_CLAIMS } from "./funds.ts";
import { INTRODUCTIONS, RECRUITMENT_EVENTS } from "./jobs.ts";
import { WORK_AWAY } from "./migration.ts";
import { LIBRARY_PROJECTS, PLATFORM_FEES } from "./projects.ts";
import { FEE_RELIEFS } from "./reliefs.ts";
import { RETENTION_APPLICATIONS } from "./retention.ts";
import { sharedRegister } from "./shared-rows.ts";
import {
  INCUBATOR_SELECTIONS,
  LOAN_APPLICATIONS,
  LOAN_INTEREST_PERIODS,
  PARK_MONTHS,
  STARTUP_APPLICATIONS,
  STARTUPS,
} from "./startups.ts";
import { STUDENT_TERMS } from "./students.ts";
import { TRAINING_ENROLMENTS } from "./training.ts";
import { VILLAGE_POST_MONTHS, WELFARE_POST_MONTHS } from "./welfare-posts.ts";
import { GRADUATE_CLAIMS, INTERNSHIPS } from "./youth.ts";

/** Names in addresses of the registers of sources that no domain has tables for, which the shared rows hold. */
const REGISTER_NAMES: Readonly<Record<string, FactDictionary>> = {
  "startup-applications": STARTUP_APPLICATIONS,
  "loan-interest-periods": LOAN_INTEREST_PERIODS,
  "retention-applications": RETENTION_APPLICATIONS,
  "work-away": WORK_AWAY,
  "student-terms": STUDENT_TERMS,
  "library-projects": LIBRARY_PROJECTS,
  "platform-fees": PLATFORM_FEES,
  "workshop-selections": WORKSHOP_SELECTIONS,
  "skill-bases": SKILL_BASES,
  "skill-claims": SKILL_CLAIMS,
  internships: INTERNSHIPS,
  "graduate-claims": GRADUATE_CLAIMS,
  "fee-reliefs": FEE_RELIEFS,
  "fisher-months": FISHER_MONTHS,
  "unemployment-aids": UNEMPLOYMENT_AIDS,
  "subsidy-claims": SUBSIDY_CLAIMS,
  "fund-expenditures": FUND_EXPENDITURES,
  "fund-allocations": FUND_ALLOCATIONS,
};
export const sharedRegisters: readonly RegisterDefinition[] = Object.entries(REGISTER_NAMES).map(([name, dictionary]) =>
  sharedRegister(dictionary, name),
);

/** What the measures of the rulebook may name. A domain that comes to hold the facts takes its dictionary over and adds the SELECT. */
export const DICTIONARIES: readonly FactDictionary[] = [
  ASSISTED_PERSONS,
  INTRODUCTIONS,
  RECRUITMENT_EVENTS,
  ENTERPRISE_MONTHS,
  FLEXIBLE_MONTHS,
  WORK_TRAINING_MONTHS,
  BASE_RECOGNITIONS,
  WORKSHOP_ABSORPTIONS,
  WORKSHOP_SELECTIONS,
  SKILL_BASES,
  RELIEF_PROJECT_STAGES,
  STARTUPS,
  STARTUP_APPLICATIONS,
  INCUBATOR_SELECTIONS,
  PARK_MONTHS,
  LOAN_APPLICATIONS,
  LOAN_INTEREST_PERIODS,
  RETENTION_APPLICATIONS,
  WORK_AWAY,
  STUDENT_TERMS,
  LIBRARY_PROJECTS,
  PLATFORM_FEES,
  VILLAGE_POST_MONTHS,
  WELFARE_POST_MONTHS,
  TRAINING_ENROLMENTS,
  BRANDS,
  BRAND_EVALUATIONS,
  SKILL_CLAIMS,
  INTERNSHIPS,
  GRADUATE_CLAIMS,
  FEE_RELIEFS,
  FISHER_MONTHS,
  UNEMPLOYMENT_AIDS,
  SUBSIDY_CLAIMS,
  FUND_EXPENDITURES,
  FUND_ALLOCATIONS,
];

/** What checks alone may name: what was done and paid, whatever the rules would have had. Nobody is asked for it. */
export const CHECK_DICTIONARIES: readonly FactDictionary[] = [
  POST_PAYMENTS,
  POST_HOLDERS,
  POST_SIGNINGS,
  POST_ROTATIONS,
  PAST_BENEFITS,
  SPELLS,
  WAGE_MONTHS,
  EMPLOYER_ENDINGS,
  COUNTY_JOB_LOSS,
  BANK_ACCOUNTS,
  INTRODUCTION_RIVALS,
  TRAINING_ATTENDANCE,
  GRANTED_LOANS,
  RECRUITMENT_MONTHS,
  BASE_YEARS,
  HANDOVERS,
  PREFECTURE_STANDARDS,
  COUNTY_WORKSHOPS,
  WORKSHOP_UPGRADES,
  CLAIM_PAYMENTS,
  FUND_LINES,
  INSPECTION_ITEMS,
  UNREACHED,
  SUSPECTED_DUPLICATES,
  MONITORED_STAGES,
];
