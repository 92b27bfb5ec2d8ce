import { regionNames, within, type Scope } from "#registry";
import { sql } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import { handle, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { tableAs } from "../facts.ts";
import { isWaiting } from "../import/store.ts";
import {
  getRegister,
  getRegisterRow,
  listRegisterRows,
  listRegisters,
  listRowChanges,
  listRowsOfPerson,
  type RegisterRow,
  type RegisterSummary,
  type RowChange,
} from "../rows-contract.ts";
import { textsOfKept, valueOf, type Shape } from "../shape.ts";
import type { Shelf } from "../shelf.ts";
import { findStoredRow, listStoredRows, rowColumns, seen, type StoredRow } from "./list.ts";
import { showTexts, type Texts } from "./show.ts";

const MOST_CHANGES = 100;
const MOST_OF_PERSON = 20;

export function summaryOf({ definition, key }: Shape): RegisterSummary {
  const { name, title, about, group } = definition;
  return {
    name,
    title,
    about,
    group,
    columns: definition.columns.map((column) => ({
      column: column.column,
      label: column.label,
      type: column.type,
      required: column.required ?? false,
      codes: [...(column.codes ?? [])],
      register: column.register ?? null,
      hint: column.hint ?? "",
      aside: column.aside ?? false,
      key: key.includes(column),
    })),
  };
}

export async function toRows(
  tx: Tx,
  shelf: Shelf,
  scope: Scope,
  shape: Shape,
  stored: readonly StoredRow[],
): Promise<RegisterRow[]> {
  const values = await showTexts(
    tx,
    shelf,
    scope,
    shape,
    stored.map(({ texts }) => texts),
  );
  const nameOf = await regionNames(
    tx,
    stored.map(({ region }) => region),
  );
  return stored.map((row, index) => ({
    rowId: row.row_id,
    version: row.version,
    region: nameOf(row.region),
    recordedOn: row.recorded_on,
    values: values[index]!,
  }));
}

export function readHandlers(shelf: Shelf): readonly Handler[] {
  return [
    handle(listRegisters, async ({ tx, caller }) => {
      const scope = caller.sight.region;
      const counts = await countsOf(tx, shelf, scope);
      const imports = await importsOf(tx, scope);
      return shelf.definitions.map(({ name }) => {
        const last = imports.get(name);
        return {
          ...summaryOf(shelf.get(name)),
          rows: counts.get(name) ?? 0,
          waiting: last?.waiting ?? 0,
          lastImport:
            last?.import_id && last.applied_at
              ? {
                  importId: last.import_id,
                  appliedAt: last.applied_at.toISOString(),
                  receivedBy: last.received_by_name ?? "",
                }
              : null,
        };
      });
    }),

    handle(getRegister, ({ caller }, { register }) => {
      if (caller.sight.region === null) refuse(platformProblems.notFound("该登记簿"));
      return Promise.resolve(summaryOf(shelf.get(register)));
    }),

    handle(listRegisterRows, async (context, { page, size, ...filter }) => {
      const { tx, caller } = context;
      const scope = caller.sight.region;
      const shape = shelf.get(filter.register);
      const { rows, total } = await listStoredRows(tx, shelf, shape, scope, filter, { page, size });
      context.audit({ subject: `register:${shape.name}`, count: rows.length, total });
      return { rows: await toRows(tx, shelf, scope, shape, rows), total };
    }),

    handle(getRegisterRow, async (context, { register, rowId }) => {
      const { tx, caller } = context;
      const scope = caller.sight.region;
      const shape = shelf.get(register);
      const stored = (await findStoredRow(tx, shape, scope, rowId)) ?? refuse(platformProblems.notFound("这条记录"));
      context.audit({ subject: `register:${shape.name}:${rowId}`, region: stored.region, count: 1 });
      return (await toRows(tx, shelf, scope, shape, [stored]))[0]!;
    }),

    handle(listRowChanges, async (context, { register, rowId }) => {
      const { tx, caller } = context;
      const shape = shelf.get(register);
      const changes = await changesOf(tx, shelf, caller.sight.region, shape, rowId);
      context.audit({ subject: `register:${shape.name}:${rowId}`, count: changes.length });
      return changes;
    }),

    handle(listRowsOfPerson, async (context, { personId }) => {
      const { tx, caller } = context;
      const scope = caller.sight.region;
      const found = [];
      for (const { name } of shelf.definitions) {
        const shape = shelf.get(name);
        if (!shape.columns.some(({ type }) => type === "person")) continue;
        const stored = await rowsOfPerson(tx, shape, scope, personId);
        if (stored.rows.length === 0) continue;
        const { title, columns } = summaryOf(shape);
        found.push({
          name,
          title,
          columns,
          rows: await toRows(tx, shelf, scope, shape, stored.rows),
          total: stored.total,
        });
      }
      context.audit({
        subject: `registry.person:${personId}`,
        count: found.reduce((sum, { rows }) => sum + rows.length, 0),
      });
      return found;
    }),
  ];
}

/** Rows of each register in the area. */
async function countsOf(tx: Tx, shelf: Shelf, scope: Scope): Promise<Map<string, number>> {
  if (shelf.definitions.length === 0) return new Map();
  const each = shelf.definitions.map(({ name }) => {
    const shape = shelf.get(name);
    return sql`SELECT ${name}::text AS name, count(*)::int AS n FROM ${tableAs(shape, "r")} WHERE ${seen(shape, "r", scope)}`;
  });
  const { rows } = await sql<{ name: string; n: number }>`${sql.join(each, sql` UNION ALL `)}`.execute(tx);
  return new Map(rows.map((row) => [row.name, row.n]));
}

interface LatestImport {
  readonly register: string;
  readonly waiting: number;
  readonly import_id: string | null;
  readonly applied_at: Date | null;
  readonly received_by_name: string | null;
}

async function importsOf(tx: Tx, scope: Scope): Promise<Map<string, LatestImport>> {
  const { rows } = await sql<LatestImport>`
    SELECT i.register, (count(*) FILTER (WHERE ${isWaiting("i")}))::int AS waiting, last.import_id, last.applied_at, last.received_by_name
    FROM registers.import i LEFT JOIN LATERAL (
      SELECT l.import_id, l.applied_at, l.received_by_name FROM registers.import l
      WHERE l.register = i.register AND l.state = 'applied' AND ${within("l.region", scope)} ORDER BY l.applied_at DESC LIMIT 1) last ON true
    WHERE ${within("i.region", scope)} GROUP BY i.register, last.import_id, last.applied_at, last.received_by_name`.execute(
    tx,
  );
  return new Map(rows.map((row) => [row.register, row]));
}

async function rowsOfPerson(
  tx: Tx,
  shape: Shape,
  scope: Scope,
  personId: string,
): Promise<{ rows: StoredRow[]; total: number }> {
  const is = shape.columns
    .filter(({ type }) => type === "person")
    .map((column) => sql`${valueOf(shape, column, "r")} = ${personId}::bigint`);
  const where = sql`(${sql.join(is, sql` OR `)}) AND ${seen(shape, "r", scope)}`;
  const { rows } = await sql<StoredRow & { total: number }>`
    SELECT ${rowColumns(shape)}, count(*) OVER ()::int AS total FROM ${tableAs(shape, "r")} WHERE ${where}
    ORDER BY r.recorded_on DESC, row_id DESC LIMIT ${MOST_OF_PERSON}`.execute(tx);
  return { rows, total: rows[0]?.total ?? 0 };
}

interface StoredChange {
  readonly change_id: string;
  readonly act: RowChange["act"];
  readonly at: Date;
  readonly business_date: string;
  readonly officer_name: string;
  readonly reason: string;
  readonly import_id: string | null;
  readonly before: Texts | null;
  readonly after: Texts | null;
}

async function changesOf(tx: Tx, shelf: Shelf, scope: Scope, shape: Shape, rowId: string): Promise<RowChange[]> {
  const { rows } = await sql<StoredChange>`
    SELECT c.change_id, c.act, c.at, c.business_date, c.officer_name, c.reason, c.import_id,
      ${textsOfKept(shape, sql`c.before`)} AS before, ${textsOfKept(shape, sql`c.after`)} AS after
    FROM registers.change c WHERE c.register = ${shape.name} AND c.row_id = ${rowId} AND ${within("c.region", scope)}
    ORDER BY c.change_id DESC LIMIT ${MOST_CHANGES}`.execute(tx);
  const texts = rows.flatMap(({ before, after }) => [before ?? {}, after ?? {}]);
  const shown = await showTexts(tx, shelf, scope, shape, texts);
  return rows.map((row, index) => ({
    changeId: row.change_id,
    act: row.act,
    at: row.at.toISOString(),
    businessDate: row.business_date,
    officerName: row.officer_name,
    reason: row.reason,
    importId: row.import_id,
    cells: shape.columns
      .filter(({ column }) => (row.before?.[column] ?? null) !== (row.after?.[column] ?? null))
      .map(({ column, label }) => ({
        column,
        label,
        before: shown[2 * index]![column] ?? null,
        after: shown[2 * index + 1]![column] ?? null,
      })),
  }));
}
