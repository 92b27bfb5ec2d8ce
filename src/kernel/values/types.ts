/**
 * What rules compute with. `fen` is an integer that is money: the type checker keeps it apart from other integers, so that
 * `工资 > 3000` where yuan was meant is refused. `rate` is `{ value, of }`: it is never divided out, only handed to the named
 * functions that multiply before they round. `code` is text from a fixed list.
 */
export type ScalarKind = "text" | "integer" | "fen" | "boolean" | "date" | "rate";

export interface ValueType {
  readonly kind: ScalarKind | "list";
  /** Of a list: what it holds. */
  readonly of?: ScalarKind;
  /** Of text from a fixed list: the list. Literals compared with it must stand in it. */
  readonly codes?: readonly string[];
}

export interface Rate {
  readonly value: number;
  readonly of: number;
}
export type Scalar = string | number | boolean;
/** A known value. Lists hold no missing element. Dates are `YYYY-MM-DD`. */
export type Value = Scalar | readonly Scalar[] | Rate;

export const TEXT: ValueType = { kind: "text" };
export const INTEGER: ValueType = { kind: "integer" };
export const FEN: ValueType = { kind: "fen" };
export const BOOLEAN: ValueType = { kind: "boolean" };
export const DATE: ValueType = { kind: "date" };
export const RATE: ValueType = { kind: "rate" };
export const listOf = (of: ScalarKind): ValueType => ({ kind: "list", of });

/** Integers of rules, in every engine: what lies beyond is an overflow, and an overflow is an unknown. */
export const MAX_INTEGER = Number.MAX_SAFE_INTEGER;

export const TYPE_LABELS: Record<ScalarKind | "list", string> = {
  text: "文本",
  integer: "整数",
  fen: "金额（分）",
  boolean: "是否",
  date: "日期",
  rate: "比率",
  list: "列表",
};

export function describeType(type: ValueType): string {
  if (type.kind === "list") return `${TYPE_LABELS[type.of ?? "text"]}列表`;
  return TYPE_LABELS[type.kind];
}
