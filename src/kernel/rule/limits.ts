import type { LimitDefinition } from "../format/types.ts";
import type { PreparedMeasure } from "./prepared.ts";

/**
 * True for limits that rows decided together use up among themselves: so many times, or months where each row is one month. The window
 * must be the same for all of a subject's rows, which rolling months are not.
 */
export function isContested(
  limit: Pick<LimitDefinition, "counts" | "within" | "unlessSame">,
  rule: Pick<PreparedMeasure, "definition">,
): boolean {
  if (limit.unlessSame || limit.within === "滚动12个月") return false;
  return limit.counts === "times" || (limit.counts === "months" && rule.definition.grain === "month");
}
