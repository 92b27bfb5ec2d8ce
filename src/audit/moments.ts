import { Temporal } from "temporal-polyfill";

/** `2025-06-18 09:30:12`, the clock of China. */
export function momentInChina(iso: string): string {
  const { year, month, day, hour, minute, second } = Temporal.Instant.from(iso).toZonedDateTimeISO("Asia/Shanghai");
  const two = (value: number) => value.toString().padStart(2, "0");
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`;
}
