import { isScientific, normaliseNumberText } from "./number-text.ts";

/** GB 32100-2015: digits and capitals without I, O, S, V, Z. */
const ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const BASE = ALPHABET.length;
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28] as const;
/** VALUE[character code] = its value in the alphabet, 255 for every other character. */
const VALUE = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = ALPHABET.indexOf(String.fromCharCode(code));
  return value < 0 ? 255 : value;
});
/** Letters that never occur in a code and what they are mistaken for. */
const NEVER: Readonly<Record<string, string>> = { I: "1", O: "0", S: "5", V: "U", Z: "2" };

export const CREDIT_CODE_PROBLEMS = [
  "empty",
  "scientific",
  "wrong-length",
  "bad-character",
  "bad-check-digit",
] as const;
export type CreditCodeProblem = (typeof CREDIT_CODE_PROBLEMS)[number];

export const CREDIT_CODE_PROBLEM_LABELS: Record<CreditCodeProblem, string> = {
  empty: "统一社会信用代码为空",
  scientific: "统一社会信用代码被表格显示为科学计数法，请按证照重新填写",
  "wrong-length": "统一社会信用代码应为18位",
  "bad-character": "统一社会信用代码含有不应出现的字符（不使用字母I、O、S、V、Z）",
  "bad-check-digit": "统一社会信用代码校验位不符，至少有一位填写有误",
};

export type CreditCodeReading =
  | { ok: true; code: string }
  | { ok: false; problem: CreditCodeProblem; candidates: readonly string[] };

/** The eighteenth character for the first seventeen; null when one of them is not of the alphabet. */
export function creditCheckCharacter(seventeen: string): string | null {
  let sum = 0;
  for (let i = 0; i < 17; i++) {
    const value = VALUE[seventeen.charCodeAt(i)] ?? 255;
    if (value === 255) return null;
    sum += value * WEIGHTS[i]!;
  }
  return ALPHABET[(BASE - (sum % BASE)) % BASE]!;
}

/** Upper-case code of eighteen characters: the third to eighth are digits (the registering region), and the check fits. */
export function isCreditCode(code: string): boolean {
  return /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(code) && creditCheckCharacter(code) === code[17];
}

export function readCreditCode(cell: string | number): CreditCodeReading {
  const written = String(cell);
  if (isScientific(written)) return { ok: false, problem: "scientific", candidates: [] };
  const code = normaliseNumberText(written);
  if (code === "") return { ok: false, problem: "empty", candidates: [] };
  if (isCreditCode(code)) return { ok: true, code };
  if (code.length !== 18) return { ok: false, problem: "wrong-length", candidates: [] };
  const repaired = code.replace(/[IOSVZ]/g, (letter) => NEVER[letter]!);
  const problem = /^[0-9A-HJ-NPQRTUWXY]+$/.test(code) ? "bad-check-digit" : "bad-character";
  return { ok: false, problem, candidates: isCreditCode(repaired) ? [repaired] : [] };
}
