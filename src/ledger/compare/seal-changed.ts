import { openPersonSecret, sealPersonSecret } from "#registry";
import type { PoolClient } from "pg";
import Cursor from "pg-cursor";
import type { Services } from "../../platform/module.ts";
import { BinaryCopyWriter } from "../../platform/db/binary-copy-writer.ts";
import { stageTables } from "../stage/table.ts";

const FETCH = 5_000;

const SECRET_COLUMNS = [
  { name: "sheet", type: "smallint" },
  { name: "row_no", type: "bigint" },
  { name: "secret", type: "bytea" },
] as const;

interface ChangedRow {
  readonly sheet: number;
  readonly row_no: string;
  readonly own: Buffer;
  readonly held: Buffer;
}

/**
 * Makes the envelopes of known people who are reported with another phone or account: what is held, with the row's numbers
 * laid over it. Everybody else keeps the envelope he has, byte by byte, or as a new person gets the one of his row.
 */
export async function sealChanged(
  services: Services,
  client: PoolClient,
  batchId: string,
  progress: (done: number) => Promise<void>,
): Promise<void> {
  const { candidates, secrets } = stageTables(batchId);
  await client.query(`CREATE UNLOGGED TABLE ${secrets} (sheet smallint, row_no bigint, secret bytea)`);
  const reader = await services.database.pools.worker.connect();
  const out = new BinaryCopyWriter(client, secrets, SECRET_COLUMNS);
  const cursor = reader.query(
    new Cursor<ChangedRow>(
      `SELECT c.sheet, c.row_no, c.secret AS own, p.secret AS held FROM ${candidates} c JOIN registry.person p ON p.person_id = c.person_id
        WHERE c.reseals AND c.leads`,
    ),
  );
  let done = 0;
  try {
    for (let rows = await cursor.read(FETCH); rows.length > 0; rows = await cursor.read(FETCH)) {
      for (const row of rows) out.add([String(row.sheet), row.row_no, laidOver(services, row)]);
      done += rows.length;
      await out.flush();
      await progress(done);
    }
    await out.finish();
  } catch (cause) {
    await out.abort();
    throw cause;
  } finally {
    await cursor.close();
    reader.release();
  }
  await client.query(`ANALYZE ${secrets} (sheet, row_no)`);
}

function laidOver({ keys }: Services, row: ChangedRow): Buffer {
  const held = openPersonSecret(keys, row.held);
  const own = openPersonSecret(keys, row.own);
  return sealPersonSecret(keys, {
    identity: held.identity,
    phone: own.phone ?? held.phone,
    bankAccount: own.bankAccount ?? held.bankAccount,
  });
}
