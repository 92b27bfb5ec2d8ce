import { fieldLabel, registryFields, showValue, sourceLabel, type FieldAuthority } from "#registry";

/** A person's row as PostgreSQL prints it, every column. */
export type PersonColumns = Readonly<Record<string, string | null>>;

export type Choice = "survivor" | "loser";

export interface CellChoice {
  readonly field: string;
  readonly label: string;
  readonly survivor: string | null;
  readonly loser: string | null;
  readonly survivorSource: string;
  readonly loserSource: string;
  /** Whose value stays when the officer chooses nothing: who is believed for the field, and among equals the newer. */
  readonly proposed: Choice;
}

/** Follow from other rows, or are decided with the record that stays: not chosen cell by cell. */
const NOT_CHOSEN: ReadonlySet<string> = new Set([
  "home_region",
  "household_id",
  "relation_to_head",
  "work_state",
  "life_state",
]);

/** Column by which two values of a field are compared, and the columns that travel together. */
const numberColumns = {
  identity: { compared: "identity_mask", columns: ["identity_kind", "identity_mask"] },
  phone: { compared: "phone_hash", columns: ["phone_mask", "phone_hash", "phone_tail"] },
  bank_account: { compared: "bank_hash", columns: ["bank_mask", "bank_hash"] },
} as const;
type NumberField = keyof typeof numberColumns;

export function isNumberField(field: string): field is NumberField {
  return field in numberColumns;
}

/** Columns written when a field is taken from the other record; the number itself lies in the envelope besides. */
export function columnsOf(field: string): readonly string[] {
  return isNumberField(field) ? numberColumns[field].columns : [field];
}

export function sourceOf(row: PersonColumns, field: string): number {
  const cells = JSON.parse(row["cell_sources"] ?? "{}") as Record<string, number>;
  return cells[field] ?? Number(row["source"]);
}

/** Fields in which two records differ, with what is proposed for each. `regionNameOf` gives the full name of a code. */
export function choicesOf(
  survivor: PersonColumns,
  loser: PersonColumns,
  authority: FieldAuthority,
  regionNameOf: (code: string) => string,
): CellChoice[] {
  return Object.keys(registryFields.person)
    .filter((field) => !NOT_CHOSEN.has(field))
    .flatMap((field): CellChoice[] => {
      const compared = isNumberField(field) ? numberColumns[field].compared : field;
      const [held, claimed] = [survivor[compared] ?? null, loser[compared] ?? null];
      if (held === claimed) return [];
      const shown = isNumberField(field) ? numberColumns[field].columns.find((one) => one.endsWith("_mask"))! : field;
      const show = (row: PersonColumns) => showValue("person", field, row[shown] ?? null, regionNameOf);
      return [
        {
          field,
          label: fieldLabel("person", field),
          survivor: show(survivor),
          loser: show(loser),
          survivorSource: sourceLabel(sourceOf(survivor, field)),
          loserSource: sourceLabel(sourceOf(loser, field)),
          proposed: proposedFor(field, held, claimed, survivor, loser, authority),
        },
      ];
    });
}

function proposedFor(
  field: string,
  held: string | null,
  claimed: string | null,
  survivor: PersonColumns,
  loser: PersonColumns,
  authority: FieldAuthority,
): Choice {
  if (claimed === null) return "survivor";
  if (held === null) return "loser";
  const ranks = [survivor, loser].map((row) => authority.rank("person", field, sourceOf(row, field))) as [
    number,
    number,
  ];
  if (ranks[0] !== ranks[1]) return ranks[0] < ranks[1] ? "survivor" : "loser";
  return (loser["recorded_on"] ?? "") > (survivor["recorded_on"] ?? "") ? "loser" : "survivor";
}
