import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Temporal } from "temporal-polyfill";
import { parse } from "yaml";
import { z } from "zod";
import { addDays } from "./index.ts";

const year = z.strictObject({ document: z.string(), off: z.array(z.string()), work: z.array(z.string()) });

function daysOf(span: string): readonly string[] {
  const [from = "", to = from] = span.split("..");
  const days: string[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
  return days;
}

const years = Object.values(
  z
    .record(z.string(), year)
    .parse(parse(readFileSync(join(import.meta.dirname, "holidays.yaml"), "utf8"), { schema: "core" })),
);
const OFF = new Set(years.flatMap(({ off }) => off.flatMap(daysOf)));
const WORK = new Set(years.flatMap(({ work }) => work));

/** Whether offices work on a day: Monday to Friday, and as the State Council has published where it has (`holidays.yaml`). */
export function isWorkday(day: string): boolean {
  if (WORK.has(day)) return true;
  return !OFF.has(day) && Temporal.PlainDate.from(day).dayOfWeek <= 5;
}

/** The last day of a term that begins on the day after `from`, so many working days long. */
export function addWorkdays(from: string, days: number): string {
  let day = from;
  for (let left = days; left > 0;) {
    day = addDays(day, 1);
    if (isWorkday(day)) left -= 1;
  }
  return day;
}

/** The last day on which a case may be open. */
export const dueOn = (from: string, within: number, unit: "工作日" | "日"): string =>
  unit === "日" ? addDays(from, within) : addWorkdays(from, within);
