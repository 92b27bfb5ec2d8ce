import { expect } from "vitest";
import type { LedgerKind } from "../contract.ts";
import { csvOf, idOf, man, snapshot, type Office } from "../fixtures.ts";

export interface KindCase {
  readonly kind: LedgerKind;
  readonly title?: string;
  readonly first: readonly (readonly string[])[];
  /** Reasons of the first table, by name; a person may stand in several lines. */
  readonly reasons: readonly string[];
  /** What is in the registry afterwards. */
  readonly query: string;
  readonly rows: readonly Record<string, unknown>[];
  readonly next: readonly (readonly string[])[];
  readonly nextReasons: readonly string[];
  readonly nextRows: readonly Record<string, unknown>[];
}

/** Name and number, as the first two columns of most tables. */
export const person = (n: number): string[] => [man(n).name, man(n).identity];

/** Somebody whom the registry does not know. */
export const STRANGER = ["龙小娟", idOf("43312419900304002")];

/** Received, compared, applied, said again, changed, and taken back twice: the registry is looked at after each. */
export async function expectWholeCourse(
  office: Office,
  { kind, title = "", first, reasons, query, rows, next, nextReasons, nextRows }: KindCase,
): Promise<void> {
  const { runtime } = office;
  const said = async (batchId: string) =>
    (await office.differences(batchId)).map((row) => `${row.name} ${row.reason}`).toSorted();
  const byName = (list: readonly Record<string, unknown>[]) =>
    list.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
  const before = await snapshot(runtime);
  const one = await office.adopt(csvOf(first), { kind, title });
  expect(await said(one.batchId)).toEqual(reasons.toSorted());
  expect(byName(await office.rows(query))).toEqual(byName(rows));
  const between = await snapshot(runtime);

  const same = await office.take(csvOf(first), { kind, title });
  expect([same.state, same.counts.differences]).toEqual(["compared", {}]);
  expect(same.counts.unchanged).toBe(same.counts.valid);
  await office.apply(same.batchId);
  // Nothing differs, so that applying it touches nothing.
  expect(await snapshot(runtime)).toBe(between);

  const two = await office.adopt(csvOf(next), { kind, title, month: title === "" ? "2025-06" : "2025-05" });
  expect(await said(two.batchId)).toEqual(nextReasons.toSorted());
  expect(byName(await office.rows(query))).toEqual(byName(nextRows));

  expect(await office.undo(two.batchId)).toMatchObject({ state: "undone", problem: null });
  expect(await snapshot(runtime)).toBe(between);
  expect(await office.undo(one.batchId)).toMatchObject({ state: "undone", problem: null });
  expect(await snapshot(runtime)).toBe(before);
}
