import type { Tone } from "../../ui/index.ts";
import { indicators, type Indicator, type MonthState } from "../contract.ts";

export const stateTones: Record<MonthState, Tone> = {
  open: "plain",
  submitted: "blue",
  acknowledged: "done",
  returned: "late",
};

/** Heads of narrow columns. */
export const shortIndicators: Record<Indicator, string> = {
  workers: "务工规模",
  posts: "公益岗",
  workshops: "车间数",
  absorbed: "车间吸纳",
};
export { indicators };

/** "+12", "−3", "0"; a true minus sign, as wide as a plus. */
export function signed(value: number): string {
  const digits = Math.abs(value).toLocaleString("zh-CN");
  return value > 0 ? `+${digits}` : value < 0 ? `−${digits}` : "0";
}
