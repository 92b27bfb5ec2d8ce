import type { Expression, Test } from "../feel/ast.ts";
import { changeablePlans, factPlans } from "../interpret/plan.ts";
import { hintsOf } from "../rule/hints.ts";
import { orderedValues } from "../rule/parameters.ts";
import type { PreparedMeasure, PreparedParameter } from "../rule/prepared.ts";
import { namesIn } from "../feel/ast.ts";

/**
 * A measure as JavaScript: the source of a function that takes the runtime (`phone/runtime.ts`) and gives the measure's plan, for
 * `decide`. No parser and no library goes along; what is emitted are calls of the same three-valued operators, in the same order.
 */
export function measureScript(rule: PreparedMeasure): string {
  const { definition, amount } = rule;
  const hints = hintsOf(rule);
  const plan = object({
    id: json(definition.id),
    region: json(definition.region),
    title: json(definition.title),
    monthly: json(definition.grain === "month"),
    regionFact: json(rule.regionFact),
    facts: json(usedFacts(rule)),
    eventDate: compute(rule.eventDate),
    testDate: compute(rule.testDate),
    conditions: array(
      rule.conditions.map(({ id, says, funds, when, core }) =>
        object({
          id: json(id),
          says: json(says),
          funds: json(funds),
          when: compute(when),
          ...(core.kind === "time"
            ? { reached: compute(core.reached), until: compute(core.until), openEnded: json(core.openEnded) }
            : { review: compute(core.review), ambiguity: json(core.ambiguity) }),
          ...(core.kind === "plain" ? { test: compute(core.test) } : {}),
        }),
      ),
    ),
    limits: array(
      rule.limits.map((limit) =>
        object({
          id: json(limit.id),
          says: json(limit.says),
          key: json(limit.key),
          per: json(limit.per),
          within: json(limit.within),
          counts: json(limit.counts),
          most: compute(limit.most),
          as: json(limit.as),
          unlessSame: json(limit.unlessSame),
        }),
      ),
    ),
    amount:
      amount &&
      object({
        factor: json(amount.factor),
        tiers: array(
          amount.tiers.map((tier) =>
            object({ when: compute(tier.when), amount: compute(tier.amount), cap: compute(tier.cap) }),
          ),
        ),
        each:
          amount.each &&
          object({
            unit: json(amount.each.unit),
            count: compute(amount.each.count),
            atMost: compute(amount.each.atMost),
          }),
      }),
    parameters: parametersScript(rule.parameters, (values) => orderedValues(values, definition.region)),
    funds: json(rule.funds),
    changeable: json(changeablePlans(hints)),
    hints: object(
      Object.fromEntries(
        Object.entries(hints.conditions).map(([id, { reads, near }]) => [
          id,
          object({ reads: json(reads), near: array(near.map(expressionScript)) }),
        ]),
      ),
    ),
    moves: json(hints.moves),
    numbers: json(hints.numbers),
    dates: json(hints.dates),
  });
  return `(k) => (${plan})`;
}

/** Values of parameters, nearest division first. */
export function parametersScript(
  parameters: readonly PreparedParameter[],
  ordered: (values: PreparedParameter["values"]) => ReturnType<typeof orderedValues>,
): string {
  const written = parameters.map(({ name, by, values }) => [
    name,
    object({
      by: compute(by),
      values: json(
        ordered(values).map(({ from, to, prefix, for: only, value }) => ({ from, to, prefix, for: only, value })),
      ),
    }),
  ]);
  return object(Object.fromEntries(written) as Record<string, string>);
}

export const json = (value: unknown): string | undefined => JSON.stringify(value);
const array = (items: readonly string[]): string => `[${items.join(",")}]`;

export function object(entries: Readonly<Record<string, string | undefined>>): string {
  const written = Object.entries(entries).flatMap(([key, value]) =>
    value === undefined ? [] : [`${JSON.stringify(key)}:${value}`],
  );
  return `{${written.join(",")}}`;
}

/** Only the facts that the measure reads: a dictionary may hold far more than a phone should load. */
function usedFacts(rule: PreparedMeasure) {
  const plans = factPlans(rule.source);
  const script = [...expressionsIn(rule)].flatMap((expression) => namesIn(expression, "fact"));
  return Object.fromEntries(
    [...new Set([rule.regionFact, ...script])].filter((name) => plans[name]).map((name) => [name, plans[name]]),
  );
}

/** Every expression anywhere in a prepared rule. */
function* expressionsIn(part: unknown): Generator<Expression> {
  if (typeof part !== "object" || part === null) return;
  if ("op" in part) {
    yield part as Expression;
    return;
  }
  for (const [key, value] of Object.entries(part))
    if (key !== "source" && key !== "definition") yield* expressionsIn(value);
}

/** One expression as the source of a function of its environment. */
export const expressionScript = (expression: Expression): string => `(e) => ${emit(expression, new Map())}`;
export const compute = (expression: Expression | undefined): string | undefined =>
  expression && expressionScript(expression);

type Locals = ReadonlyMap<string, string>;

function emit(node: Expression, locals: Locals): string {
  const of = (part: Expression) => emit(part, locals);
  const listed = (parts: readonly Expression[]) => parts.map(of).join(",");
  switch (node.op) {
    case "literal":
      return JSON.stringify(node.value);
    case "list":
      return `k.list(${listed(node.items)})`;
    case "name": {
      if (node.kind === "local") return locals.get(node.name)!;
      return `e.${node.kind}(${JSON.stringify(node.name)})`;
    }
    case "negate":
      return `k.negate(${of(node.value)})`;
    case "arithmetic":
      return `k.${{ "+": "add", "-": "subtract", "*": "multiply" }[node.operator]}(${of(node.left)},${of(node.right)})`;
    case "compare":
      return `k.compare(${JSON.stringify(node.operator)},${of(node.left)},${of(node.right)})`;
    case "in":
      return `k.isIn(${of(node.value)},[${node.tests.map((test) => emitTest(test, of)).join(",")}])`;
    case "and":
    case "or":
      return `k.${node.op}(${listed(node.items)})`;
    case "not":
    case "known":
      return `k.${node.op}(${of(node.value)})`;
    case "if":
      return `k.choose(${of(node.condition)},() => ${of(node.whenTrue)},() => ${of(node.whenFalse)})`;
    case "some":
    case "every": {
      const variable = `v${locals.size}`;
      const inner = emit(node.satisfies, new Map([...locals, [node.variable, variable]]));
      return `k.${node.op}(${of(node.list)},(${variable}) => ${inner})`;
    }
    case "call":
      return `k.call(${JSON.stringify(node.function)},[${listed(node.args)}],e)`;
  }
}

function emitTest(test: Test<Expression>, of: (part: Expression) => string): string {
  switch (test.kind) {
    case "equals":
      return `["=",${of(test.value)}]`;
    case "compares":
      return `[${JSON.stringify(test.operator)},${of(test.value)}]`;
    case "range":
      return `["range",${of(test.low)},${of(test.high)},${test.lowIncluded},${test.highIncluded}]`;
    case "member":
      return `["member",${of(test.list)}]`;
  }
}
