/** Why something could not be computed although every fact is there. */
export const REASONS = {
  overflow: "数值超出可精确计算的范围",
  "date-range": "日期超出公元1至9999年，或月数、天数超出范围",
  "date-order": "日期先后颠倒",
  "zero-base": "分母为零或为负",
  "empty-list": "列表为空",
  "negative-amount": "金额为负",
} as const;
export type Reason = keyof typeof REASONS;

/**
 * The third truth value, and the absent value: what would have to be known first. `facts` are names of the dictionary, `parameters`
 * those of the rule whose locality has set no value, `reasons` what no further fact can mend.
 */
export class Unknown {
  readonly facts: readonly string[];
  readonly parameters: readonly string[];
  readonly reasons: readonly Reason[];
  constructor(facts: readonly string[], parameters: readonly string[] = [], reasons: readonly Reason[] = []) {
    this.facts = facts;
    this.parameters = parameters;
    this.reasons = reasons;
  }

  static because(reason: Reason): Unknown {
    return new Unknown([], [], [reason]);
  }

  /** What several unknowns ask for together, each once, in order. */
  static of(unknowns: readonly Unknown[]): Unknown {
    if (unknowns.length === 1) return unknowns[0]!;
    return new Unknown(
      [...new Set(unknowns.flatMap(({ facts }) => facts))],
      [...new Set(unknowns.flatMap(({ parameters }) => parameters))],
      [...new Set(unknowns.flatMap(({ reasons }) => reasons))],
    );
  }

  /** True when nothing but a locality's value is wanting: the answer is then 标准未定, not 待核实. */
  get onlyParameters(): boolean {
    return this.parameters.length > 0 && this.facts.length === 0 && this.reasons.length === 0;
  }
}
