import type { LedgerField, SheetMapping } from "../contract.ts";

/** Sheets with the same header (one per village, say) are understood once for all. */
export interface SheetGroup {
  readonly key: string;
  readonly sheets: readonly SheetMapping[];
  readonly columns: SheetMapping["columns"];
}

export function groupSheets(sheets: readonly SheetMapping[]): SheetGroup[] {
  const groups = new Map<string, SheetMapping[]>();
  for (const sheet of sheets) {
    const key = `${sheet.used ? "used" : "left"} ${sheet.columns.map((column) => `${column.column}:${column.header}:${column.field ?? ""}`).join("|")}`;
    groups.set(key, [...(groups.get(key) ?? []), sheet]);
  }
  return [...groups.entries()].map(([key, members]) => ({ key, sheets: members, columns: members[0]?.columns ?? [] }));
}

/** How the officer wants one group understood: used at all, and a field (or none) per column. */
export interface GroupChoice {
  readonly used: boolean;
  readonly fields: Readonly<Record<number, LedgerField | null>>;
}

export function initialChoice(group: SheetGroup): GroupChoice {
  return {
    used: group.sheets[0]?.used ?? false,
    fields: Object.fromEntries(group.columns.map((column) => [column.column, column.field])),
  };
}

/** Gives a field to a column; a field stands for one column only, so the former holder loses it. */
export function assign(choice: GroupChoice, column: number, field: LedgerField | null): GroupChoice {
  const fields = Object.fromEntries(
    Object.entries(choice.fields).map(([key, held]) => [key, field !== null && held === field ? null : held]),
  );
  return { ...choice, fields: { ...fields, [column]: field } };
}

export function missingFields(choice: GroupChoice, required: readonly LedgerField[]): LedgerField[] {
  const given = new Set(Object.values(choice.fields));
  return required.filter((field) => !given.has(field));
}

/** What the server is told: every sheet with the choice of its group. */
export function confirmedSheets(groups: readonly SheetGroup[], choices: ReadonlyMap<string, GroupChoice>) {
  return groups.flatMap((group) => {
    const choice = choices.get(group.key) ?? initialChoice(group);
    const columns = group.columns.map(({ column }) => ({ column, field: choice.fields[column] ?? null }));
    return group.sheets.map(({ sheet }) => ({ sheet, used: choice.used, columns }));
  });
}
