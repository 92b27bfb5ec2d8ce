import type { SqlRunner } from "../../platform/db/database.ts";

/** Rows that share more than this are not of one person but of one habit (未知, a cadre's telephone): the block says nothing. */
export const LARGEST_BLOCK = 50;

/** What records of one person share even when their numbers differ. SQL expressions over registry.person `p`. */
const blocks: readonly { readonly key: readonly string[]; readonly where: string }[] = [
  { key: ["p.name", "p.birth_date"], where: "p.birth_date IS NOT NULL" },
  { key: ["p.name", "p.home_region"], where: "length(p.home_region) = 12" },
  { key: ["p.name", "p.phone_hash"], where: "p.phone_hash IS NOT NULL" },
  { key: ["p.name", "p.bank_hash"], where: "p.bank_hash IS NOT NULL" },
];

/**
 * Pairs worth comparing, smaller id first, into temporary table `candidate`: by a count over each blocking key, and a join of those
 * that share one. Cost grows with the persons, not with their square: no block has more than 50.
 */
export async function gatherAll(run: SqlRunner): Promise<void> {
  await create(run);
  for (const { key, where } of blocks) {
    const names = key.map((_, index) => `k${index}`);
    const [selected, grouped] = [key.map((one, index) => `${one} AS k${index}`).join(", "), key.join(", ")];
    await run.query(`INSERT INTO candidate
      WITH shared AS MATERIALIZED (SELECT ${selected} FROM registry.person p WHERE ${where} GROUP BY ${grouped} HAVING count(*) BETWEEN 2 AND ${LARGEST_BLOCK}),
      member AS MATERIALIZED (SELECT p.person_id, ${names.join(", ")} FROM registry.person p JOIN shared ON ${key.map((one, index) => `${one} = k${index}`).join(" AND ")})
      SELECT a.person_id, b.person_id FROM member a JOIN member b USING (${names.join(", ")}) WHERE a.person_id < b.person_id ON CONFLICT DO NOTHING`);
  }
  // One number under two kinds of document: the masks agree. Documents of other kinds are few.
  await run.query(`INSERT INTO candidate SELECT least(a.person_id, b.person_id), greatest(a.person_id, b.person_id)
    FROM (SELECT * FROM registry.person WHERE identity_kind <> 'resident-id') a JOIN registry.person b ON b.identity_mask = a.identity_mask AND b.identity_kind <> a.identity_kind ON CONFLICT DO NOTHING`);
  await run.query(`INSERT INTO swapped
    WITH wrong AS MATERIALIZED (SELECT p.person_id, p.household_id FROM registry.person p
      WHERE p.household_id IS NOT NULL AND p.identity_kind = 'resident-id' AND p.sex IN (1, 2) AND p.identity_mask ~ '\\d[\\dX]$' AND ascii(right(p.identity_mask, 2)) % 2 <> p.sex % 2)
    SELECT a.person_id, b.person_id FROM wrong a JOIN wrong b USING (household_id) WHERE a.person_id < b.person_id`);
  await run.query("ANALYZE candidate");
}

/** The same for some persons, against everybody: by the index over names. `touched` is a relation with person_id. */
export async function gatherTouched(run: SqlRunner, touched: string): Promise<void> {
  await create(run);
  await run.query(`INSERT INTO candidate SELECT least(t.person_id, p.person_id), greatest(t.person_id, p.person_id)
    FROM (SELECT p.* FROM registry.person p JOIN ${touched} USING (person_id)) t JOIN registry.person p ON p.name = t.name AND p.person_id <> t.person_id
      AND (p.birth_date = t.birth_date OR p.home_region = t.home_region AND length(t.home_region) = 12 OR p.phone_hash = t.phone_hash OR p.bank_hash = t.bank_hash) ON CONFLICT DO NOTHING`);
  await run.query(`INSERT INTO candidate SELECT least(t.person_id, p.person_id), greatest(t.person_id, p.person_id)
    FROM (SELECT p.* FROM registry.person p JOIN ${touched} USING (person_id) WHERE p.identity_kind <> 'resident-id') t
      JOIN registry.person p ON p.identity_mask = t.identity_mask AND p.identity_kind <> t.identity_kind ON CONFLICT DO NOTHING`);
  // In a household just reported, everybody is set beside everybody: two of one sex do not show in the masks.
  await run.query(`INSERT INTO swapped SELECT least(t.person_id, p.person_id), greatest(t.person_id, p.person_id)
    FROM (SELECT p.person_id, p.household_id FROM registry.person p JOIN ${touched} USING (person_id) WHERE p.household_id IS NOT NULL) t
      JOIN registry.person p ON p.household_id = t.household_id AND p.person_id <> t.person_id WHERE p.sex IN (1, 2) AND p.birth_date IS NOT NULL ON CONFLICT DO NOTHING`);
}

async function create(run: SqlRunner): Promise<void> {
  for (const table of ["candidate", "swapped"])
    await run.query(`CREATE TEMP TABLE ${table} (a bigint, b bigint, PRIMARY KEY (a, b)) ON COMMIT DROP`);
}
