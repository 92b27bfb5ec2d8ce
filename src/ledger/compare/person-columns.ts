import { registryFields, type RegistryEntity } from "#registry";
import { personColumns, spellColumns, stageColumns, type LedgerKindDefinition } from "../kinds/kind.ts";

/** One cell of the registry that a ledger may change: how the claim and the held value are written in SQL. */
export interface ComparedColumn {
  /** Name in `registryFields`, in cell_sources, in comparison tasks. */
  readonly field: string;
  /** SQL of the claim; null where the ledger makes no statement. `c` is the candidate. */
  readonly claim: string;
  /** SQL of the held value; `p` is the person, `e` the employment. */
  readonly held: string;
  /** SQL: both are there and mean different things. Default: distinct values. */
  readonly differs?: string;
  /** What a reader of the difference sees: SQL text of claim and held value. */
  readonly shownClaim: string;
  readonly shownHeld: string;
  /** Columns written when the claim is adopted, with the SQL of their new value. */
  readonly writes: readonly { readonly column: string; readonly value: string }[];
  /** Changes with its act and is not shown as a difference of its own. */
  readonly silent?: true;
}

/** SQL names, in the statement at hand, of what the row does to spells: the act, the open spell, the spell it speaks of. */
export interface SpellNames {
  readonly act: string;
  readonly open: string;
  readonly held: string;
}

/**
 * SQL: the state of work that the row leaves its person in. Whoever has left a post may still have a job, and the other way round:
 * each table speaks of its own. And work that is over may be told of while other work goes on. What remains open decides, but for
 * the spell that the row itself ends.
 */
export function workStateSql(definition: LedgerKindDefinition, row: SpellNames): string {
  if (!definition.spell) return "NULL::text";
  const stillAtWork = `EXISTS (SELECT 1 FROM registry.employment w WHERE w.person_id = c.person_id AND w.end_date IS NULL
      AND (NOT ${sameKindSql(definition, "w")} OR w.employment_id IS DISTINCT FROM CASE ${row.act} WHEN 'switch' THEN ${row.open} ELSE ${row.held} END))`;
  return `CASE WHEN c.working OR ${stillAtWork} THEN 'working' ELSE 'idle' END`;
}

/** The cells of `registry.person` that a kind speaks about. `workState` names what `workStateSql` has found: of the assessed row, unless it is only being assessed. */
export function comparedPersonColumns(
  definition: LedgerKindDefinition,
  workState = "c.next_work_state",
): ComparedColumn[] {
  const staged = new Set(stageColumns(definition).map((column) => column.name));
  const columns: ComparedColumn[] = [];
  for (const { column } of Object.values(personColumns)) {
    if (staged.has(column)) columns.push(plain("person", "p", column));
  }
  if (staged.has("phone_mask"))
    columns.push(secret("phone", "phone_mask", "phone_hash", [{ column: "phone_tail", value: "c.phone_tail" }]));
  if (staged.has("bank_mask")) columns.push(secret("bank_account", "bank_mask", "bank_hash", []));
  if (definition.home) {
    columns.push({
      ...plain("person", "p", "home_region"),
      // A table that knows only the town does not contradict a village in it.
      differs: "c.home_region IS NOT NULL AND NOT starts_with(p.home_region, c.home_region)",
    });
  }
  if (definition.household) {
    const claim =
      "CASE WHEN c.household_no IS NOT NULL THEN ledger.household_id(c.household_no, left(coalesce(c.home_region, p.home_region), 6)) END";
    columns.push({
      field: "household_id",
      claim,
      held: "p.household_id",
      shownClaim: "c.household_no",
      shownHeld: "(SELECT h.household_no FROM registry.household h WHERE h.household_id = p.household_id)",
      writes: [{ column: "household_id", value: claim }],
    });
  }
  if (definition.spell) {
    columns.push({
      field: "work_state",
      claim: workState,
      held: "p.work_state",
      shownClaim: workState,
      shownHeld: "p.work_state",
      writes: [{ column: "work_state", value: workState }],
      silent: true,
    });
  }
  return columns;
}

/** The cells of one employment spell, once the claimed spell and the held one are known to be the same. */
export function comparedSpellColumns(definition: LedgerKindDefinition): ComparedColumn[] {
  if (!definition.spell) return [];
  const staged = new Set(stageColumns(definition).map((column) => column.name));
  const columns: ComparedColumn[] = [];
  for (const { column } of Object.values(spellColumns)) {
    if (!staged.has(column)) continue;
    if (column === "start_date") columns.push(startDate);
    else if (column === "end_date") columns.push(endDate);
    else if (column === "employer_name") columns.push(employer);
    else if (column === "work_region") columns.push(workRegion);
    else columns.push(plain("employment", "e", column));
  }
  return columns;
}

/** SQL: a held spell is of the kind that the table speaks of, a post or a job; both may be held side by side. */
export function sameKindSql(definition: LedgerKindDefinition, spell: string): string {
  return `(${spell}.form IS ${definition.spell === "post" ? "NOT " : ""}DISTINCT FROM 'welfare-post')`;
}

function plain(entity: RegistryEntity, held: "p" | "e", column: string): ComparedColumn {
  if (!(column in registryFields[entity])) throw new Error(`${entity}.${column} is not a field of the registry`);
  return {
    field: column,
    claim: `c.${column}`,
    held: `${held}.${column}`,
    shownClaim: `c.${column}::text`,
    shownHeld: `${held}.${column}::text`,
    writes: [{ column, value: `c.${column}` }],
  };
}

/** Compared by keyed hash, shown masked, stored in the envelope, which is written along. */
function secret(
  field: string,
  mask: string,
  hash: string,
  more: readonly { column: string; value: string }[],
): ComparedColumn {
  return {
    field,
    claim: `c.${hash}`,
    held: `p.${hash}`,
    shownClaim: `c.${mask}`,
    shownHeld: `p.${mask}`,
    writes: [
      { column: mask, value: `c.${mask}` },
      { column: hash, value: `c.${hash}` },
      ...more,
      { column: "secret", value: "c.secret" },
    ],
  };
}

/** A claim that names the same employer in another spelling keeps what is held; the key decides. */
const employer: ComparedColumn = {
  field: "employer_name",
  claim: "c.employer_key",
  held: "e.employer_key",
  shownClaim: "c.employer_name",
  shownHeld: "e.employer_name",
  writes: [
    { column: "employer_name", value: "c.employer_name" },
    { column: "employer_key", value: "c.employer_key" },
  ],
};

/** 「广东省」 does not contradict 441900. */
const workRegion: ComparedColumn = {
  field: "work_region",
  claim: "c.work_region",
  held: "e.work_region",
  differs: "c.work_region IS NOT NULL AND (e.work_region IS NULL OR NOT starts_with(e.work_region, c.work_region))",
  shownClaim: "c.work_region",
  shownHeld: "e.work_region",
  writes: [{ column: "work_region", value: "c.work_region" }],
};

/** A month does not contradict a day of that month. */
const startDate: ComparedColumn = {
  field: "start_date",
  claim: "c.start_date",
  held: "e.start_date",
  differs:
    "c.start_date IS DISTINCT FROM e.start_date AND NOT (c.start_precision = 'month' AND date_trunc('month', e.start_date) = c.start_date)",
  shownClaim: "CASE c.start_precision WHEN 'month' THEN to_char(c.start_date, 'YYYY-MM') ELSE c.start_date::text END",
  shownHeld: "CASE e.start_precision WHEN 'month' THEN to_char(e.start_date, 'YYYY-MM') ELSE e.start_date::text END",
  writes: [
    { column: "start_date", value: "c.start_date" },
    { column: "start_precision", value: "c.start_precision" },
  ],
};

/** Working without an end is a statement too: a spell that ended is claimed to go on. */
const endDate: ComparedColumn = {
  field: "end_date",
  claim: "c.end_date",
  held: "e.end_date",
  differs:
    "(c.end_date IS NOT NULL OR c.working) AND c.end_date IS DISTINCT FROM e.end_date AND NOT (c.end_precision IS NOT DISTINCT FROM 'month' AND date_trunc('month', e.end_date) IS NOT DISTINCT FROM date_trunc('month', c.end_date))",
  shownClaim:
    "coalesce(CASE c.end_precision WHEN 'month' THEN to_char(c.end_date, 'YYYY-MM') ELSE c.end_date::text END, 'ongoing')",
  shownHeld:
    "coalesce(CASE e.end_precision WHEN 'month' THEN to_char(e.end_date, 'YYYY-MM') ELSE e.end_date::text END, 'ongoing')",
  writes: [
    { column: "end_date", value: "c.end_date" },
    { column: "end_precision", value: "c.end_precision" },
  ],
};
