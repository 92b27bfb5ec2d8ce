import { within } from "#registry";
import { sql, type RawBuilder } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import { refuse } from "../../platform/problem.ts";
import { tableFacts, type TableFacts } from "../facts.ts";
import type { ImportCounts } from "../imports-contract.ts";
import type { RegisterColumn } from "../definition.ts";
import { registersProblems } from "../problems.ts";
import { sqlType, tableOf, textsOf, type Shape } from "../shape.ts";
import type { Shelf } from "../shelf.ts";
import { fieldOf, namingColumns, onlyPerson, type ImportSheet } from "./layout.ts";
import { differs, mergedRows } from "./merged.ts";
import { resolve, sameKey, unfound } from "../resolve.ts";
import { stageTables } from "./stage.ts";
import type { StoredImport } from "./store.ts";
import { findOffenders } from "./try-writing.ts";

export interface Assessment {
  readonly counts: ImportCounts;
  /** Tells the rows compared with, in their versions: the same mark, the same result of applying. */
  readonly mark: string;
  readonly facts: TableFacts;
}

/**
 * Sets the staged rows beside the register as it is, in set statements whatever their number: what each names, whether it is
 * new, changes something or says what is known, and what is wrong with it. `trial`: also writes the rows for trial, where the
 * table has rules that only writing shows; without it what an earlier trial found stands. Doing it again starts anew.
 */
export async function assess(
  tx: Tx,
  shelf: Shelf,
  shape: Shape,
  given: StoredImport,
  sheets: readonly ImportSheet[],
  trial: boolean,
): Promise<Assessment> {
  const facts = await tableFacts(tx, shape);
  const names = stageTables(given.import_id);
  await createAssessed(tx, shelf, shape, given);
  await sql`DELETE FROM ${sql.table(names.faults)} WHERE found_by = 'set' ${trial ? sql`OR found_by = 'trial'` : sql``}`.execute(
    tx,
  );
  await findFaults(tx, shelf, shape, facts, given, sheets);
  await judge(tx, shape, facts, given);
  if (facts.surprises && trial) {
    const offenders = await findOffenders(tx, shape, facts, given);
    if (offenders > 0) await judge(tx, shape, facts, given);
  }
  const { rows } = await sql<{ act: keyof ImportCounts; n: number }>`
    SELECT act, count(*)::int AS n FROM ${sql.table(names.assessed)} GROUP BY act`.execute(tx);
  const counts = { rows: 0, new: 0, changed: 0, same: 0, faulty: 0 };
  for (const { act, n } of rows) {
    counts[act] = n;
    counts.rows += n;
  }
  const marked = await sql<{ mark: string }>`
    SELECT md5(coalesce(string_agg(concat_ws(':', sheet, row_no, row_id, version, act), ',' ORDER BY sheet, row_no), '')) AS mark
    FROM ${sql.table(names.assessed)}`.execute(tx);
  return { counts, mark: marked.rows[0]!.mark, facts };
}

async function createAssessed(tx: Tx, shelf: Shelf, shape: Shape, given: StoredImport): Promise<void> {
  const names = stageTables(given.import_id);
  const assessed = sql.table(names.assessed);
  await sql`DROP TABLE IF EXISTS ${assessed}`.execute(tx);
  const columns = shape.columns.map((column) => sql`${sql.ref(`c_${column.column}`)} ${sqlType(column)}`);
  await sql`CREATE UNLOGGED TABLE ${assessed} (sheet int, row_no int, row_id bigint, version int, row_region text COLLATE "C",
    said_region text COLLATE "C", first_row int, act text, ${sql.join(columns)})`.execute(tx);
  const found = shape.columns.map((column) => ({ column, ...resolve(shelf, column, given.region) }));
  const values = found.map(({ column, value }) => sql`${value} AS ${sql.ref(`c_${column.column}`)}`);
  // A masked number, as our own exports carry it, says that the row's person is still the same.
  const kept = shape.columns.filter((column) => column.type === "person" && !shape.key.includes(column));
  const masks = kept.flatMap(({ column }) => [
    sql`${sql.ref(`s.h_${column}`)} IS NULL AS ${sql.ref(`masked_${column}`)}`,
    sql`${sql.ref(`s.m_${column}`)} AS ${sql.ref(`mask_${column}`)}`,
  ]);
  const keptJoins = kept.map(({ column }) => {
    const held = sql.ref(`held_${column}`);
    return sql`LEFT JOIN registry.person AS ${held} ON ${sql.ref(`c.masked_${column}`)} AND ${sql.ref(`held_${column}.person_id`)} = ${sql.ref(`r.${column}`)}
      AND ${sql.ref(`held_${column}.identity_mask`)} = ${sql.ref(`c.mask_${column}`)}`;
  });
  const finalOf = (column: RegisterColumn) =>
    kept.includes(column)
      ? sql`coalesce(${sql.ref(`c.c_${column.column}`)}, ${sql.ref(`held_${column.column}.person_id`)})`
      : sql.ref(`c.c_${column.column}`);
  const joins = sql.join(
    found.map((one) => one.joins),
    sql` `,
  );
  const naming = namingColumns(shape);
  const complete = sql.join(
    naming.map(({ column }) => sql`${sql.ref(`c.c_${column}`)} IS NOT NULL`),
    sql` AND `,
  );
  const key = sql.join(shape.key.map(({ column }) => sql.ref(`c.c_${column}`)));
  const region = shape.regionColumn ? sql.ref(`c.c_${shape.regionColumn.column}`) : sql`NULL::text`;
  await sql`INSERT INTO ${assessed}
    SELECT c.sheet, c.row_no, ${sql.ref(`r.${shape.definition.id}`)}, r.version, r.region, ${region},
      CASE WHEN ${complete} THEN first_value(c.row_no) OVER (PARTITION BY ${complete}, ${key} ORDER BY c.sheet, c.row_no) END,
      NULL, ${sql.join(shape.columns.map(finalOf))}
    FROM (SELECT s.sheet, s.row_no, ${sql.join([...values, ...masks])} FROM ${sql.table(names.rows)} s ${joins}) c
    LEFT JOIN ${tableOf(shape)} r ON ${sameKey(shape, naming)} ${sql.join(keptJoins, sql` `)}`.execute(tx);
  await sql`ANALYZE ${assessed}`.execute(tx);
}

/** One statement per rule; faults found before a row's own are not repeated. */
async function findFaults(
  tx: Tx,
  shelf: Shelf,
  shape: Shape,
  facts: TableFacts,
  given: StoredImport,
  sheets: readonly ImportSheet[],
): Promise<void> {
  const names = stageTables(given.import_id);
  const faults = sql.table(names.faults);
  const add = (
    column: { column: string; label: string } | null,
    when: RawBuilder<unknown>,
    message: RawBuilder<unknown>,
    value: RawBuilder<unknown> = sql`''`,
  ) =>
    sql`
    INSERT INTO ${faults} SELECT a.sheet, a.row_no, ${column?.column ?? ""}, ${column?.label ?? "整行"}, ${column ? `${column.label}：` : ""}::text || ${message}, ${value}
    FROM ${sql.table(names.assessed)} a JOIN ${sql.table(names.rows)} s USING (sheet, row_no) WHERE ${when}
      AND NOT EXISTS (SELECT FROM ${faults} f WHERE f.sheet = a.sheet AND f.row_no = a.row_no AND f.column_name = ${column?.column ?? ""})`.execute(
      tx,
    );

  for (const column of shape.columns) {
    const lost = unfound(shelf, column);
    if (lost) await add(column, lost.when, lost.message, lost.value);
  }
  const naming = namingColumns(shape);
  const written = new Set(
    sheets.filter(({ used }) => used).flatMap(({ columns }) => columns.map(({ field }) => fieldOf(shape, field))),
  );
  for (const column of shape.columns.filter(
    (one) => (one.required && written.has(one.column)) || naming.includes(one),
  )) {
    const missing = sql`${sql.ref(`a.c_${column.column}`)} IS NULL`;
    await add(
      column,
      naming.includes(column) ? missing : sql`${missing} AND a.row_id IS NULL`,
      sql`${"没有填写，这一栏必填。"}`,
    );
  }
  const lacking = shape.columns.filter((one) => one.required && !written.has(one.column));
  if (lacking.length > 0) {
    const labels = lacking.map(({ label }) => label).join("、");
    await add(
      null,
      sql`a.row_id IS NULL AND a.first_row IS NOT NULL`,
      sql`${`登记簿里没有这条记录，要新登记须有${labels}，而表里没有这${lacking.length > 1 ? "些列" : "一列"}。请补上，或核对编号。`}::text`,
    );
  }
  const keyWords = shape.key.map(({ label }) => label).join("、");
  await add(
    null,
    sql`a.row_id IS NOT NULL AND NOT ${within("a.row_region", given.region)}`,
    sql`${`同一${keyWords}的记录已由其他地区登记，本单位不能改动。请核对${keyWords}。`}`,
  );
  await add(
    null,
    sql`a.first_row <> a.row_no`,
    sql`${"与第 "}::text || a.first_row || ${` 行的${keyWords}相同，同一条记录只能占一行。请合并或删去一行。`}::text`,
  );
  await compareNames(tx, shape, names);
  for (const rule of facts.checks) {
    const labels = rule.columns.flatMap((name) => shape.byName.get(name)?.label ?? []);
    const words =
      rule.comment ?? `${labels.map((label) => `“${label}”`).join("、")}不符合本登记簿的规定（${rule.name}）`;
    await sql`
      INSERT INTO ${faults} SELECT m.sheet, m.row_no, ${rule.columns[0] ?? ""}, ${labels[0] ?? "整行"}, ${`${words.replace(/。$/, "")}。请核对后修改。`}, ''
      FROM (${mergedRows(shape, facts, given, unfaulted(names))}) m WHERE (${sql.raw(rule.condition)}) IS FALSE`.execute(
      tx,
    );
  }
}

function unfaulted(names: ReturnType<typeof stageTables>): RawBuilder<unknown> {
  return sql`NOT EXISTS (SELECT FROM ${sql.table(names.faults)} f WHERE f.sheet = a.sheet AND f.row_no = a.row_no)`;
}

/** The number is one person's and the name beside it another's: one of the two is wrong, and only a person can say which. */
async function compareNames(tx: Tx, shape: Shape, names: ReturnType<typeof stageTables>): Promise<void> {
  const person = onlyPerson(shape);
  if (!person) return;
  const bare = (name: RawBuilder<unknown>) => sql`regexp_replace(${name}, '[\\s·•・.．]', '', 'g')`;
  await sql`
    INSERT INTO ${sql.table(names.faults)} SELECT a.sheet, a.row_no, ${person.column}, ${person.label},
      ${`${person.label}：`} || ${sql.ref(`s.m_${person.column}`)} || ${"登记的姓名是“"} || p.name || ${"”，表里写的是“"} || left(s.name_said, 30) || ${"”。请核对是谁的号码。"}, ${sql.ref(`s.m_${person.column}`)}
    FROM ${sql.table(names.assessed)} a JOIN ${sql.table(names.rows)} s USING (sheet, row_no) JOIN registry.person p ON p.person_id = ${sql.ref(`a.c_${person.column}`)}
    WHERE s.name_said IS NOT NULL AND ${bare(sql`s.name_said`)} <> ${bare(sql`p.name`)}`.execute(tx);
}

async function judge(tx: Tx, shape: Shape, facts: TableFacts, given: StoredImport): Promise<void> {
  const names = stageTables(given.import_id);
  const assessed = sql.table(names.assessed);
  await sql`UPDATE ${assessed} a SET act = CASE WHEN NOT (${unfaulted(names)}) THEN 'faulty' WHEN a.row_id IS NULL THEN 'new' ELSE 'same' END`.execute(
    tx,
  );
  await sql`UPDATE ${assessed} one SET act = 'changed'
    FROM (${mergedRows(shape, facts, given, sql`a.act = 'same'`)}) m JOIN ${tableOf(shape)} r ON ${sql.ref(`r.${shape.definition.id}`)} = m.row_id
    WHERE one.sheet = m.sheet AND one.row_no = m.row_no AND ${differs(shape)}`.execute(tx);
  // What is written is planned by how many rows are of each act.
  await sql`ANALYZE ${assessed}`.execute(tx);
}

export interface SampledChange {
  readonly sheet: number;
  readonly row_no: number;
  readonly before: Readonly<Record<string, string | null>>;
  readonly after: Readonly<Record<string, string | null>>;
}

const SAMPLED = 100;

/** The first rows that would change, before and after. */
export async function sampleChanges(
  tx: Tx,
  shape: Shape,
  facts: TableFacts,
  given: StoredImport,
): Promise<SampledChange[]> {
  const { rows } = await sql<SampledChange>`
    SELECT m.sheet, m.row_no, ${textsOf(shape, "r")} AS before, ${textsOf(shape, "m")} AS after
    FROM (${mergedRows(shape, facts, given, sql`a.act = 'changed'`)}) m JOIN ${tableOf(shape)} r ON ${sql.ref(`r.${shape.definition.id}`)} = m.row_id
    ORDER BY m.sheet, m.row_no LIMIT ${SAMPLED}`.execute(tx);
  return rows;
}

/** Puts what is wrong where officers can read it, in place of what was wrong before. */
export async function keepFaults(tx: Tx, given: StoredImport): Promise<void> {
  const { faults } = stageTables(given.import_id);
  const counted = await sql<{ n: number }>`SELECT count(*)::int AS n FROM ${sql.table(faults)}`.execute(tx);
  if (counted.rows[0]!.n > MOST_KEPT) refuse(registersProblems.tooManyFaults(MOST_KEPT));
  await sql`DELETE FROM registers.import_fault WHERE import_id = ${given.import_id}`.execute(tx);
  await sql`INSERT INTO registers.import_fault (import_id, sheet, row_no, column_name, label, message, value_mask, region)
    SELECT ${given.import_id}::bigint, sheet, row_no, column_name, label, message, value_mask, ${given.region}::text FROM ${sql.table(faults)}`.execute(
    tx,
  );
}

const MOST_KEPT = 100_000;
