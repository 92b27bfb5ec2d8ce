import { sql, type RawBuilder } from "kysely";
import { handle, type ActionContext, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { lockRegister } from "../import/store.ts";
import { registersProblems } from "../problems.ts";
import { createRegisterRow, editRegisterRow, removeRegisterRow } from "../rows-contract.ts";
import { tableOf, type Shape } from "../shape.ts";
import type { Shelf } from "../shelf.ts";
import { ruleWords, violationOf } from "../violations.ts";
import { findStoredRow, seen, type StoredRow } from "./list.ts";
import { assignments, contentOf, readWritten, type KeptValues } from "./write-one.ts";

export function editHandlers(shelf: Shelf): readonly Handler[] {
  return [
    handle(createRegisterRow, async (context, { register, values: written, reason }) => {
      const shape = shelf.get(register);
      const area = areaOf(context);
      context.audit({ subject: `register:${shape.name}` });
      const blank = Object.fromEntries(shape.columns.map(({ column }) => [column, null]));
      const values = await readWritten(context, shelf, shape, area, { ...blank, ...written });
      const region = regionSaid(shape, values) ?? area;
      const columns = [
        ...shape.own.flatMap((column) => {
          const value = values.get(column) ?? null;
          // What is left open becomes the column's default.
          return value === null ? [] : [{ name: column.column, value: sql`${value}` }];
        }),
        { name: "region", value: sql`${region}` },
        { name: "recorded_on", value: sql`${context.businessDate}::date` },
        ...sharedColumns(shape, values),
      ];
      await lockRegister(context.tx, shape.name, "shared");
      const written_ = sql`INSERT INTO ${tableOf(shape)} AS r (${sql.join(columns.map(({ name }) => sql.ref(name)))})
        VALUES (${sql.join(columns.map(({ value }) => value))}) RETURNING ${returned(shape)}, NULL::jsonb AS before, to_jsonb(r) AS after`;
      const [row] = await note(context, shelf, shape, "create", reason, written_);
      context.audit({ subject: `register:${shape.name}:${row!.row_id}`, region, count: 1 });
      return { rowId: row!.row_id, version: row!.version };
    }),

    handle(editRegisterRow, async (context, { register, rowId, version, values: written, reason }) => {
      const shape = shelf.get(register);
      const { tx } = context;
      context.audit({ subject: `register:${shape.name}:${rowId}` });
      const stored = await rowToChange(context, shape, rowId, version);
      const read = await readWritten(context, shelf, shape, areaOf(context), written);
      const changed = new Map([...read].filter(([column, value]) => (stored.texts[column.column] ?? null) !== value));
      if (changed.size === 0) refuse(registersProblems.nothingChanged());
      const set = [...assignments(shape, changed), ...regionChange(shape, changed)].map(
        ({ name, value }) => sql`${sql.ref(name)} = ${value}`,
      );
      await lockRegister(tx, shape.name, "shared");
      const id = sql.ref(`r.${shape.definition.id}`);
      const [row] = await note(
        context,
        shelf,
        shape,
        "update",
        reason,
        sql`UPDATE ${tableOf(shape)} AS r SET ${sql.join(set)}, version = r.version + 1, recorded_on = ${context.businessDate}::date, import_id = NULL
          FROM (SELECT to_jsonb(k) AS kept FROM ${tableOf(shape)} k WHERE ${sql.ref(`k.${shape.definition.id}`)} = ${rowId}) was
          WHERE ${id} = ${rowId} AND r.version = ${version} AND ${seen(shape, "r", context.caller.sight.region)}
          RETURNING ${returned(shape)}, was.kept AS before, to_jsonb(r) AS after`,
      );
      const labels = [...changed.keys()].map(({ label }) => label);
      context.audit({ region: stored.region, count: 1, columns: labels });
      return { version: (row ?? refuse(registersProblems.rowChanged())).version, changed: labels };
    }),

    handle(removeRegisterRow, async (context, { register, rowId, version, reason }) => {
      const shape = shelf.get(register);
      context.audit({ subject: `register:${shape.name}:${rowId}`, reason });
      const stored = await rowToChange(context, shape, rowId, version);
      await lockRegister(context.tx, shape.name, "shared");
      await note(
        context,
        shelf,
        shape,
        "remove",
        reason,
        sql`DELETE FROM ${tableOf(shape)} AS r WHERE ${sql.ref(`r.${shape.definition.id}`)} = ${rowId} AND ${seen(shape, "r", context.caller.sight.region)}
          RETURNING ${returned(shape)}, to_jsonb(r) AS before, NULL::jsonb AS after`,
      );
      context.audit({ region: stored.region, count: 1 });
      return { removed: true as const };
    }),
  ];
}

function areaOf({ caller }: ActionContext): string {
  return caller.sight.region ?? refuse(platformProblems.outOfScope());
}

async function rowToChange(context: ActionContext, shape: Shape, rowId: string, version: number): Promise<StoredRow> {
  const { tx, caller } = context;
  const stored = await findStoredRow(tx, shape, caller.sight.region, rowId, true);
  if (!stored) return refuse(platformProblems.notFound("这条记录"));
  return stored.version === version ? stored : refuse(registersProblems.rowChanged());
}

function regionSaid(shape: Shape, values: KeptValues): string | null {
  return shape.regionColumn ? (values.get(shape.regionColumn) ?? null) : null;
}

/** A row goes with the region that it says it belongs to. */
function regionChange(shape: Shape, changed: KeptValues): { name: string; value: RawBuilder<unknown> }[] {
  const region = regionSaid(shape, changed);
  return region === null ? [] : [{ name: "region", value: sql`${region}` }];
}

function sharedColumns(shape: Shape, values: KeptValues): { name: string; value: RawBuilder<unknown> }[] {
  const { shared } = shape.definition;
  if (!shared) return [];
  return [
    { name: shared.by, value: sql`${shared.value}` },
    { name: shared.content, value: sql`${contentOf(shape, values)}::jsonb` },
  ];
}

const returned = (shape: Shape) => sql`${sql.ref(`r.${shape.definition.id}`)} AS row_id, r.version, r.region`;

/** Writes and notes in one statement; a rule of the database that the row breaks is said in words. */
async function note(
  context: ActionContext,
  shelf: Shelf,
  shape: Shape,
  act: "create" | "update" | "remove",
  reason: string,
  write: RawBuilder<unknown>,
): Promise<{ row_id: string; version: number }[]> {
  const { tx, caller, services, businessDate } = context;
  try {
    await sql`SET CONSTRAINTS ALL IMMEDIATE`.execute(tx);
    const { rows } = await sql<{ row_id: string; version: number }>`
      WITH written AS (${write}), noted AS (
        INSERT INTO registers.change (register, row_id, region, act, before, after, officer_id, officer_name, reason, business_date)
        SELECT ${shape.name}, row_id, region, ${act}, before, after, ${caller.officerId}::bigint, ${caller.name}, ${reason}, ${businessDate}::date FROM written)
      SELECT row_id, version FROM written`.execute(tx);
    return rows;
  } catch (cause) {
    const violation = violationOf(cause);
    if (!violation) throw cause;
    if (act === "remove" && violation.kind === "referred-to") {
      const other = shelf.definitions.find(({ table }) => table === violation.table);
      return refuse(registersProblems.referredTo(other?.title ?? "其他登记簿"));
    }
    if (violation.kind === "unique")
      return refuse(registersProblems.keyTaken(shape.key.map(({ label }) => label).join("、")));
    // The transaction is lost; the catalogue is asked on another connection.
    const words = await ruleWords(services.database.app, shape, violation);
    return refuse(registersProblems.breaksRule(`${words}。请核对后修改。`, { constraint: violation.constraint }));
  }
}
