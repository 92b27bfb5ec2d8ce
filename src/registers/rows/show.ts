import { regionNames, shortEmployers, shortPersons, within, type Scope } from "#registry";
import { sql } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import { UNSEEN } from "../cells/unseen.ts";
import type { RegisterColumn } from "../definition.ts";
import type { ShownValue, ShownValues } from "../rows-contract.ts";
import { isOf, tableOf, type Shape } from "../shape.ts";
import type { Shelf } from "../shelf.ts";

/** Values as the store gives them: texts by column. */
export type Texts = Readonly<Record<string, string | null>>;

type Show = (column: RegisterColumn, text: string | null) => ShownValue;

/** Texts of any rows in the words that officers read; each kind of link is looked up once for all rows. */
export async function showTexts(
  tx: Tx,
  shelf: Shelf,
  scope: Scope,
  shape: Shape,
  rows: readonly Texts[],
): Promise<ShownValues[]> {
  const show = await shower(tx, shelf, scope, shape.columns, rows);
  return rows.map((texts) =>
    Object.fromEntries(shape.columns.map((column) => [column.column, show(column, texts[column.column] ?? null)])),
  );
}

async function shower(
  tx: Tx,
  shelf: Shelf,
  scope: Scope,
  columns: readonly RegisterColumn[],
  rows: readonly Texts[],
): Promise<Show> {
  const valuesOf = (wanted: readonly RegisterColumn[]) => [
    ...new Set(wanted.flatMap(({ column }) => rows.flatMap((texts) => texts[column] ?? []))),
  ];
  const of = (type: RegisterColumn["type"]) => columns.filter((column) => column.type === type);
  const persons = await shortPersons(tx, scope, valuesOf(of("person")));
  const employers = await shortEmployers(tx, scope, valuesOf(of("employer")));
  const regions = await regionNames(tx, valuesOf(of("region")));
  const keys = new Map<string, Map<string, string>>();
  for (const column of of("reference"))
    keys.set(column.column, await keysOf(tx, scope, shelf.referred(column.register!), valuesOf([column])));

  return (column, text) => {
    if (text === null) return null;
    switch (column.type) {
      case "text":
      case "code":
      case "date":
        return text;
      case "month":
        return text.slice(0, 7);
      case "integer":
      case "fen":
        return Number(text);
      case "boolean":
        return text === "true" || text === "t";
      case "region": {
        const { code, name, fullName } = regions(text);
        return { id: code, label: name, note: fullName, open: false };
      }
      case "person": {
        const person = persons.get(text);
        return person
          ? { id: text, label: person.name, note: person.identityMask, open: person.own }
          : { id: "", label: UNSEEN.person, note: "", open: false };
      }
      case "employer": {
        const employer = employers.get(text);
        return employer
          ? { id: text, label: employer.name, note: employer.creditCode ?? "", open: true }
          : { id: "", label: UNSEEN.employer, note: "", open: false };
      }
      case "reference": {
        const key = keys.get(column.column)?.get(text);
        return key === undefined
          ? { id: "", label: UNSEEN.reference, note: "", open: false }
          : { id: text, label: key, note: "", open: true };
      }
    }
  };
}

async function keysOf(tx: Tx, scope: Scope, other: Shape, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const id = sql.ref(`o.${other.definition.id}`);
  const { rows } = await sql<{ id: string; key: string }>`
    SELECT ${id} AS id, ${sql.ref(`o.${other.definition.key[0]!}`)}::text AS key FROM ${tableOf(other)} o
    WHERE ${id} = ANY(${ids}::bigint[]) AND ${isOf(other, "o")} AND ${within("o.region", scope)}`.execute(tx);
  return new Map(rows.map((row) => [row.id, row.key]));
}

/** A shown value as one text: for a row's name, an export, the command line. */
export function asWords(column: RegisterColumn, shown: ShownValue): string {
  if (shown === null) return "";
  if (typeof shown === "boolean") return shown ? "是" : "否";
  if (typeof shown === "number") return column.type === "fen" ? (shown / 100).toFixed(2) : String(shown);
  return typeof shown === "string" ? shown : shown.label;
}

/** What the office calls a row: its key in words. */
export function keyWords(shape: Shape, values: ShownValues): string {
  return shape.key.map((column) => asWords(column, values[column.column] ?? null)).join(" · ");
}
