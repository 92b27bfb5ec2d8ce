import { sql, type RawBuilder, type SelectQueryBuilder } from "kysely";
import type { Tx } from "./database.ts";

const ROWS_AT_ONCE = 2_000;

/**
 * A long result in pieces of one statement, so that it neither stands in memory nor is sorted anew for each page. Between the
 * pieces the transaction may be asked other things. One at a time in a transaction.
 */
export async function* inPieces<Row>(
  tx: Tx,
  query: SelectQueryBuilder<never, never, Row> | RawBuilder<Row>,
): AsyncGenerator<Row[]> {
  await sql`DECLARE pieces NO SCROLL CURSOR FOR ${query}`.execute(tx);
  try {
    for (;;) {
      const { rows } = await sql<Row>`FETCH FORWARD ${sql.lit(ROWS_AT_ONCE)} FROM pieces`.execute(tx);
      if (rows.length > 0) yield rows;
      if (rows.length < ROWS_AT_ONCE) return;
    }
  } finally {
    await sql`CLOSE pieces`.execute(tx);
  }
}
