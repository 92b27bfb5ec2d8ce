import type { LedgerKind } from "#ledger/contract";
import { Temporal } from "temporal-polyfill";

/**
 * Dated duties about ledgers, by the province whose text sets them. A duty of one province is never held against an
 * office of another (0.3 of the catalogue): Gansu and Jining hand ledgers over too, but no text of theirs names a day.
 */
export interface HandoverRule {
  /** Prefix of the region codes it binds. */
  readonly jurisdiction: string;
  readonly kinds: readonly LedgerKind[];
  /** Day of the following month, inclusive, not moved by weekends (AMB-27). */
  readonly dayOfMonth: number;
  readonly source: string;
  readonly quote: string;
  /** 及时录入: the text names no number; ten days by default (B-HN10-13c). */
  readonly enterWithinDays: number;
  readonly enterQuote: string;
}

export const handoverRules: readonly HandoverRule[] = [
  {
    jurisdiction: "43",
    kinds: ["work-ledger", "post-roster"],
    dayOfMonth: 20,
    source: "〔2021〕10号（十三）",
    quote:
      "县级乡村振兴部门每月20日前将汇总的脱贫人口、农村低收入人口务工情况电子台账（含有无就业意愿、有无培训意愿）、公益性岗位安置人员花名册移交同级人社部门",
    enterWithinDays: 10,
    enterQuote: "同级人社部门将名单及时录入湖南省公共就业服务信息管理平台",
  },
];

export function handoverRuleOf(region: string): HandoverRule | undefined {
  return handoverRules.find((rule) => region.startsWith(rule.jurisdiction));
}

/** The last day on which a month's table may be handed over: "2025-08" → 2025-09-20. */
export function handoverDueOn(rule: HandoverRule, month: string): string {
  return Temporal.PlainYearMonth.from(month).add({ months: 1 }).toPlainDate({ day: rule.dayOfMonth }).toString();
}

/** The month whose tables are handed over in the month of the business date. */
export function monthInHand(businessDate: string): string {
  return Temporal.PlainDate.from(businessDate).toPlainYearMonth().subtract({ months: 1 }).toString();
}

export function monthBefore(month: string): string {
  return Temporal.PlainYearMonth.from(month).subtract({ months: 1 }).toString();
}

export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

export function daysFrom(from: string, until: string): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(until), { largestUnit: "days" }).days;
}
