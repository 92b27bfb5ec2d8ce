import type { LedgerField, LedgerKind } from "../contract.ts";

/** Types of the columns in which a checked row is staged. */
export type StageType = "text" | "date" | "bigint" | "smallint" | "boolean" | "uuid" | "bytea";

/** What the checked values of a field become: one or more staged columns. */
export interface StageColumn {
  readonly name: string;
  readonly type: StageType;
}

/**
 * A kind of ledger as data: which columns it has, what makes a line, and what a line says about the registry.
 * A new kind of table is a new value of this type; the checking, comparing and applying know no kind by name.
 */
export interface LedgerKindDefinition {
  readonly kind: LedgerKind;
  /** `registry.source.code` of what it says. */
  readonly source: string;
  readonly fields: Readonly<Partial<Record<LedgerField, { readonly required?: true }>>>;
  /** Besides the person, the staged columns that tell one line from another. */
  readonly lineKey: readonly string[];
  /** Whether a person who was in the last table and is not in this one is a difference. */
  readonly vanishes: boolean;
  /** Reason of the vanished, and whether they are then to be verified by the village. */
  readonly vanishReason: "V1" | "V2";
  /**
   * Whether the same words say the same in every month, so that a row that was understood once need not be read again.
   * Not so where the month or today's date decides what a row means.
   */
  readonly timeless: boolean;
  /** Whether it says where somebody lives (its village column is the 户籍 village). */
  readonly home: boolean;
  /** What it says about employment: the person's one job outside posts, or one placement in a post. */
  readonly spell: "job" | "post" | null;
  readonly category: boolean;
  readonly household: boolean;
  /** A register whose rows it brings, with the columns that identify a row and those that are its content. */
  readonly register: RegisterTarget | null;
}

export interface RegisterTarget {
  readonly table: "insurance_month" | "wage_month" | "contract" | "other_record";
  readonly key: readonly RegisterColumn[];
  readonly content: readonly RegisterColumn[];
}

/** `stage` is the staged column's name, `column` the register's. */
export interface RegisterColumn {
  readonly stage: string;
  readonly column: string;
}

/** Columns of the same name on both sides, except where `renamed` says otherwise. */
export function registerColumns(
  names: readonly string[],
  renamed: Readonly<Record<string, string>> = {},
): RegisterColumn[] {
  return names.map((stage) => ({ stage, column: renamed[stage] ?? stage }));
}

/** Person columns a ledger may speak about, by field. Each is compared and adopted on its own. */
export const personColumns = {
  name: { column: "name", type: "text" },
  sex: { column: "sex", type: "smallint" },
  birthDate: { column: "birth_date", type: "date" },
  ethnicity: { column: "ethnicity", type: "smallint" },
  education: { column: "education", type: "smallint" },
  maritalStatus: { column: "marital_status", type: "smallint" },
  relationToHead: { column: "relation_to_head", type: "text" },
  labourCapacity: { column: "labour_capacity", type: "text" },
  health: { column: "health", type: "text" },
  jobWilling: { column: "job_willing", type: "boolean" },
  trainingWilling: { column: "training_willing", type: "boolean" },
  skills: { column: "skills", type: "text" },
  address: { column: "address", type: "text" },
} as const satisfies Partial<Record<LedgerField, StageColumn | { column: string; type: StageType }>>;
export type PersonField = keyof typeof personColumns;

/** Spell columns compared cell by cell once the spell is found. */
export const spellColumns = {
  employer: { column: "employer_name", type: "text" },
  workPlace: { column: "work_region", type: "text" },
  startDate: { column: "start_date", type: "date" },
  endDate: { column: "end_date", type: "date" },
  monthlyWage: { column: "monthly_wage_fen", type: "bigint" },
  form: { column: "form", type: "text" },
  channel: { column: "channel", type: "text" },
  industry: { column: "industry", type: "text" },
  occupation: { column: "occupation", type: "text" },
  endReason: { column: "end_reason", type: "text" },
} as const satisfies Partial<Record<LedgerField, { column: string; type: StageType }>>;
export type SpellField = keyof typeof spellColumns;

/** Columns every stage table has, before those of its kind. No identity number, phone or account in clear. */
export const commonStageColumns: readonly StageColumn[] = [
  { name: "sheet", type: "smallint" },
  { name: "row_no", type: "bigint" },
  { name: "held", type: "boolean" },
  { name: "line_key", type: "uuid" },
  { name: "id_hash", type: "uuid" },
  { name: "row_hash", type: "uuid" },
  // The cells as they stand in the file, where nothing was wrong with them (stage/recall.ts).
  { name: "text_hash", type: "uuid" },
  // Taken from what the same text said before; only the key and the hashes of the row are then staged.
  { name: "recalled", type: "boolean" },
  // The id that the row's number proposes for somebody nobody knows yet.
  { name: "proposed_id", type: "bigint" },
  // Identity number, phone and account in one envelope as the registry keeps them, and the hashes by which they are compared.
  { name: "secret", type: "bytea" },
  { name: "phone_hash", type: "uuid" },
  { name: "phone_tail", type: "text" },
  { name: "bank_hash", type: "uuid" },
  // Of the household's number within the row's own county, as `ledger.household_id` computes it.
  { name: "household_id", type: "bigint" },
  { name: "identity_kind", type: "text" },
  { name: "identity_mask", type: "text" },
  { name: "home_region", type: "text" },
  { name: "home_renamed", type: "boolean" },
];

/** The staged columns of a kind, in the order in which rows are copied. */
export function stageColumns(definition: LedgerKindDefinition): StageColumn[] {
  const has = (field: LedgerField) => field in definition.fields;
  const columns: StageColumn[] = [...commonStageColumns];
  const add = (name: string, type: StageType) => columns.push({ name, type });
  for (const [field, target] of Object.entries(personColumns))
    if (has(field as LedgerField)) add(target.column, target.type);
  // Sex and birth date stand in every 18-digit number, whether or not the table has columns for them.
  for (const field of ["sex", "birthDate"] as const) {
    const target = personColumns[field];
    if (!columns.some((column) => column.name === target.column)) add(target.column, target.type);
  }
  if (has("phone")) add("phone_mask", "text");
  if (has("bankAccount")) add("bank_mask", "text");
  if (definition.household) {
    add("household_no", "text");
    add("head_name", "text");
    if (has("perCapitaIncome")) add("per_capita_income_fen", "bigint");
  }
  if (has("category")) {
    add("category", "text");
    add("category_from", "date");
    add("category_precision", "text");
    add("category_to", "date");
    add("category_detail", "text");
  }
  if (has("employer")) {
    add("employer_name", "text");
    add("employer_key", "bigint");
  }
  if (definition.spell) {
    add("working", "boolean");
    add("work_region", "text");
    add("start_date", "date");
    add("start_precision", "text");
    add("end_date", "date");
    add("end_precision", "text");
    for (const field of ["monthlyWage", "form", "channel", "industry", "occupation", "endReason"] as const) {
      // A roster of posts has no column for the form: all of it is 公益性岗位.
      if (has(field) || (field === "form" && definition.spell === "post"))
        add(spellColumns[field].column, spellColumns[field].type);
    }
  }
  for (const { stage: name } of definition.register
    ? [...definition.register.key, ...definition.register.content]
    : []) {
    if (!columns.some((column) => column.name === name)) add(name, registerTypes[name] ?? "text");
  }
  return columns;
}

const registerTypes: Record<string, StageType> = {
  month: "date",
  employer_key: "bigint",
  base_fen: "bigint",
  employer_part_fen: "bigint",
  person_part_fen: "bigint",
  amount_fen: "bigint",
  paid_on: "date",
  start_date: "date",
  end_date: "date",
  signed_on: "date",
  monthly_wage_fen: "bigint",
};
