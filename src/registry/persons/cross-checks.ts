import { firstDay, monthOf } from "../../platform/dates/index.ts";
import { sourceNumbers } from "../sources.ts";
import type { CrossCheck } from "./origins.ts";
import type { StoredEmployment, StoredInsurance, StoredWage } from "./page-store.ts";

type Spell = Pick<StoredEmployment, "employment_id" | "employer_key" | "start_date" | "end_date" | "monthly_wage_fen">;

/** What insurance months and payrolls of the same employer say about a spell's end and wage. */
export function crossChecksOf(
  spells: readonly Spell[],
  insurance: readonly Pick<StoredInsurance, "employer_key" | "month" | "recorded_on" | "status">[],
  wages: readonly Pick<StoredWage, "employer_key" | "month" | "amount_fen" | "recorded_on" | "paid_on">[],
): CrossCheck[] {
  return spells.flatMap((spell) => {
    // Months after the next spell at the same employer began speak of that one.
    const next = spells
      .filter((other) => other.employer_key === spell.employer_key && other.start_date > spell.start_date)
      .map((other) => other.start_date)
      .toSorted()[0];
    const during = (row: { employer_key: string; month: string }) =>
      row.employer_key === spell.employer_key &&
      row.month >= firstDay(monthOf(spell.start_date)) &&
      (spell.end_date === null || row.month <= spell.end_date);
    const entityKey = { employment_id: spell.employment_id };
    const checks: CrossCheck[] = [];
    const lastInsured = insurance
      .filter((row) => row.employer_key === spell.employer_key && row.status === "paid")
      .filter((row) => row.month >= firstDay(monthOf(spell.start_date)))
      .filter((row) => next === undefined || row.month < firstDay(monthOf(next)))
      .map((row) => row.month)
      .toSorted()
      .at(-1);
    if (spell.end_date !== null && lastInsured !== undefined) {
      const taken = insurance.find((row) => row.month === lastInsured)!;
      checks.push({
        entity: "employment",
        entityKey,
        field: "end_date",
        value: `${monthOf(lastInsured)} 末次参保`,
        source: sourceNumbers["social-insurance"],
        on: taken.recorded_on,
        agrees: monthOf(lastInsured) === monthOf(spell.end_date),
      });
    }
    const lastWage = wages.filter(during).toSorted((a, b) => (a.month < b.month ? 1 : -1))[0];
    if (spell.monthly_wage_fen !== null && lastWage) {
      checks.push({
        entity: "employment",
        entityKey,
        field: "monthly_wage_fen",
        value: lastWage.amount_fen,
        source: sourceNumbers.payroll,
        on: lastWage.paid_on ?? lastWage.recorded_on,
        agrees: lastWage.amount_fen === spell.monthly_wage_fen,
      });
    }
    return checks;
  });
}
