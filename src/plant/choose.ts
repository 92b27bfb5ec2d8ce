import { isProblem, openSheets, type SheetFormat, type SheetRow } from "../platform/sheets/index.ts";
import { cellText, findTable, isPersonRow, type Role, type TableLayout } from "./columns.ts";
import {
  errorKindIds,
  errorKinds,
  isFitForPlanting,
  type ErrorKind,
  type ErrorKindId,
  type KindContext,
  type Row,
} from "./kinds.ts";
import { Lot } from "./lot.ts";

interface PlantedSheet {
  /** Place among the sheets of the file. */
  readonly index: number;
  readonly name: string;
  readonly layout: TableLayout;
  readonly firstPersonRow: number;
  readonly lastPersonRow: number;
}

/** A row drawn for an error, with what stands in it. */
export interface Target {
  readonly file: string;
  readonly sheet: PlantedSheet;
  readonly row: number;
  readonly cells: readonly string[];
}

export interface Choice {
  readonly kind: ErrorKindId;
  readonly target: Target;
}

export type ErrorCounts = Readonly<Partial<Record<ErrorKindId, number>>>;

const LOOK_ROWS = 40;
/** Rows drawn for one kind may be taken by another; so more are drawn than are needed. */
const SPARE = 20;

/** A row's texts by role, over the layout of its sheet. */
export function rowView(cells: readonly string[], { columns }: TableLayout): Row {
  return { text: (role: Role) => (columns[role] === undefined ? "" : (cells[columns[role]] ?? "")) };
}

/**
 * Reads the files once and draws rows for each kind, every fit row as likely as another and no row for two kinds. Memory
 * holds the drawn rows only. Kinds for which few rows are fit choose first.
 */
export async function chooseRows(
  files: readonly string[],
  counts: ErrorCounts,
  seed: string,
  context: Omit<KindContext, "hasNumberCells">,
): Promise<{ choices: Choice[]; formats: Map<string, SheetFormat> }> {
  const draws = errorKindIds.flatMap((kind) => {
    const wanted = counts[kind] ?? 0;
    return wanted > 0
      ? [{ kind, wanted, reservoir: new Reservoir<Target>(wanted * 2 + SPARE, new Lot(`${seed}/${kind}`)) }]
      : [];
  });
  const formats = new Map<string, SheetFormat>();
  for (const file of files) {
    const source = await openSheets(file);
    if (isProblem(source)) throw new Error(`${file}: ${source.message}`);
    try {
      formats.set(file, source.format);
      const kindContext = { ...context, hasNumberCells: source.format !== "csv" };
      for (const { index, name } of source.sheets) {
        for await (const target of personRows(source.rows(index), file, { index, name })) {
          const view = rowView(target.cells, target.sheet.layout);
          if (!isFitForPlanting(view)) continue;
          for (const { kind, reservoir } of draws) if (canBear(kind, view, kindContext)) reservoir.offer(target);
        }
      }
    } finally {
      await source.close();
    }
  }
  const taken = new Set<string>();
  const choices: Choice[] = [];
  for (const { kind, wanted, reservoir } of draws.toSorted(
    (a, b) => a.reservoir.offered / a.wanted - b.reservoir.offered / b.wanted,
  )) {
    let left = wanted;
    for (const target of reservoir.drawn()) {
      const key = `${target.file}|${target.sheet.index}|${target.row}`;
      if (left === 0 || taken.has(key)) continue;
      taken.add(key);
      choices.push({ kind, target });
      left--;
    }
  }
  return { choices, formats };
}

function canBear(kind: ErrorKindId, row: Row, context: KindContext): boolean {
  const definition: ErrorKind = errorKinds[kind];
  return definition.plant(row, anyLot, context) !== null;
}

/** Whether a row can bear an error does not depend on what is drawn. */
const anyLot = new Lot("");

type MutableSheet = { -readonly [Key in keyof PlantedSheet]: PlantedSheet[Key] };

/** The rows about persons of one sheet. `sheet` of each is complete once all have been read. */
async function* personRows(
  batches: AsyncIterable<SheetRow[]>,
  file: string,
  named: { index: number; name: string },
): AsyncGenerator<Target> {
  let sheet: MutableSheet | null = null;
  for await (const batch of batches) {
    if (sheet === null) {
      const layout = findTable(batch.slice(0, LOOK_ROWS));
      if (layout === null) return;
      sheet = { ...named, layout, firstPersonRow: 0, lastPersonRow: 0 };
    }
    for (const row of batch) {
      if (!isPersonRow(row, sheet.layout)) continue;
      if (sheet.firstPersonRow === 0) sheet.firstPersonRow = row.number;
      sheet.lastPersonRow = row.number;
      yield { file, sheet, row: row.number, cells: row.cells.map(cellText) };
    }
  }
}

/** Keeps some of many, each as likely as another, without knowing how many come. */
class Reservoir<T> {
  readonly #capacity: number;
  readonly #lot: Lot;
  readonly #kept: T[] = [];
  offered = 0;

  constructor(capacity: number, lot: Lot) {
    this.#capacity = capacity;
    this.#lot = lot;
  }

  offer(value: T): void {
    this.offered++;
    if (this.#kept.length < this.#capacity) this.#kept.push(value);
    else {
      const place = this.#lot.below(this.offered);
      if (place < this.#capacity) this.#kept[place] = value;
    }
  }

  /** In random order. */
  drawn(): T[] {
    return this.#lot.sample(this.#kept, this.#kept.length);
  }
}
