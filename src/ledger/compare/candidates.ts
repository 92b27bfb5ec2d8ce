import { openPersonSecret, phoneHash, bankAccountHash, phoneTail, sealPersonSecret } from "#registry";
import type { PoolClient } from "pg";
import Cursor from "pg-cursor";
import type { Services } from "../../platform/module.ts";
import { stageColumns, type LedgerKindDefinition } from "../kinds/kind.ts";
import { CopyWriter } from "../stage/copy-writer.ts";
import { stageTables } from "../stage/table.ts";
import { readVault, vaultKey } from "../stage/vault.ts";
import { quote } from "./sql.ts";

/**
 * Rows that may say something new: their line is unknown, says something else than last time, or had been missing.
 * Everything that repeats last month's words ends at this one hash join.
 */
export async function findCandidates(
  client: PoolClient,
  batchId: string,
  definition: LedgerKindDefinition,
): Promise<void> {
  const { rows, candidates } = stageTables(batchId);
  const columns = stageColumns(definition).map((column) => `s.${column.name}`);
  // Where a person may have several lines, his own data is taken from one of them, the last: each cell is changed once.
  const leads =
    definition.lineKey.length === 0
      ? "true"
      : "row_number() OVER (PARTITION BY k.person_id ORDER BY s.sheet DESC, s.row_no DESC) = 1";
  await client.query(`DROP TABLE IF EXISTS ${candidates}`);
  await client.query(`CREATE UNLOGGED TABLE ${candidates} AS
    SELECT row_number() OVER ()::int AS difference_id, ${columns.join(", ")},
      coalesce(k.person_id, ledger.proposed_person_id(s.id_hash)) AS person_id, k.person_id IS NULL AS new_person, k.person_id <> ledger.proposed_person_id(s.id_hash) AS by_other_key, ${leads} AS leads,
      l.line_key IS NOT NULL AS known_line, l.missing_since, l.month AS line_month, l.home_region AS line_region, l.row_hash AS line_hash
    FROM ${rows} s
      LEFT JOIN ledger.line l ON l.kind = ${quote(definition.kind)} AND l.line_key = s.line_key
      LEFT JOIN registry.person_key k ON k.key_hash = s.id_hash
    WHERE NOT s.held AND (l.row_hash IS DISTINCT FROM s.row_hash OR l.missing_since IS NOT NULL) ${definition.home ? "" : "AND k.person_id IS NOT NULL"}`);
  await client.query(`ANALYZE ${candidates} (sheet, row_no, person_id, new_person)`);
}

const FETCH = 5_000;

interface NeededRow {
  sheet: number;
  row_no: string;
  secret: Buffer | null;
}

/**
 * Makes the envelopes of candidates from the batch's vault: for a new person from the row, for a known one from what is
 * held with the row's phone and account laid over it. Walks candidates and vault side by side, both in file order.
 */
export async function sealSecrets(
  services: Services,
  reader: PoolClient,
  writer: PoolClient,
  batchId: string,
  progress: (done: number) => Promise<void>,
): Promise<void> {
  const { candidates, secrets } = stageTables(batchId);
  await writer.query(`DROP TABLE IF EXISTS ${secrets}`);
  await writer.query(
    `CREATE UNLOGGED TABLE ${secrets} (sheet smallint, row_no bigint, phone_hash uuid, phone_tail text, bank_hash uuid, secret bytea)`,
  );
  const out = new CopyWriter(writer, secrets, ["sheet", "row_no", "phone_hash", "phone_tail", "bank_hash", "secret"]);
  const cursor = reader.query(
    new Cursor<NeededRow>(
      `SELECT c.sheet, c.row_no, p.secret FROM ${candidates} c LEFT JOIN registry.person p ON p.person_id = c.person_id ORDER BY c.sheet, c.row_no`,
    ),
  );
  const vault = readVault(services.files, vaultKey(batchId));
  let done = 0;
  try {
    for (let needed = await cursor.read(FETCH); needed.length > 0; needed = await cursor.read(FETCH)) {
      for (const row of needed) {
        const own = await advance(vault, row.sheet, Number(row.row_no));
        out.add(secretLine(services, row, own));
        done++;
      }
      await out.flush();
      await progress(done);
    }
    await out.finish();
  } catch (cause) {
    await out.abort();
    throw cause;
  } finally {
    await cursor.close();
    await vault.return(undefined);
  }
  await writer.query(`ANALYZE ${secrets} (sheet, row_no)`);
}

type VaultIterator = ReturnType<typeof readVault>;
type VaultEntry = Extract<Awaited<ReturnType<VaultIterator["next"]>>, { done?: false }>["value"];

async function advance(vault: VaultIterator, sheet: number, rowNo: number): Promise<VaultEntry> {
  for (;;) {
    const next = await vault.next();
    if (next.done) throw new Error(`batch vault ends before row ${sheet}:${rowNo}`);
    if (next.value.sheet === sheet && next.value.rowNo === rowNo) return next.value;
  }
}

function secretLine(services: Services, needed: NeededRow, own: VaultEntry): (string | null)[] {
  const { keys } = services;
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
