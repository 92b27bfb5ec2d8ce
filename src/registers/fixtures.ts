import { join } from "node:path";
import type { ClientBase } from "pg";
import type { DomainModule } from "../platform/module.ts";
import type { RegisterDefinition } from "./definition.ts";

/** What the tables of a domain's registers stand on, without pages and routes: for tests of domains that keep registers. */
export const registersTables: DomainModule = { name: "registers", migrations: join(import.meta.dirname, "migrations") };

const SQL_TYPES: Readonly<Record<RegisterDefinition["columns"][number]["type"], readonly string[]>> = {
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

/** What is wrong between a definition and its table: columns, types, NOT NULL, codes and the unique key. Empty when they agree. */
export async function disagreements(client: ClientBase, definition: RegisterDefinition): Promise<string[]> {
  const { table, id, key, columns } = definition;
  const { rows } = await client.query<{ name: string; type: string; required: boolean }>(
    `SELECT attname AS name, format_type(atttypid, NULL) AS type, attnotnull AS required FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
    [table],
  );
  const found = new Map(rows.map((row) => [row.name, row]));
  const own = new Set([id, "region", "recorded_on", "import_id", "version"]);
  const named = new Set(columns.map(({ column }) => column));
  const unnamed = [...found.keys()].filter((name) => !own.has(name) && !named.has(name));
  const wrong = columns.flatMap(({ column, type, required = false }) => {
    const held = found.get(column);
    if (!held) return [`${column} is not in ${table}`];
    return [
      ...(SQL_TYPES[type].includes(held.type) ? [] : [`${column} is ${held.type}, not ${type}`]),
      ...(held.required === required ? [] : [`${column} is ${held.required ? "" : "not "}required by ${table}`]),
    ];
  });
  const checks = await client.query<{ definition: string }>(
    "SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conrelid = $1::regclass",
    [table],
  );
  const constraints = checks.rows.map((row) => row.definition);
  const codes = columns.flatMap(({ column, codes: allowed }) => {
    if (!allowed) return [];
    const check = constraints.find((one) => one.startsWith(`CHECK ((${column} = ANY`)) ?? "";
    const written = [...check.matchAll(/'([^']+)'/g)].map((match) => match[1]!);
    return written.join() === allowed.join() ? [] : [`codes of ${column}: ${written.join("、")}`];
  });
  const unique = constraints.some((one) => one === `UNIQUE (${key.join(", ")})`);
  return [
    ...unnamed.map((name) => `${name} is in ${table} only`),
    ...wrong,
    ...codes,
    ...(unique ? [] : [`no unique key (${key.join(", ")})`]),
  ];
}
