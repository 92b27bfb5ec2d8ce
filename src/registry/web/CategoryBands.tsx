import { Card, EmptyState, TimelineChart, useSession, type TimelineLane } from "../../ui/index.ts";
import type { CategoryRow } from "../contract.ts";
import { dayOrMonth } from "./person-words.ts";
import { categoryLabel, shortCategoryLabel } from "./words.ts";

/** Categories whose being in force means that somebody has to look after the person. */
const WATCHED = new Set(["monitored", "marginal-poverty-prone", "at-risk-of-poverty", "zero-employment-family"]);

export function CategoryBands({ categories }: { categories: readonly CategoryRow[] }) {
  const { businessDate } = useSession();
  if (categories.length === 0) {
    return (
      <Card title="身份类别" note="按日期有效，补贴按事件当日判断">
        <EmptyState title="没有登记身份类别" hint="应用脱贫人口、监测对象等名单后，会显示在这里。" />
      </Card>
    );
  }
  const lanes = [...new Set(categories.map((row) => row.category))].map((category): TimelineLane => ({
    key: category,
    label: shortCategoryLabel(category),
    spans: categories
      .filter((row) => row.category === category)
      .map((row) => ({
        key: row.validFrom,
        from: row.validFrom,
        until: row.validTo,
        label: bandWords(row, businessDate),
        tone: row.validTo !== null && row.validTo < businessDate ? "plain" : WATCHED.has(category) ? "soon" : "blue",
      })),
  }));
  return (
    <Card title="身份类别" note="按日期有效，补贴按事件当日判断">
      <TimelineChart label="身份类别" axis="bottom" lanes={lanes} today={businessDate} />
    </Card>
  );
}

function bandWords(row: CategoryRow, today: string): string {
  const from = dayOrMonth(row.validFrom, row.validFromPrecision, today);
  const span = row.validTo === null ? `${from} 起` : `${from} 至 ${row.validTo}`;
  return `${row.detail ?? categoryLabel(row.category)} ${span}`;
}
