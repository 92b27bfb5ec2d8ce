import { isCalendarDay } from "../../platform/dates/index.ts";
import { birthDateOf, hasValidBirthDate, hasValidCheck, sexOf, upgrade15 } from "./identity-check.ts";
import { repairCandidates, type IdentityHints } from "./identity-repair.ts";
import { DIGITS_EXCEL_KEEPS, isScientific, looksRounded, normaliseNumberText } from "./number-text.ts";
import type { Sex } from "./person.ts";

export const IDENTITY_KINDS = [
  "resident-id",
  "hmt-residence-permit",
  "foreigner-residence-permit",
  "passport",
  "temporary",
] as const;
export type IdentityKind = (typeof IDENTITY_KINDS)[number];

export const IDENTITY_KIND_LABELS: Record<IdentityKind, string> = {
  "resident-id": "居民身份证",
  "hmt-residence-permit": "港澳台居民居住证",
  "foreigner-residence-permit": "外国人永久居留身份证",
  passport: "护照",
  temporary: "临时编号",
};

export const IDENTITY_PROBLEMS = [
  "empty",
  "scientific",
  "number-cell",
  "rounded",
  "masked",
  "wrong-length",
  "bad-character",
  "impossible-birth-date",
  "bad-check-digit",
  "disability-certificate",
] as const;
export type IdentityProblem = (typeof IDENTITY_PROBLEMS)[number];

export const IDENTITY_PROBLEM_LABELS: Record<IdentityProblem, string> = {
  empty: "证件号码为空",
  scientific: "证件号码被表格显示为科学计数法，末尾数字已丢失，请按证件重新填写",
  "number-cell": "证件号码以数值保存，第15位以后的数字已丢失，请按证件重新填写",
  rounded: "证件号码第15位以后全是0，疑为表格数值格式造成的丢失，请按证件重新填写",
  masked: "证件号码被部分遮盖，请填写完整号码",
  "wrong-length": "证件号码位数不对",
  "bad-character": "证件号码含有不应出现的字符",
  "impossible-birth-date": "证件号码中的出生日期不存在",
  "bad-check-digit": "证件号码校验位不符，至少有一位填写有误",
  "disability-certificate": "填写的是残疾人证号，请填写居民身份证号",
};

export type IdentityReading =
  | {
      ok: true;
      kind: IdentityKind;
      /** The form to store and compare: upper case, no separators, 15 digits made 18. */
      number: string;
      birthDate: string | null;
      sex: Sex | null;
      /** Written with 15 digits. */
      upgraded: boolean;
      /**
       * Valid, but ends in three zeros: one in eleven numbers that Excel rounded passes the check by chance. A file with several
       * such rows is damaged.
       */
      doubtful: boolean;
    }
  | { ok: false; problem: IdentityProblem; candidates: readonly string[] };

/** 外国人永久居留身份证 of 2023: 9, province, country (three digits), birth date, sequence, check as GB 11643. */
const NEW_FOREIGNER_PERMIT = /^9\d{17}$|^9\d{16}X$/;
/** The older form: country (three letters), office (4), birth date YYMMDD, sequence and check, whose rule is unpublished and not tested. */
const OLD_FOREIGNER_PERMIT = /^[A-Z]{3}\d{12}$/;
const HMT_PREFIX = /^8[123]0000/;
/** Ours, for a person without a document yet: LS, county, running number. */
const TEMPORARY = /^LS\d{12}$/;
/** Chinese ordinary (E or G, 8), special kinds (D, S, P, SE, DE, PE; 7 or 8), and foreign ones: 6 to 9 with at least one letter first or second. */
const PASSPORT = /^(?:[EGDSP]\d{8}|E[A-HJ-NP-Z]\d{7}|[DSP]E?\d{7}|[A-Z]{1,2}\d{5,8}|\d[A-Z]\d{6,7})$/;
const DISABILITY_CERTIFICATE = /^(\d{17}[\dX])[1-7][1-4](?:B\d)?$/;
/** Letters mistaken for digits; replaced only in suggestions. */
const LIKE_DIGITS: Readonly<Record<string, string>> = {
  O: "0",
  Q: "0",
  D: "0",
  I: "1",
  L: "1",
  Z: "2",
  S: "5",
  B: "8",
};

/** Reads what a cell holds as a person's document. Never changes a digit; what it would change it lists as candidates. */
export function readIdentityNumber(cell: string | number, hints: IdentityHints = {}): IdentityReading {
  if (typeof cell === "number") return readNumberCell(cell, hints);
  // Nearly every cell of a ledger ends here.
  if (hasValidCheck(cell)) return readChecked(cell, false, hints);
  if (isScientific(cell)) return refuse("scientific");
  const number = normaliseNumberText(cell);
  if (number === "") return refuse("empty");
  if (/[*＊#?？]{2,}/u.test(number)) return refuse("masked");
  if (hasValidCheck(number)) return readChecked(number, false, hints);
  const upgraded = upgrade15(number);
  if (upgraded !== null)
    return hasValidBirthDate(upgraded) ? readChecked(upgraded, true, hints) : refuse("impossible-birth-date");
  return readOtherKinds(number) ?? classify(number, hints);
}

function readNumberCell(cell: number, hints: IdentityHints): IdentityReading {
  if (!Number.isInteger(cell)) return refuse("bad-character");
  const text = BigInt(cell).toString();
  // A number has at most fifteen digits that can be trusted: enough for the first generation, never for the second.
  if (text.length > DIGITS_EXCEL_KEEPS) return refuse("number-cell");
  return readIdentityNumber(text, hints);
}

function readChecked(number: string, upgraded: boolean, hints: IdentityHints): IdentityReading {
  const birthDate = birthDateOf(number);
  if (birthDate === null) return refuse("impossible-birth-date", repairCandidates(number, hints));
  return {
    ok: true,
    kind: checkedKind(number),
    number,
    birthDate,
    sex: sexOf(number),
    upgraded,
    doubtful: !upgraded && looksRounded(number),
  };
}

function checkedKind(number: string): IdentityKind {
  const first = number.charCodeAt(0);
  if (first === 57 && NEW_FOREIGNER_PERMIT.test(number)) return "foreigner-residence-permit";
  return first === 56 && HMT_PREFIX.test(number) ? "hmt-residence-permit" : "resident-id";
}

function readOtherKinds(number: string): IdentityReading | null {
  if (OLD_FOREIGNER_PERMIT.test(number)) {
    // Two digits of the year leave the century open, so that the day is checked in a leap year and no birth date is derived.
    const exists = isCalendarDay(2000, Number(number.slice(9, 11)), Number(number.slice(11, 13)));
    return exists ? accept("foreigner-residence-permit", number) : refuse("impossible-birth-date");
  }
  if (TEMPORARY.test(number)) return accept("temporary", number);
  return PASSPORT.test(number) ? accept("passport", number) : null;
}

function classify(number: string, hints: IdentityHints): IdentityReading {
  const certificate = DISABILITY_CERTIFICATE.exec(number);
  if (certificate !== null && hasValidCheck(certificate[1]!))
    return refuse("disability-certificate", [certificate[1]!]);
  if (!/^\d+X?$/.test(number)) {
    const asDigits = number.replace(/[A-WYZ]/g, (letter) => LIKE_DIGITS[letter] ?? letter);
    const valid = hasValidCheck(asDigits) && hasValidBirthDate(asDigits);
    return refuse("bad-character", valid ? [asDigits] : []);
  }
  if (number.length !== 18) return refuse("wrong-length", repairCandidates(number, hints));
  if (looksRounded(number)) return refuse("rounded");
  // A day that does not exist says more than a check that fails, and most often names the place of the slip.
  const problem = hasValidBirthDate(number) ? "bad-check-digit" : "impossible-birth-date";
  return refuse(problem, repairCandidates(number, hints));
}

function accept(kind: IdentityKind, number: string): IdentityReading {
  return { ok: true, kind, number, birthDate: null, sex: null, upgraded: false, doubtful: false };
}

function refuse(problem: IdentityProblem, candidates: readonly string[] = []): IdentityReading {
  return { ok: false, problem, candidates };
}
