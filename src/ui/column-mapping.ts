/** One sheet of a file somebody sent, and what its columns are taken for. `F`: the fields that a column may be. */
export interface ReadSheet<F extends string> {
  readonly sheet: number;
  readonly name: string;
  readonly used: boolean;
  readonly headerRows: readonly number[];
  /** Null or absent: not counted. */
  readonly rows?: number | null;
  readonly columns: readonly {
    readonly column: number;
    readonly header: string;
    /** What stands in the first rows. */
    readonly samples: readonly string[];
    readonly field: F | null;
  }[];
}

/** Sheets with the same header (one per village, say) are understood once for all. */
export interface SheetGroup<F extends string> {
  readonly key: string;
  readonly sheets: readonly ReadSheet<F>[];
  readonly columns: ReadSheet<F>["columns"];
}

export function groupSheets<F extends string>(sheets: readonly ReadSheet<F>[]): SheetGroup<F>[] {
  const groups = new Map<string, ReadSheet<F>[]>();
  for (const sheet of sheets) {
    const key = `${sheet.used ? "used" : "left"} ${sheet.columns.map((column) => `${column.column}:${column.header}:${column.field ?? ""}`).join("|")}`;
    groups.set(key, [...(groups.get(key) ?? []), sheet]);
  }
  return [...groups.entries()].map(([key, members]) => ({ key, sheets: members, columns: members[0]?.columns ?? [] }));
}

/** How the officer wants one group understood: used at all, and a field (or none) per column. */
export interface GroupChoice<F extends string> {
  readonly used: boolean;
  readonly fields: Readonly<Record<number, F | null>>;
}

export function initialChoice<F extends string>(group: SheetGroup<F>): GroupChoice<F> {
  return {
    used: group.sheets[0]?.used ?? false,
    fields: Object.fromEntries(group.columns.map((column) => [column.column, column.field])),
  };
}

/** Gives a field to a column; a field stands for one column only, so the former holder loses it. */
export function assign<F extends string>(choice: GroupChoice<F>, column: number, field: F | null): GroupChoice<F> {
  const fields = Object.fromEntries(
    Object.entries(choice.fields).map(([key, held]) => [key, field !== null && held === field ? null : held]),
  );
  return { ...choice, fields: { ...fields, [column]: field } };
}

export function missingFields<F extends string>(choice: GroupChoice<F>, required: readonly F[]): F[] {
  const given = new Set(Object.values(choice.fields));
  return required.filter((field) => !given.has(field));
}

/** What the server is told: every sheet with the choice of its group. */
export function confirmedSheets<F extends string>(
  groups: readonly SheetGroup<F>[],
  choices: ReadonlyMap<string, GroupChoice<F>>,
) {
  return groups.flatMap((group) => {
    const choice = choices.get(group.key) ?? initialChoice(group);
    const columns = group.columns.map(({ column }) => ({ column, field: choice.fields[column] ?? null }));
    return group.sheets.map(({ sheet }) => ({ sheet, used: choice.used, columns }));
  });
}
