import { handoverRuleOf } from "#ledger/contract";
import { addDays, addMonths, daysBetween } from "../platform/dates/index.ts";

/** Levels by digits of a region's code. */
const COUNTY = 6;

/**
 * Who must hand over what by when. A duty of one province is never held against an office of another (0.3 of the catalogue): a text
 * binds the codes that begin with its jurisdiction.
 */
export interface CalendarDuty {
  readonly key: string;
  readonly jurisdiction: string;
  /** Digits of the code of the region that owes it: 2 province, 6 county. */
  readonly owedBy: 2 | 4 | 6;
  readonly what: string;
  readonly from: string;
  readonly to: string;
  readonly rhythm: "monthly" | "half-yearly";
  /** How it is known to be done: by the ledger's tables received, or by the month closed here. */
  readonly proof: { readonly by: "ledger"; readonly kinds: readonly string[] } | { readonly by: "closing" };
  readonly source: string;
  readonly quote: string;
  /** The text names no day: the day is the office's own setting. */
  readonly dayIsOurs: boolean;
}

const HUNAN = "43";
const handover = handoverRuleOf(HUNAN)!;

/** The day of the following month by which a county submits, when no text names one: with the ledgers themselves. */
export const CLOSING_DAY = 25;

export const calendarDuties: readonly CalendarDuty[] = [
  {
    key: "monthly-ledgers",
    jurisdiction: HUNAN,
    owedBy: COUNTY,
    what: "务工情况电子台账、公益性岗位安置人员花名册",
    from: "县级乡村振兴（农业农村）部门",
    to: "同级人社部门",
    rhythm: "monthly",
    proof: { by: "ledger", kinds: handover.kinds },
    source: handover.source,
    quote: handover.quote,
    dayIsOurs: false,
  },
  {
    key: "half-yearly-list",
    jurisdiction: HUNAN,
    owedBy: 2,
    what: "脱贫人口、农村低收入人口人员名单",
    from: "省乡村振兴（农业农村）部门",
    to: "省人社厅",
    rhythm: "half-yearly",
    proof: { by: "ledger", kinds: ["assisted-list"] },
    source: handover.source,
    quote: "省乡村振兴局每年1月底、7月底将脱贫人口、农村低收入人口人员名单移交省人社厅。",
    dayIsOurs: false,
  },
  {
    key: "monthly-report",
    jurisdiction: HUNAN,
    owedBy: COUNTY,
    what: "脱贫人口务工情况月报（四项重点指标）",
    from: "县级人社部门",
    to: "市州人社部门",
    rhythm: "monthly",
    proof: { by: "closing" },
    source: "湘人社提函〔2024〕102号",
    quote:
      "联合省乡村振兴局建立脱贫人口务工情况调度通报机制，聚焦脱贫人口务工规模、乡村公益性岗位安置数量、帮扶车间数量、帮扶车间吸纳脱贫劳动力数量等重点指标",
    dayIsOurs: true,
  },
];

/** Duties that bind offices of this region, or those below it. */
export function dutiesOfRegion(region: string): CalendarDuty[] {
  return calendarDuties.filter((duty) => region.startsWith(duty.jurisdiction));
}

/** The last day for a month's ("2025-08") or half-year's duty; null when that month has none. Weekends do not move it (AMB-27). */
export function dueOn(duty: CalendarDuty, month: string): string | null {
  if (duty.rhythm === "half-yearly") {
    const [year, number] = [month.slice(0, 4), month.slice(5)];
    return number === "01" ? `${year}-01-31` : number === "07" ? `${year}-07-31` : null;
  }
  const day = duty.proof.by === "closing" ? CLOSING_DAY : handover.dayOfMonth;
  return `${addMonths(month, 1)}-${String(day).padStart(2, "0")}`;
}

/** When a closing counts as late, wherever it is: the days of our own setting apply in every province. */
export function closingDueOn(month: string): string {
  return `${addMonths(month, 1)}-${CLOSING_DAY}`;
}

/**
 * Who is reminded when. The texts name no days (0.3): these are defaults. `days` after the due day, negative before it; `up` is how
 * many levels above the one that owes it.
 */
export interface EscalationStep {
  readonly key: string;
  readonly days: number;
  readonly up: 0 | 1 | 2;
  /** Holders of this permission there. */
  readonly to: "months.close" | "months.acknowledge" | "months.oversee";
  readonly words: string;
}
export const escalation: readonly EscalationStep[] = [
  { key: "coming", days: -3, up: 0, to: "months.close", words: "提醒本单位经办" },
  { key: "late", days: 1, up: 0, to: "months.close", words: "逾期，提醒本单位经办和复核" },
  { key: "chase", days: 1, up: 1, to: "months.acknowledge", words: "逾期，提醒上级调度催办" },
  { key: "lead", days: 5, up: 1, to: "months.oversee", words: "逾期 5 天，报上级领导" },
  { key: "top", days: 10, up: 2, to: "months.acknowledge", words: "逾期 10 天，报再上一级调度" },
];

/** Steps that have fallen due by the business date. */
export function stepsReached(due: string, businessDate: string): EscalationStep[] {
  const over = daysBetween(due, businessDate);
  return escalation.filter(({ days }) => days <= over);
}

/** The day on which a step falls. */
export const stepOn = (due: string, step: EscalationStep): string => addDays(due, step.days);
