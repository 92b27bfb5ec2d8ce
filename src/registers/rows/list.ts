import { employerSeen, narrow, readIdentityNumber, within, type Scope } from "#registry";
import { sql, type RawBuilder } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import { inPieces } from "../../platform/db/pieces.ts";
import { refuse } from "../../platform/problem.ts";
import type { RegisterColumn } from "../definition.ts";
import { tableAs } from "../facts.ts";
import { registersProblems } from "../problems.ts";
import { sortableTypes, type RowFilter } from "../rows-contract.ts";
import { isLink, isOf, tableOf, textsOf, valueOf, type Shape } from "../shape.ts";
import type { Shelf } from "../shelf.ts";
import type { Texts } from "./show.ts";

export interface StoredRow {
  readonly row_id: string;
  readonly version: number;
  readonly region: string;
  readonly recorded_on: string;
  readonly texts: Texts;
}

const all = (conditions: readonly RawBuilder<unknown>[]) => sql`${sql.join([...conditions], sql` AND `)}`;

/** The first wall: rows of the area, of this register. */
export function seen(shape: Shape, alias: string, scope: Scope): RawBuilder<unknown> {
  return all([within(`${alias}.region`, scope), isOf(shape, alias)]);
}

/** SQL: what every list, page and history shows of the row in `r`. */
export function rowColumns(shape: Shape): RawBuilder<unknown> {
  return sql`${sql.ref(`r.${shape.definition.id}`)} AS row_id, r.version, r.region, r.recorded_on, ${textsOf(shape, "r")} AS texts`;
}

export async function listStoredRows(
  tx: Tx,
  shelf: Shelf,
  shape: Shape,
  scope: Scope,
  filter: RowFilter,
  page: { page: number; size: number },
): Promise<{ rows: StoredRow[]; total: number }> {
  const { rows } = await sql<StoredRow>`${selected(shelf, shape, scope, filter)}
    LIMIT ${page.size} OFFSET ${(page.page - 1) * page.size}`.execute(tx);
  return { rows, total: await countRows(tx, shelf, shape, scope, filter) };
}

/** The whole list in its order, in pieces. */
export function storedPieces(
  tx: Tx,
  shelf: Shelf,
  shape: Shape,
  scope: Scope,
  filter: RowFilter,
): AsyncGenerator<StoredRow[]> {
  return inPieces(tx, selected(shelf, shape, scope, filter));
}

function selected(shelf: Shelf, shape: Shape, scope: Scope, filter: RowFilter): RawBuilder<StoredRow> {
  return sql<StoredRow>`SELECT ${rowColumns(shape)} FROM ${tableAs(shape, "r")} WHERE ${matching(shelf, shape, scope, filter)}
    ORDER BY ${orderOf(shape, filter.sort ?? "-recorded")}`;
}

export async function countRows(tx: Tx, shelf: Shelf, shape: Shape, scope: Scope, filter: RowFilter): Promise<number> {
  const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM ${tableAs(shape, "r")}
    WHERE ${matching(shelf, shape, scope, filter)}`.execute(tx);
  return rows[0]!.n;
}

function matching(shelf: Shelf, shape: Shape, scope: Scope, filter: RowFilter): RawBuilder<unknown> {
  const conditions = [seen(shape, "r", narrow(scope, filter.region))];
  if (filter.text) conditions.push(containing(shelf, shape, scope, filter.text));
  if (filter.person) {
    const persons = shape.columns.filter(({ type }) => type === "person");
    conditions.push(anyOf(persons.map((column) => sql`${valueOf(shape, column, "r")} = ${filter.person}::bigint`)));
  }
  for (const [name, wanted] of Object.entries(filter)) {
    const [how, column] = name.split(/\.(.*)/s) as [string, string | undefined];
    if (column === undefined || typeof wanted !== "string" || wanted === "") continue;
    conditions.push(comparison(shape, how, column, wanted));
  }
  return all(conditions);
}

function comparison(shape: Shape, how: string, name: string, wanted: string): RawBuilder<unknown> {
  const column = shape.byName.get(name) ?? refuse(registersProblems.unknownColumn(name));
  const value = valueOf(shape, column, "r");
  if (how === "is") {
    if (column.type === "month") return sql`${value} = ${dayIn(column, `${wanted}-01`)}::date`;
    if (column.type === "boolean") return sql`${value} = ${wanted === "true"}`;
    if (column.type === "code" || column.type === "text") return sql`${value} = ANY(${wanted.split(",")}::text[])`;
  }
  if (column.type === "date" || column.type === "month") {
    if (how === "from") return sql`${value} >= ${dayIn(column, wanted)}::date`;
    if (how === "to") return sql`${value} <= ${dayIn(column, wanted)}::date`;
  }
  return refuse(registersProblems.unknownColumn(name));
}

function dayIn(column: RegisterColumn, text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text)
    ? text
    : refuse(registersProblems.unfit(column.column, `“${column.label}”请按 2024-03-01 这样填写。`));
}

const anyOf = (conditions: readonly RawBuilder<unknown>[]) =>
  conditions.length === 0 ? sql`false` : sql`(${sql.join([...conditions], sql` OR `)})`;

/** Part of any text, of what is referred to, or of a name. Names of persons elsewhere are not searched: they have no page here. */
function containing(shelf: Shelf, shape: Shape, scope: Scope, text: string): RawBuilder<unknown> {
  if (readIdentityNumber(text).ok && /^\d{15,18}[xX]?$/.test(text)) refuse(registersProblems.numberInAddress());
  const holds = (value: RawBuilder<unknown>) => sql`position(lower(${text}) IN lower(${value})) > 0`;
  return anyOf(
    shape.columns.flatMap((column) => {
      const value = valueOf(shape, column, "r");
      if (!isLink(column)) return column.type === "text" ? [holds(value)] : [];
      switch (column.type) {
        case "person":
          return [
            sql`EXISTS (SELECT FROM registry.person p WHERE p.person_id = ${value} AND ${holds(sql`p.name`)} AND ${within("p.home_region", scope)})`,
          ];
        case "employer":
          return [
            sql`EXISTS (SELECT FROM registry.employer e WHERE e.employer_id = ${value} AND ${holds(sql`e.name`)} AND ${employerSeen("e", scope)})`,
          ];
        case "reference": {
          const other = shelf.referred(column.register!);
          return [
            sql`EXISTS (SELECT FROM ${tableOf(other)} o WHERE ${sql.ref(`o.${other.definition.id}`)} = ${value}
              AND ${holds(sql`${sql.ref(`o.${other.definition.key[0]!}`)}::text`)} AND ${seen(other, "o", scope)})`,
          ];
        }
      }
    }),
  );
}

function orderOf(shape: Shape, sort: string): RawBuilder<unknown> {
  const direction = sort.startsWith("-") ? sql`DESC NULLS LAST` : sql`ASC NULLS LAST`;
  const id = sql.ref(`r.${shape.definition.id}`);
  const name = sort.replace(/^-/, "");
  if (name === "recorded") return sql`r.recorded_on ${direction}, ${id} ${direction}`;
  if (name === "kept-by") return sql`r.region ${direction}, ${id}`;
  const column = shape.byName.get(name);
  if (!column || !sortableTypes.has(column.type)) return refuse(registersProblems.unknownColumn(name));
  return sql`${valueOf(shape, column, "r")} ${direction}, ${id}`;
}

export async function findStoredRow(
  tx: Tx,
  shape: Shape,
  scope: Scope,
  rowId: string,
  lock = false,
): Promise<StoredRow | undefined> {
  const { rows } = await sql<StoredRow>`SELECT ${rowColumns(shape)} FROM ${tableAs(shape, "r")}
    WHERE ${sql.ref(`r.${shape.definition.id}`)} = ${rowId} AND ${seen(shape, "r", scope)} ${lock ? sql`FOR UPDATE OF r` : sql``}`.execute(
    tx,
  );
  return rows[0];
}
