/** Money is integer fen (1 yuan = 100 fen). Text leaves and enters as yuan with two decimals; no floating point in between. */
export type Fen = number;

const SEPARATED = /[,，]/;
const YUAN = /^(-?)(\d{1,13})(?:\.(\d{1,2})0*)?$/;

/** `"3,800.5"` → `380050`; null when it is no amount of money or has fractions of a fen. */
export function parseYuan(text: string): Fen | null {
  const match = YUAN.exec(SEPARATED.test(text) ? text.replaceAll(",", "").replaceAll("，", "") : text);
  if (!match) return null;
  const fen = Number(match[2]) * 100 + Number((match[3] ?? "").padEnd(2, "0") || "0");
  return match[1] ? -fen : fen;
}

/** `380050` → `"3,800.50"`. */
export function formatYuan(fen: Fen): string {
  const digits = Math.abs(fen).toString().padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${fen < 0 ? "-" : ""}${whole}.${digits.slice(-2)}`;
}
