import { sql } from "kysely";
import type { Db, Tx } from "../platform/db/database.ts";
import type { Shape } from "./shape.ts";

/** A rule of the database that a row breaks. */
export interface Violation {
  readonly kind: "unique" | "check" | "exclusion" | "missing" | "referred-to";
  readonly constraint: string;
  /** `schema.table` whose rule it is. */
  readonly table: string;
  readonly column: string;
}

const kinds: Readonly<Record<string, Violation["kind"]>> = {
  "23505": "unique",
  "23514": "check",
  "23P01": "exclusion",
  "23502": "missing",
  "23503": "referred-to",
};

/** Null for every other fault. */
export function violationOf(cause: unknown): Violation | null {
  const error = cause as { code?: string; constraint?: string; schema?: string; table?: string; column?: string };
  const kind = kinds[error.code ?? ""];
  if (!kind) return null;
  return {
    kind,
    constraint: error.constraint ?? "",
    table: `${error.schema ?? ""}.${error.table ?? ""}`,
    column: error.column ?? "",
  };
}

/** The rule in Chinese: what the migration says of it, else the columns it is about. Without a full stop. */
export async function ruleWords(db: Db | Tx, shape: Shape, violation: Violation): Promise<string> {
  if (violation.kind === "missing")
    return `“${shape.byName.get(violation.column)?.label ?? violation.column}”没有填写，这一栏必填`;
  const { rows } = await sql<{ comment: string | null; columns: string[] }>`
    SELECT coalesce(obj_description(c.oid, 'pg_constraint'), obj_description(x.oid, 'pg_class')) AS comment,
      ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = ${shape.definition.table}::regclass
        AND a.attnum = ANY (coalesce(c.conkey, i.indkey::int2[]))) AS columns
    FROM (SELECT ${violation.constraint}::text AS name) wanted
    LEFT JOIN pg_constraint c ON c.conname = wanted.name AND c.conrelid = ${shape.definition.table}::regclass
    LEFT JOIN (pg_class x JOIN pg_index i ON i.indexrelid = x.oid AND i.indrelid = ${shape.definition.table}::regclass) ON x.relname = wanted.name`.execute(
    db,
  );
  const [found] = rows;
  if (found?.comment) return found.comment.replace(/。$/, "");
  const labels = (found?.columns ?? []).flatMap((name) => shape.byName.get(name)?.label ?? []);
  const words = labels.map((label) => `“${label}”`).join("、") || `规则 ${violation.constraint} 所管的内容`;
  return violation.kind === "unique" || violation.kind === "exclusion"
    ? `${words}与另一条记录相同或重叠`
    : `${words}不符合本登记簿的规定`;
}
