import { sql, type RawBuilder } from "kysely";
import type { RegisterColumn, RegisterDefinition } from "./definition.ts";

/** The types in which values are staged and compared; what the table keeps may be narrower. */
const sqlTypes: Record<RegisterColumn["type"], string> = {
  text: "text",
  integer: "bigint",
  fen: "bigint",
  date: "date",
  month: "date",
  boolean: "boolean",
  code: "text",
  region: "text",
  person: "bigint",
  employer: "bigint",
  reference: "bigint",
};

type LinkType = "person" | "employer" | "reference";
export type LinkColumn = RegisterColumn & { readonly type: LinkType };

/** Whether a cell names somebody or something that is to be found, rather than being its value itself. */
export function isLink(column: RegisterColumn): column is LinkColumn {
  return column.type === "person" || column.type === "employer" || column.type === "reference";
}

/** A definition worked out for SQL: where each column lies. */
export interface Shape {
  readonly definition: RegisterDefinition;
  readonly name: string;
  readonly columns: readonly RegisterColumn[];
  readonly byName: ReadonlyMap<string, RegisterColumn>;
  readonly key: readonly RegisterColumn[];
  /** Columns of the table itself, `region` left out. */
  readonly own: readonly RegisterColumn[];
  /** Columns kept in the shared table's jsonb. */
  readonly inContent: readonly RegisterColumn[];
  /** The column that says which office keeps the row; null: that of the officer. */
  readonly regionColumn: RegisterColumn | null;
}

const REGION_COLUMNS = ["region", "county"];

export function shapeOf(definition: RegisterDefinition): Shape {
  const { columns, shared, key } = definition;
  const byName = new Map(columns.map((column) => [column.column, column]));
  const isOwn = ({ column, type }: RegisterColumn) =>
    shared === undefined || key.includes(column) || type === "person" || type === "employer" || column === "region";
  return {
    definition,
    name: definition.name,
    columns,
    byName,
    key: key.map((name) => {
      const column = byName.get(name);
      if (!column) throw new Error(`register ${definition.name}: key column ${name} is not among its columns`);
      return column;
    }),
    own: columns.filter((column) => isOwn(column) && column.column !== "region"),
    inContent: columns.filter((column) => !isOwn(column)),
    regionColumn: columns.find(({ column, type }) => type === "region" && REGION_COLUMNS.includes(column)) ?? null,
  };
}

export function sqlType(column: RegisterColumn): RawBuilder<unknown> {
  return sql.raw(sqlTypes[column.type]);
}

export function tableOf({ definition }: Shape): RawBuilder<unknown> {
  return sql.table(definition.table);
}

/** SQL: a column's value in the row that `alias` stands for, in the type in which it is compared. */
export function valueOf(shape: Shape, column: RegisterColumn, alias: string): RawBuilder<unknown> {
  const { shared } = shape.definition;
  if (!shared || !shape.inContent.includes(column)) return sql.ref(`${alias}.${column.column}`);
  return sql`(${sql.ref(`${alias}.${shared.content}`)} ->> ${sql.lit(column.column)})::${sqlType(column)}`;
}

/** SQL: all values of a row as texts by column, in one json object. */
export function textsOf(shape: Shape, alias: string): RawBuilder<Record<string, string | null>> {
  return objectOf(
    shape.columns,
    shape.columns.map((column) => sql`${valueOf(shape, column, alias)}::text`),
  );
}

/** SQL: the same from a row that is kept as jsonb, as the history keeps it. */
export function textsOfKept(shape: Shape, kept: RawBuilder<unknown>): RawBuilder<Record<string, string | null> | null> {
  const { shared } = shape.definition;
  const texts = shape.columns.map((column) =>
    shared && shape.inContent.includes(column)
      ? sql`${kept} -> ${sql.lit(shared.content)} ->> ${sql.lit(column.column)}`
      : sql`${kept} ->> ${sql.lit(column.column)}`,
  );
  return sql`CASE WHEN ${kept} IS NOT NULL THEN ${objectOf(shape.columns, texts)} END`;
}

function objectOf(
  columns: readonly RegisterColumn[],
  texts: readonly RawBuilder<unknown>[],
): RawBuilder<Record<string, string | null>> {
  const names = columns.map(({ column }) => sql.lit(column));
  return sql`json_object(ARRAY[${sql.join(names)}]::text[], ARRAY[${sql.join(texts)}]::text[])`;
}

/** SQL: the row in `alias` is of this register; always true unless it shares its table. */
export function isOf({ definition: { shared } }: Shape, alias: string): RawBuilder<boolean> {
  return shared ? sql<boolean>`${sql.ref(`${alias}.${shared.by}`)} = ${sql.lit(shared.value)}` : sql<boolean>`true`;
}
