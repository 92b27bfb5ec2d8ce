import { namesIn, parts, type Expression } from "../feel/ast.ts";
import { fieldType, type FactSource } from "../facts/source.ts";
import type { PreparedParameter } from "../rule/prepared.ts";
import { AS_OF, EVENT_DATE, TEST_DATE } from "../rule/prepared.ts";
import { orderedValues } from "../rule/parameters.ts";
import type { MonthCounting } from "../values/dates.ts";
import { MAX_INTEGER, type Rate, type ValueType } from "../values/types.ts";
import { blame, guarded, type Blame, type BlameColumns } from "./blame.ts";
import { constant, expressionSql, sqlType } from "./expression.ts";
import type { Stages } from "./stages.ts";
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
  /** Columns of the dates, and of the names that limits give to the amount. */
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
    return name === AS_OF ? [] : this.settled.get(name)!.blame;
  }

  /** The place, the day or the case may be missing; only when none is has the locality set no value. */
  blameParameter(name: string): readonly Blame[] {
    const parameter = this.rule.parameters[this.indexOf(name)]!;
    const [region, day] = [this.fact(this.rule.regionFact), this.special(EVENT_DATE)];
    const by = parameter.by && expressionSql(parameter.by, this);
    const present = [`${region} IS NOT NULL`, `${day} IS NOT NULL`, ...(by ? [`(${by}) IS NOT NULL`] : [])];
    return [
      { kind: "fact", name: this.rule.regionFact, guard: `${region} IS NULL` },
      ...guarded(this.blameSpecial(EVENT_DATE), `${day} IS NULL`),
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

  /** The facts a rule reads, by name, each with its column. */
  readFacts(): readonly (readonly [string, string])[] {
    return [...this.factColumns];
  }

  /** Adds the dates of the rule, and its parameters' values. */
  defineNames(stages: Stages, region: string): void {
    const { eventDate, testDate } = this.rule;
    const date = (name: string, column: string, expression: Expression) => {
      const sql = expressionSql(expression, this);
      this.settle(name, stages.define(column, sql), blame(expression, this));
      this.computed.set(sql, this.special(name));
    };
    date(EVENT_DATE, "event_date", eventDate);
    if (testDate) date(TEST_DATE, "test_date", testDate);
    for (const parameter of this.rule.parameters) {
      const column = this.parameter(parameter.name);
      const define = (name: string, write: (value: unknown) => string) =>
        stages.define(name, this.lookUp(parameter, region, write, stages));
      if (parameter.kind === "rate") {
        define(column, (value) => integerLiteral((value as Rate).value));
        define(`${column}_of`, (value) => integerLiteral((value as Rate).of));
      } else define(column, (value) => constant({ kind: parameter.kind }, value));
    }
  }

  /**
   * Computes once what several places of a rule ask for; from then on they read the column. A part of a costly expression is such a place
   * even if the rule writes it once: what is to blame when the whole is unknown asks for each part again, and for the parts of those. So are
   * `sums`, which what is to blame asks for themselves.
   */
  share(expressions: Expressions, sums: Expressions, stages: Stages): void {
    const times = new Map<string, number>();
    const written = new Map<Expression, string>();
    const count = (node: Expression, isPart: boolean): void => {
      const sql = expressionSql(node, this);
      written.set(node, sql);
      const before = times.get(sql) ?? 0;
      times.set(sql, before + (isPart ? 2 : 1));
      // What stands inside a repeated part is repeated with it.
      if (before === 0) for (const part of parts(node)) count(part, isPart || SHARED.has(node.op));
    };
    for (const expression of expressions) count(expression, false);
    for (const expression of sums) count(expression, true);
    const define = (node: Expression): void => {
      parts(node).forEach(define);
      const isWorthIt = SHARED.has(node.op) && namesIn(node, "local").length === 0 && readsRow(node);
      if (!isWorthIt || (times.get(written.get(node) ?? "") ?? 0) < 2) return;
      const sql = expressionSql(node, this);
      if (![...this.computed.values()].includes(sql))
        this.computed.set(sql, stages.define(`s${this.computed.size}`, sql));
    };
    [...expressions, ...sums].forEach(define);
  }

  /** One CASE per length of prefix, nearest division first: a comparison of short text per division, not a join. */
  private lookUp(
    parameter: PreparedParameter,
    ruleRegion: string,
    write: (value: unknown) => string,
    stages: Stages,
  ): string {
    const [region, day] = [this.fact(this.rule.regionFact), this.special(EVENT_DATE)];
    const by = parameter.by ? expressionSql(parameter.by, this) : null;
    const values = orderedValues(parameter.values, ruleRegion);
    const byLength = Map.groupBy(values, ({ prefix }) => prefix.length);
    const levels = [...byLength].map(([length, ofLength]) => {
      const places = [...Map.groupBy(ofLength, ({ prefix }) => prefix)].map(([prefix, ofPlace]) => {
        const cases = ofPlace.map((value) => {
          const conditions = [
            `${day} >= ${dateLiteral(value.from)}`,
            ...(value.to ? [`${day} <= ${dateLiteral(value.to)}`] : []),
            ...(value.for === undefined ? [] : [`${by} = ${literal(value.for)}`]),
          ];
          return `WHEN ${all(conditions)} THEN ${write(value.value)}`;
        });
        return { prefix, value: `CASE ${cases.join(" ")} END` };
      });
      const [only] = places;
      if (places.length === 1 && only) return `CASE WHEN ${this.within(only.prefix, stages)} THEN ${only.value} END`;
      const cases = places.map(({ prefix, value }) => `WHEN ${literal(prefix)} THEN ${value}`);
      return `CASE left(${region}, ${length}) ${cases.join(" ")} END`;
    });
    if (levels.length === 0) return `NULL::${sqlType({ kind: parameter.kind })}`;
    const found = levels.length === 1 ? levels[0]! : `COALESCE(${levels.join(", ")})`;
    // Without a place or a day no value is found anyway; without the case, one for any case would be.
    return by && values.some((value) => value.for === undefined)
      ? `CASE WHEN (${by}) IS NOT NULL THEN ${found} END`
      : found;
  }

  /** Whether the row lies in a division; most parameters and the rule itself ask for the same one. */
  private within(prefix: string, stages: Stages): string {
    const sql = `starts_with(${this.fact(this.rule.regionFact)}, ${literal(prefix)})`;
    const known = this.computed.get(sql) ?? stages.define(`in_${prefix}`, sql);
    this.computed.set(sql, known);
    return known;
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

/** Kinds of expression that cost more than a column. */
const SHARED: ReadonlySet<Expression["op"]> = new Set(["call", "arithmetic", "if", "in", "some", "every"]);

/** Whether it differs from row to row; what does not, the planner works out once. */
const readsRow = (node: Expression): boolean =>
  (["fact", "parameter", "special"] as const).some((kind) => namesIn(node, kind).length > 0);

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
