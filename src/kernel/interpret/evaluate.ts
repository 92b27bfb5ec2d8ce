import type { Expression, Test } from "../feel/ast.ts";
import { call } from "../runtime/functions.ts";
import {
  add,
  and,
  choose,
  compare,
  every,
  isIn,
  known,
  list,
  multiply,
  negate,
  not,
  or,
  some,
  subtract,
  type InTest,
  type Outcome,
} from "../runtime/operators.ts";
import type { Environment } from "../runtime/plan.ts";
import type { CountingOptions } from "../runtime/functions.ts";
import type { Scalar } from "../values/types.ts";

type Locals = Readonly<Record<string, Scalar>>;
type Scope = Environment & CountingOptions;

/** The value of an expression, or what is missing to know it. Walks the tree; each operator does its own arithmetic. */
export function evaluate(expression: Expression, scope: Scope, locals: Locals = {}): Outcome {
  const of = (part: Expression) => evaluate(part, scope, locals);
  switch (expression.op) {
    case "literal":
      return expression.value;
    case "list":
      return list(...expression.items.map(of));
    case "name":
      return name(expression, scope, locals);
    case "negate":
      return negate(of(expression.value));
    case "arithmetic":
      return { "+": add, "-": subtract, "*": multiply }[expression.operator](of(expression.left), of(expression.right));
    case "compare":
      return compare(expression.operator, of(expression.left), of(expression.right));
    case "in":
      return isIn(
        of(expression.value),
        expression.tests.map((test) => inTest(test, of)),
      );
    case "and":
      return and(...expression.items.map(of));
    case "or":
      return or(...expression.items.map(of));
    case "not":
      return not(of(expression.value));
    case "known":
      return known(of(expression.value));
    case "if":
      return choose(
        of(expression.condition),
        () => of(expression.whenTrue),
        () => of(expression.whenFalse),
      );
    case "some":
    case "every": {
      const satisfies = (item: Scalar) =>
        evaluate(expression.satisfies, scope, { ...locals, [expression.variable]: item });
      return (expression.op === "some" ? some : every)(of(expression.list), satisfies);
    }
    case "call":
      return call(expression.function, expression.args.map(of), scope);
  }
}

function name(expression: Expression & { op: "name" }, scope: Scope, locals: Locals): Outcome {
  switch (expression.kind) {
    case "fact":
      return scope.fact(expression.name);
    case "parameter":
      return scope.parameter(expression.name);
    case "special":
      return scope.special(expression.name);
    case "local":
      return locals[expression.name]!;
  }
}

function inTest(test: Test<Expression>, of: (part: Expression) => Outcome): InTest {
  switch (test.kind) {
    case "equals":
      return ["=", of(test.value)];
    case "compares":
      return [test.operator, of(test.value)];
    case "range":
      return ["range", of(test.low), of(test.high), test.lowIncluded, test.highIncluded];
    case "member":
      return ["member", of(test.list)];
  }
}
