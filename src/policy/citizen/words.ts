/** How the public pages write what rules compute with. */
import type { Value } from "#kernel/contract";
import { dayWords } from "../../platform/day-words.ts";
import { formatYuan } from "../../platform/money.ts";

export { dayWords as dateWords } from "../../platform/day-words.ts";

export const yuanWords = (fen: number): string => `${formatYuan(fen)} 元`;

const isList = (value: Value): value is readonly (string | number | boolean)[] => Array.isArray(value);

/** A value as a person reads it; `kind` tells money from other integers. */
export function valueWords(kind: string, value: Value): string {
  if (kind === "fen" && typeof value === "number") return yuanWords(value);
  if (kind === "date" && typeof value === "string") return dayWords(value);
  if (typeof value === "boolean") return value ? "是" : "否";
  if (isList(value)) return value.join("、");
  if (typeof value === "object") {
    // The whole is 100%, not "1/1".
    if (value.value === value.of) return "100%";
    return value.of === 100 ? `${value.value}%` : `${value.value}/${value.of}`;
  }
  return String(value);
}
