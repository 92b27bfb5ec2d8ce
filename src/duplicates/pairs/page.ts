import {
  fieldAuthority,
  fieldLabel,
  labelOfId,
  personCategory,
  regionNames,
  registryFields,
  showValue,
  sourceLabel,
  type PersonTable,
} from "#registry";
import type { OutputOf } from "../../platform/contract.ts";
import type { ActionContext } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { choicesOf, columnsOf, sourceOf, type PersonColumns } from "../merge/cells.ts";
import { titleOf } from "../merge/conflicts.ts";
import { isPaid } from "../merge/handlers.ts";
import { mergesOfPair } from "../merge/store.ts";
import { thresholds } from "../matching/store.ts";
import { openTransferOf } from "../transfers/store.ts";
import { askerOf } from "./asker.ts";
import type { getPair, SideFacts } from "./contract.ts";
import { toPairRows } from "./rows.ts";
import { categoriesHeld, countRows, listStoredPairs, personColumns, workOf } from "./store.ts";

type PairPage = OutputOf<typeof getPair>;

/** Shown first, in this order, whether they differ or not: by them an officer knows whom he looks at. */
const FIRST = ["name", "identity", "sex", "birth_date", "home_region", "phone", "bank_account"];
const LEFT_OUT = new Set(["household_id", "life_state"]);

/** Two records side by side, as far as the asker may see them: of one in another county nothing is read. */
export async function pairPage(
  context: ActionContext,
  tables: readonly PersonTable[],
  pairId: string,
): Promise<PairPage> {
  const { tx, services } = context;
  const asker = askerOf(context);
  const { rows } = await listStoredPairs(tx, { pairIds: [pairId] }, asker, { page: 1, size: 1 });
  const [pair] = await toPairRows(tx, rows, asker);
  if (!pair) return refuse(platformProblems.notFound("这一对疑似重复档案"));
  const records: PersonColumns[] = [];
  for (const { personId } of pair.sides) {
    const record = await personColumns(tx, asker.scope, personId);
    if (record) records.push(record);
  }
  const nameOf = await regionNames(
    tx,
    records.flatMap((record) => [record["home_region"] ?? null, record["residence_region"] ?? null]),
  );
  const fullName = (code: string) => nameOf(code).fullName;
  const sides = [];
  for (const [index, record] of records.entries())
    sides.push(await factsOfSide(context, tables, record, pair.sides[index]!));
  const authority = await fieldAuthority(tx);
  const bothHere = records.length === 2;
  const proposed = proposedSurvivor(sides);
  const order = proposed === records[1]?.["person_id"] ? [1, 0] : [0, 1];
  const choices = bothHere ? choicesOf(records[order[0]!]!, records[order[1]!]!, authority, fullName) : [];
  return {
    pair,
    sides,
    columns: columnsFor(records, fullName),
    choices: choices.map(({ field, label, proposed: choice }) => ({
      field,
      label,
      proposed: records[order[choice === "survivor" ? 0 : 1]!]!["person_id"]!,
    })),
    proposedSurvivor: bothHere ? proposed : null,
    whySecond:
      pair.state !== "open" || pair.kind === "swapped"
        ? null
        : pair.across
          ? "county"
          : (await isPaid(
                services,
                tables,
                records.map((record) => record["person_id"]!),
              ))
            ? "money"
            : null,
    thresholds: await thresholds(tx),
    merges: (await mergesOfPair(tx, pairId)).map(({ merge_id, state, proposed_at }) => ({
      mergeId: merge_id,
      state,
      at: proposed_at.toISOString(),
    })),
    transferId: await openTransferOf(tx, asker.scope, pairId),
  };
}

function columnsFor(records: readonly PersonColumns[], fullName: (code: string) => string): PairPage["columns"] {
  const fields = [...new Set([...FIRST, ...Object.keys(registryFields.person)])].filter(
    (field) => !LEFT_OUT.has(field),
  );
  return fields.flatMap((field) => {
    const columns = columnsOf(field);
    const shown = columns.find((column) => column.endsWith("_mask")) ?? field;
    const compared = columns.find((column) => column.endsWith("_hash")) ?? shown;
    const values = records.map((record) => showValue("person", field, record[shown] ?? null, fullName));
    if (!FIRST.includes(field) && values.every((value) => value === null)) return [];
    const [a, b] = records.map((record) => record[compared] ?? null);
    return [
      {
        field,
        label: fieldLabel("person", field),
        values,
        sources: records.map((record) => sourceLabel(sourceOf(record, field))),
        differs: records.length === 2 && a !== b,
      },
    ];
  });
}

async function factsOfSide(
  { tx }: ActionContext,
  tables: readonly PersonTable[],
  record: PersonColumns,
  side: PairPage["pair"]["sides"][number],
): Promise<SideFacts> {
  const rows = [];
  for (const table of tables) {
    if (table.on !== "move" || (!table.entity && !table.register)) continue;
    const count = await countRows(tx, table.table, table.column, side.personId);
    if (count > 0) rows.push({ title: titleOf(table), count });
  }
  const work = await workOf(tx, side.personId);
  return {
    ...side,
    recordedOn: record["recorded_on"]!,
    categories: (await categoriesHeld(tx, side.personId)).map((category) => labelOfId(personCategory, category)),
    rows,
    currentWork: work ? `${work.employer_name}，${work.start_date} 起` : null,
  };
}

/** The record with more behind it stays, and among equals the one known by more recent words. */
function proposedSurvivor(sides: readonly SideFacts[]): string | null {
  const weight = (side: SideFacts) => side.rows.reduce((sum, { count }) => sum + count, 0);
  return (
    sides.toSorted((a, b) => weight(b) - weight(a) || b.recordedOn.localeCompare(a.recordedOn))[0]?.personId ?? null
  );
}
