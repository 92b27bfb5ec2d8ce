import { formatYuan } from "../../../platform/money.ts";

/** `123450` → `"1234.50"`: banks' programs take no separators. */
export const plainYuan = (fen: number): string => formatYuan(fen).replaceAll(",", "");
