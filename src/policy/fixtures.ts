import { join } from "node:path";
import { types, type ClientBase } from "pg";
import {
  measureStatement,
  prepareMeasure,
  type ClaimsRelation,
  type FactSource,
  type MeasureOutcome,
  type ParameterSettings,
} from "#kernel";
import { ROW_PERSON, ROW_REGION } from "./screening/statement.ts";
import { withoutRows } from "./facts/dictionary.ts";
import { DICTIONARIES } from "./facts/index.ts";
import { rulebookFiles } from "./library/files.ts";
import { measuresOf, readLibrary } from "./library/library.ts";

/** What the tests of a domain that supplies facts hold its SELECTs to: the dictionary, and the measures that ask for them. */

const SQL_TYPES: Readonly<Record<string, number>> = {
  text: types.builtins.TEXT,
  integer: types.builtins.INT8,
  fen: types.builtins.INT8,
  boolean: types.builtins.BOOL,
  date: types.builtins.DATE,
  bigint: types.builtins.INT8,
};
const TYPE_NAMES = new Map([
  [types.builtins.TEXT as number, "text"],
  [types.builtins.INT8, "bigint"],
  [types.builtins.BOOL, "boolean"],
  [types.builtins.DATE, "date"],
]);
const nameOf = (oid: number): string => TYPE_NAMES.get(oid) ?? `type ${oid}`;

/** Columns that the dictionary promises, with their types in PostgreSQL. Months and days that are part of a key keep their own type. */
export function columnsPromised({ key, subjects, claim, fields }: FactSource): Record<string, string> {
  const keys = [...key, ...Object.values(subjects), ...(claim ? [claim] : []), ROW_REGION, ROW_PERSON];
  const columns = [...keys, ...fields].map(({ column, type }) => [column, nameOf(SQL_TYPES[type]!)]);
  return Object.fromEntries(columns) as Record<string, string>;
}

export async function columnsGiven(client: ClientBase, source: FactSource): Promise<Record<string, string>> {
  const { fields } = await client.query(`SELECT * FROM (${filled(source, "2025-06-18")}) s LIMIT 0`);
  return Object.fromEntries(fields.map(({ name, dataTypeID }) => [name, nameOf(dataTypeID)]));
}

/** Rows of a source; `scope` is SQL over s.region and s.person_id. */
export async function rowsOf(
  client: ClientBase,
  source: FactSource,
  asOf: string,
  scope = "true",
): Promise<Record<string, unknown>[]> {
  const order = source.key.map(({ column }) => column).join(", ");
  const { rows } = await client.query<Record<string, unknown>>(
    `SELECT * FROM (${filled(source, asOf, scope)}) s ORDER BY ${order}`,
  );
  return rows;
}

function filled(source: FactSource, asOf: string, scope = "true"): string {
  return source.sql.replaceAll("{{scope}}", scope).replaceAll("{{as_of}}", `DATE '${asOf}'`);
}

export interface OutcomesOptions {
  readonly asOf: string;
  readonly scope?: string;
  readonly settings?: ParameterSettings;
  /** Default: nobody has claimed anything. */
  readonly claims?: ClaimsRelation;
}

const folder = join(import.meta.dirname, "../../policies");

/** How many rows of the source each shipped measure over it decides how, by `<measure>/<region>`. */
export async function outcomesOf(
  client: ClientBase,
  source: FactSource,
  { asOf, scope = "true", settings, claims = noClaims([source]) }: OutcomesOptions,
): Promise<Record<string, Partial<Record<MeasureOutcome, number>>>> {
  const sources = DICTIONARIES.map((one) => (one.name === source.name ? source : withoutRows(one)));
  const measures = measuresOf(readLibrary(rulebookFiles(folder))).filter((one) => one.source === source.name);
  const found: Record<string, Partial<Record<MeasureOutcome, number>>> = {};
  for (const definition of measures) {
    const { rule, problems } = prepareMeasure(definition, sources, settings);
    if (!rule) throw new Error(JSON.stringify(problems, null, 1));
    const day = `DATE '${asOf}'`;
    const statement = measureStatement(rule, { placeholders: { scope, as_of: day }, asOf: day, claims });
    const { rows } = await client.query<{ outcome: MeasureOutcome; n: number }>(
      `SELECT outcome, count(*)::int AS n FROM (${statement}) decided GROUP BY 1 ORDER BY 1`,
    );
    found[`${definition.id}/${definition.region}`] = Object.fromEntries(rows.map(({ outcome, n }) => [outcome, n]));
  }
  return found;
}

/** Nobody has ever claimed anything. */
export function noClaims(sources: readonly FactSource[]): ClaimsRelation {
  const subjects = new Map(sources.flatMap((source) => Object.entries(source.subjects)));
  const columns = [...subjects].map(([name, { type }], index) => ({ name, type, as: `subject_${index}` }));
  const selects = columns.map(({ type, as }) => `, NULL::${type} AS ${as}`).join("");
  return {
    sql: `SELECT NULL::text AS benefit_key, NULL::date AS event_date, NULL::integer AS months${selects} WHERE false`,
    subjects: Object.fromEntries(columns.map(({ name, as }) => [name, as])),
  };
}
