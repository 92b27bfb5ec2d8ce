import { parser as feelParser, trackVariables } from "lezer-feel";
import type { ExpressionProblem } from "../problems.ts";
import { isDate } from "../values/dates.ts";
import { BOOLEAN, DATE, INTEGER, MAX_INTEGER, TEXT } from "../values/types.ts";
import type { ArithmeticOperator, CompareOperator, Test, Written } from "./ast.ts";

const parser = feelParser.configure({ top: "Expression", contextTracker: trackVariables({}) });
type Node = ReturnType<typeof parser.parse>["topNode"];

export type Parsed =
  | { readonly expression: Written; readonly problems: readonly [] }
  | { readonly expression: null; readonly problems: readonly ExpressionProblem[] };

class NotSupported extends Error {
  readonly problem: ExpressionProblem;
  constructor(problem: ExpressionProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/**
 * Parses one FEEL expression. What the subset leaves out, because no engine computes it exactly, is refused here with the
 * reason (`feel.refused`); nothing is approximated and nothing skipped.
 */
export function parseFeel(source: string): Parsed {
  const top = parser.parse(source).topNode;
  const error = firstError(top);
  if (error || source.trim() === "") {
    const near = source
      .slice(error?.from ?? 0)
      .trim()
      .slice(0, 12);
    const message = near === "" ? "表达式不完整。" : `表达式在“${near}”处写法有误，请检查括号、引号与运算符。`;
    return failed({ code: "feel.syntax", message, from: error?.from ?? 0, to: error?.to ?? source.length });
  }
  try {
    return { expression: read(top.firstChild!, source), problems: [] };
  } catch (cause) {
    if (cause instanceof NotSupported) return failed(cause.problem);
    throw cause;
  }
}

const failed = (problem: ExpressionProblem): Parsed => ({ expression: null, problems: [problem] });

function firstError(node: Node): Node | null {
  if (node.type.isError) return node;
  for (const child of children(node)) {
    const error = firstError(child);
    if (error) return error;
  }
  return null;
}

function children(node: Node): Node[] {
  const found: Node[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child);
  return found;
}

function refuse(node: Node, message: string): never {
  throw new NotSupported({ code: "feel.refused", message, from: node.from, to: node.to });
}

const COMPARE: readonly string[] = ["=", "!=", "<", "<=", ">", ">="];
const ARITHMETIC: readonly string[] = ["+", "-", "*"];

function read(node: Node, source: string): Written {
  const text = source.slice(node.from, node.to);
  const span = { from: node.from, to: node.to };
  const kids = children(node);
  const child = (index: number) => read(kids[index]!, source);
  switch (node.name) {
    case "ParenthesizedExpression":
      return child(1);
    case "NumericLiteral":
      return { ...span, op: "literal", type: INTEGER, value: integer(node, text) };
    case "StringLiteral":
      return { ...span, op: "literal", type: TEXT, value: string(node, text) };
    case "BooleanLiteral":
      return { ...span, op: "literal", type: BOOLEAN, value: text === "true" };
    case "DateTimeLiteral":
      return { ...span, op: "literal", type: DATE, value: date(node, source) };
    case "VariableName":
    case "PathExpression":
      return { ...span, op: "name", name: path(node, source) };
    case "List":
      return { ...span, op: "list", items: kids.filter(isOperand).map((item) => read(item, source)) };
    case "ArithmeticExpression":
      return arithmetic(node, kids, source);
    case "Comparison":
      return comparison(node, kids, source);
    case "Conjunction":
    case "Disjunction": {
      const op = node.name === "Conjunction" ? "and" : "or";
      const items = [child(0), child(2)].flatMap((item) => (item.op === op ? item.items : [item]));
      return { ...span, op, items };
    }
    case "IfExpression":
      return { ...span, op: "if", condition: child(1), whenTrue: child(3), whenFalse: child(5) };
    case "QuantifiedExpression":
      return quantified(node, kids, source);
    case "FunctionInvocation": {
      const parameters = kids.find(({ name }) => name === "PositionalParameters");
      if (kids.some(({ name }) => name === "NamedParameters")) refuse(node, "函数的参数按顺序写，不写参数名。");
      const name = source.slice(kids[0]!.from, kids[0]!.to).replaceAll(/\s+/g, " ");
      const args = parameters ? children(parameters).filter(isOperand) : [];
      return { ...span, op: "call", name, args: args.map((arg) => read(arg, source)) };
    }
    case "null":
      return refuse(node, "不能写 null：事实缺失时结果自动为“待核实”，要判断有没有值请用 known(…)。");
    default:
      return refuse(node, `不支持这种写法：“${text.slice(0, 20)}”。`);
  }
}

const PUNCTUATION = new Set(["(", ")", "[", "]", ","]);
const isOperand = (node: Node) => !PUNCTUATION.has(node.name);

function integer(node: Node, text: string): number {
  if (!/^-?\d+$/.test(text))
    refuse(node, `不能写小数“${text}”：金额以分为单位写整数，比例用 比例不低于(…) 或比率参数。`);
  const value = Number(text);
  if (Math.abs(value) > MAX_INTEGER) refuse(node, `整数“${text}”超出可精确计算的范围。`);
  return value;
}

function string(node: Node, text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return refuse(node, `字符串${text}里的转义写法不支持。`);
  }
}

function date(node: Node, source: string): string {
  const text = source.slice(node.from, node.to);
  const match = /^(?:@|date\s*\(\s*)"([^"]*)"\s*\)?$/.exec(text);
  if (!match) refuse(node, '日期只能写成 @"2021-07-26" 或 date("2021-07-26")，不支持时刻、时段。');
  if (!isDate(match[1]!)) refuse(node, `没有“${match[1]}”这一天。`);
  return match[1]!;
}

/** `劳动者.户籍县` as one name: the dictionary is flat, with dots inside its names. */
function path(node: Node, source: string): string {
  const text = source.slice(node.from, node.to);
  if (node.name === "VariableName") return text.replaceAll(/\s+/g, " ");
  const [left, , right] = children(node);
  if (left!.name !== "VariableName" && left!.name !== "PathExpression")
    refuse(node, `“${text.slice(0, 20)}”不是事实的名称。`);
  return `${path(left!, source)}.${source.slice(right!.from, right!.to)}`;
}

function arithmetic(node: Node, kids: readonly Node[], source: string): Written {
  const span = { from: node.from, to: node.to };
  const text = (kid: Node) => source.slice(kid.from, kid.to);
  if (kids.length === 2) {
    const value = read(kids[1]!, source);
    if (value.op === "literal" && typeof value.value === "number")
      return { ...span, op: "literal", type: INTEGER, value: -value.value };
    return { ...span, op: "negate", value };
  }
  const operator = text(kids[1]!);
  if (!ARITHMETIC.includes(operator))
    refuse(
      kids[1]!,
      `不支持“${operator}”：除法和乘方不精确。请用 四舍五入到分(分子, 分母)、向下取整比例(分子, 分母) 或 比例不低于(…)。`,
    );
  return {
    ...span,
    op: "arithmetic",
    operator: operator as ArithmeticOperator,
    left: read(kids[0]!, source),
    right: read(kids[2]!, source),
  };
}

function comparison(node: Node, kids: readonly Node[], source: string): Written {
  const span = { from: node.from, to: node.to };
  const value = read(kids[0]!, source);
  const word = source.slice(kids[1]!.from, kids[1]!.to);
  if (word === "between") {
    const [low, high] = [read(kids[2]!, source), read(kids[4]!, source)];
    return { ...span, op: "in", value, tests: [{ kind: "range", low, high, lowIncluded: true, highIncluded: true }] };
  }
  if (word === "in") {
    const tests = kids.slice(2).flatMap((kid) => readTests(kid, source));
    if (tests.length === 0) refuse(node, "不能写空列表：没有任何值属于它。");
    return { ...span, op: "in", value, tests };
  }
  if (!COMPARE.includes(word)) refuse(kids[1]!, `不支持“${word}”。`);
  return { ...span, op: "compare", operator: word as CompareOperator, left: value, right: read(kids[2]!, source) };
}

function readTests(node: Node, source: string): Test<Written>[] {
  if (node.name === "PositiveUnaryTests") return children(node).flatMap((kid) => readTests(kid, source));
  if (!isOperand(node)) return [];
  if (node.name === "PositiveUnaryTest" || node.name === "SimplePositiveUnaryTest") {
    const kids = children(node);
    if (kids[0]!.name === "CompareOp") {
      const operator = source.slice(kids[0]!.from, kids[0]!.to);
      const value = read(kids[1]!, source);
      if (operator === "=") return [{ kind: "equals", value }];
      return [{ kind: "compares", operator: operator as "<", value }];
    }
    return readTests(kids[0]!, source);
  }
  if (node.name === "Interval") return [interval(node, source)];
  // A list written out is its elements; `x in 列表` is resolved by the type checker, which knows what a name holds.
  const value = read(node, source);
  return value.op === "list"
    ? value.items.map((item) => ({ kind: "equals", value: item }))
    : [{ kind: "equals", value }];
}

function interval(node: Node, source: string): Test<Written> {
  const kids = children(node);
  const bound = (kid: Node) => {
    if (kid.name === "null") refuse(kid, "区间两端都要写明；一端不限时写 >= 或 <=。");
    return read(kid, source);
  };
  return {
    kind: "range",
    low: bound(kids[1]!),
    high: bound(kids[3]!),
    lowIncluded: kids[0]!.name === "[",
    highIncluded: kids[4]!.name === "]",
  };
}

function quantified(node: Node, kids: readonly Node[], source: string): Written {
  const expressions = children(kids[1]!).filter(isOperand);
  if (expressions.length !== 1) refuse(node, "some、every 一次只写一个列表。");
  const [name, , iteration] = children(expressions[0]!);
  if (iteration!.name !== "IterationContext" || children(iteration!).length !== 1)
    refuse(iteration!, "some、every 只支持列表，不支持数字区间。");
  return {
    from: node.from,
    to: node.to,
    op: source.slice(kids[0]!.from, kids[0]!.to) as "some" | "every",
    variable: source.slice(name!.from, name!.to),
    list: read(iteration!.firstChild!, source),
    satisfies: read(kids[3]!, source),
  };
}
