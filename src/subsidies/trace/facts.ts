import type { FactSource, Value } from "#kernel";
import { isDivision, shownValue } from "#policy";

/** As they were kept of a decided item, by column. */
export type KeptFacts = Readonly<Record<string, Value | null | undefined>>;

/** Codes of divisions among them, for looking up their names. */
export const divisionsOf = (source: FactSource | undefined, facts: KeptFacts): readonly string[] =>
  (source?.fields ?? []).flatMap((field) => {
    const value = facts[field.column];
    return isDivision(field) && typeof value === "string" ? [value] : [];
  });

/** Facts in the words of their source; what is no field of it (numbers of rows) says nothing to a reader. */
export function factsOf(source: FactSource | undefined, facts: KeptFacts, nameOf: (code: string) => string) {
  return (source?.fields ?? []).flatMap((field) => {
    const value = shownValue(field, facts[field.column] ?? null, nameOf);
    return value === null ? [] : [{ label: field.label, value }];
  });
}
