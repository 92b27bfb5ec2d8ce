import type { FactField, FactSource } from "#kernel/contract";
import { personFactsSql } from "#registry";
import type { RegisterColumn, RegisterDefinition } from "#registers/contract";
import type { FactDictionary } from "./dictionary.ts";

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Columns of a source's keys that are the row itself. */
const isOwnId = (column: string) => column !== "person_id" && column !== "employer_id";

function columnSql(field: FactField): string {
  const text = `s.facts->>${quoted(field.column)}`;
  switch (field.type) {
    case "date":
      return `(${text})::date`;
    case "integer":
    case "fen":
      return `(${text})::bigint`;
    case "boolean":
      return `(${text})::boolean`;
    default:
      return text;
  }
}
