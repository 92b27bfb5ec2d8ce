import {
  CREDIT_CODE_PROBLEM_LABELS,
  employerKey,
  identityHash,
  IDENTITY_PROBLEM_LABELS,
  maskCell,
  maskIdentity,
  readCreditCode,
  readIdentityNumber,
  type DivisionMatcher,
} from "#registry";
import type { Keys } from "../../platform/keys.ts";
import {
  cellText,
  errorText,
  isNumeric,
  readDate,
  readYesNo,
  saysNothing,
  tidy,
  type Cell,
} from "../../platform/sheets/index.ts";
import type { RegisterColumn } from "../definition.ts";
import { readFen, readInteger } from "./amounts.ts";
import { isUnseen } from "./unseen.ts";

/** What a whole table is read against. */
export interface ReadingContext {
  readonly keys: Keys;
  readonly divisions: DivisionMatcher;
  /** Area of the office that hands the table in: rows of it lie here, and places are looked for here first. */
  readonly area: string;
  readonly businessDate: string;
}

/** What a cell says. Values are texts as PostgreSQL reads them; links are found by set statements afterwards. */
export type CellReading =
  | { readonly kind: "nothing" }
  | { readonly kind: "value"; readonly value: string }
  /** Without a hash the number was masked, as our own exports are: it can only be the person whom the row already names. */
  | { readonly kind: "person"; readonly hash: string | null; readonly mask: string }
  | { readonly kind: "employer"; readonly code: string | null; readonly nameKey: string | null; readonly text: string }
  | { readonly kind: "reference"; readonly text: string }
  /** A sentence without the column's name: what is wrong and how to mend it. */
  | { readonly kind: "fault"; readonly message: string };

const NOTHING: CellReading = { kind: "nothing" };
const TEXT_LIMIT = 500;
const SHOWN = 30;
const CODES_LISTED = 8;

const value = (text: string): CellReading => ({ kind: "value", value: text });
const fault = (message: string): CellReading => ({ kind: "fault", message });
const shown = (text: string) => `“${maskCell(tidy(text)).slice(0, SHOWN)}”`;

/**
 * Reads a cell as its column's type. `header` is what stands above it, which may name the unit: 金额（万元）; `key`: the column
 * names the row. The same for a spreadsheet and for what somebody types into the form, where the cell is its text.
 */
export function readCell(
  context: ReadingContext,
  column: RegisterColumn,
  cell: Cell,
  { header = "", key = false }: { readonly header?: string; readonly key?: boolean } = {},
): CellReading {
  const error = errorText(cell);
  if (error !== null) return fault(`“${error}”是表格公式的错误值，请填写实际内容。`);
  const text = cellText(cell);
  if (text === "" || isSilent(column, text) || isUnseen(text)) return NOTHING;
  switch (column.type) {
    case "text":
      return readText(text, key);
    case "integer":
      return readInteger(text) ?? fault(`${shown(text)}不是整数，请只填数字。`);
    case "fen":
      return readFen(cell, text, header) ?? fault(`${shown(text)}不是金额，请按元填写数字，最多到分，如 1234.50。`);
    case "date":
    case "month":
      return readDay(column.type, cell, text);
    case "boolean": {
      const answer = readYesNo(text);
      return answer === null ? fault(`${shown(text)}看不出是或否，请填“是”或“否”。`) : value(answer ? "true" : "false");
    }
    case "code":
      return readCode(column.codes ?? [], text);
    case "region":
      return readRegion(context, column, text);
    case "person":
      return readPerson(context, cell, text, key);
    case "employer":
      return readEmployer(text);
    case "reference":
      return { kind: "reference", text: tidy(text.normalize("NFKC")) };
  }
}

/** 「—」 says nothing anywhere; 「无」 is a no where yes or no is asked, and words where words are. */
function isSilent({ type }: RegisterColumn, text: string): boolean {
  return saysNothing(text) && ((type !== "text" && type !== "boolean") || readYesNo(text) === null);
}

/** Eighteen digits that are somebody's number are kept nowhere in clear (trust.md), in no remark either. */
const PERSONS_NUMBER = /(?<!\d)\d{17}[\dXx](?!\d)/g;

function readText(text: string, key: boolean): CellReading {
  // What names a row is compared: a full-width digit would make another row of it.
  if (key) return value(tidy(text.normalize("NFKC")).slice(0, TEXT_LIMIT));
  const tidied = tidy(text).replaceAll(PERSONS_NUMBER, (number) =>
    readIdentityNumber(number).ok ? maskIdentity(number) : number,
  );
  return tidied.length > TEXT_LIMIT ? fault(`超过 ${TEXT_LIMIT} 字，请精简。`) : value(tidied);
}

function readDay(type: "date" | "month", cell: Cell, text: string): CellReading {
  const reading = readDate(cell);
  switch (reading.kind) {
    case "date":
      if (type === "month") return value(`${reading.date.slice(0, 7)}-01`);
      if (reading.precision === "month")
        return fault(`${shown(text)}只写到月，请写明是哪一天，如 ${reading.date.slice(0, 7)}-15。`);
      return value(reading.date);
    case "none":
      return NOTHING;
    case "impossible":
      return fault(`${shown(text)}这一天不存在，是否为 ${reading.suggestion}？`);
    case "ambiguous":
      return fault(`${shown(text)}可能是 1 月，也可能是 10 月，请按 2024-10 这样填写。`);
    case "unreadable":
      return fault(`${shown(text)}不是日期，请按 ${type === "month" ? "2024-03" : "2024-03-01"} 这样填写。`);
  }
}

const plainWord = (text: string) => text.normalize("NFKC").replaceAll(/[\s"'“”‘’]/g, "");

function readCode(codes: readonly string[], text: string): CellReading {
  if (codes.includes(text)) return value(text);
  const word = plainWord(text);
  const same = codes.find((code) => plainWord(code) === word);
  if (same !== undefined) return value(same);
  const like = word === "" ? [] : codes.filter((code) => code.includes(word) || word.includes(code));
  const list = codes.slice(0, CODES_LISTED).join("、") + (codes.length > CODES_LISTED ? "等" : "");
  return fault(
    like.length === 1
      ? `${shown(text)}不在可填内容里，是否为“${like[0]!}”？`
      : `${shown(text)}不在可填内容里，请从下列选一项：${list}。`,
  );
}

function readRegion(context: ReadingContext, column: RegisterColumn, text: string): CellReading {
  const match = context.divisions.within(context.area, { on: context.businessDate }).resolve(text);
  const nameOf = (code: string) => context.divisions.divisions.get(code)?.fullName ?? code;
  if (match.kind === "unknown") {
    const hint =
      match.suggestion === null ? "请按行政区划全称填写，如“花垣县双龙镇”" : `是否为“${nameOf(match.suggestion)}”？`;
    return fault(`${shown(text)}在行政区划中查无此处，${hint}${hint.endsWith("？") ? "" : "。"}`);
  }
  if (match.kind === "ambiguous")
    return fault(`${shown(text)}有 ${match.candidates.length} 处同名，请在前面加上县或乡镇。`);
  const decides = column.column === "region" || column.column === "county";
  if (decides && !match.code.startsWith(context.area))
    return fault(`${nameOf(match.code)}不在本单位管辖范围内，请由当地登记，或核对地名。`);
  return value(match.code);
}

const MASKED = /^\d{6}\*{8}\d{3}[\dX]$/;

function readPerson({ keys }: ReadingContext, cell: Cell, text: string, key: boolean): CellReading {
  if (!key && MASKED.test(text)) return { kind: "person", hash: null, mask: text };
  if (isNumeric(cell) && text.length > 15)
    return fault("证件号码以数字格式保存，第 16 位起已丢失，请把单元格设为文本后重新填写。");
  const reading = readIdentityNumber(text);
  if (reading.ok)
    return {
      kind: "person",
      hash: identityHash(keys, reading.kind, reading.number),
      mask: maskIdentity(reading.number),
    };
  const [only, ...more] = reading.candidates;
  const hint =
    only !== undefined && more.length === 0 ? `是否为 ${maskIdentity(only)}？请对照证件核对。` : "请对照证件核对。";
  return fault(`${IDENTITY_PROBLEM_LABELS[reading.problem]}，${hint}`);
}

/** 18 capitals and digits without a Chinese character: meant as a credit code, not as a name. */
const CODE_LIKE = /^[0-9A-Za-z\s-]{15,20}$/;

function readEmployer(text: string): CellReading {
  const written = tidy(text);
  if (!CODE_LIKE.test(written.normalize("NFKC")))
    return { kind: "employer", code: null, nameKey: employerKey(written), text: written };
  const reading = readCreditCode(written);
  if (reading.ok) return { kind: "employer", code: reading.code, nameKey: null, text: reading.code };
  return fault(`${CREDIT_CODE_PROBLEM_LABELS[reading.problem]}。`);
}
