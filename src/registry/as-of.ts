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

/** person_id, name, identity_mask, home_region, life_state; of people at home in `scope` now or then, so that the caller still asks where. */
export const personsAsOfSql = (mark: string, scope: string): string => asOfSql(persons, mark, scope);
/** person_id, category, valid_from, valid_to; of those same people, and perhaps of others. */
export const categoriesAsOfSql = (mark: string, scope: string): string => asOfSql(categories, mark, scope);
/** person_id, employment_id, employer_key, employer_name, work_region, start_date, end_date, form; of people at home in `scope`, likewise. */
export const employmentAsOfSql = (mark: string, scope: string): string => asOfSql(employments, mark, scope);
/** name_key, employer_id: which registered employer a written name meant. */
export const employerNamesAsOfSql = (mark: string): string => asOfSql(aliases, mark, "");

function asOfSql({ name, key, kept }: FormerTable, mark: string, scope: string): string {
  const columns = [...key, ...kept].join(", ");
  const table = `registry.${name}`;
  const narrow = scope !== "";
  const now = (where: string, from = `${table} t`) =>
    `SELECT ${[...key, ...kept].map((column) => `t.${column}`).join(", ")} FROM ${from} WHERE ${where}`;
  if (mark === LATEST) return `(${now(narrow ? inside("t.home_region", scope) : "true")})`;
  const later = `f.mark > ${checked(mark)}`;
  const known = (row: string) =>
    name === "employer_alias"
      ? "true"
      : `NOT EXISTS (SELECT FROM registry.batch_mark b WHERE b.batch_id = ${row}.created_batch AND b.mark > ${mark})`;
  const same = key.map((column) => `f.${column} = t.${column}`).join(" AND ");
  const unchanged = `NOT EXISTS (SELECT FROM ${table}_former f WHERE ${same} AND ${later}) AND ${known("t")}`;
  const present = narrow
    ? // Who has moved away since was at home here; the index by home does not lead to him.
      `${now(`${inside("t.home_region", scope)} AND ${unchanged}`)}
    UNION ALL ${now(
      `NOT ${inside("t.home_region", scope)} AND ${unchanged}`,
      `(SELECT DISTINCT f.person_id FROM registry.person_former f WHERE ${later} AND ${inside("f.home_region", scope)}) away JOIN ${table} t USING (person_id)`,
    )}`
    : now(unchanged);
  return `(${present}
    UNION ALL SELECT ${columns} FROM (SELECT DISTINCT ON (${key.join(", ")}) * FROM ${table}_former f WHERE ${later} ORDER BY ${key.join(", ")}, mark) n
    WHERE n.existed AND ${known("n")})`;
}

/** SQL: a range that the index by home serves. */
function inside(column: string, scope: string): string {
  if (!/^\d*$/.test(scope)) throw new Error(`not a region prefix: ${scope}`);
  return `(${column} >= '${scope}' AND ${column} < '${scope}:')`;
}

/** Marks stand in texts of SQL. */
function checked(mark: string): string {
  if (!MARK.test(mark)) throw new Error(`not a mark: ${mark}`);
  return mark;
}
