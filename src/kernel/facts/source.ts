import { isDate } from "../values/dates.ts";
import { MAX_INTEGER, type Scalar, type ScalarKind, type Value, type ValueType } from "../values/types.ts";

/**
 * A domain's facts for rules: one row per possible subject of a rule, and the dictionary of its columns. The dictionary is the one
 * source for type checks, SQL, the calculator's questions, completion and `explain --schema`.
 */
export interface FactSource {
  /** What a rule writes after `claim:` or `over:`, e.g. 劳务介绍. */
  readonly name: string;
  readonly label: string;
  /**
   * SELECT with one row per possible subject, whose innermost scan is bounded by the placeholders, written `{{scope}}` and
   * `{{as_of}}`. The kernel fills in what its caller gives for them and reads nothing else of it.
   */
  readonly sql: string;
  /** Columns that together identify one row; they name the row in results and break ties of order. */
  readonly key: readonly KeyColumn[];
  /** Whom a limit may count (`per: [劳动者]`) → the column of this source that identifies it. */
  readonly subjects: Readonly<Record<string, KeyColumn>>;
  /** Of sources whose rows are parts of one claim (a month, a person of a batch): the claim they belong to. */
  readonly claim?: KeyColumn;
  /** `jurisdiction:` of a measure → the field that holds the code of the division, e.g. 输出地 → 劳动者.户籍县. */
  readonly jurisdictions: Readonly<Record<string, string>>;
  readonly fields: readonly FactField[];
}

export interface KeyColumn {
  readonly column: string;
  readonly type: "bigint" | "text";
}

export interface FactField {
  /** FEEL name: Chinese, with dots between the thing and its property, e.g. 就业.开始日期. */
  readonly name: string;
  readonly column: string;
  readonly type: ScalarKind | "list";
  readonly of?: ScalarKind;
  /** The code list of a text: value → label. */
  readonly codes?: Readonly<Record<string, string>>;
  readonly label: string;
  /** The question that asks a citizen for it; without one the calculator cannot ask. */
  readonly question?: string;
  /** Fields of several sources that are one thing for a citizen (his sex, his home county) bear one topic and are asked once. */
  readonly topic?: string;
  /** Department or person who can supply it when it is missing. */
  readonly supplier: string;
  /** Who or what can change it: 差什么 looks only at what is not `fixed`. */
  readonly changes: "by-person" | "by-time" | "fixed";
  /**
   * A date whose absence in an existing record says something: it has not come (an open end). As `until:` of a time condition such a
   * fact given as null means 仍在继续; everywhere else, and when it is not given at all, it is missing like any other.
   */
  readonly openEnded?: boolean;
  /** Values a person may pick in 差什么, e.g. the kinds of payee; codes are candidates without it. */
  readonly candidates?: readonly Scalar[];
}

export function fieldType(field: FactField): ValueType {
  return {
    kind: field.type,
    ...(field.of ? { of: field.of } : {}),
    ...(field.codes ? { codes: Object.keys(field.codes) } : {}),
  };
}

/** Facts as they come from outside: a name that is absent, or undefined, is missing; null is missing unless open-ended. */
export type Facts = Readonly<Record<string, Value | null | undefined>>;

/**
 * The value of a fact if it is one of its type, else null: what no engine could compute with (an integer beyond 2⁵³, 30 February, a
 * text that no database can hold, a list with a hole) is as missing as what is not there.
 */
export function readFact(type: ValueType, value: unknown): Value | null {
  if (value === null || value === undefined) return null;
  if (type.kind !== "list") return isScalar(type.kind, value) ? (value as Scalar) : null;
  const of = type.of ?? "text";
  return Array.isArray(value) && value.every((item) => isScalar(of, item)) ? (value as Scalar[]) : null;
}

/** Half of a pair of surrogates, and the character that ends text in C: no database holds them. Written so that old phones read it. */
const UNSTORABLE = /[\0\ud800-\udfff]/u;

function isScalar(kind: ScalarKind | "list", value: unknown): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string" && !UNSTORABLE.test(value);
    case "integer":
    case "fen":
      return Number.isInteger(value) && Math.abs(value as number) <= MAX_INTEGER;
    case "boolean":
      return typeof value === "boolean";
    case "date":
      return typeof value === "string" && isDate(value);
    case "list":
    case "rate":
      return false;
  }
}
