import {
  COMPARISON_DUE_DAYS,
  raiseComparison,
  regionNames,
  showValue,
  sourceNumbers,
  type PersonTable,
} from "#registry";
import { addDays } from "../../platform/dates/index.ts";
import type { Tx } from "../../platform/db/database.ts";
import { labelOf } from "../tables.ts";
import { movedKeys, rowsAside, survivorRows } from "./store.ts";

type Row = Readonly<Record<string, string | null>>;

/** The reason of a task that a merge raises, in words of its own. */
const MERGED = "档案合并";
/** Columns that say who and when it was written, not what. */
const BOOKKEEPING = new Set([
  "version",
  "batch_id",
  "created_batch",
  "recorded_on",
  "source",
  "cell_sources",
  "home_region",
  "previous_end",
  "import_id",
  "region",
]);
const MOST_TASKS = 20;

interface Where {
  readonly mergeId: string;
  readonly survivorId: string;
  readonly survivorHome: string;
  readonly businessDate: string;
}

/**
 * What an officer must look at after a merge: a row that both records had with different words, of which the survivor's stayed, and
 * a payment that was made to both. Comparison tasks of the survivor's; nothing is lost meanwhile, the map holds it.
 */
export async function raiseConflicts(tx: Tx, tables: readonly PersonTable[], where: Where): Promise<number> {
  let raised = 0;
  for (const table of tables) {
    if (table.on !== "move" || (!table.entity && !table.register)) continue;
    for (const { held, other } of [...(await differing(tx, table, where)), ...(await paidTwice(tx, table, where))]) {
      if (raised >= MOST_TASKS) return raised;
      const say = await wordsFor(tx, table, held, other);
      await raiseComparison(tx, {
        entity: table.entity ?? "person",
        personId: where.survivorId,
        entityKey: table.entity ? Object.fromEntries(table.key.map((column) => [column, held[column]])) : {},
        homeRegion: where.survivorHome,
        reason: MERGED,
        field: `合并后核对：${table.title ?? titleOf(table)}`,
        heldValue: say(held),
        heldSource: sourceOf(held),
        claimedValue: say(other),
        claimedSecret: null,
        claimedSource: sourceOf(other),
        dueOn: addDays(where.businessDate, COMPARISON_DUE_DAYS),
      });
      raised += 1;
    }
  }
  return raised;
}

const sourceOf = (row: Row): number => Number(row["source"] ?? sourceNumbers.other);

/** Rows set aside that say something else than the survivor's row in their place. */
async function differing(tx: Tx, table: PersonTable, where: Where): Promise<{ held: Row; other: Row }[]> {
  const aside = await rowsAside(tx, where.mergeId, table.table);
  if (aside.length === 0) return [];
  const kept = await survivorRows(tx, table.table, table.column, where.survivorId);
  return aside.flatMap((other) => {
    const held = kept.toSorted((a, b) => alike(b, other, table) - alike(a, other, table))[0];
    return held && columnsThatDiffer(table, held, other).length > 0 ? [{ held, other }] : [];
  });
}

/** How many of the shown columns agree: which of the survivor's rows the one set aside stands for. */
function alike(held: Row, other: Row, table: PersonTable): number {
  return Object.keys(other).filter((column) => labelOf(table, column) && held[column] === other[column]).length;
}

async function paidTwice(tx: Tx, table: PersonTable, where: Where): Promise<{ held: Row; other: Row }[]> {
  const { paidOnce, key } = table;
  if (!paidOnce) return [];
  const came = await movedKeys(tx, where.mergeId, table.table, key[0]!);
  if (came.size === 0) return [];
  const rows = await survivorRows(tx, table.table, table.column, where.survivorId);
  const had = rows.filter((row) => !came.has(row[key[0]!]!));
  return rows
    .filter((row) => came.has(row[key[0]!]!))
    .flatMap((other) => {
      const held = had.find((row) => paidOnce.every((column) => row[column] === other[column]));
      return held ? [{ held, other }] : [];
    });
}

function columnsThatDiffer(table: PersonTable, held: Row, other: Row): string[] {
  return Object.keys(other).filter(
    (column) => !BOOKKEEPING.has(column) && labelOf(table, column) !== undefined && held[column] !== other[column],
  );
}

/** A row in words: what it differs in, and for a payment made twice all that names it. */
async function wordsFor(tx: Tx, table: PersonTable, held: Row, other: Row): Promise<(row: Row) => string> {
  const columns = [...new Set([...(table.paidOnce ?? []), ...columnsThatDiffer(table, held, other)])];
  const nameOf = await regionNames(
    tx,
    [held, other].flatMap((row) => [row["work_region"] ?? null, row["insured_region"] ?? null]),
  );
  return (row) =>
    columns
      .flatMap((column) => {
        const value = row[column] ?? null;
        const shown = table.entity
          ? showValue(table.entity, column, value, (code) => nameOf(code).fullName)
          : column.endsWith("_fen") && value !== null
            ? `${(Number(value) / 100).toFixed(2)} 元`
            : value;
        return shown === null ? [] : [`${labelOf(table, column) ?? column} ${shown}`];
      })
      .join("；");
}

const titles: Readonly<Record<string, string>> = {
  "registry.person_category": "身份类别",
  "registry.employment": "务工经历",
  "registry.contract": "劳动合同",
  "registry.insurance_month": "参保缴费",
  "registry.wage_month": "工资发放",
  "registry.other_record": "其他台账",
  "registry.person_key": "证件号码",
  "registry.person_access": "外地可见",
  "registry.comparison": "比对任务",
  "ledger.line": "台账行",
};

/** A table in the office's words. */
export function titleOf({ table, title }: Pick<PersonTable, "table" | "title">): string {
  return title ?? titles[table] ?? "其他记录";
}
