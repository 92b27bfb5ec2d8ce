import { BRAND_EVALUATIONS, BRANDS } from "./brands.ts";
import { BASE_RECOGNITIONS, RELIEF_PROJECT_STAGES, WORKSHOP_ABSORPTIONS } from "./carriers.ts";
import type { FactDictionary } from "./dictionary.ts";
import { ASSISTED_PERSONS, ENTERPRISE_MONTHS, FLEXIBLE_MONTHS, WORK_TRAINING_MONTHS } from "./employment.ts";
import { INTRODUCTIONS, RECRUITMENT_EVENTS } from "./jobs.ts";
import { INCUBATOR_SELECTIONS, LOAN_APPLICATIONS, PARK_MONTHS, STARTUPS } from "./startups.ts";
import { TRAINING_ENROLMENTS } from "./training.ts";
import { VILLAGE_POST_MONTHS, WELFARE_POST_MONTHS } from "./welfare-posts.ts";

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
  RELIEF_PROJECT_STAGES,
  STARTUPS,
  INCUBATOR_SELECTIONS,
  PARK_MONTHS,
  LOAN_APPLICATIONS,
  VILLAGE_POST_MONTHS,
  WELFARE_POST_MONTHS,
  TRAINING_ENROLMENTS,
  BRANDS,
  BRAND_EVALUATIONS,
];
