import { DateText, MomentText, dayOf } from "../../ui/index.ts";

/**
 * When something was done: its business date, by which terms and lists count, and the moment at which the system wrote it down where
 * that was on another day.
 */
export function EventWhen({ on, at }: { readonly on: string; readonly at: string }) {
  return dayOf(at) === on ? (
    <MomentText value={at} />
  ) : (
    <>
      <DateText value={on} />
      （<MomentText value={at} /> 记入）
    </>
  );
}
