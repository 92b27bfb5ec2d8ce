import { dayWords } from "../../platform/day-words.ts";

/** 2025年6月18日 09:05, as China's clocks show it, wherever the telephone is. */
export function moment(iso: string): string {
  const shifted = new Date(Date.parse(iso) + 8 * 3_600_000).toISOString();
  return `${dayWords(shifted.slice(0, 10))} ${shifted.slice(11, 16)}`;
}
