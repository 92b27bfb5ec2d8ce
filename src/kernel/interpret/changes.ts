import type { PreparedMeasure } from "../rule/prepared.ts";
import { waysOf, type Way, type WayOptions } from "../runtime/changes.ts";
import type { Question } from "../runtime/decide.ts";
import { planOf } from "./plan.ts";

/** 差什么 for one subject (see `waysOf`, which the phone has as well). */
export const waysToEligible = (rule: PreparedMeasure, question: Question, options?: WayOptions): readonly Way[] =>
  waysOf(planOf(rule), question, options);
