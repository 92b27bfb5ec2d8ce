import { readFact, type Facts } from "../facts/source.ts";
import type { MonthCounting } from "../values/dates.ts";
import type { Value } from "../values/types.ts";
import { Unknown } from "../values/unknown.ts";
import { strict, type Outcome } from "./operators.ts";
import type { Environment, FactPlan, MeasurePlan, ParameterPlan } from "./plan.ts";

export interface Settings {
  /** 观察日, `YYYY-MM-DD`. */
  readonly asOf: string;
  /** AMB-02; default `first-day-counts`. */
  readonly monthCounting?: MonthCounting;
}

type Surroundings = Pick<MeasurePlan, "regionFact" | "facts" | "eventDate" | "testDate"> & {
  readonly parameters: Readonly<Record<string, ParameterPlan>>;
};

/** The facts of one subject, read by their types, and the dates and parameter values that follow from them. */
export class RuleEnvironment implements Environment {
  /** Of the rule: the engine's own functions ask for it. */
  readonly monthCounting: MonthCounting;
  private readonly plan: Surroundings;
  private readonly facts: Facts;
  private readonly settled: Map<string, Outcome>;

  constructor(plan: Surroundings, facts: Facts, settings: Settings) {
    this.plan = plan;
    this.facts = facts;
    this.monthCounting = settings.monthCounting ?? "first-day-counts";
    this.settled = new Map<string, Outcome>([["观察日", settings.asOf]]);
    this.settled.set("事件日", plan.eventDate(this));
    if (plan.testDate) this.settled.set("测试日", plan.testDate(this));
  }

  fact(name: string): Outcome {
    const type: FactPlan | undefined = this.plan.facts[name];
    const value = type ? readFact(type, this.facts[name]) : null;
    return value ?? new Unknown([name]);
  }

  /** True when the fact was given as absent: a date that is known not to have come. */
  isAbsent(name: string): boolean {
    return this.facts[name] === null;
  }

  special(name: string): Outcome {
    return this.settled.get(name) ?? Unknown.because("date-range");
  }

  settle(name: string, value: Outcome): void {
    this.settled.set(name, value);
  }

  parameter(name: string): Outcome {
    const { by, values } = this.plan.parameters[name]!;
    const needed = [this.fact(this.plan.regionFact), this.special("事件日"), ...(by ? [by(this)] : [])];
    return strict(needed, (region, day, given): Value | Unknown => {
      const found = values.find(
        (value) =>
          (region as string).startsWith(value.prefix) &&
          value.from <= (day as string) &&
          (value.to === undefined || (day as string) <= value.to) &&
          (value.for === undefined || value.for === given),
      );
      return found ? found.value : new Unknown([], [name]);
    });
  }
}
