import { Card, MoneyText } from "../../ui/index.ts";
import { insuranceKindLabel, insuranceStatusLabels, type PersonPage } from "../contract.ts";
import css from "./side.module.css";

const MONTHS_SHOWN = 6;

/** The last months in which anything was paid: insurance and wages side by side, which is how officers compare them. */
export function RecentMonths({ page }: { page: PersonPage }) {
  const months = [...new Set([...page.insurance, ...page.wages].map((row) => row.month))]
    .toSorted()
    .toReversed()
    .slice(0, MONTHS_SHOWN);
  if (months.length === 0) return null;
  return (
    <Card title="参保与工资" note={`近 ${months.length} 个有记录的月份`}>
      <ul className={css["list"]}>
        {months.map((month) => {
          const wages = page.wages.filter((row) => row.month === month);
          const insurance = page.insurance.filter((row) => row.month === month);
          return (
            <li key={month}>
              <span>{month}</span>
              <span className="caption">
                {insurance
                  .map((row) => `${insuranceKindLabel(row.kind)}${insuranceStatusLabels[row.status]}`)
                  .join("、") || "未参保"}
              </span>
              <span className={css["end"]}>
                {wages.length > 0 ? (
                  <MoneyText fen={wages.reduce((sum, row) => sum + row.amountFen, 0)} />
                ) : (
                  <span className="caption">无工资记录</span>
                )}
              </span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
