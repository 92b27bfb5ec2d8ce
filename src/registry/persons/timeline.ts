import { Temporal } from "temporal-polyfill";
import { addDays, firstDay, lastDay, monthOf } from "../../platform/dates/index.ts";
import { formatYuan } from "../../platform/money.ts";
import { employmentForm } from "../dictionaries/index.ts";
import { labelOfId } from "../fields.ts";
import { insuranceKindLabel, type ChangeRow, type PersonPage, type TimelineItem } from "./page-contract.ts";

type Facts = Pick<PersonPage, "employments" | "contracts" | "insurance" | "wages" | "otherRecords">;

/** One timeline of everything known, newest first. Monthly rows of one kind and employer become one span while no month is missing. */
export function timelineOf(
  facts: Facts,
  changes: readonly Pick<ChangeRow, "day" | "entityLabel" | "reason" | "sourceLabel" | "batchId">[],
): TimelineItem[] {
  const items: TimelineItem[] = [
    ...facts.employments.map((spell): TimelineItem => ({
      lane: "employment",
      from: spell.startDate,
      to: spell.endDate,
      label: spell.employerName,
      detail: [
        spell.workRegion?.fullName,
        spell.monthlyWageFen === null ? null : `月工资 ${formatYuan(spell.monthlyWageFen)} 元`,
        labelOfId(employmentForm, spell.form),
        spell.endReason,
      ]
        .filter(Boolean)
        .join("，"),
      sourceLabel: spell.sourceLabel,
      batchId: spell.batchId,
    })),
    ...facts.contracts.map((contract): TimelineItem => ({
      lane: "contract",
      from: contract.startDate,
      to: contract.endDate,
      label: contract.employerName,
      detail: [contract.kind, contract.signedOn === null ? null : `${contract.signedOn} 签订`]
        .filter(Boolean)
        .join("，"),
      sourceLabel: contract.sourceLabel,
      batchId: contract.batchId,
    })),
    ...spansOfMonths(
      facts.insurance.map((row) => ({
        ...row,
        key: `${row.kind}|${row.employerName}`,
        label: `${insuranceKindLabel(row.kind)} ${row.employerName}`,
        amountFen: null,
      })),
      "insurance",
    ),
    ...spansOfMonths(
      facts.wages.map((row) => ({ ...row, key: row.employerName, label: row.employerName })),
      "wage",
    ),
    ...facts.otherRecords.map((record): TimelineItem => ({
      lane: "other",
      from: firstDay(record.month),
      to: firstDay(record.month),
      label: record.title,
      detail: record.content.map(({ label, value }) => `${label}：${value}`).join("，"),
      sourceLabel: record.sourceLabel,
      batchId: record.batchId,
    })),
    ...changes.map((change): TimelineItem => ({
      lane: "change",
      from: change.day,
      to: change.day,
      label: `${change.entityLabel}变更`,
      detail: change.reason,
      sourceLabel: change.sourceLabel,
      batchId: change.batchId,
    })),
  ];
  return items.toSorted((a, b) => (a.from < b.from ? 1 : a.from > b.from ? -1 : 0));
}

interface MonthlyFact {
  readonly month: string;
  readonly key: string;
  readonly label: string;
  readonly amountFen: number | null;
  readonly sourceLabel: string;
  readonly batchId: string | null;
}

function spansOfMonths(rows: readonly MonthlyFact[], lane: "insurance" | "wage"): TimelineItem[] {
  const spans = new Map<string, TimelineItem[]>();
  for (const row of rows.toSorted((a, b) => (a.month < b.month ? -1 : 1))) {
    const known = spans.get(row.key) ?? [];
    spans.set(row.key, known);
    const open = known.at(-1);
    const follows = open !== undefined && open.to !== null && monthOf(addDays(open.to, 1)) >= row.month;
    const detail = row.amountFen === null ? "" : `${row.month} 实发 ${formatYuan(row.amountFen)} 元`;
    if (follows) known[known.length - 1] = { ...open, to: lastDay(row.month), detail };
    else
      known.push({
        lane,
        from: firstDay(row.month),
        to: lastDay(row.month),
        label: row.label,
        detail,
        sourceLabel: row.sourceLabel,
        batchId: row.batchId,
      });
  }
  return [...spans.values()].flat();
}

/** Days from the end of the last spell to the day; null while a spell is open or none is known. */
export function idleDaysOn(spells: readonly { endDate: string | null }[], day: string): number | null {
  if (spells.length === 0 || spells.some(({ endDate }) => endDate === null || endDate >= day)) return null;
  const last = spells
    .map(({ endDate }) => endDate!)
    .toSorted()
    .at(-1)!;
  return Temporal.PlainDate.from(last).until(day).days;
}
