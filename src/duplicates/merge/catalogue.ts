import type { SqlRunner } from "../../platform/db/database.ts";

/** What the database says of a table: read when two records are made one, so that no list of ours can be out of date. */
export interface TableShape {
  readonly columns: ReadonlySet<string>;
  /** Columns that the database fills by itself. */
  readonly generated: ReadonlySet<string>;
  /** Unique keys with the person in them: two records may each have a row that only one of them can have. */
  readonly unique: readonly UniqueKey[];
  /** Tables with rows that stand on this one's. */
  readonly children: readonly ChildTable[];
}

interface UniqueKey {
  /** Besides the person. */
  readonly columns: readonly string[];
  readonly predicate: string | null;
  readonly nullsEqual: boolean;
}

interface ChildTable {
  readonly table: string;
  readonly pairs: readonly { readonly own: string; readonly parent: string }[];
}

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export async function shapeOf(run: SqlRunner, table: string, person: string | null): Promise<TableShape> {
  const columns = await run.query<{ name: string; generated: boolean }>(
    `SELECT attname AS name, attidentity <> '' OR attgenerated <> '' AS generated FROM pg_attribute WHERE attrelid = ${quoted(table)}::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
  );
  const unique = await run.query<{ columns: string[]; predicate: string | null; nulls_equal: boolean }>(
    `SELECT (SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum) AS columns,
      pg_get_expr(i.indpred, i.indrelid) AS predicate, i.indnullsnotdistinct AS nulls_equal
     FROM pg_index i WHERE i.indrelid = ${quoted(table)}::regclass AND i.indisunique AND i.indexprs IS NULL`,
  );
  const children = await run.query<{ child: string; own: string[]; parent: string[] }>(
    `SELECT format('%I.%I', n.nspname, t.relname) AS child,
      (SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(c.conkey) WITH ORDINALITY AS k(attnum, place) JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum) AS own,
      (SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(c.confkey) WITH ORDINALITY AS k(attnum, place) JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attnum) AS parent
     FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
     WHERE c.contype = 'f' AND c.confrelid = ${quoted(table)}::regclass AND c.conrelid <> c.confrelid`,
  );
  return {
    columns: new Set(columns.rows.map(({ name }) => name)),
    generated: new Set(columns.rows.filter(({ generated }) => generated).map(({ name }) => name)),
    unique: unique.rows
      .filter((key) => person !== null && key.columns.includes(person))
      .map((key) => ({
        columns: key.columns.filter((column) => column !== person),
        predicate: key.predicate,
        nullsEqual: key.nulls_equal,
      })),
    children: children.rows.map(({ child, own, parent }) => ({
      table: child,
      pairs: own.map((column, index) => ({ own: column, parent: parent[index]! })),
    })),
  };
}

/** SQL: JSON numbers as text, as history keeps ids: beyond 2^53 a reader would lose digits. */
export const withIdsAsText = (row: string): string =>
  `(SELECT jsonb_object_agg(key, CASE jsonb_typeof(value) WHEN 'number' THEN to_jsonb(value #>> '{}') ELSE value END) FROM jsonb_each(${row}))`;
