import {
  bookkeepingOf,
  consentLabels,
  endLabels,
  legalBases,
  lengthWords,
  periodOf,
  sensitiveKinds,
  type Length,
  type PeriodId,
} from "../../platform/privacy/index.ts";
import type { FieldRow } from "../contract.ts";
import type { Book } from "../retention/book.ts";

/** How long, from when: 5 年，自死亡或迁出登记之日起. */
export function keptWords(period: PeriodId, agreed: ReadonlyMap<PeriodId, Length>): string {
  const { from } = periodOf(period);
  return `${lengthWords(agreed.get(period) ?? periodOf(period))}，自${from}起`;
}

/** Every fact about people that the program holds, as the field register shows it. */
export function fieldRows(book: Book, agreed: ReadonlyMap<PeriodId, Length>): readonly FieldRow[] {
  return book.holdings.flatMap(({ title: domain, tables }) =>
    tables.flatMap((table) =>
      Object.entries(table.fields).map(([column, field]): FieldRow => {
        const period = periodOf(table.period);
        return {
          key: `${table.table}.${column}`,
          domain,
          table: table.table,
          tableTitle: table.title,
          column,
          label: field.label,
          sensitive: field.sensitive ? sensitiveKinds[field.sensitive] : null,
          derived: field.derived === true,
          masked: field.mask !== undefined,
          consent: field.consent ? consentLabels[field.consent] : null,
          basis: [
            ...new Set([...(field.basis ?? table.basis), ...(field.consent ? (["own-consent"] as const) : [])]),
          ].map((id) => legalBases[id]),
          purpose: field.purpose ?? table.purpose,
          seenBy: field.seenBy ?? table.seenBy,
          kept: keptWords(table.period, agreed),
          example: period.norm === null && !agreed.has(table.period),
          end: endLabels[field.end ?? table.end],
        };
      }),
    ),
  );
}

/** What the field register says of a column: a fact's name, what keeps the row, or nothing. */
export function entryOf(book: Book, table: string, column: string): string | null {
  const held = book.tables.find((one) => one.table === table);
  return held ? (held.fields[column]?.label ?? bookkeepingOf(held, column)) : null;
}
