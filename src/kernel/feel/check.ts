import type { ExpressionProblem, RuleProblemCode } from "../problems.ts";
import { BOOLEAN, describeType, listOf, type ScalarKind, type ValueType } from "../values/types.ts";
import type { Expression, NameKind, Span, Test, Written } from "./ast.ts";
import { FUNCTIONS, functionNamed, type ArgumentKind, type FunctionSignature } from "./functions.ts";
import { parseFeel } from "./parse.ts";
import { orNot, suggest } from "./suggest.ts";

export interface NameMeaning {
  readonly kind: NameKind;
  readonly type: ValueType;
}
export type Names = ReadonlyMap<string, NameMeaning>;

export type Checked =
  | { readonly expression: Expression; readonly problems: readonly [] }
  | { readonly expression: null; readonly problems: readonly ExpressionProblem[] };

/**
 * Parses an expression and gives every part of it a type. `expected` is what the place in the rule takes; a `fen` is accepted where
 * an integer is wanted only if `expected` says so by listing both.
 */
export function checkFeel(source: string, names: Names, expected: readonly ValueType["kind"][]): Checked {
  const parsed = parseFeel(source);
  if (!parsed.expression) return parsed;
  const checker = new Checker(names);
  const expression = checker.visit(parsed.expression);
  if (expression && !expected.includes(expression.type.kind))
    checker.report("feel.type", expression, `这里需要${kinds(expected)}，写的是${describeType(expression.type)}。`);
  return checker.problems.length === 0 && expression
    ? { expression, problems: [] }
    : { expression: null, problems: checker.problems };
}

const kinds = (expected: readonly ValueType["kind"][]) => expected.map((kind) => describeType({ kind })).join("或");
const ORDERED: readonly ValueType["kind"][] = ["integer", "fen", "date"];
const isNumber = (type: ValueType) => type.kind === "integer" || type.kind === "fen";

/** Walks to the end, so that an editor shows all mistakes at once; a part with a mistake is null and its parents stay silent. */
class Checker {
  readonly problems: ExpressionProblem[] = [];
  private readonly names: Map<string, NameMeaning>;

  constructor(names: Names) {
    this.names = new Map(names);
  }

  report(code: RuleProblemCode, at: Span, message: string): null {
    this.problems.push({ code, message, from: at.from, to: at.to });
    return null;
  }

  visit(node: Written): Expression | null {
    const span = { from: node.from, to: node.to };
    switch (node.op) {
      case "literal":
        return { ...span, op: "literal", type: node.type, value: node.value };
      case "name":
        return this.name(node);
      case "list":
        return this.list(node);
      case "negate": {
        const value = this.visit(node.value);
        if (!value) return null;
        if (!isNumber(value.type)) return this.report("feel.type", node, `${describeType(value.type)}不能取负数。`);
        return { ...span, op: "negate", type: value.type, value };
      }
      case "arithmetic":
        return this.arithmetic(node);
      case "compare": {
        const [left, right] = [this.visit(node.left), this.visit(node.right)];
        if (!left || !right) return null;
        const ordered = node.operator !== "=" && node.operator !== "!=";
        if (!this.comparable(left, right, ordered, node)) return null;
        return { ...span, op: "compare", type: BOOLEAN, operator: node.operator, left, right };
      }
      case "in":
        return this.within(node);
      case "and":
      case "or": {
        const items = node.items.map((item) => this.boolean(item, "and、or"));
        return items.every((item) => item !== null) ? { ...span, op: node.op, type: BOOLEAN, items } : null;
      }
      case "if": {
        const condition = this.boolean(node.condition, "if");
        const [whenTrue, whenFalse] = [this.visit(node.whenTrue), this.visit(node.whenFalse)];
        if (!condition || !whenTrue || !whenFalse) return null;
        const type = this.unified(whenTrue, whenFalse);
        if (!type)
          return this.report(
            "feel.type",
            node,
            `then 是${describeType(whenTrue.type)}，else 是${describeType(whenFalse.type)}，两边须是同一种值。`,
          );
        if (type.kind === "rate")
          return this.report("feel.refused", node, "比率只能直接交给 按比例(…)、上浮(…)、比例不低于(…)。");
        return { ...span, op: "if", type, condition, whenTrue, whenFalse };
      }
      case "some":
      case "every":
        return this.quantified(node);
      case "call":
        return this.call(node);
    }
  }

  private name(node: Written & { op: "name" }): Expression | null {
    const meaning = this.names.get(node.name);
    if (!meaning) {
      const near = suggest(node.name, [...this.names.keys()]);
      return this.report("feel.unknown-name", node, `没有“${node.name}”这个事实或参数。${orNot(near)}`);
    }
    return { from: node.from, to: node.to, op: "name", type: meaning.type, kind: meaning.kind, name: node.name };
  }

  private list(node: Written & { op: "list" }): Expression | null {
    const items = node.items.map((item) => this.visit(item));
    if (!items.every((item) => item !== null)) return null;
    const first = items[0];
    if (!first) return this.report("feel.refused", node, "不能写空列表：没有任何值属于它。");
    if (first.type.kind === "rate") return this.report("feel.refused", node, "比率不能放进列表。");
    const odd = items.find((item) => item.type.kind !== first.type.kind || item.type.kind === "list");
    if (odd) return this.report("feel.type", odd, "列表里的值须是同一种。");
    return { from: node.from, to: node.to, op: "list", type: listOf(first.type.kind as ScalarKind), items };
  }

  private boolean(node: Written, where: string): Expression | null {
    const expression = this.visit(node);
    if (!expression || expression.type.kind === "boolean") return expression;
    return this.report("feel.type", expression, `${where} 只连接“是否”，这里是${describeType(expression.type)}。`);
  }

  /** The common type of two expressions; a written 0 is money as well. */
  private unified(a: Expression, b: Expression): ValueType | null {
    const zero = (e: Expression) => e.op === "literal" && e.value === 0;
    if (a.type.kind === "fen" && zero(b)) return a.type;
    if (b.type.kind === "fen" && zero(a)) return b.type;
    if (a.type.kind !== b.type.kind || a.type.of !== b.type.of) return null;
    return a.type.codes && a.type.codes === b.type.codes
      ? a.type
      : { kind: a.type.kind, ...(a.type.of ? { of: a.type.of } : {}) };
  }

  private comparable(left: Expression, right: Expression, ordered: boolean, at: Span): boolean {
    const type = this.unified(left, right);
    if (!type) {
      const money =
        isNumber(left.type) && isNumber(right.type) ? "金额以分为单位，元数请写成 元(…)，例如 元(3000)。" : "";
      this.report("feel.type", at, `${describeType(left.type)}与${describeType(right.type)}不能比较。${money}`);
      return false;
    }
    if (type.kind === "list" || type.kind === "rate") {
      this.report(
        "feel.type",
        at,
        `${describeType(type)}不能直接比较${type.kind === "rate" ? "，请用 比例不低于(…)、比例不高于(…)" : ""}。`,
      );
      return false;
    }
    if (ordered && !ORDERED.includes(type.kind)) {
      this.report("feel.type", at, `${describeType(type)}没有大小，只能用 =、!=、in。`);
      return false;
    }
    return this.code(left, right) && this.code(right, left);
  }

  /** A literal that is compared with a code must stand in the code list: a misspelt category would silently match nobody. */
  private code(fact: Expression, literal: Expression): boolean {
    const codes = fact.type.codes;
    if (!codes || literal.op !== "literal" || codes.includes(String(literal.value))) return true;
    this.report(
      "feel.unknown-code",
      literal,
      `“${String(literal.value)}”不在取值范围内。${orNot(suggest(String(literal.value), codes))}可用的值：${codes.slice(0, 12).join("、")}${codes.length > 12 ? "……" : ""}。`,
    );
    return false;
  }

  private within(node: Written & { op: "in" }): Expression | null {
    const value = this.visit(node.value);
    if (!value) return null;
    const tests = node.tests.map((test) => this.test(value, test));
    if (!tests.every((test) => test !== null)) return null;
    return { from: node.from, to: node.to, op: "in", type: BOOLEAN, value, tests };
  }

  private test(value: Expression, test: Test<Written>): Test<Expression> | null {
    if (test.kind === "range") {
      const [low, high] = [this.visit(test.low), this.visit(test.high)];
      if (!low || !high || !this.comparable(value, low, true, low) || !this.comparable(value, high, true, high))
        return null;
      return { ...test, low, high };
    }
    if (test.kind === "member") return null;
    const operand = this.visit(test.value);
    if (!operand) return null;
    if (test.kind === "equals" && operand.type.kind === "list") {
      if (operand.type.of === value.type.kind) return { kind: "member", list: operand };
      this.report("feel.type", operand, `${describeType(value.type)}不会在${describeType(operand.type)}里。`);
      return null;
    }
    return this.comparable(value, operand, test.kind === "compares", operand) ? { ...test, value: operand } : null;
  }

  private arithmetic(node: Written & { op: "arithmetic" }): Expression | null {
    const [left, right] = [this.visit(node.left), this.visit(node.right)];
    if (!left || !right) return null;
    const build = (type: ValueType): Expression => ({
      from: node.from,
      to: node.to,
      op: "arithmetic",
      type,
      operator: node.operator,
      left,
      right,
    });
    if (left.type.kind === "date" || right.type.kind === "date")
      return this.report("feel.type", node, "日期不能直接加减，请用 加日(…)、加月(…)、日数(…)、整月数(…)。");
    if (!isNumber(left.type) || !isNumber(right.type))
      return this.report("feel.type", node, `${describeType(left.type)}与${describeType(right.type)}不能运算。`);
    if (node.operator === "*") {
      if (left.type.kind === "fen" && right.type.kind === "fen")
        return this.report("feel.type", node, "金额与金额不能相乘。");
      return build(left.type.kind === "fen" ? left.type : right.type);
    }
    const type = this.unified(left, right);
    return type ? build(type) : this.report("feel.type", node, "金额不能与普通整数相加减；元数请写成 元(…)。");
  }

  private quantified(node: Written & { op: "some" | "every" }): Expression | null {
    const list = this.visit(node.list);
    if (list && list.type.kind !== "list") return this.report("feel.type", list, `${node.op} 需要列表。`);
    if (!list) return null;
    const hidden = this.names.get(node.variable);
    if (hidden) return this.report("feel.refused", node, `“${node.variable}”已是事实或参数的名称，请换一个变量名。`);
    this.names.set(node.variable, { kind: "local", type: { kind: list.type.of ?? "text" } });
    const satisfies = this.boolean(node.satisfies, "satisfies");
    this.names.delete(node.variable);
    if (!satisfies) return null;
    return { from: node.from, to: node.to, op: node.op, type: BOOLEAN, variable: node.variable, list, satisfies };
  }

  private call(node: Written & { op: "call" }): Expression | null {
    const span = { from: node.from, to: node.to };
    if (node.name === "not" || node.name === "known") {
      if (node.args.length !== 1) return this.report("feel.arguments", node, `${node.name}(…) 需要一个参数。`);
      const value = node.name === "not" ? this.boolean(node.args[0]!, "not") : this.visit(node.args[0]!);
      return value && { ...span, op: node.name, type: BOOLEAN, value };
    }
    const signature = functionNamed(node.name);
    if (!signature) {
      const near = suggest(node.name, [...FUNCTIONS.map(({ name }) => name), "not", "known"]);
      return this.report("feel.unknown-function", node, `没有“${node.name}”这个函数。${orNot(near)}`);
    }
    const args = node.args.map((arg) => this.visit(arg));
    if (!args.every((arg) => arg !== null)) return null;
    const type = this.fits(signature, args, node);
    return type && { ...span, op: "call", type, function: signature.name, args };
  }

  /** The type of a call's result, or null when the arguments do not fit. */
  private fits(signature: FunctionSignature, args: readonly Expression[], node: Span): ValueType | null {
    const { name, arguments: takes, variadic } = signature;
    if (variadic ? args.length === 0 : args.length !== takes.length) {
      const shape = takes.map((argument) => argument.name).join(", ");
      return this.report("feel.arguments", node, `${name}(${shape}${variadic ? ", …" : ""}) 的参数个数不对。`);
    }
    for (const [index, arg] of args.entries()) {
      const argument = takes[variadic ? 0 : index]!;
      if (!accepts(argument.takes, arg.type))
        return this.report("feel.type", arg, `${name} 的“${argument.name}”不能是${describeType(arg.type)}。`);
    }
    const [first, second] = args as [Expression, Expression | undefined];
    const element: ValueType =
      first.type.kind === "list" ? { kind: first.type.of ?? "text" } : { kind: first.type.kind };
    if (variadic) {
      if (first.type.kind === "list" && second)
        return this.report("feel.arguments", node, `${name} 或取一个列表，或取几个值。`);
      if (!ORDERED.includes(element.kind)) return this.report("feel.type", first, `${describeType(element)}没有大小。`);
      const unlike = args.slice(1).find((arg) => !this.unified(first, arg));
      if (unlike) return this.report("feel.type", unlike, `${name} 的参数须是同一种值。`);
    }
    if (name === "sum" && !isNumber(element)) return this.report("feel.type", first, "只有数字能合计。");
    if (name === "list contains" && element.kind !== second!.type.kind)
      return this.report("feel.type", second!, `${describeType(first.type)}里不会有${describeType(second!.type)}。`);
    if (name.startsWith("比例不") && !this.unified(first, second!))
      return this.report("feel.type", node, "部分与总额须同为金额或同为整数。");
    return signature.returns === "same" ? element : signature.returns;
  }
}

function accepts(takes: ArgumentKind, type: ValueType): boolean {
  switch (takes) {
    case "any":
      return type.kind !== "rate";
    case "number":
      return isNumber(type);
    case "percent":
      return type.kind === "integer" || type.kind === "rate";
    case "text":
    case "boolean":
    case "date":
    case "integer":
    case "rate":
    case "list":
      return type.kind === takes;
  }
}
