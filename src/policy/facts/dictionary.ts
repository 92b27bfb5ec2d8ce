import type { FactField, FactSource } from "#kernel/contract";
import type { Audience } from "./audience.ts";

/**
 * What a rule may name of one fact source: everything but the SELECT, which the domain that holds the facts supplies. The names of
 * the columns are the agreement between the two.
 */
export interface FactDictionary extends Omit<FactSource, "sql"> {
  /** Whom the measures over it concern, as payee or as the person because of whom another is paid. Absent: everybody is shown them. */
  readonly audience?: readonly Audience[];
  /** In plain words, the situation of somebody whom a row is about: by it he chooses what is counted for him. Absent: the label. */
  readonly situation?: string;
}

/** How a person gives a fact. Where the type does not say, the column's name does: `…county` or `region` holds a division's code. */
export type AnswerForm =
  | "yes-no"
  | "choice"
  | "county"
  | "text"
  | "number"
  | "money"
  | "date"
  /** The first day of a month, of a year: only those are asked for. */
  | "month"
  | "year";

export function answerFormOf({ type, column, codes }: FactField): AnswerForm | null {
  switch (type) {
    case "boolean":
      return "yes-no";
    case "text":
      return codes ? "choice" : /(^|_)(county|region)$/.test(column) ? "county" : "text";
    case "date":
      return column === "month" ? "month" : column === "year_from" ? "year" : "date";
    case "integer":
      return "number";
    case "fen":
      return "money";
    case "rate":
    case "list":
      return null;
  }
}

/** A dictionary as the kernel wants it where no rows are read: to check a rule, to ask a citizen, to try a case. */
export const withoutRows = (dictionary: FactDictionary): FactSource => ({ ...dictionary, sql: "" });

type Written = Omit<FactField, "name" | "column" | "type" | "of" | "codes" | "label" | "supplier" | "changes">;
interface More extends Partial<Written> {
  readonly changes?: FactField["changes"];
}

/** Fields of one supplier: what is said once for all of them. */
export function suppliedBy(supplier: string) {
  const field =
    (type: FactField["type"]) =>
    (name: string, column: string, label: string, question: string | null, more: More = {}): FactField => ({
      name,
      column,
      type,
      label,
      ...(question === null ? {} : { question }),
      supplier,
      changes: "fixed",
      ...more,
    });
  const text = field("text");
  const yes = field("boolean");
  return {
    text,
    yes,
    /**
     * What a document demands that the rule's text cites and does not repeat. Its office decides case by case, and nobody else can be
     * asked: until it has, the answer is unknown, never yes.
     */
    meetsCited: () => yes("申请.符合文件条件", "meets_cited", "符合所引文件规定的条件（由审核部门认定）", null),
    date: field("date"),
    /** A date that has not come is an answer: still running. */
    end: (name: string, column: string, label: string, question: string | null): FactField =>
      field("date")(name, column, label, question, { openEnded: true, changes: "by-time" }),
    money: field("fen"),
    count: field("integer"),
    code: (
      name: string,
      column: string,
      label: string,
      question: string | null,
      codes: readonly string[],
      more: More = {},
    ): FactField => ({
      ...text(name, column, label, question, more),
      codes: Object.fromEntries(codes.map((code) => [code, code])),
    }),
  };
}

export const id = (column: string) => ({ column, type: "bigint" }) as const;
