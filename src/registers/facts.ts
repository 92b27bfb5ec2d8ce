import { sql } from "kysely";
import type { Db, Tx } from "../platform/db/database.ts";
import type { RegisterColumn } from "./definition.ts";
import { tableOf, type Shape } from "./shape.ts";

/** What the database knows of a register's table, from its catalogue. */
export interface TableFacts {
  readonly columns: readonly TableColumn[];
  readonly checks: readonly TableRule[];
  /** The unique index that stands for the register's key; null when there is none. */
  readonly key: UniqueIndex | null;
  /** It has rules that only writing shows: further unique keys, exclusions, triggers. */
  readonly surprises: boolean;
}

export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  /** SQL of the default, if any. */
  readonly fallback: string | null;
  /** Filled by the database itself. */
  readonly made: boolean;
}

export interface TableRule {
  readonly name: string;
  /** SQL over the table's column names. */
  readonly condition: string;
  readonly columns: readonly string[];
  /** The rule in Chinese, where the migration says it: COMMENT ON CONSTRAINT. */
  readonly comment: string | null;
}

interface UniqueIndex {
  readonly columns: readonly string[];
  readonly nulls_alike: boolean;
}

export async function tableFacts(db: Db | Tx, shape: Shape): Promise<TableFacts> {
  const { table, key, shared } = shape.definition;
  const columns = await sql<TableColumn>`
    SELECT a.attname AS name, format_type(a.atttypid, NULL) AS type, a.attnotnull AS required, pg_get_expr(d.adbin, d.adrelid) AS fallback,
      a.attidentity <> '' OR a.attgenerated <> '' AS made
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = ${table}::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`.execute(db);
  const rules = await sql<TableRule & { kind: string }>`
    SELECT c.conname AS name, c.contype AS kind, coalesce(pg_get_expr(c.conbin, c.conrelid), '') AS condition, obj_description(c.oid, 'pg_constraint') AS comment,
      ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)) AS columns
    FROM pg_constraint c WHERE c.conrelid = ${table}::regclass ORDER BY c.conname`.execute(db);
  const indexes = await sql<UniqueIndex & { partial: boolean; main: boolean }>`
    SELECT ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[])) AS columns,
      i.indnullsnotdistinct AS nulls_alike, i.indpred IS NOT NULL OR i.indexprs IS NOT NULL AS partial, i.indisprimary AS main
    FROM pg_index i WHERE i.indrelid = ${table}::regclass AND i.indisunique`.execute(db);
  const triggers = await sql`SELECT FROM pg_trigger WHERE tgrelid = ${table}::regclass AND NOT tgisinternal`.execute(
    db,
  );
  const wanted = [shared ? [...key, shared.by] : [...key], ...(shared ? [[...key]] : [])].map(spelling);
  const keys = indexes.rows.filter((index) => !index.partial && wanted.includes(spelling(index.columns)));
  const others = indexes.rows.filter((index) => !index.main && !keys.includes(index));
  return {
    columns: columns.rows,
    checks: rules.rows.filter((rule) => rule.kind === "c"),
    key: keys[0] ?? null,
    surprises: others.length > 0 || triggers.rows.length > 0 || rules.rows.some((rule) => rule.kind === "x"),
  };
}

const spelling = (columns: readonly string[]) => columns.toSorted().join();

const SQL_TYPES: Readonly<Record<RegisterColumn["type"], readonly string[]>> = {
  text: ["text"],
  code: ["text"],
  region: ["text"],
  integer: ["integer", "bigint"],
  fen: ["bigint"],
  date: ["date"],
  month: ["date"],
  boolean: ["boolean"],
  person: ["bigint"],
  employer: ["bigint"],
  reference: ["bigint"],
};

/** Values that a CHECK of the table allows in a column, in its order. */
function codesAllowed({ checks }: TableFacts, column: string): readonly string[] {
  const check = checks.find(({ columns, condition }) => columns.join() === column && condition.includes("= ANY"));
  return [...(check?.condition ?? "").matchAll(/'([^']+)'/g)].map((match) => match[1]!);
}

/** What must be true of a definition for its table to serve it; each sentence names what is wrong. */
export async function definitionFaults(db: Db | Tx, shape: Shape, known: ReadonlySet<string>): Promise<string[]> {
  const { definition } = shape;
  const at = (text: string) => `register ${definition.name}: ${text}`;
  const there = await sql<{ there: boolean }>`SELECT to_regclass(${definition.table}) IS NOT NULL AS there`.execute(db);
  if (!there.rows[0]!.there) return [at(`there is no table ${definition.table}`)];
  const facts = await tableFacts(db, shape);
  const byName = new Map(facts.columns.map((column) => [column.name, column]));
  const faults: string[] = [];
  const { shared } = definition;
  const needed = [definition.id, "region", "recorded_on", "import_id", "version"];
  if (shared) needed.push(shared.by, shared.content);
  for (const name of [...needed, ...shape.own.map((column) => column.column)])
    if (!byName.has(name)) faults.push(at(`${definition.table} has no column ${name}`));
  if (!byName.get(definition.id)?.made) faults.push(at(`${definition.id} is no identity column`));
  if (facts.key === null) faults.push(at(`no unique key on (${definition.key.join(", ")})`));
  const named = new Set([...needed, ...shape.own.map((column) => column.column)]);
  for (const column of facts.columns) {
    const own = shape.byName.get(column.name);
    if (column.required && column.fallback === null && !column.made && !named.has(column.name))
      faults.push(at(`column ${column.name} must be filled and the definition does not have it`));
    if (own && column.required && column.fallback === null && !own.required && !definition.key.includes(own.column))
      faults.push(at(`column ${column.name} must be filled; the definition says it need not`));
    if (own?.required && !column.required)
      faults.push(at(`column ${column.name} may be empty; the definition says it must not`));
    if (own && !SQL_TYPES[own.type].includes(column.type))
      faults.push(at(`column ${column.name} is ${column.type}, which is no ${own.type}`));
    if (!shared && !named.has(column.name)) faults.push(at(`column ${column.name} is in ${definition.table} only`));
    if (definition.key.includes(column.name) && !column.required && !facts.key?.nulls_alike)
      faults.push(at(`key column ${column.name} may be null, and the key takes nulls for different`));
  }
  for (const column of definition.columns) {
    if (column.type === "code" && !column.codes?.length) faults.push(at(`${column.column} has no codes`));
    if (column.codes && byName.has(column.column)) {
      const allowed = codesAllowed(facts, column.column);
      if (allowed.join() !== column.codes.join())
        faults.push(at(`codes of ${column.column} in ${definition.table}: ${allowed.join("、") || "any"}`));
    }
    if (column.type === "reference" && !known.has(column.register ?? ""))
      faults.push(at(`${column.column} refers to the unknown register ${column.register ?? "(none)"}`));
  }
  return faults;
}

/** SQL: `schema.table AS alias`. */
export function tableAs(shape: Shape, alias: string) {
  return sql`${tableOf(shape)} AS ${sql.ref(alias)}`;
}
