import { namesIn, type Expression } from "../feel/ast.ts";
import { fieldType, type FactSource } from "../facts/source.ts";
import type { PreparedParameter } from "../rule/prepared.ts";
import { AS_OF, EVENT_DATE, TEST_DATE } from "../rule/prepared.ts";
import { orderedValues } from "../rule/parameters.ts";
import type { MonthCounting } from "../values/dates.ts";
import { MAX_INTEGER, type Rate, type ValueType } from "../values/types.ts";
import { blame, guarded, type Blame, type BlameColumns } from "./blame.ts";
import { constant, expressionSql, sqlType } from "./expression.ts";
import { all, dateLiteral, identifier, integerLiteral, literal } from "./text.ts";

export interface StatementOptions {
  /** What stands for `{{name}}` in the source's template, e.g. `{ scope: "home_region LIKE '4331%'", as_of: "DATE '2025-06-18'" }`. */
  readonly placeholders: Readonly<Record<string, string>>;
  /** 观察日 as SQL of type date: a literal, or a parameter such as `$2::date`. */
  readonly asOf: string;
  /** AMB-02; default `first-day-counts`. */
  readonly monthCounting?: MonthCounting;
}

interface RuleParts {
  readonly source: FactSource;
  readonly regionFact: string;
  readonly eventDate: Expression;
  readonly testDate?: Expression;
  readonly parameters: readonly PreparedParameter[];
}

/** Every expression of a rule, for finding out which facts it reads. */
export type Expressions = readonly Expression[];

/** Names of facts and parameters → columns of the statement, and the stages that compute them. */
export class RuleColumns implements BlameColumns {
  readonly monthCounting: MonthCounting;
  readonly computed = new Map<string, string>();
  private readonly rule: RuleParts;
  private readonly options: StatementOptions;
  private readonly factColumns: ReadonlyMap<string, string>;
  /** Names that limits give to the amount. */
  private readonly settled = new Map<string, { column: string; blame: readonly Blame[] }>();

  constructor(rule: RuleParts, expressions: Expressions, options: StatementOptions) {
    this.rule = rule;
    this.options = options;
    this.monthCounting = options.monthCounting ?? "first-day-counts";
    const all = [...expressions, rule.eventDate, ...(rule.testDate ? [rule.testDate] : []), ...byOf(rule.parameters)];
    const used = new Set([rule.regionFact, ...all.flatMap((expression) => namesIn(expression, "fact"))]);
    this.factColumns = new Map(
      rule.source.fields.filter(({ name }) => used.has(name)).map(({ name }, index) => [name, `f${index}`]),
    );
  }

  fact(name: string): string {
    const column = this.factColumns.get(name);
    if (!column) throw new Error(`fact ${name} is not in the statement`);
    return column;
  }

  special(name: string): string {
    if (name === AS_OF) return this.options.asOf;
    if (name === EVENT_DATE) return "event_date";
    if (name === TEST_DATE) return "test_date";
    return this.settled.get(name)!.column;
  }

  settle(name: string, column: string, because: readonly Blame[]): void {
    this.settled.set(name, { column, blame: because });
  }

  private indexOf(name: string): number {
    return this.rule.parameters.findIndex((parameter) => parameter.name === name);
  }
  parameter(name: string): string {
    return `p${this.indexOf(name)}`;
  }
  rate(name: string): { value: string; of: string } {
    return { value: this.parameter(name), of: `${this.parameter(name)}_of` };
  }

  blameSpecial(name: string): readonly Blame[] {
    if (name === AS_OF) return [];
    if (name === EVENT_DATE) return blame(this.rule.eventDate, this);
    if (name === TEST_DATE && this.rule.testDate) return blame(this.rule.testDate, this);
    return this.settled.get(name)!.blame;
  }

  /** The place, the day or the case may be missing; only when none is has the locality set no value. */
  blameParameter(name: string): readonly Blame[] {
    const parameter = this.rule.parameters[this.indexOf(name)]!;
    const region = this.fact(this.rule.regionFact);
    const by = parameter.by && expressionSql(parameter.by, this);
    const present = [`${region} IS NOT NULL`, "event_date IS NOT NULL", ...(by ? [`(${by}) IS NOT NULL`] : [])];
    return [
      { kind: "fact", name: this.rule.regionFact, guard: `${region} IS NULL` },
      ...guarded(this.blameSpecial(EVENT_DATE), "event_date IS NULL"),
      ...(parameter.by ? guarded(blame(parameter.by, this), `(${by}) IS NULL`) : []),
      { kind: "parameter", name, guard: all(present) },
    ];
  }

  /** Facts as columns of the source, made fit: what no engine can compute with is missing (see `readFact`). */
  factSelects(): readonly string[] {
    return this.rule.source.fields.flatMap((field) => {
      const column = this.factColumns.get(field.name);
      if (!column) return [];
      const raw = `s.${identifier(field.column)}`;
      const type = fieldType(field);
      const typed = `${raw}::${sqlType(type)}${type.kind === "text" ? ' COLLATE "C"' : ""}`;
      const within = fit(raw, type);
      return [`${within ? `CASE WHEN ${within} THEN ${typed} END` : typed} AS ${column}`];
    });
  }

  dateSelects(): readonly string[] {
    const { eventDate, testDate } = this.rule;
    return [
      `${expressionSql(eventDate, this)} AS event_date`,
      ...(testDate ? [`${expressionSql(testDate, this)} AS test_date`] : []),
    ];
  }

  parameterSelects(region: string): readonly string[] {
    return this.rule.parameters.flatMap((parameter) => {
      const column = this.parameter(parameter.name);
      if (parameter.kind !== "rate")
        return [`${this.lookUp(parameter, region, (value) => constant({ kind: parameter.kind }, value))} AS ${column}`];
      return [
        `${this.lookUp(parameter, region, (value) => integerLiteral((value as Rate).value))} AS ${column}`,
        `${this.lookUp(parameter, region, (value) => integerLiteral((value as Rate).of))} AS ${column}_of`,
      ];
    });
  }

  /** One CASE per length of prefix, nearest division first: a comparison of short text per division, not a join. */
  private lookUp(parameter: PreparedParameter, ruleRegion: string, write: (value: unknown) => string): string {
    const region = this.fact(this.rule.regionFact);
    const by = parameter.by ? expressionSql(parameter.by, this) : null;
    const values = orderedValues(parameter.values, ruleRegion);
    const byLength = Map.groupBy(values, ({ prefix }) => prefix.length);
    const levels = [...byLength].map(([length, ofLength]) => {
      const places = [...Map.groupBy(ofLength, ({ prefix }) => prefix)].map(([prefix, ofPlace]) => {
        const cases = ofPlace.map((value) => {
          const conditions = [
            `event_date >= ${dateLiteral(value.from)}`,
            ...(value.to ? [`event_date <= ${dateLiteral(value.to)}`] : []),
            ...(value.for === undefined ? [] : [`${by} = ${literal(value.for)}`]),
          ];
          return `WHEN ${all(conditions)} THEN ${write(value.value)}`;
        });
        return `WHEN ${literal(prefix)} THEN CASE ${cases.join(" ")} END`;
      });
      return `CASE left(${region}, ${length}) ${places.join(" ")} END`;
    });
    const type = sqlType({ kind: parameter.kind });
    const found = levels.length === 0 ? `NULL::${type}` : `COALESCE(${levels.join(", ")})`;
    const needed = ["event_date IS NOT NULL", ...(by ? [`(${by}) IS NOT NULL`] : [])];
    return `CASE WHEN ${region} IS NOT NULL AND ${all(needed)} THEN ${found} END`;
  }

  sourceSql(): string {
    const filled = this.rule.source.sql.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
      const value = this.options.placeholders[name];
      if (value === undefined) throw new Error(`fact source ${this.rule.source.name} needs {{${name}}}`);
      return value;
    });
    return `(${filled}) s`;
  }
}

const byOf = (parameters: readonly PreparedParameter[]): Expressions =>
  parameters.flatMap(({ by }) => (by ? [by] : []));

function fit(raw: string, type: ValueType): string | null {
  switch (type.kind) {
    case "integer":
    case "fen":
      return `${raw} BETWEEN -${MAX_INTEGER} AND ${MAX_INTEGER}`;
    case "date":
      return `${raw} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'`;
    case "list": {
      const element = fit("e.v", { kind: type.of ?? "text" });
      const whole = `array_position(${raw}, NULL) IS NULL`;
      return element ? `${whole} AND NOT EXISTS (SELECT 1 FROM unnest(${raw}) AS e(v) WHERE NOT (${element}))` : whole;
    }
    case "boolean":
    case "rate":
    case "text":
      return null;
  }
}
