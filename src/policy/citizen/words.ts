/** How the public pages write what rules compute with. */
import type { Value } from "#kernel/contract";
import { formatYuan } from "../../platform/money.ts";

/** `2025-07-09` → 2025年7月9日. */
export function dateWords(date: string): string {
  const [year, month, day] = date.split("-").map(Number);
  return `${year}年${month}月${day}日`;
}

export const yuanWords = (fen: number): string => `${formatYuan(fen)} 元`;

const isList = (value: Value): value is readonly (string | number | boolean)[] => Array.isArray(value);

/** A value as a person reads it; `kind` tells money from other integers. */
export function valueWords(kind: string, value: Value): string {
  if (kind === "fen" && typeof value === "number") return yuanWords(value);
  if (kind === "date" && typeof value === "string") return dateWords(value);
  if (typeof value === "boolean") return value ? "是" : "否";
  if (isList(value)) return value.join("、");
  if (typeof value === "object") {
    // The whole is 100%, not "1/1".
    if (value.value === value.of) return "100%";
    return value.of === 100 ? `${value.value}%` : `${value.value}/${value.of}`;
  }
  return String(value);
}
