import { createHash } from "node:crypto";
import type { Client } from "pg";
import type { Keys } from "../../src/platform/keys.ts";

/**
 * What the database holds at one moment (one REPEATABLE READ transaction), seen from one batch.
 * Two states are the same exactly when all their parts are.
 */
export interface RegistryState {
  /** Digest of every row of every registry table and of ledger.line, byte by byte. */
  readonly rows: string;
  /** The same with what differs from one applying of a file to the next taken out: the batch's number, nonces. */
  readonly sense: string;
  /** Digest of history and comparison tasks that are not of this batch: nothing may ever change in them. */
  readonly others: string;
  /** What the batch and its counter-batch have left behind, counted: twice applied is seen here. */
  readonly traces: string;
  /** State of the batch in this very moment. */
  readonly batch: string;
}

/** Tables that only grow (history and the marks it is cut by), or that the test itself writes to beside the batch. */
const OF_THEIR_OWN = [
  "change",
  "comparison",
  "region_alias",
  "batch_mark",
  "person_former",
  "person_category_former",
  "employment_former",
  "employer_alias_former",
];

export async function readState(owner: Client, keys: Keys, batchId: string): Promise<RegistryState> {
  await owner.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  try {
    const { rows: tables } = await owner.query<{ name: string }>(
      `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind = 'r' AND (n.nspname = 'registry' AND c.relname <> ALL ($1) OR (n.nspname, c.relname) = ('ledger', 'line')) ORDER BY 1`,
      [OF_THEIR_OWN],
    );
    const [exact, sense] = [createHash("sha256"), createHash("sha256")];
    for (const { name } of tables) {
      // 59,000 regions, which nothing here touches, are compared inside the database.
      if (name === "registry.region") {
        exact.update(
          await digestOf(owner, `SELECT md5(string_agg(t::text, '' ORDER BY code)) AS digest FROM registry.region t`),
        );
        continue;
      }
      const rows = await rowsOf(owner, name);
      exact.update(`${name}\n${rows.map((row) => JSON.stringify(row)).join("\n")}`);
      sense.update(
        `${name}\n${rows
          .map((row) => JSON.stringify(meaning(row, keys, batchId)))
          .toSorted()
          .join("\n")}`,
      );
    }
    const { rows: family } = await owner.query<{ batch_id: string; state: string; counter: boolean }>(
      "SELECT batch_id, state, counter_of IS NOT NULL AS counter FROM ledger.batch WHERE batch_id = $1 OR counter_of = $1 ORDER BY 1",
      [batchId],
    );
    const ids = family.map((row) => row.batch_id);
    return {
      rows: exact.digest("hex"),
      sense: sense.digest("hex"),
      others: await digestOf(
        owner,
        `SELECT concat((SELECT md5(coalesce(string_agg(h::text, '' ORDER BY change_id), '')) FROM registry.change h WHERE h.batch_id IS NULL OR h.batch_id <> ALL ($1)),
           (SELECT md5(coalesce(string_agg(c::text, '' ORDER BY comparison_id), '')) FROM registry.comparison c WHERE c.batch_id IS NULL OR c.batch_id <> ALL ($1))) AS digest`,
        [ids],
      ),
      traces: await tracesOf(owner, batchId, family),
      batch: family.find((row) => row.batch_id === batchId)?.state ?? "none",
    };
  } finally {
    await owner.query("COMMIT");
  }
}

type Row = Record<string, string | null>;

/** Every value as text: a number of a person passes 2^53. The text in which a line said so is a memory, kept after the apply. */
async function rowsOf(owner: Client, table: string): Promise<Row[]> {
  const { rows } = await owner.query<{ row: Row }>(
    `SELECT (SELECT json_object_agg(key, value ORDER BY key) FROM jsonb_each_text(to_jsonb(t) - 'text_hash')) AS row FROM ${table} t ORDER BY (to_jsonb(t) - 'text_hash')::text COLLATE "C"`,
  );
  return rows.map(({ row }) => row);
}

function meaning(row: Row, keys: Keys, batchId: string): Row {
  const same: Row = { ...row };
  for (const column of ["batch_id", "created_batch"]) if (same[column] === batchId) same[column] = "this batch";
  const employment = same["employment_id"];
  if (employment && BigInt(employment) >> 32n === BigInt(batchId)) same["employment_id"] = "of this batch";
  if (same["secret"]) same["secret"] = keys.open(Buffer.from(same["secret"].slice(2), "hex"));
  return same;
}

async function tracesOf(
  owner: Client,
  batchId: string,
  family: readonly { batch_id: string; state: string; counter: boolean }[],
): Promise<string> {
  const counters = family.filter((row) => row.counter).map((row) => row.batch_id);
  const one = async (text: string, values: unknown[]) => (await owner.query<{ n: unknown }>(text, values)).rows[0]!.n;
  const changes = `SELECT json_agg(c) AS n FROM (SELECT entity, act, reason, count(*) AS n FROM registry.change WHERE batch_id = ANY ($1) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3) c`;
  return JSON.stringify({
    counters: family.filter((row) => row.counter).map((row) => row.state),
    changes: await one(changes, [[batchId]]),
    counterChanges: await one(changes, [counters]),
    comparisons: await one(
      `SELECT json_agg(c) AS n FROM (SELECT state, reason, entity, field, count(*) AS n FROM registry.comparison WHERE batch_id = $1 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4) c`,
      [batchId],
    ),
    earlierLines: await one("SELECT count(*) AS n FROM ledger.line_before WHERE batch_id = $1", [batchId]),
    // The worker's own rows, written in the transaction that changed the registry.
    audited: await one(
      `SELECT json_agg(a) AS n FROM (SELECT act, count(*) AS n FROM audit.entry WHERE subject = 'ledger.batch:' || $1 AND detail ? 'digest' GROUP BY 1 ORDER BY 1) a`,
      [batchId],
    ),
  });
}

async function digestOf(owner: Client, text: string, values: unknown[] = []): Promise<string> {
  return String((await owner.query<{ digest: string }>(text, values)).rows[0]!.digest);
}
