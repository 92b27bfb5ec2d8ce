import { parseYuan } from "../../platform/money.ts";
import type { Cell } from "../../platform/sheets/index.ts";

type Read = { readonly kind: "value"; readonly value: string } | null;

/** Units that stand behind a count or an amount: 12 个月, 1,200 元/月. */
const COUNT_UNITS = /(?:个月|小时|课时|学时|年|月|天|日|人|人次|次|个|名|户|家|期|件|元)$/u;
const MONEY_UNITS = /^[¥￥]|(?:元整|元|圆)?(?:\/[月年天日次人])?$/gu;
const INTEGER = /^-?\d{1,15}$/;
/** Exact ten-thousands of a yuan: four more digits before the fraction of a yuan begins. */
const TEN_THOUSANDS = /^(-?)(\d{1,9})(?:\.(\d{1,6})0*)?$/;

const digitsOf = (text: string) => text.normalize("NFKC").replaceAll(/[\s,，]/g, "");

export function readInteger(text: string): Read {
  const digits = digitsOf(text).replace(COUNT_UNITS, "").replace(/\.0+$/, "");
  return INTEGER.test(digits) ? { kind: "value", value: String(BigInt(digits)) } : null;
}

/**
 * Yuan, or 万元 where the cell or its header says so, to whole fen without floating point. A number cell that a program
 * computed (3800.5000000001) is the amount that it shows; a fraction of a fen that somebody wrote is not guessed at.
 */
export function readFen(cell: Cell, text: string, header: string): Read {
  const plain = digitsOf(text).replaceAll(MONEY_UNITS, "");
  const inTenThousands = plain.endsWith("万") || /万元/.test(header.normalize("NFKC"));
  const digits = plain.replace(/万$/, "");
  const fen = inTenThousands
    ? tenThousandsOf(digits)
    : parseYuan(isComputed(cell, digits) ? Number(digits).toFixed(2) : digits);
  return fen === null ? null : { kind: "value", value: String(fen) };
}

/** Less than a millionth of a fen away from an amount: what binary fractions leave over. */
function isComputed(cell: Cell, digits: string): boolean {
  if (typeof cell === "string" || !/^-?\d+\.\d{3,}$/.test(digits)) return false;
  const fen = Number(digits) * 100;
  return Math.abs(fen - Math.round(fen)) < 1e-4;
}

function tenThousandsOf(digits: string): number | null {
  const match = TEN_THOUSANDS.exec(digits);
  if (!match) return null;
  const fraction = (match[3] ?? "").padEnd(6, "0");
  const fen = Number(match[2]) * 1_000_000 + Number(fraction);
  return match[1] ? -fen : fen;
}
