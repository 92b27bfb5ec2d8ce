/**
 * A register as data: what an office keeps about one kind of thing that rules ask about (an introduction, a placement, a loan).
 * From the definition come its table's checks, import from any spreadsheet, entry form, list, filters, export and glossary. The
 * domain that defines it owns the table and its migration; its life cycle is the domain's own affair.
 */
export interface RegisterDefinition {
  /** In addresses and commands, e.g. "introductions": `/registers/introductions`, `wengang register import introductions FILE`. */
  readonly name: string;
  /** The thing in the office's words, e.g. 劳务介绍. */
  readonly title: string;
  /** What one row is and who hands it over: one sentence. */
  readonly about: string;
  /** Heading under which the register stands in the navigation, e.g. 岗位与输送. */
  readonly group: string;
  /** Schema and table; prepared by `registers.keep` in the domain's migration. */
  readonly table: string;
  /** Its identity column: bigint, generated. */
  readonly id: string;
  /** Columns that name a row to the office: the same row handed over again is the same row (a unique constraint in the table). */
  readonly key: readonly string[];
  /**
   * Of a register that shares its table with others and has no columns of its own there: the column that names it, and the jsonb
   * that holds its columns (all but person, employer and key). Dates are kept in it as text, fen and integers as numbers.
   */
  readonly shared?: { readonly by: string; readonly value: string; readonly content: string };
  readonly columns: readonly RegisterColumn[];
}

export interface RegisterColumn {
  readonly column: string;
  readonly label: string;
  /**
   * text · integer · fen (written in yuan) · date · month (its first day) · boolean (是/否) · code (one of `codes`) · region (a division's
   * name or code; kept as code) · person (written as identity number, kept as person_id) · employer (written as credit code or
   * name, kept as employer_id) · reference (written as the other register's number, kept as its id).
   */
  readonly type:
    | "text"
    | "integer"
    | "fen"
    | "date"
    | "month"
    | "boolean"
    | "code"
    | "region"
    | "person"
    | "employer"
    | "reference";
  readonly required?: boolean;
  /** What may stand there, as it is written and kept. */
  readonly codes?: readonly string[];
  /** Of a reference: the other register's name; it must have exactly one key column, which is what is written. */
  readonly register?: string;
  /** Other headings under which offices send it. */
  readonly synonyms?: readonly string[];
  /** For whoever fills it in. */
  readonly hint?: string;
  /** Not shown in the list unless chosen. */
  readonly aside?: boolean;
}
