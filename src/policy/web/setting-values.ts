import type { RequestOf } from "../../platform/contract.ts";
import type { setParameter } from "../contract.ts";

type SettingValue = RequestOf<typeof setParameter>["value"];

/** Digits of a division's code by level; villages and towns set no standards. */
const LEVELS: Readonly<Record<number, string>> = { 2: "省", 4: "市", 6: "县" };

/** 省, 市, 县; null below. */
export const levelOfCode = (code: string): string | null => LEVELS[code.length] ?? null;

/** "4331" → "433100": rules name divisions by six digits. */
export const sixDigits = (code: string): string => code.padEnd(6, "0");

const MAX_DIGITS = 13;

/** Yuan as typed to fen, by its digits: no doubles. Null when it is no amount. */
export function fenOf(typed: string): number | null {
  const match = /^(\d+)(?:\.(\d{1,2}))?$/.exec(typed.replaceAll(",", "").trim());
  if (!match || match[1]!.length > MAX_DIGITS) return null;
  return Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0") || "0");
}

/** "70" or "70%" → 70 of 100; "2/3" → 2 of 3. */
export function rateOf(typed: string): { of: number; value: number } | null {
  const text = typed.trim();
  const percent = /^(\d{1,4})\s*%?$/.exec(text);
  if (percent) return { of: 100, value: Number(percent[1]) };
  const fraction = /^(\d{1,6})\s*\/\s*([1-9]\d{0,5})$/.exec(text);
  return fraction ? { of: Number(fraction[2]), value: Number(fraction[1]) } : null;
}

/** What was typed, as the parameter's kind wants it; null while it is not one. */
export function valueOf(kind: string, typed: string): SettingValue | null {
  const text = typed.trim();
  switch (kind) {
    case "fen":
      return fenOf(text);
    case "rate":
      return rateOf(text);
    case "integer":
      return /^\d{1,15}$/.test(text) ? Number(text) : null;
    case "boolean":
      return text === "是" ? true : text === "否" ? false : null;
    default:
      return text === "" ? null : text;
  }
}
