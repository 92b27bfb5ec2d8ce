import { sql, type RawBuilder } from "kysely";
import type { TableFacts } from "../facts.ts";
import { tableOf, type Shape } from "../shape.ts";
import type { StoredImport } from "./store.ts";
import { stageTables } from "./stage.ts";

/** Columns that an import writes, in one order. */
export function writtenColumns(shape: Shape, facts: TableFacts): string[] {
  return facts.columns.filter(({ made }) => !made).map(({ name }) => name);
}

/**
 * SQL: the rows as they would stand in the table, under its own column names, with `sheet`, `row_no` and `row_id` (null: new).
 * An empty cell never erases: what it leaves open stays as it is, or becomes the column's default in a new row. `which`
 * narrows the assessed rows, as alias `a`.
 */
export function mergedRows(
  shape: Shape,
  facts: TableFacts,
  given: StoredImport,
  which: RawBuilder<unknown> = sql`true`,
): RawBuilder<unknown> {
  const { definition } = shape;
  const { shared } = definition;
  const ownColumns = new Map(shape.own.map((column) => [column.column, column]));
  const columns = facts.columns
    .filter(({ made }) => !made)
    .map(({ name, fallback }) => {
      const kept = sql.ref(`r.${name}`);
      const otherwise = fallback === null ? sql`NULL` : sql.raw(fallback);
      if (name === "region") return sql`coalesce(a.said_region, r.region, ${given.region}::text) AS region`;
      if (name === "recorded_on") return sql`${given.business_date}::date AS recorded_on`;
      if (name === "import_id") return sql`${given.import_id}::bigint AS import_id`;
      if (name === "version") return sql`coalesce(r.version, 1) AS version`;
      if (shared && name === shared.by) return sql`${shared.value}::text AS ${sql.ref(name)}`;
      if (shared && name === shared.content) return sql`${contentOf(shape, shared.content)} AS ${sql.ref(name)}`;
      if (ownColumns.has(name)) {
        const said = sql.ref(`a.c_${name}`);
        return fallback === null
          ? sql`coalesce(${said}, ${kept}) AS ${sql.ref(name)}`
          : sql`coalesce(${said}, CASE WHEN a.row_id IS NULL THEN ${otherwise} ELSE ${kept} END) AS ${sql.ref(name)}`;
      }
      return sql`CASE WHEN a.row_id IS NULL THEN ${otherwise} ELSE ${kept} END AS ${sql.ref(name)}`;
    });
  const { assessed } = stageTables(given.import_id);
  return sql`SELECT a.sheet, a.row_no, a.row_id, ${sql.join(columns)}
    FROM ${sql.table(assessed)} a LEFT JOIN ${tableOf(shape)} r ON ${sql.ref(`r.${definition.id}`)} = a.row_id WHERE ${which}`;
}

/** What the table says, laid over what the row holds. Dates become text, fen and integers numbers. */
function contentOf(shape: Shape, content: string): RawBuilder<unknown> {
  if (shape.inContent.length === 0) return sql`coalesce(${sql.ref(`r.${content}`)}, '{}'::jsonb)`;
  const pairs = shape.inContent.flatMap(({ column }) => [sql.lit(column), sql.ref(`a.c_${column}`)]);
  return sql`coalesce(${sql.ref(`r.${content}`)}, '{}'::jsonb) || jsonb_strip_nulls(jsonb_build_object(${sql.join(pairs)}))`;
}

/** SQL: the merged row `m` says something else than the kept row `r`. */
export function differs(shape: Shape): RawBuilder<boolean> {
  const { shared } = shape.definition;
  const names = [...shape.own.map(({ column }) => column), "region", ...(shared ? [shared.content] : [])];
  const side = (alias: string) => sql.join(names.map((name) => sql.ref(`${alias}.${name}`)));
  return sql<boolean>`(${side("m")}) IS DISTINCT FROM (${side("r")})`;
}
