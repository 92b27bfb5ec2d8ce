import { handle, type DomainModule, type Handler } from "../../platform/module.ts";
import { listFields } from "../contract.ts";
import { bookOf } from "../retention/book.ts";
import { agreedFor } from "../retention/settings.ts";
import { fieldRows } from "./rows.ts";

export const fieldHandlers = (modules: () => readonly DomainModule[]): readonly Handler[] => [
  handle(listFields, async ({ caller, services }, { page, size, domain, sensitivity, text }) => {
    const book = bookOf(modules());
    const area = (caller.sight.region ?? caller.sight.administers ?? "").slice(0, 2);
    // Lengths are everybody's to know; who set them is the administrators'.
    const all = fieldRows(book, await agreedFor(services.database.worker, area));
    const found = all.filter(
      (row) =>
        (domain === undefined || row.domain === domain) &&
        (sensitivity === undefined ||
          (sensitivity === "ordinary" && row.sensitive === null) ||
          (sensitivity === "sensitive" && row.sensitive !== null) ||
          (sensitivity === "consent" && row.consent !== null)) &&
        (text === undefined ||
          text === "" ||
          [row.label, row.tableTitle, row.column, row.purpose, row.table].some((words) => words.includes(text))),
    );
    return {
      rows: found.slice((page - 1) * size, page * size),
      total: found.length,
      domains: book.holdings.map(({ title }) => title),
      counts: {
        tables: book.tables.length,
        fields: all.length,
        sensitive: all.filter((row) => row.sensitive !== null).length,
        consent: all.filter((row) => row.consent !== null).length,
      },
    };
  }),
];
