import type { PreparedMeasure } from "../rule/prepared.ts";
import { waysToEligible as waysOfPlan, type Way } from "../runtime/changes.ts";
import type { Question } from "../runtime/decide.ts";
import { planOf } from "./plan.ts";

/** 差什么 for one subject (see `runtime/changes.ts`, which the phone has as well). */
export const waysToEligible = (rule: PreparedMeasure, question: Question, most?: number): readonly Way[] =>
  waysOfPlan(planOf(rule), question, most);
