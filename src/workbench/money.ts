import type { MoneyDuty } from "#subsidies";
import { lateness } from "../platform/dates/index.ts";
import type { Duty } from "./contract.ts";

/** Claims or batches that wait for this officer, as one duty: what is overdue first. */
export function moneyDuty(given: MoneyDuty, businessDate: string): Duty {
  const { count, overdue, due, unit } = given;
  const many = (n: number) => `${n.toLocaleString("zh-CN")} ${unit}`;
  return {
    key: given.key,
    title: `${given.what} ${many(count)}`,
    detail: detailOf(given),
    due,
    ...(due === null ? { words: "待处理", tone: "plain" as const } : pressing(due, businessDate)),
    basis: null,
    progress: { words: overdue > 0 ? `${overdue} / ${count} ${unit}逾期` : `${many(count)}待办`, part: 0 },
    next: { label: given.label, path: given.path },
  };
}

function detailOf({ count, overdue, unit }: MoneyDuty): string {
  if (overdue === count) return "全部逾期";
  if (overdue > 0) return `其中逾期 ${overdue.toLocaleString("zh-CN")} ${unit}`;
  return unit === "批" ? "等您办这一步" : "按办理时限办完";
}

function pressing(due: string, businessDate: string): Pick<Duty, "words" | "tone"> {
  const { words, tone } = lateness(due, businessDate);
  return { words, tone };
}
