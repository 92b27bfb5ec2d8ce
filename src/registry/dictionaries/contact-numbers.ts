import { DIGITS_EXCEL_KEEPS, isScientific, looksRounded, normaliseNumberText } from "./number-text.ts";

export const PHONE_PROBLEMS = ["empty", "masked", "several", "wrong-length", "not-a-phone"] as const;
export type PhoneProblem = (typeof PHONE_PROBLEMS)[number];

export const PHONE_PROBLEM_LABELS: Record<PhoneProblem, string> = {
  empty: "联系电话为空",
  masked: "联系电话被部分遮盖，请填写完整号码",
  several: "一格内填写了多个电话，请只保留一个",
  "wrong-length": "联系电话位数不对（手机号11位，固定电话须带区号）",
  "not-a-phone": "不是有效的联系电话",
};

export type PhoneReading =
  | { ok: true; kind: "mobile" | "landline"; number: string }
  | { ok: false; problem: PhoneProblem; candidates: readonly string[] };

const MOBILE = /^1[3-9]\d{9}$/;
/** Area code of three or four digits, seven or eight of its own not beginning with 0 or 1, perhaps an extension. */
const LANDLINE = /^(0(?:10|2\d|[3-9]\d{2}))-?([2-9]\d{6,7})(?:(?:-|转|EXT\.?)(\d{1,6}))?$/u;
const COUNTRY_CODE = /^(?:\+|00)?86-?(?=1[3-9]\d{9}$|0?\d{2,3}-?\d{7,8})/;
const BETWEEN_PHONES = /[/,，、;；|\s或和]+/u;

/** Mobile numbers of the mainland, and landlines with their area code. A cell with several phones is refused, each listed. */
export function readPhone(cell: string | number): PhoneReading {
  const text = String(cell);
  // Nearly every cell of a ledger ends here.
  if (MOBILE.test(text)) return { ok: true, kind: "mobile", number: text };
  const written = text.normalize("NFKC").trim();
  if (written === "") return refuse("empty");
  if (/[*]{2,}/u.test(written)) return refuse("masked");
  const one = readOnePhone(written);
  if (one.ok) return one;
  const several = written
    .split(BETWEEN_PHONES)
    .map(readOnePhone)
    .filter((reading) => reading.ok)
    .map((reading) => reading.number);
  return several.length > 1 ? refuse("several", several) : one;
}

function readOnePhone(written: string): PhoneReading {
  const text = written
    .replace(/[\s'’‘()]+/gu, "")
    .replace(/[‐-―−]/gu, "-")
    .toUpperCase()
    .replace(COUNTRY_CODE, "");
  const digits = text.replaceAll("-", "");
  if (MOBILE.test(digits)) return { ok: true, kind: "mobile", number: digits };
  const landline = LANDLINE.exec(text);
  if (landline !== null) {
    const [, area, own, extension] = landline;
    return { ok: true, kind: "landline", number: `${area}-${own}${extension === undefined ? "" : `-${extension}`}` };
  }
  return refuse(/^\d+$/u.test(digits) ? (digits.length === 11 ? "not-a-phone" : "wrong-length") : "not-a-phone");
}

function refuse(problem: PhoneProblem, candidates: readonly string[] = []): PhoneReading {
  return { ok: false, problem, candidates };
}

export const BANK_CARD_PROBLEMS = ["empty", "scientific", "number-cell", "wrong-length", "bad-character"] as const;
export type BankCardProblem = (typeof BANK_CARD_PROBLEMS)[number];

export const BANK_CARD_PROBLEM_LABELS: Record<BankCardProblem, string> = {
  empty: "银行账号为空",
  scientific: "银行账号被表格显示为科学计数法，末尾数字已丢失，请重新填写",
  "number-cell": "银行账号以数值保存，第15位以后的数字已丢失，请重新填写",
  "wrong-length": "银行账号位数不对",
  "bad-character": "银行账号含有不应出现的字符",
};

/** Only a warning: passbooks and many rural accounts have no check digit. */
export const BANK_CARD_CHECK_WARNING = "银行卡号校验位不符，请核对；如为存折账号可忽略";

export type BankCardReading =
  | {
      ok: true;
      number: string;
      /** The Luhn check of cards passes. Passbooks and many rural accounts have none: warn, never refuse. */
      checked: boolean;
    }
  | { ok: false; problem: BankCardProblem };

export function readBankCard(cell: string | number): BankCardReading {
  const written = typeof cell === "number" && Number.isInteger(cell) ? BigInt(cell).toString() : String(cell);
  if (isScientific(written)) return { ok: false, problem: "scientific" };
  const number = normaliseNumberText(written);
  if (number === "") return { ok: false, problem: "empty" };
  if (!/^\d+$/u.test(number)) return { ok: false, problem: "bad-character" };
  if (typeof cell === "number" && number.length > DIGITS_EXCEL_KEEPS) return { ok: false, problem: "number-cell" };
  if (number.length < 10 || number.length > 30) return { ok: false, problem: "wrong-length" };
  return { ok: true, number, checked: passesLuhn(number) && !looksRounded(number) };
}

/** ISO/IEC 7812-1: from the right every second digit doubled, the sum divisible by ten. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits.length > 0 && sum % 10 === 0;
}
