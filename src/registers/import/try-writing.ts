import { sql } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import { refuse } from "../../platform/problem.ts";
import type { TableFacts } from "../facts.ts";
import { registersProblems } from "../problems.ts";
import type { Shape } from "../shape.ts";
import { ruleWords, violationOf } from "../violations.ts";
import { stageTables } from "./stage.ts";
import type { StoredImport } from "./store.ts";
import { upsertRows } from "./write.ts";

/** Rows that break a rule beyond this many are not a few wrong rows but a wrong table. */
const MOST_OFFENDERS = 300;

/**
 * Rules that only writing shows (no two open placements of one person): writes the rows for trial and takes them back. A part
 * that is refused is halved until the row that offends stands alone, so that one bad row does not hold up the rest and the cost
 * stays with the number of bad rows. Adds their faults; returns how many there are.
 */
export async function findOffenders(tx: Tx, shape: Shape, facts: TableFacts, given: StoredImport): Promise<number> {
  const names = stageTables(given.import_id);
  const { rows } = await sql<{ n: number }>`
    WITH numbered AS (SELECT sheet, row_no, row_number() OVER (ORDER BY sheet, row_no)::int AS place FROM ${sql.table(names.assessed)} WHERE act IN ('new', 'changed'))
    UPDATE ${sql.table(names.assessed)} a SET first_row = numbered.place FROM numbered WHERE a.sheet = numbered.sheet AND a.row_no = numbered.row_no RETURNING 0 AS n`.execute(
    tx,
  );
  const offenders: { place: number; words: string }[] = [];
  await sql`SAVEPOINT trial`.execute(tx);
  await sql`SET CONSTRAINTS ALL IMMEDIATE`.execute(tx);
  await tryRange(1, rows.length + 1);
  await sql`ROLLBACK TO SAVEPOINT trial`.execute(tx);
  for (const { place, words } of offenders)
    await sql`INSERT INTO ${sql.table(names.faults)}
      SELECT sheet, row_no, '', '整行', ${`${words}。请核对后修改。`}, '', 'trial' FROM ${sql.table(names.assessed)} WHERE first_row = ${place} AND act IN ('new', 'changed')`.execute(
      tx,
    );
  return offenders.length;

  /** Places from `from` to before `to`; what was accepted stays written, so that a row is tried beside those before it. */
  async function tryRange(from: number, to: number): Promise<void> {
    if (from >= to) return;
    await sql`SAVEPOINT part`.execute(tx);
    try {
      await upsertRows(
        tx,
        shape,
        facts,
        given,
        sql`a.act IN ('new', 'changed') AND a.first_row >= ${from} AND a.first_row < ${to}`,
      );
      await sql`RELEASE SAVEPOINT part`.execute(tx);
    } catch (cause) {
      const violation = violationOf(cause);
      if (!violation) throw cause;
      await sql`ROLLBACK TO SAVEPOINT part`.execute(tx);
      if (to - from === 1) {
        offenders.push({ place: from, words: await ruleWords(tx, shape, violation) });
        if (offenders.length > MOST_OFFENDERS) refuse(registersProblems.tooManyFaults(MOST_OFFENDERS));
        return;
      }
      const middle = from + Math.floor((to - from) / 2);
      await tryRange(from, middle);
      await tryRange(middle, to);
    }
  }
}
