import { expect } from "vitest";
import { workLedger, type Given, type Office } from "../fixtures.ts";

/** One row per case: what its cell says, the faults of the row, and what is staged of it (undefined: held back). */
export type Case = readonly [title: string, row: readonly string[], faults: readonly string[], staged?: string | null];

/** Receives the cases as one table; checks row by row its faults, and the staged column of the rows that are not held back. */
export async function expectCells(
  office: Office,
  column: string,
  cases: readonly Case[],
  given: Given = {},
): Promise<void> {
  const batch = await office.take(workLedger(...cases.map(([, row]) => row)), given);
  expect([batch.state, batch.problem]).toEqual(["compared", null]);
  const faults = await office.faults(batch.batchId);
  const staged = new Map(
    (await office.staged(batch.batchId, "row_no", column)).map((row) => [row["row_no"], row[column]]),
  );
  const got = cases.map(([title], index) => [
    title,
    faults.filter((fault) => fault.startsWith(`${index + 2} `)).map((fault) => fault.slice(fault.indexOf(" ") + 1)),
    staged.get(String(index + 2)),
  ]);
  expect(got).toEqual(cases.map(([title, , expected, value]) => [title, expected, value]));
  expect(batch.counts).toMatchObject({
    rows: cases.length,
    valid: cases.filter(([, , , value]) => value !== undefined).length,
  });
}
