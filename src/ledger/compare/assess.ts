import type { FieldAuthority } from "#registry";
import { firstDay } from "../../platform/dates/index.ts";
import { stageColumns, type LedgerKindDefinition } from "../kinds/kind.ts";
import type { stageTables } from "../stage/table.ts";
import { differenceIdSql } from "./candidates.ts";
import { changeSql } from "./change.ts";
import { comparedPersonColumns, comparedSpellColumns, workStateSql, type ComparedColumn } from "./person-columns.ts";
import { claimedSpell, clashSql, spellAct, spellJoins, spellSummary, switchDisputed } from "./spells.ts";
import { cellsSql, coveredSql, differsSql, disputedSql, namesWhere, NO_CELLS, quote, quoteList } from "./sql.ts";

export interface AssessOptions {
  readonly batchId: string;
  readonly definition: LedgerKindDefinition;
  readonly source: number;
  readonly authority: FieldAuthority;
  readonly coverage: readonly string[];
  readonly month: string;
  readonly tables: ReturnType<typeof stageTables>;
  /** Lines that other batches of the same kind and month report, which are not applied yet. */
  readonly openStages: readonly string[];
}

/** Parts of the statement for what a kind says beside the person: joins, an act, and the cells a reader sees. */
interface Part {
  readonly joins: string;
  readonly act: string;
  readonly cells: string;
}

const NOTHING: Part = { joins: "", act: "'none'", cells: NO_CELLS };

/**
 * A query that sets the candidates beside the registry, of the several `shares` of them the one numbered `share`: which
 * person cells and which employment each would change, what another source says otherwise, and the one kind and reason it is
 * shown under.
 *
 * `c` is the candidate, `p` the person held, `o` the open spell, `e` the held spell that the claim speaks of.
 * Steps are LATERAL with OFFSET 0, so that each is computed once per row and the next can use its names.
 */
export function assessSql(options: AssessOptions, share: number, shares: number): string {
  const { definition, source, authority } = options;
  const person = comparedPersonColumns(definition, "w.work_state");
  const spell = comparedSpellColumns(definition);
  const register = registerPart(definition);
  const category = categoryPart(definition);
  const covered = (column: string) => coveredSql(column, options.coverage);
  const names = (columns: readonly ComparedColumn[], disputed: (column: ComparedColumn) => string, want: boolean) =>
    namesWhere(columns, (column) => `${differsSql(column)} AND ${want ? "" : "NOT "}${disputed(column)}`);
  const disputedAlone = (column: ComparedColumn) =>
    column.silent ? "false" : disputedSql(column, "person", "p", source, authority);
  // Phone and account lie in one envelope: when one is disputed, the other waits with it.
  const sealed = person.filter((column) => column.writes.some((write) => write.column === "secret"));
  const sealedDisputed = `(${sealed.map((column) => `(${differsSql(column)} AND ${disputedAlone(column)})`).join(" OR ") || "false"})`;
  const personDisputed = (column: ComparedColumn) => (sealed.includes(column) ? sealedDisputed : disputedAlone(column));
  const spellDisputed = (column: ComparedColumn) => disputedSql(column, "employment", "e", source, authority);

  // What the history will say of an adopted row, made here: two connections make it, an apply has one.
  const change = (columns: readonly ComparedColumn[], alias: string, adopt: string) => {
    const { before, after } = changeSql(columns, alias, adopt, options);
    return [before, after].map((side) => `CASE WHEN ${adopt} <> '{}' THEN ${side} END`);
  };
  const [personBefore, personAfter] = change(person, "p", "a.person_adopt");
  const [spellBefore, spellAfter] = definition.spell
    ? change(spell, "e", "a.spell_adopt")
    : ["NULL::jsonb", "NULL::jsonb"];
  const mine = shares === 1 ? "true" : `c.difference_id % ${shares} = ${share}`;
  return `SELECT c.*, sa.spell_act, ${definition.spell ? "(o.spell).employment_id" : "NULL::bigint"} AS open_id, ${definition.spell ? "e.employment_id" : "NULL::bigint"} AS spell_id,
      a.person_adopt, a.person_dispute, a.spell_adopt, a.spell_dispute, a.spell_disputed, a.register_act, a.category_act, p.home_region AS held_region, j.reason,
      ${kindSql}
      CASE WHEN j.reason IS NULL THEN NULL
        WHEN j.reason = 'X1' THEN jsonb_build_array(jsonb_build_object('entity', 'person', 'field', 'home_region', 'held', left(p.home_region, 6), 'claimed', ${definition.home ? "c.home_region" : "NULL"}, 'source', p.source, 'act', 'task'))
        ELSE ${cellsSql("person", "p", person, "a.person_adopt", "a.person_dispute")} || ${spellSummary(definition)}
          || ${definition.spell ? cellsSql("employment", "e", spell, "a.spell_adopt", "a.spell_dispute") : NO_CELLS} || ${register.cells} || ${category.cells} END AS cells, NULL::text AS new_category, NULL::text AS new_spell,
      w.work_state AS next_work_state, ${personBefore} AS person_before, ${personAfter} AS person_after, ${spellBefore} AS spell_before, ${spellAfter} AS spell_after
    FROM ${sealedCandidates(options, `NOT c.new_person AND ${mine}`)}
      LEFT JOIN registry.person p ON p.person_id = c.person_id
      ${spellJoins(definition)} ${register.joins} ${category.joins}
      CROSS JOIN LATERAL (SELECT ${spellAct(definition)} AS spell_act OFFSET 0) sa
      ${
        definition.spell
          ? `CROSS JOIN LATERAL (SELECT (CASE sa.spell_act WHEN 'update' THEN same.spell WHEN 'rename' THEN o.spell END) AS spell OFFSET 0) held
      CROSS JOIN LATERAL (SELECT (held.spell).* OFFSET 0) e`
          : ""
      }
      CROSS JOIN LATERAL (SELECT ${workStateSql(definition, { act: "sa.spell_act", open: "(o.spell).employment_id", held: definition.spell ? "e.employment_id" : "NULL" })} AS work_state OFFSET 0) w
      CROSS JOIN LATERAL (SELECT
        CASE WHEN NOT c.leads THEN ARRAY[]::text[] ELSE ${names(person, personDisputed, false)} END AS person_adopt,
        CASE WHEN NOT c.leads THEN ARRAY[]::text[] ELSE ${names(person, personDisputed, true)} END AS person_dispute,
        ${definition.spell ? `CASE WHEN e.employment_id IS NULL THEN ARRAY[]::text[] ELSE ${names(spell, spellDisputed, false)} END` : "ARRAY[]::text[]"} AS spell_adopt,
        ${definition.spell ? `CASE WHEN e.employment_id IS NULL THEN ARRAY[]::text[] ELSE ${names(spell, spellDisputed, true)} END` : "ARRAY[]::text[]"} AS spell_dispute,
        ${switchDisputed(definition, source, authority)} AS spell_disputed,
        ${register.act} AS register_act, ${category.act} AS category_act OFFSET 0) a
      CROSS JOIN LATERAL (SELECT ${reasonSql(options, covered)} AS reason OFFSET 0) j
    ${definition.home ? `UNION ALL ${newcomersSql(options, mine)}` : ""}`;
}

const kindSql = `CASE left(j.reason, 1) WHEN 'X' THEN 'conflicting' WHEN 'R' THEN 'returned' WHEN 'M' THEN 'moved' WHEN 'N' THEN 'new' WHEN 'C' THEN 'changed' END AS kind,
      -- Of these nothing is adopted: who or when is itself in doubt.
      coalesce(j.reason IN ('X1', 'X3', 'X4', 'X5', 'X6'), false) AS blocked,`;

/** SQL: the candidates with the envelope that is to be written: of a known person the one laid over what is held. */
function sealedCandidates({ tables, definition }: AssessOptions, where: string): string {
  const columns = [
    "difference_id",
    ...stageColumns(definition).map((column) => column.name),
    "person_id",
    "new_person",
    "leads",
    "known_line",
    "missing_since",
    "line_month",
    "line_region",
    "line_hash",
    "line_text",
    "line_batch",
  ].map((name) =>
    name === "secret" ? "CASE WHEN c.new_person THEN c.secret ELSE x.secret END AS secret" : `c.${name}`,
  );
  return `(SELECT ${columns.join(", ")} FROM ${tables.candidates} c LEFT JOIN ${tables.secrets} x ON x.sheet = c.sheet AND x.row_no = c.row_no WHERE ${where}) c`;
}

/**
 * The same columns for people nobody knows yet, of whom nothing is held that could differ: the comparison of every cell
 * with nothing took longer than everything else together. Only who reports them may be in doubt.
 */
function newcomersSql(options: AssessOptions, mine: string): string {
  const { definition } = options;
  const facts: Record<string, string> = Object.fromEntries(
    newcomerFacts(definition, "c").map(({ name, value }) => [name, value]),
  );
  const [conflict, elsewhere] = newcomerConflicts(options);
  return `SELECT c.*, ${ASSESSED_ONLY.map((name) => facts[name]).join(", ")}, p.home_region, j.reason,
      ${kindSql}
      ${SHOWN_AND_WRITTEN.map((name) => facts[name]).join(", ")}
    FROM ${sealedCandidates(options, `c.new_person AND ${mine}`)}
      LEFT JOIN registry.person p ON p.person_id = c.person_id
      CROSS JOIN LATERAL (SELECT CASE WHEN ${conflict} THEN 'X5' WHEN ${elsewhere} THEN 'X6' WHEN c.missing_since IS NOT NULL THEN 'R2' ELSE 'N2' END AS reason OFFSET 0) j`;
}

/** The last columns of both statements: what a reader sees, and what an apply writes of somebody known. */
const SHOWN_AND_WRITTEN = [
  "cells",
  "new_category",
  "new_spell",
  "next_work_state",
  "person_before",
  "person_after",
  "spell_before",
  "spell_after",
] as const;

/** Columns that assessing adds to a candidate, in the order of both statements, up to what depends on the person held. */
const ASSESSED_ONLY = [
  "spell_act",
  "open_id",
  "spell_id",
  "person_adopt",
  "person_dispute",
  "spell_adopt",
  "spell_dispute",
  "spell_disputed",
  "register_act",
  "category_act",
] as const;

/**
 * The view that applying reads: `compared`, and, where nearly everybody is new, all staged rows that are not `apart`, which
 * are copied nowhere. The constants let the planner leave a branch out that a statement asks nothing of. `others` is what
 * `findNewcomers` found.
 */
export function assessedViewSql(
  definition: LedgerKindDefinition,
  tables: AssessOptions["tables"],
  others: number | null,
): string {
  const staged = stageColumns(definition).map((column) => column.name);
  const facts = newcomerFacts(definition, "s");
  const compared = `SELECT ${[...staged, ...facts.map(({ name }) => name)].map((name) => `c.${name}`).join(", ")} FROM ${tables.compared} c`;
  const newcomers = `SELECT ${staged.map((name) => `s.${name}`).join(", ")}, ${facts.map(({ name, value }) => `${value} AS ${name}`).join(", ")}
    FROM ${tables.rows} s WHERE NOT s.held ${others === 0 ? "" : `AND NOT EXISTS (SELECT 1 FROM ${tables.apart} x WHERE x.sheet = s.sheet AND x.row_no = s.row_no)`}`;
  return `CREATE VIEW ${tables.assessed} WITH (security_invoker = true) AS ${compared}${others === null ? "" : ` UNION ALL ${newcomers}`}`;
}

/** What a comparison would say of somebody nobody knows, by column of the assessed rows; `row` is the staged row. */
function newcomerFacts(definition: LedgerKindDefinition, row: string): { name: string; value: string }[] {
  const none = "ARRAY[]::text[]";
  const begins = definition.spell ? `${row}.start_date IS NOT NULL` : "false";
  const facts: Record<string, string> = {
    difference_id: differenceIdSql(row),
    person_id: `${row}.proposed_id`,
    new_person: "true",
    known_line: "false",
    spell_act: `CASE WHEN ${begins} THEN 'create' ELSE 'none' END`,
    open_id: "NULL::bigint",
    spell_id: "NULL::bigint",
    person_adopt: none,
    person_dispute: none,
    spell_adopt: none,
    spell_dispute: none,
    spell_disputed: "false",
    register_act: "'none'",
    category_act: definition.category ? `CASE WHEN ${row}.category IS NULL THEN 'none' ELSE 'create' END` : "'none'",
    held_region: "NULL::text",
    reason: "'N2'",
    kind: "'new'",
    blocked: "false",
    cells: "NULL::jsonb",
    new_category: "category" in definition.fields ? `${row}.category` : "NULL::text",
    new_spell: definition.spell ? `CASE WHEN ${begins} THEN ${claimedSpell(row)} END` : "NULL::text",
    next_work_state: "NULL::text",
    person_before: "NULL::jsonb",
    person_after: "NULL::jsonb",
    spell_before: "NULL::jsonb",
    spell_after: "NULL::jsonb",
    missing_since: "NULL::date",
    line_month: "NULL::date",
    line_hash: "NULL::uuid",
    line_text: "NULL::uuid",
    line_batch: "NULL::bigint",
  };
  return Object.entries(facts).map(([name, value]) => ({ name, value }));
}

function registerPart({ register }: LedgerKindDefinition): Part {
  if (!register) return NOTHING;
  const claim = (stage: string) => (stage === "content" ? "c.content::jsonb" : `c.${stage}`);
  const differs = ({ stage, column }: { stage: string; column: string }) =>
    `(c.${stage} IS NOT NULL AND r.${column} IS DISTINCT FROM ${claim(stage)})`;
  const cell = (target: {
    stage: string;
    column: string;
  }) => `CASE WHEN ${differs(target)} THEN jsonb_build_array(jsonb_build_object(
      'entity', '${register.table}', 'field', '${target.column}', 'held', r.${target.column}::text, 'claimed', c.${target.stage}::text, 'source', r.source, 'act', 'adopt', 'created', r.person_id IS NULL)) ELSE ${NO_CELLS} END`;
  return {
    joins: `LEFT JOIN registry.${register.table} r ON r.person_id = c.person_id AND ${register.key.map(({ stage, column }) => `r.${column} = c.${stage}`).join(" AND ")}`,
    act: `CASE WHEN r.person_id IS NULL THEN 'create' WHEN ${register.content.map(differs).join(" OR ")} THEN 'update' ELSE 'none' END`,
    cells: `(CASE WHEN a.register_act = 'none' THEN ${NO_CELLS} ELSE ${register.content.map(cell).join(" || ")} END)`,
  };
}

function categoryPart(definition: LedgerKindDefinition): Part {
  if (!definition.category) return NOTHING;
  // Only the list that recognises people adds a category to somebody known; other tables do so for people who are new (`newcomerFacts`).
  const mayAdd = definition.kind === "assisted-list" ? "true" : "false";
  return {
    joins:
      "LEFT JOIN registry.person_category g ON g.person_id = c.person_id AND g.category = c.category AND g.valid_to IS NULL",
    act: `CASE WHEN c.category IS NULL THEN 'none' WHEN g.person_id IS NULL AND ${mayAdd} AND NOT EXISTS (SELECT 1 FROM registry.person_category past WHERE past.person_id = c.person_id
        AND past.category = c.category AND past.valid_from = c.category_from) THEN 'create' WHEN g.person_id IS NOT NULL AND c.category_to IS NOT NULL THEN 'close' ELSE 'none' END`,
    cells: `(CASE a.category_act WHEN 'create' THEN jsonb_build_array(jsonb_build_object('entity', 'person_category', 'field', 'category', 'held', NULL, 'claimed', c.category, 'act', 'adopt'))
      WHEN 'close' THEN jsonb_build_array(jsonb_build_object('entity', 'person_category', 'field', 'valid_to', 'held', NULL, 'claimed', c.category_to::text, 'source', g.source, 'act', 'adopt')) ELSE ${NO_CELLS} END)`,
  };
}

/** SQL: the id that a new number proposes is somebody's; another office reports the same line for the same month. */
function newcomerConflicts({ definition, coverage, month, openStages }: AssessOptions): [string, string] {
  const reported = [
    `(c.known_line AND c.line_month = ${quote(firstDay(month))} AND NOT ${coveredSql("c.line_region", coverage)})`,
    ...openStages.map((table) => `EXISTS (SELECT 1 FROM ${table} other WHERE other.line_key = c.line_key)`),
  ];
  return ["p.person_id IS NOT NULL", definition.vanishes ? `(${reported.join(" OR ")})` : "false"];
}

/** The one reason code, the gravest first: conflicts, then returned, moved, new, changed. Null: nothing differs. */
function reasonSql(options: AssessOptions, covered: (column: string) => string): string {
  const { definition } = options;
  const adopts = (array: "person_adopt" | "spell_adopt", names: readonly string[]) =>
    `a.${array} && ARRAY[${quoteList(names)}]`;
  const elsewhere = definition.home ? `p.home_region IS NOT NULL AND NOT ${covered("p.home_region")}` : "false";
  const [, reportedElsewhere] = newcomerConflicts(options);
  const spell = definition.spell !== null;
  const lines: [string, string][] = [
    [elsewhere, "'X1'"],
    [reportedElsewhere, "'X6'"],
    ["sa.spell_act = 'overlap'", "'X3'"],
    [spell ? clashSql(definition) : "false", "'X3'"],
    ["sa.spell_act = 'stop'", "'X4'"],
    ["a.person_dispute <> '{}' OR a.spell_dispute <> '{}' OR a.spell_disputed", "'X2'"],
    ["c.missing_since IS NOT NULL", "'R2'"],
    [spell ? "sa.spell_act = 'create' AND b.spells > 0" : "false", "'R1'"],
    [spell ? `${adopts("spell_adopt", ["end_date"])} AND c.end_date IS NULL` : "false", "'R1'"],
    [
      adopts("person_adopt", ["home_region"]),
      definition.home
        ? "CASE WHEN c.home_renamed OR NOT EXISTS (SELECT 1 FROM registry.region g WHERE g.code = p.home_region AND g.valid_to IS NULL) THEN 'M1' ELSE 'M3' END"
        : "'M3'",
    ],
    ["sa.spell_act = 'create'", "'N1'"],
    ["a.register_act = 'create'", "'N3'"],
    ["sa.spell_act IN ('switch', 'rename')", "'C1'"],
    ["sa.spell_act = 'past'", "'C8'"],
    [
      adopts("spell_adopt", ["work_region"]),
      spell
        ? "CASE WHEN e.work_region IS NOT NULL AND NOT starts_with(c.work_region, e.work_region) THEN 'M2' ELSE 'C2' END"
        : "'C2'",
    ],
    [adopts("spell_adopt", ["start_date", "end_date"]), "'C5'"],
    [`${adopts("spell_adopt", ["monthly_wage_fen"])} OR a.register_act = 'update'`, "'C3'"],
    [adopts("person_adopt", ["phone", "bank_account"]), "'C4'"],
    [adopts("person_adopt", ["job_willing", "training_willing", "skills"]), "'C6'"],
    ["array_remove(a.person_adopt, 'work_state') <> '{}' OR a.spell_adopt <> '{}' OR a.category_act <> 'none'", "'C7'"],
  ];
  return `CASE ${lines.map(([when, then]) => `WHEN ${when} THEN ${then}`).join("\n        ")} END`;
}
