import { rowView, type Choice, type Target } from "./choose.ts";
import { errorKinds, type Alteration, type ErrorKind, type ErrorKindId, type KindContext } from "./kinds.ts";
import { Lot } from "./lot.ts";

/** A cell to be written anew: null empties it. */
export interface CellEdit {
  /** From 0. */
  readonly column: number;
  readonly value: string | number | null;
}

interface RowEdit {
  /** Cells of the row itself. */
  readonly cells: readonly CellEdit[];
}

/** A row that is put in as a copy of an earlier one. */
interface RowCopy {
  /** Row, by its number in the original file, that the copy comes after. */
  readonly after: number;
  readonly of: number;
  readonly cells: readonly CellEdit[];
}

export interface SheetEdits {
  readonly rows: ReadonlyMap<number, RowEdit>;
  /** In the order of `after`. */
  readonly copies: readonly RowCopy[];
}

/** One altered cell, or one row put in (then without a column). Row numbers are those of the planted file, from 1. */
export interface KeyEntry {
  readonly file: string;
  readonly sheet: string;
  readonly row: number;
  /** The header's text; empty where the whole row is the error. */
  readonly column: string;
  /** From 1; 0 where the whole row is the error. */
  readonly columnNumber: number;
  readonly kind: ErrorKindId;
  readonly expected: string;
  readonly original: string;
  readonly planted: string;
  /** Altered together with the error in the same row, so that it holds no second one. */
  readonly companion?: true;
  /** For copies: the row they repeat. */
  readonly copyOf?: number;
}

export interface PlannedFile {
  readonly sheets: Map<number, SheetEdits>;
  readonly key: KeyEntry[];
}

/** A copy stands up to so many rows further down. */
const FURTHEST_COPY = 60;

/** What is to be done in one file, and the key to it. */
export function planFile(
  fileName: string,
  choices: readonly Choice[],
  seed: string,
  contextOf: (target: Target) => KindContext,
): PlannedFile {
  const sheets = new Map<number, SheetEdits>();
  const key: KeyEntry[] = [];
  const bySheet = Map.groupBy(choices, ({ target }) => target.sheet.index);
  for (const [index, chosen] of [...bySheet].toSorted(([a], [b]) => a - b)) {
    const rows = new Map<number, RowEdit>();
    const planned = chosen
      .toSorted((a, b) => a.target.row - b.target.row)
      .map(({ kind, target }) => {
        const lot = new Lot(`${seed}/${kind}/${index}/${target.row}`);
        const definition: ErrorKind = errorKinds[kind];
        const alterations = definition
          .plant(rowView(target.cells, target.sheet.layout), lot, contextOf(target))!
          .filter(({ role, value }) => String(value) !== target.cells[target.sheet.layout.columns[role]!]);
        const after = definition.copies
          ? Math.min(target.sheet.lastPersonRow, target.row + lot.below(FURTHEST_COPY))
          : null;
        return { kind, target, alterations, after, expected: definition.expected };
      });
    const copies = planned
      .flatMap(({ target, alterations, after }) =>
        after === null ? [] : [{ after, of: target.row, cells: cellEdits(target, alterations) }],
      )
      .toSorted((a, b) => a.after - b.after || a.of - b.of);
    const shift = (row: number) => copies.filter(({ after }) => after < row).length;
    for (const { kind, target, alterations, after, expected } of planned) {
      const { sheet } = target;
      const common = { file: fileName, sheet: sheet.name, kind, expected };
      if (after === null) rows.set(target.row, { cells: cellEdits(target, alterations) });
      const place = copies.findIndex(({ of }) => of === target.row);
      const row = after === null ? target.row + shift(target.row) : after + place + 1;
      const copyOf = after === null ? {} : { copyOf: target.row + shift(target.row) };
      if (after !== null && alterations.length === 0)
        key.push({ ...common, row, column: "", columnNumber: 0, original: "", planted: "", ...copyOf });
      for (const { role, value, companion } of alterations) {
        const column = sheet.layout.columns[role]!;
        const original = target.cells[column] ?? "";
        key.push({
          ...common,
          row,
          column: sheet.layout.headers[column]!,
          columnNumber: column + 1,
          original,
          planted: String(value),
          ...(companion ? { companion } : {}),
          ...copyOf,
        });
      }
    }
    sheets.set(index, { rows, copies });
  }
  return {
    sheets,
    key: key.toSorted(
      (a, b) => a.sheet.localeCompare(b.sheet, "en") || a.row - b.row || a.columnNumber - b.columnNumber,
    ),
  };
}

function cellEdits({ sheet }: Target, alterations: readonly Alteration[]): CellEdit[] {
  return alterations.map(({ role, value }) => ({
    column: sheet.layout.columns[role]!,
    value: value === "" ? null : value,
  }));
}
