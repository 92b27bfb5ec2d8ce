/** From the widest to the narrowest. */
export const DIVISION_LEVELS = ["province", "prefecture", "county", "town", "village"] as const;
export type DivisionLevel = (typeof DIVISION_LEVELS)[number];

export const DIVISION_LEVEL_LABELS: Record<DivisionLevel, string> = {
  province: "省",
  prefecture: "市州",
  county: "县市区",
  town: "乡镇街道",
  village: "村社区",
};

/**
 * 2, 4, 6, 9 or 12 digits: the code of a part begins with the code of the whole, so that everything under a division is one
 * range of an index (`code >= '433124' AND code < '433125'`). Never padded with zeros: `430000` is written `43`.
 */
export type DivisionCode = string;

export interface Division {
  code: DivisionCode;
  /** As people call it: 十八洞村, not 十八洞村村民委员会. */
  name: string;
  /** Name after all that contain it: 湖南省湘西土家族苗族自治州花垣县双龙镇十八洞村. */
  fullName: string;
  level: DivisionLevel;
  parent: DivisionCode | null;
}

const CODE_LENGTH: Record<DivisionLevel, number> = { province: 2, prefecture: 4, county: 6, town: 9, village: 12 };

/** Null when the number of digits belongs to no level. */
export function levelOfCode(code: string): DivisionLevel | null {
  return DIVISION_LEVELS.find((level) => CODE_LENGTH[level] === code.length) ?? null;
}

export function parentCode(code: DivisionCode): DivisionCode | null {
  const level = levelOfCode(code);
  if (level === null || level === "province") return null;
  return code.slice(0, CODE_LENGTH[DIVISION_LEVELS[DIVISION_LEVELS.indexOf(level) - 1]!]);
}

/** The part of the code that names the division of that level; null when the code is wider than the level. */
export function codeAtLevel(code: DivisionCode, level: DivisionLevel): DivisionCode | null {
  const length = CODE_LENGTH[level];
  return code.length < length ? null : code.slice(0, length);
}

/** True also for the division itself. */
export function isWithin(code: DivisionCode, ancestor: DivisionCode): boolean {
  return code.startsWith(ancestor);
}

export function isNarrower(a: DivisionLevel, b: DivisionLevel): boolean {
  return DIVISION_LEVELS.indexOf(a) > DIVISION_LEVELS.indexOf(b);
}

/**
 * Codes as systems write them, with the zeros that fill 6, 9 or 12 digits taken off: 433124000000 → 433124, 430000 → 43.
 * Null when the text is no code. 441900 stays: 东莞 has one county-level code, its own, and wide codes are tried by the caller.
 */
export function parseDivisionCode(text: string): DivisionCode | null {
  if (!/^[1-8]\d+$/.test(text) || !(text.length === 12 || levelOfCode(text) !== null)) return null;
  let code = text;
  if (code.length === 12 && code.endsWith("000")) code = code.slice(0, 9);
  if (code.length === 9 && code.endsWith("000")) code = code.slice(0, 6);
  return code;
}
