import { checkFeel, type NameMeaning, type Names } from "../feel/check.ts";
import type { Expression } from "../feel/ast.ts";
import { namesIn } from "../feel/ast.ts";
import { orNot, suggest } from "../feel/suggest.ts";
import { fieldType, type FactSource } from "../facts/source.ts";
import type {
  CheckDefinition,
  ConditionDefinition,
  DutyDefinition,
  FeelText,
  IndicatorDefinition,
  MeasureDefinition,
  ParameterDefinition,
  ParameterValue,
  RuleDefinition,
} from "../format/types.ts";
import type { RuleProblem } from "../problems.ts";
import { DATE, INTEGER, type ValueType } from "../values/types.ts";
import { PLACEHOLDER } from "./check-facts.ts";
import {
  AS_OF,
  EVENT_DATE,
  PROPOSED,
  TEST_DATE,
  type PreparedCheck,
  type PreparedCondition,
  type PreparedDuty,
  type PreparedIndicator,
  type PreparedMeasure,
  type PreparedParameter,
} from "./prepared.ts";

export type Prepared<T> =
  | { readonly rule: T; readonly problems: readonly [] }
  | { readonly rule: null; readonly problems: readonly RuleProblem[] };

/**
 * What a locality has set, by name of the parameter in this rule (or its shared id). In the same division it goes before what the files say,
 * and what holds from a later day before what held already: a later document ends the earlier value.
 */
export type ParameterSettings = Readonly<Record<string, readonly ParameterValue[]>>;

/**
 * Settles every name and type of a measure against the dictionary of its fact source. Whatever cannot be computed exactly by all
 * engines is refused here or was refused by the parser; what passes is total.
 */
export const prepareMeasure = (
  definition: MeasureDefinition,
  sources: readonly FactSource[],
  settings: ParameterSettings = {},
): Prepared<PreparedMeasure> => prepared(new Preparer(definition, sources, settings), (one) => one.measure(definition));

export const prepareCheck = (
  definition: CheckDefinition,
  sources: readonly FactSource[],
  settings: ParameterSettings = {},
): Prepared<PreparedCheck> => prepared(new Preparer(definition, sources, settings), (one) => one.check(definition));

export const prepareDuty = (
  definition: DutyDefinition,
  sources: readonly FactSource[],
  settings: ParameterSettings = {},
): Prepared<PreparedDuty> => prepared(new Preparer(definition, sources, settings), (one) => one.duty(definition));

export const prepareIndicator = (
  definition: IndicatorDefinition,
  sources: readonly FactSource[],
  settings: ParameterSettings = {},
): Prepared<PreparedIndicator> =>
  prepared(new Preparer(definition, sources, settings), (one) => one.indicator(definition));

function prepared<R>(preparer: Preparer, prepare: (preparer: Preparer) => R | null): Prepared<R> {
  const rule = prepare(preparer);
  return rule && preparer.problems.length === 0 ? { rule, problems: [] } : { rule: null, problems: preparer.problems };
}

class Preparer {
  readonly problems: RuleProblem[] = [];
  private readonly definition: RuleDefinition;
  private readonly settings: ParameterSettings;
  private readonly source: FactSource | undefined;
  private readonly facts: Map<string, NameMeaning>;
  private readonly used = new Set<string>();

  constructor(definition: RuleDefinition, sources: readonly FactSource[], settings: ParameterSettings) {
    this.definition = definition;
    this.settings = settings;
    this.source = sources.find(({ name }) => name === definition.source);
    this.facts = new Map(
      this.source?.fields.map((field) => [field.name, { kind: "fact", type: fieldType(field) }] as const),
    );
    if (!this.source) {
      const near = suggest(
        definition.source,
        sources.map(({ name }) => name),
      );
      this.report("rule.unknown-source", `没有事实来源“${definition.source}”。${orNot(near)}`);
    }
  }

  private report(
    code: RuleProblem["code"],
    message: string,
    at: { line: number; column: number } = { line: 1, column: 1 },
  ) {
    this.problems.push({ code, message, file: this.definition.file, line: at.line, column: at.column });
  }

  private compile(text: FeelText, names: Names, expected: readonly ValueType["kind"][]): Expression {
    const checked = checkFeel(text.feel, names, expected);
    for (const { code, message, from } of checked.problems)
      this.report(code, message, { line: text.line, column: text.column + (text.exact ? from : 0) });
    const expression = checked.expression ?? { op: "literal", type: INTEGER, value: 0, from: 0, to: 0 };
    for (const name of namesIn(expression, "parameter")) this.used.add(name);
    return expression;
  }

  /** An expression of the kernel's own making. */
  private own(feel: string, names: Names): Expression {
    return this.compile({ feel, line: 1, column: 1, exact: false }, names, ["boolean"]);
  }

  private regionFact(): string {
    const named = this.source?.jurisdictions ?? {};
    const found = named[this.definition.jurisdiction];
    if (this.source && !found)
      this.report(
        "rule.unknown-subject",
        `事实来源“${this.source.name}”没有管辖地“${this.definition.jurisdiction}”，可用：${Object.keys(named).join("、")}。`,
      );
    return found ?? "";
  }

  private dated(...names: readonly string[]): Names {
    return new Map([...this.facts, ...names.map((name) => [name, { kind: "special", type: DATE }] as const)]);
  }

  /** Parameters depend on region and date, so the dates themselves cannot depend on parameters. */
  private parameters(names: Names): { prepared: PreparedParameter[]; meanings: Map<string, NameMeaning> } {
    const meanings = new Map<string, NameMeaning>();
    for (const { name, kind } of this.definition.parameters) {
      if (names.has(name)) this.report("format.duplicate-id", `参数“${name}”与事实同名。`);
      meanings.set(name, { kind: "parameter", type: { kind } });
    }
    const prepared = this.definition.parameters.map((parameter) => this.parameter(parameter, names, meanings));
    return { prepared, meanings };
  }

  private parameter(
    parameter: ParameterDefinition,
    names: Names,
    meanings: ReadonlyMap<string, NameMeaning>,
  ): PreparedParameter {
    const { by, bounds, ...rest } = parameter;
    const within = new Map<string, NameMeaning>([
      ...meanings,
      [PROPOSED, { kind: "local", type: { kind: parameter.kind } }],
    ]);
    const set = this.settings[parameter.name] ?? (parameter.shared ? this.settings[parameter.shared] : undefined) ?? [];
    return {
      ...rest,
      values: [...set.toSorted((a, b) => (a.from < b.from ? 1 : a.from > b.from ? -1 : 0)), ...parameter.values],
      ...(by ? { by: this.compile(by, names, ["text"]) } : {}),
      ...(bounds ? { bounds: this.compile(bounds, within, ["boolean"]) } : {}),
    };
  }

  measure(definition: MeasureDefinition): PreparedMeasure | null {
    if (!this.source) return null;
    const source = this.source;
    const regionFact = this.regionFact();
    const eventDate = this.compile(definition.eventDate, this.dated(AS_OF), ["date"]);
    const testDate = definition.testDate && this.compile(definition.testDate, this.dated(AS_OF), ["date"]);
    const dates = this.dated(AS_OF, EVENT_DATE, ...(testDate ? [TEST_DATE] : []));
    const { prepared: parameters, meanings } = this.parameters(dates);
    const names = new Map([...dates, ...meanings]);
    const conditions = [
      ...this.ownConditions(definition, regionFact, names),
      ...definition.conditions.map((condition) => this.condition(condition, names)),
      ...definition.funds.flatMap((fund) =>
        fund.conditions.map((condition) => ({ ...this.condition(condition, names), funds: [fund.name] })),
      ),
    ];
    for (const { id, per, unlessSame } of definition.limits)
      for (const subject of [...per, ...(unlessSame ? [unlessSame] : [])])
        if (!source.subjects[subject])
          this.report(
            "rule.unknown-subject",
            `限额“${id}”按“${subject}”计算，事实来源没有它，可用：${Object.keys(source.subjects).join("、")}。`,
          );
    for (const subject of definition.pays)
      if (!source.subjects[subject])
        this.report(
          "rule.unknown-subject",
          `“pays”里的“${subject}”不在事实来源里，可用：${Object.keys(source.subjects).join("、")}。`,
        );
    const limits = definition.limits.map(({ most, ...limit }) => ({
      ...limit,
      ...(most ? { most: this.compile(most, names, ["integer"]) } : {}),
    }));
    for (const { as } of limits) if (as) names.set(as, { kind: "special", type: INTEGER });
    const amount = definition.amount && this.amount(definition.amount, names);
    for (const { name } of definition.parameters)
      if (!this.used.has(name)) this.report("rule.unused-parameter", `参数“${name}”没有用到。`);
    return {
      kind: "measure",
      definition,
      source,
      regionFact,
      eventDate,
      ...(testDate ? { testDate } : {}),
      parameters,
      conditions,
      limits,
      ...(amount ? { amount } : {}),
      funds: definition.funds.length > 0 ? definition.funds.map(({ name }) => name) : [""],
    };
  }

  /** Conditions every measure has: its own region (0.3), its window, and the last day for lodging where there is one (AMB-09). */
  private ownConditions(definition: MeasureDefinition, regionFact: string, names: Names): readonly PreparedCondition[] {
    const { inForce, lateClaims, region } = definition;
    const window = inForce.to
      ? `${EVENT_DATE} in [@"${inForce.from}"..@"${inForce.to}"]`
      : `${EVENT_DATE} >= @"${inForce.from}"`;
    const plain = (id: string, says: string, test: Expression): PreparedCondition => ({
      id,
      says,
      core: { kind: "plain", test },
    });
    const own = [
      ...(regionFact === ""
        ? []
        : [
            plain(
              "jurisdiction",
              `${definition.jurisdiction}在本规则适用的地区`,
              this.own(`区划属于(${regionFact}, "${region}")`, names),
            ),
          ]),
      plain("in-force", `在政策执行期限内（${inForce.from} 至 ${inForce.to ?? "今"}）`, this.own(window, names)),
    ];
    if (lateClaims === "accepted") return own;
    const date = this.compile(lateClaims.date, names, ["date"]);
    const until = { op: "literal", type: DATE, value: lateClaims.until, from: 0, to: 0 } as const;
    const test = {
      op: "compare",
      operator: "<=",
      type: { kind: "boolean" },
      left: date,
      right: until,
      from: 0,
      to: 0,
    } as const;
    return [...own, plain("accepted-in-time", `在受理期限内（截至 ${lateClaims.until}）`, test)];
  }

  private condition(condition: ConditionDefinition, names: Names): PreparedCondition {
    const { id, says, basis, when, whenFund } = condition;
    return {
      id,
      says,
      ...(basis ? { basis } : {}),
      ...(when ? { when: this.compile(when, names, ["boolean"]) } : {}),
      ...(whenFund ? { funds: whenFund } : {}),
      core: this.core(condition, names),
    };
  }

  private core(condition: ConditionDefinition, names: Names): PreparedCondition["core"] {
    switch (condition.kind) {
      case "plain":
        return {
          kind: "plain",
          test: this.compile(condition.feel, names, ["boolean"]),
          ...(condition.review
            ? {
                review: this.compile(condition.review.when, names, ["boolean"]),
                ambiguity: condition.review.ambiguity,
              }
            : {}),
        };
      case "review":
        return {
          kind: "review",
          review: this.compile(condition.feel, names, ["boolean"]),
          ambiguity: condition.ambiguity,
        };
      case "time": {
        const until = condition.until && this.compile(condition.until, names, ["date"]);
        const fact = until?.op === "name" ? this.source?.fields.find(({ name }) => name === until.name) : undefined;
        return {
          kind: "time",
          reached: this.compile(condition.reached, names, ["date"]),
          ...(until ? { until } : {}),
          ...(fact?.openEnded ? { openEnded: fact.name } : {}),
        };
      }
    }
  }

  private amount(
    amount: NonNullable<MeasureDefinition["amount"]>,
    names: Names,
  ): NonNullable<PreparedMeasure["amount"]> {
    // Money is in fen already; only plain integers may be meant in yuan.
    const kinds = amount.unit === "元" ? (["integer"] as const) : (["integer", "fen"] as const);
    return {
      factor: amount.unit === "元" ? 100 : 1,
      tiers: amount.tiers.map(({ when, feel, cap }) => ({
        ...(when ? { when: this.compile(when, names, ["boolean"]) } : {}),
        amount: this.compile(feel, names, kinds),
        ...(cap ? { cap: this.compile(cap, names, kinds) } : {}),
      })),
      ...(amount.each
        ? {
            each: {
              unit: amount.each.unit,
              count: this.compile(amount.each.count, names, ["integer"]),
              ...(amount.each.atMost ? { atMost: this.compile(amount.each.atMost, names, ["integer"]) } : {}),
            },
          }
        : {}),
    };
  }

  check(definition: CheckDefinition): PreparedCheck | null {
    const dated = this.datedBy(definition.eventDate);
    if (!dated) return null;
    const { names, ...rule } = dated;
    const unless = definition.unless && this.compile(definition.unless, names, ["boolean"]);
    const conditions = definition.conditions.map(({ id, says, basis, feel }) => ({
      id,
      says,
      ...(basis ? { basis } : {}),
      test: this.compile(feel, names, ["boolean"]),
    }));
    const [only] = conditions;
    for (const subject of definition.per)
      if (!rule.source.subjects[subject])
        this.report(
          "rule.unknown-subject",
          `每个“${subject}”算一个疑点，事实来源没有它，可用：${Object.keys(rule.source.subjects).join("、")}。`,
        );
    for (const [, name] of (definition.message ?? "").matchAll(PLACEHOLDER))
      if (!this.facts.has(name!))
        this.report(
          "feel.unknown-name",
          `message 里的“{${name}}”不是事实。${orNot(suggest(name!, [...this.facts.keys()]))}`,
        );
    for (const { name } of definition.parameters)
      if (!this.used.has(name)) this.report("rule.unused-parameter", `参数“${name}”没有用到。`);
    return {
      kind: "check",
      definition,
      ...rule,
      conditions,
      finding:
        conditions.length === 1
          ? only!.test
          : { op: "and", type: { kind: "boolean" }, items: conditions.map(({ test }) => test), from: 0, to: 0 },
      ...(unless ? { unless } : {}),
    };
  }

  duty(definition: DutyDefinition): PreparedDuty | null {
    const dated = this.datedBy(definition.from);
    if (!dated) return null;
    const { names, ...rule } = dated;
    const done = this.compile(definition.done, names, ["boolean", "date"]);
    const fact = done.op === "name" ? this.source?.fields.find(({ name }) => name === done.name) : undefined;
    return {
      kind: "duty",
      definition,
      ...rule,
      owed: this.compile(definition.owed, names, ["boolean"]),
      due: this.compile(definition.due, names, ["date"]),
      done,
      ...(fact?.openEnded ? { openEnded: fact.name } : {}),
    };
  }

  indicator(definition: IndicatorDefinition): PreparedIndicator | null {
    const dated = this.datedBy(definition.date ?? { feel: AS_OF, line: 1, column: 1, exact: false });
    if (!dated) return null;
    const { names, ...rule } = dated;
    const sums = definition.sums && this.compile(definition.sums, names, ["integer", "fen"]);
    const of = definition.of && this.compile(definition.of, names, ["boolean"]);
    return {
      kind: "indicator",
      definition,
      ...rule,
      counts: this.compile(definition.counts, names, ["boolean"]),
      ...(sums ? { sums } : {}),
      ...(of ? { of } : {}),
    };
  }

  /** What rules without conditions begin with: the date that decides window and values, and the names it makes known. */
  private datedBy(date: FeelText) {
    if (!this.source) return null;
    const eventDate = this.compile(date, this.dated(AS_OF), ["date"]);
    const dates = this.dated(AS_OF, EVENT_DATE);
    const { prepared: parameters, meanings } = this.parameters(dates);
    const names: Names = new Map([...dates, ...meanings]);
    return { source: this.source, regionFact: this.regionFact(), eventDate, parameters, names };
  }
}
