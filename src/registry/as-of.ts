import { sql } from "kysely";
import type { Tx } from "../platform/db/database.ts";

/**
 * The registry as it was known at a mark (migration 0006). SQL texts for background work, which sees all rows; whoever asks narrows
 * them to his scope himself. Marks are whole numbers from `cutHistory`; `LATEST` is now.
 */
export const LATEST = "9223372036854775807";

const MARK = /^\d{1,19}$/;

interface FormerTable {
  readonly name: "person" | "person_category" | "employment" | "employer_alias";
  readonly key: readonly string[];
  readonly kept: readonly string[];
}

const persons: FormerTable = {
  name: "person",
  key: ["person_id"],
  kept: ["name", "identity_mask", "home_region", "life_state"],
};
const categories: FormerTable = {
  name: "person_category",
  key: ["person_id", "category", "valid_from"],
  kept: ["valid_to"],
};
const employments: FormerTable = {
  name: "employment",
  key: ["person_id", "employment_id"],
  kept: ["employer_key", "employer_name", "work_region", "start_date", "end_date", "form"],
};
const aliases: FormerTable = { name: "employer_alias", key: ["name_key"], kept: ["employer_id"] };

/** Draws a mark: all that is committed lies before it, all that is still to come behind. Nothing is written until the transaction ends. */
export async function cutHistory(tx: Tx): Promise<string> {
  await sql`SELECT platform.cut_history()`.execute(tx);
  const { rows } = await sql<{ mark: string }>`SELECT nextval('registry.mark') AS mark`.execute(tx);
  return rows[0]!.mark;
}

/** To be called by whoever writes only if a month is open, before he looks: a month being closed is then closed, or waits for him. */
export async function joinHistory(tx: Tx): Promise<void> {
  await sql`SELECT platform.join_history()`.execute(tx);
}

/** Rows that this batch creates are known from here on. Once, in the transaction that writes them. */
export async function markBatch(tx: Tx, batchId: string): Promise<void> {
  await joinHistory(tx);
  await sql`INSERT INTO registry.batch_mark (batch_id) VALUES (${batchId})`.execute(tx);
}

/** person_id, name, identity_mask, home_region, life_state. */
export const personsAsOfSql = (mark: string): string => asOfSql(persons, mark);
/** person_id, category, valid_from, valid_to. */
export const categoriesAsOfSql = (mark: string): string => asOfSql(categories, mark);
/** person_id, employment_id, employer_key, employer_name, work_region, start_date, end_date, form. */
export const employmentAsOfSql = (mark: string): string => asOfSql(employments, mark);
/** name_key, employer_id: which registered employer a written name meant. */
export const employerNamesAsOfSql = (mark: string): string => asOfSql(aliases, mark);

function asOfSql({ name, key, kept }: FormerTable, mark: string): string {
  const columns = [...key, ...kept].join(", ");
  const table = `registry.${name}`;
  if (mark === LATEST) return `(SELECT ${columns} FROM ${table})`;
  const later = `f.mark > ${checked(mark)}`;
  const same = (a: string, b: string) => key.map((column) => `${a}.${column} = ${b}.${column}`).join(" AND ");
  const known = (row: string) =>
    name === "employer_alias"
      ? "true"
      : `NOT EXISTS (SELECT FROM registry.batch_mark b WHERE b.batch_id = ${row}.created_batch AND b.mark > ${mark})`;
  return `(SELECT ${columns} FROM ${table} t WHERE NOT EXISTS (SELECT FROM ${table}_former f WHERE ${same("f", "t")} AND ${later}) AND ${known("t")}
    UNION ALL SELECT ${columns} FROM (SELECT DISTINCT ON (${key.join(", ")}) * FROM ${table}_former f WHERE ${later} ORDER BY ${key.join(", ")}, mark) n
    WHERE n.existed AND ${known("n")})`;
}

/** Marks stand in texts of SQL. */
function checked(mark: string): string {
  if (!MARK.test(mark)) throw new Error(`not a mark: ${mark}`);
  return mark;
}
