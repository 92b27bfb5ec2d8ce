import type { RegistryEntity } from "./fields.ts";

/**
 * A table whose rows name a person. Every domain declares its own, so that two records found to be of one person can be made one
 * everywhere (`#duplicates`); a test reads the database's catalogue and fails when one was forgotten.
 */
export interface PersonTable {
  /** Schema and table. */
  readonly table: string;
  readonly column: string;
  /** Columns that identify a row; of tables whose key begins with the person, the rest of it. */
  readonly key: readonly string[];
  /**
   * move: the rows follow the person. derived: computed from others and computed again. history: says what was so at its time and
   * stays as it is.
   */
  readonly on: "move" | "derived" | "history";
  /** Facts whose history is kept in registry.change. */
  readonly entity?: RegistryEntity;
  /** Rows of a register, whose history is kept in registers.change: its name, or the column that names it. */
  readonly register?: { readonly name: string } | { readonly by: string };
  /** Its heading in the office's words, and its columns', for what is shown when two rows say of one thing different things. */
  readonly title?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Money was paid because of these rows: a second officer looks at what is done with them. */
  readonly money?: true;
  /** Of money: rows that agree in these columns are the same thing paid twice. */
  readonly paidOnce?: readonly string[];
  /** Holds the keyed hash of the number under which the row was reported: rows made later go with their number. */
  readonly number?: string;
}

const entity = (name: RegistryEntity, key: readonly string[]): PersonTable => ({
  table: `registry.${name}`,
  column: "person_id",
  key,
  on: "move",
  entity: name,
});

export const registryPersonTables: readonly PersonTable[] = [
  { table: "registry.person_key", column: "person_id", key: ["key_hash"], on: "move" },
  { table: "registry.person_access", column: "person_id", key: ["ground", "region", "valid_from"], on: "move" },
  entity("person_category", ["category", "valid_from"]),
  entity("employment", ["employment_id"]),
  entity("contract", ["employer_key", "start_date"]),
  entity("insurance_month", ["month", "kind", "employer_key"]),
  entity("wage_month", ["month", "employer_key"]),
  entity("other_record", ["title", "month"]),
  { table: "registry.comparison", column: "person_id", key: ["comparison_id"], on: "move" },
  { table: "registry.change", column: "person_id", key: ["change_id"], on: "history" },
  // Kept by triggers of the person's own row.
  { table: "registry.person_to_verify", column: "person_id", key: [], on: "history" },
  // Earlier states of rows, as they were then.
  { table: "registry.person_former", column: "person_id", key: [], on: "history" },
  { table: "registry.person_category_former", column: "person_id", key: [], on: "history" },
  { table: "registry.employment_former", column: "person_id", key: [], on: "history" },
];
