import { loadRegionIndex, shortEmployers, shortPersons, within } from "#registry";
import { sql, type RawBuilder } from "kysely";
import type { Db, Tx } from "../../platform/db/database.ts";
import type { ActionContext } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import { readCell, type CellReading, type ReadingContext } from "../cells/read-cell.ts";
import type { RegisterColumn } from "../definition.ts";
import { registersProblems } from "../problems.ts";
import { resolve, unfound } from "../resolve.ts";
import { isOf, sqlType, tableOf, type Shape } from "../shape.ts";
import type { Shelf } from "../shelf.ts";

/** Values as the table keeps them, as texts; null empties. */
export type KeptValues = ReadonlyMap<RegisterColumn, string | null>;

const CHOSEN = /^id:(\d{1,19})$/;

/** What an officer has written or chosen, read by the same rules as a table handed over. Refuses at the first cell that is wrong. */
export async function readWritten(
  context: ActionContext,
  shelf: Shelf,
  shape: Shape,
  area: string,
  written: Readonly<Record<string, string | null>>,
): Promise<Map<RegisterColumn, string | null>> {
  const { tx, services, businessDate } = context;
  const regions = await loadRegionIndex(tx);
  const reading: ReadingContext = { keys: services.keys, divisions: regions.matcher, area, businessDate };
  const kept = new Map<RegisterColumn, string | null>();
  for (const [name, text] of Object.entries(written)) {
    const column = shape.byName.get(name) ?? refuse(registersProblems.unknownColumn(name));
    const value = await keptValue({ tx, worker: services.database.worker }, shelf, shape, reading, column, text ?? "");
    if (value === null && (column.required || shape.key.length === 1) && isNeeded(shape, column))
      refuse(registersProblems.unfit(column.column, `“${column.label}”没有填写，这一栏必填。`));
    kept.set(column, value);
  }
  return kept;
}

function isNeeded(shape: Shape, column: RegisterColumn): boolean {
  return column.required === true || (shape.key.length === 1 && shape.key[0] === column);
}

async function keptValue(
  { tx, worker }: { readonly tx: Tx; readonly worker: Db },
  shelf: Shelf,
  shape: Shape,
  context: ReadingContext,
  column: RegisterColumn,
  text: string,
): Promise<string | null> {
  const unfit = (message: string) => refuse(registersProblems.unfit(column.column, `“${column.label}”：${message}`));
  const chosen = CHOSEN.exec(text)?.[1];
  if (chosen !== undefined && ["person", "employer", "reference"].includes(column.type))
    return (await isSeen(tx, shelf, context.area, column, chosen))
      ? chosen
      : unfit("所选的内容不在辖区内，请重新选择。");
  const reading = readCell(context, column, text, { key: shape.key.includes(column) });
  switch (reading.kind) {
    case "nothing":
      return null;
    case "value":
      return reading.value;
    case "fault":
      return unfit(reading.message);
    case "person":
    case "employer":
    case "reference": {
      const found = await lookUp(worker, shelf, context.area, column, reading);
      return found.value ?? unfit(found.message);
    }
  }
}

async function isSeen(tx: Tx, shelf: Shelf, area: string, column: RegisterColumn, id: string): Promise<boolean> {
  if (column.type === "person") return (await shortPersons(tx, area, [id])).has(id);
  if (column.type === "employer") return (await shortEmployers(tx, area, [id])).has(id);
  const other = shelf.referred(column.register!);
  const { rows } =
    await sql`SELECT FROM ${tableOf(other)} o WHERE ${sql.ref(`o.${other.definition.id}`)} = ${id} AND ${isOf(other, "o")}
    AND ${within("o.region", area)}`.execute(tx);
  return rows.length > 0;
}

/**
 * What is named exactly is found as an import finds it, with the worker's eyes: whoever is known to the area because he lives, works or is
 * insured in it, and a row of another register wherever it is kept. All that is said of it is that it is there.
 */
async function lookUp(
  worker: Db,
  shelf: Shelf,
  area: string,
  column: RegisterColumn,
  reading: Extract<CellReading, { kind: "person" | "employer" | "reference" }>,
): Promise<{ value: string | null; message: string }> {
  const { value, joins } = resolve(shelf, column, area);
  const name = (prefix: string) => sql.ref(`${prefix}_${column.column}`);
  const staged =
    reading.kind === "person"
      ? sql`${reading.hash}::uuid AS ${name("h")}, ${reading.mask}::text AS ${name("m")}`
      : reading.kind === "employer"
        ? sql`${reading.code}::text AS ${name("k")}, ${reading.nameKey}::bigint AS ${name("n")}, ${reading.text}::text AS ${name("t")}`
        : sql`${reading.text}::text AS ${name("t")}`;
  const { rows } = await sql<{ value: string | null; message: string }>`
    SELECT (${value})::text AS value, ${unfound(shelf, column)!.message} AS message FROM (SELECT ${staged}) s ${joins}`.execute(
    worker,
  );
  return rows[0]!;
}

/** SQL: `column = value` for every written value, those of a shared table's jsonb together. */
export function assignments(shape: Shape, values: KeptValues): { name: string; value: RawBuilder<unknown> }[] {
  const own = shape.own.flatMap((column): { name: string; value: RawBuilder<unknown> }[] => {
    if (!values.has(column)) return [];
    const value = values.get(column)!;
    // What is emptied becomes what it would be if it had never been said.
    return [{ name: column.column, value: value === null ? sql`DEFAULT` : sql`${value}::${sqlType(column)}` }];
  });
  const { shared } = shape.definition;
  const inContent = shape.inContent.filter((column) => values.has(column));
  if (!shared || inContent.length === 0) return own;
  const said = Object.fromEntries(inContent.map((column) => [column.column, jsonValue(column, values.get(column)!)]));
  const gone = inContent.filter((column) => values.get(column) === null).map(({ column }) => column);
  const content = sql`(coalesce(${sql.ref(shared.content)}, '{}'::jsonb) || jsonb_strip_nulls(${JSON.stringify(said)}::jsonb)) - ${gone}::text[]`;
  return [...own, { name: shared.content, value: content }];
}

/** What a new row of a shared table keeps beside its own columns. */
export function contentOf(shape: Shape, values: KeptValues): string {
  return JSON.stringify(
    Object.fromEntries(
      shape.inContent.flatMap((column) => {
        const value = values.get(column) ?? null;
        return value === null ? [] : [[column.column, jsonValue(column, value)]];
      }),
    ),
  );
}

function jsonValue(column: RegisterColumn, value: string | null): unknown {
  if (value === null) return null;
  if (column.type === "boolean") return value === "true";
  return ["integer", "fen", "employer", "person", "reference"].includes(column.type) ? Number(value) : value;
}
