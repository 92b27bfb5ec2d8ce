/** Facts as a relation of literals, and back: how the tests put the same draws before PostgreSQL and the interpreter. */
import type { FactSource, Facts } from "../facts/source.ts";
import type { Claim, Subjects } from "../runtime/limits.ts";
import { sqlType } from "../sql/expression.ts";
import type { ClaimsRelation } from "../sql/limits.ts";
import { identifier, literal } from "../sql/text.ts";

export interface Draw {
  readonly facts: Facts;
  readonly subjects: Subjects;
  readonly claims: readonly Claim[];
}

function valueSql(value: unknown, type: string): string {
  if (value === null || value === undefined) return `NULL::${type}`;
  if (Array.isArray(value)) {
    return value.length === 0
      ? `'{}'::${type}`
      : `ARRAY[${value.map((item) => valueSql(item, type.slice(0, -2))).join(",")}]`;
  }
  return `${literal(typeof value === "string" ? value : JSON.stringify(value))}::${type}`;
}

/** `SELECT` of the draws with the columns of the source; `id` is the position of the draw, and four make one claim. */
export function factsSql(source: FactSource, draws: readonly Draw[]): string {
  const subjects = Object.entries(source.subjects);
  const rows = draws.map(({ facts, subjects: given }, index) => {
    const values = source.fields.map((field) =>
      valueSql(facts[field.name], sqlType({ kind: field.type, ...(field.of ? { of: field.of } : {}) })),
    );
    const keys = subjects.map(([name, { type }]) => valueSql(given[name], type));
    return `(${[`${index}::bigint`, ...values, ...keys].join(",")})`;
  });
  const names = ["id", ...source.fields.map(({ column }) => column), ...subjects.map(([, { column }]) => column)].map(
    identifier,
  );
  const claim = source.claim ? `, (t.id / 4)::${source.claim.type} AS ${identifier(source.claim.column)}` : "";
  return `SELECT t.*${claim} FROM (VALUES ${rows.join(",\n")}) AS t(${names.join(", ")})`;
}

/** The claims of all draws; a draw's subjects are made its own by its position, so that none sees another's. */
export function claimsRelation({ subjects: of }: FactSource, draws: readonly Draw[]): ClaimsRelation {
  const names = Object.keys(of);
  const typeOf = (name: string) => of[name]!.type;
  const rows = draws.flatMap(({ claims }) =>
    claims.map(({ key, date, months, subjects }) => {
      const values = [literal(key), valueSql(date, "date"), valueSql(months, "integer")];
      return `(${[...values, ...names.map((name) => valueSql(subjects[name], typeOf(name)))].join(",")})`;
    }),
  );
  const empty = `(NULL::text, NULL::date, NULL::integer${names.map((name) => `, NULL::${typeOf(name)}`).join("")})`;
  const columns = names.map((_, index) => `subject_${index}`);
  return {
    sql: `SELECT * FROM (VALUES ${[empty, ...rows].join(",\n")}) AS t(${["benefit_key", "event_date", "months", ...columns].join(", ")})`,
    subjects: Object.fromEntries(names.map((name, index) => [name, columns[index]!])),
  };
}
