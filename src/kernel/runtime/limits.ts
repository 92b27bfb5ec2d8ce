import { addMonths } from "../values/dates.ts";
import { Unknown } from "../values/unknown.ts";
import type { RuleEnvironment } from "./environment.ts";
import type { Question } from "./decide.ts";
import { strict, type Outcome } from "./operators.ts";
import type { LimitPlan } from "./plan.ts";
import { stateOf, type ConditionState } from "./states.ts";

/** Identifiers of those whom limits count, by the source's subject names, e.g. `{ 劳动者: "123", 用工: "45" }`. */
export type Subjects = Readonly<Record<string, string | null | undefined>>;

/** A claim that was paid or approved and draws on a shared entitlement. */
export interface Claim {
  readonly key: string;
  readonly subjects: Subjects;
  /** The event date of that claim, which decides its year (AMB-03). */
  readonly date: string;
  /** Months it covered; for limits in months. */
  readonly months?: number;
}

/** How a limit stands for one subject. Sets the limit's name for the amount (`as`) to what is left. */
export function judgeLimit(limit: LimitPlan, environment: RuleEnvironment, question: Question): ConditionState {
  const left = leftOf(limit, environment, question);
  if (limit.as) environment.settle(limit.as, left);
  return left instanceof Unknown ? stateOf(left) : { state: (left as number) > 0 ? "met" : "failed" };
}

/** What is left of the entitlement; 0 when it is used up. */
export function leftOf(
  limit: LimitPlan,
  environment: RuleEnvironment,
  { subjects = {}, claims = [] }: Question,
): Outcome {
  const names = [...limit.per, ...(limit.unlessSame ? [limit.unlessSame] : [])];
  const missing = names.filter((name) => subjects[name] == null);
  const needed: Outcome[] = [
    ...(missing.length > 0 ? [new Unknown(missing)] : []),
    ...(limit.within === "一生" && limit.counts !== "years" ? [] : [environment.special("事件日")]),
    limit.most?.(environment) ?? 1,
  ];
  return strict(needed, (...known) => {
    const most = known[known.length - 1] as number;
    const day = known.length > 1 ? (known[0] as string) : "";
    const counted = claims.filter(
      (claim) =>
        claim.key === limit.key &&
        limit.per.every((name) => claim.subjects[name] === subjects[name]) &&
        (!limit.unlessSame || claim.subjects[limit.unlessSame] !== subjects[limit.unlessSame]) &&
        (limit.counts === "years" || isWithin(limit.within, claim.date, day)),
    );
    return Math.max(0, most - used(limit, counted, day));
  });
}

function used(limit: LimitPlan, claims: readonly Claim[], day: string): number {
  if (limit.counts === "months") return claims.reduce((months, claim) => months + (claim.months ?? 0), 0);
  if (limit.counts === "years")
    return new Set(claims.map(({ date }) => date.slice(0, 4)).filter((year) => year !== day.slice(0, 4))).size;
  return claims.length;
}

/** Twelve rolling months end on the event date and begin the day after the same day of the year before. */
function isWithin(window: LimitPlan["within"], date: string, day: string): boolean {
  switch (window) {
    case "一生":
      return true;
    case "自然年":
      return date.slice(0, 4) === day.slice(0, 4);
    case "自然月":
      return date.slice(0, 7) === day.slice(0, 7);
    case "滚动12个月":
      return date <= day && date > (addMonths(day, -12) ?? "");
  }
}
