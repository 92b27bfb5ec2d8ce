import { workStateLabels, type CategoryRow, type EmploymentRow, type PersonPage } from "../contract.ts";
import { shortDate, type Tone } from "../../ui/index.ts";
import { workStateTones } from "./words.ts";

/** Categories valid on a day, each once. */
export function categoriesOn(categories: readonly CategoryRow[], day: string): string[] {
  return [
    ...new Set(
      categories
        .filter((row) => row.validFrom <= day && (row.validTo === null || row.validTo >= day))
        .map((row) => row.category),
    ),
  ];
}

/** 未务工 24 天: the state with how long it has lasted, where that is known. */
export function workTag(page: PersonPage): { words: string; tone: Tone } {
  const { lifeState, workState } = page.person;
  if (lifeState === "deceased") return { words: "已去世", tone: "outline" };
  if (lifeState === "moved") return { words: "户籍已迁出", tone: "outline" };
  const days = workState === "idle" && page.idleDays !== null ? ` ${page.idleDays} 天` : "";
  return { words: `${workStateLabels[workState]}${days}`, tone: workStateTones[workState] };
}

/** 东莞市 锦达电子，8月30日止. */
export function lastJob(spells: readonly EmploymentRow[], today: string): string {
  const spell = spells[0];
  if (!spell) return "没有记录";
  const where = placeAndEmployer(spell);
  if (spell.endDate === null) return `${where}，${dayOrMonth(spell.startDate, spell.startPrecision, today)}起`;
  return `${where}，${dayOrMonth(spell.endDate, spell.endPrecision ?? "day", today)}止`;
}

/** 东莞市 锦达电子; the place once where the employer's name begins with it. */
export function placeAndEmployer(spell: EmploymentRow): string {
  const place = spell.workRegion?.name ?? "";
  return place === "" || spell.employerName.startsWith(place.slice(0, 2))
    ? spell.employerName
    : `${place} ${spell.employerName}`;
}

/** A date known to the month is not shown as a day. */
export function dayOrMonth(date: string, precision: "day" | "month" | "year", today: string): string {
  if (precision === "year") return `${date.slice(0, 4)}年`;
  if (precision === "month") return `${date.slice(0, 4)}年${Number(date.slice(5, 7))}月`;
  return date.slice(0, 4) === today.slice(0, 4) ? shortDate(date) : date;
}
