import { addMonths } from "../platform/dates/index.ts";
import type { LedgerKind } from "./vocabulary-contract.ts";

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

const handoverRules: readonly HandoverRule[] = [
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

/** The rule that binds an office of this region; with a kind, only if it is owed that table each month. */
export function handoverRuleOf(region: string, kind?: LedgerKind): HandoverRule | undefined {
  return handoverRules.find(
    (rule) => region.startsWith(rule.jurisdiction) && (kind === undefined || rule.kinds.includes(kind)),
  );
}

/** The last day on which a month's table may be handed over: "2025-08" → 2025-09-20. */
export function handoverDueOn(rule: HandoverRule, month: string): string {
  return `${addMonths(month, 1)}-${String(rule.dayOfMonth).padStart(2, "0")}`;
}
