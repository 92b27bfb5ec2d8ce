import { bankAccountHash, openPersonSecret, phoneHash, phoneTail, sealPersonSecret } from "#registry";
import Cursor from "pg-cursor";
import type { DataServices } from "../../platform/runtime.ts";
import { CopyWriter } from "../../platform/db/copy-writer.ts";
import { stageTables } from "../stage/table.ts";
import { VaultReader, vaultKey, type VaultRow } from "../stage/vault.ts";

/** The candidates of one part of a batch: rows from `from` to before `to`, whose numbers lie in the part's vault. */
export interface SealRequest {
  readonly batchId: string;
  readonly part: number;
  readonly from: number;
  /** Null: to the end. */
  readonly to: number | null;
}

const FETCH = 5_000;

interface NeededRow {
  readonly sheet: number;
  readonly row_no: string;
  readonly secret: Buffer | null;
}

/**
 * Makes the envelopes of a part's candidates: for a new person from the row, for a known one from what is held with the
 * row's phone and account laid over it. Walks candidates and vault side by side, both in file order. Returns how many.
 */
export async function sealPart(
  services: DataServices,
  { batchId, part, from, to }: SealRequest,
  progress: (rows: number, fraction: number) => Promise<void>,
): Promise<number> {
  const { candidates, secrets } = stageTables(batchId);
  const { worker } = services.database.pools;
  const [reader, writer] = await Promise.all([worker.connect(), worker.connect()]);
  const out = new CopyWriter(writer, secrets, ["sheet", "row_no", "phone_hash", "phone_tail", "bank_hash", "secret"]);
  const cursor = reader.query(
    new Cursor<NeededRow>(
      `SELECT c.sheet, c.row_no, p.secret FROM ${candidates} c LEFT JOIN registry.person p ON p.person_id = c.person_id
        WHERE c.row_no >= $1 AND ($2::bigint IS NULL OR c.row_no < $2) ORDER BY c.sheet, c.row_no`,
      [from, to],
    ),
  );
  const vault = new VaultReader(services.files, vaultKey(batchId, part));
  let done = 0;
  try {
    for (let needed = await cursor.read(FETCH); needed.length > 0; needed = await cursor.read(FETCH)) {
      for (const row of needed) {
        out.add(
          secretLine(
            services,
            row,
            vault.next(row.sheet, Number(row.row_no)) ?? (await vault.find(row.sheet, Number(row.row_no))),
          ),
        );
        done++;
      }
      await out.flush();
      await progress(done, 0);
    }
    await out.finish();
    return done;
  } catch (cause) {
    await out.abort();
    throw cause;
  } finally {
    await cursor.close();
    await vault.close();
    reader.release();
    writer.release();
  }
}

function secretLine({ keys }: DataServices, needed: NeededRow, own: VaultRow): (string | null)[] {
  const held = needed.secret ? openPersonSecret(keys, needed.secret) : null;
  const secret = {
    identity: held?.identity ?? own.identity,
    phone: own.phone ?? held?.phone ?? null,
    bankAccount: own.bankAccount ?? held?.bankAccount ?? null,
  };
  // What is held already needs no second envelope: an equal row must stay equal byte by byte.
  const same = held !== null && held.phone === secret.phone && held.bankAccount === secret.bankAccount;
  return [
    String(needed.sheet),
    needed.row_no,
    own.phone === null ? null : phoneHash(keys, own.phone),
    own.phone === null ? null : phoneTail(own.phone),
    own.bankAccount === null ? null : bankAccountHash(keys, own.bankAccount),
    `\\\\x${(same ? needed.secret! : sealPersonSecret(keys, secret)).toString("hex")}`,
  ];
}
