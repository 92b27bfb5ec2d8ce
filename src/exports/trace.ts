import type { ActionContext } from "../platform/module.ts";
import { refuse } from "../platform/problem.ts";
import { cellText, isProblem, openSheets } from "../platform/sheets/index.ts";
import { exportNumbersIn, type Tracing } from "./contract.ts";
import { marksOfFoundRow } from "./marks.ts";
import { showExport } from "./show.ts";
import { tracedExports } from "./store.ts";

/** So many rows tell one export from another; a longer file is not read to its end. */
const MOST_ROWS = 500;
const MOST_EXPORTS = 20;

/** Which exports gave out what was found, by the number that stands in it and by its rows. Newest first where equal. */
async function trace(context: ActionContext, found: readonly (readonly string[])[]): Promise<Tracing> {
  const { tx, caller, services } = context;
  const numbers = [...new Set(found.flatMap((row) => row.flatMap(exportNumbersIn)))];
  const ids = numbers.map((number) => number.slice(number.lastIndexOf("-") + 1));
  const rows = found.map((row, index) => ({ row: index, marks: marksOfFoundRow(services.keys, row) }));
  const region = caller.sight.region ?? caller.sight.administers ?? "";
  const exports = await tracedExports(tx, region, ids, rows, MOST_EXPORTS);
  const shown = exports.map((row) => {
    const one = showExport(row, caller.officerId!);
    return { export: one, named: numbers.includes(one.number), rowsFound: row.rowsFound };
  });
  context.audit({ count: shown.length, exportNumbers: shown.map((one) => one.export.number).join("、") });
  return {
    rowsRead: found.length,
    numbers,
    // What the file says of itself is only as good as its rows: both are shown.
    exports: shown.toSorted((a, b) => Number(b.named) - Number(a.named)),
  };
}

export async function traceSheet(context: ActionContext, file: { key: string; name: string }): Promise<Tracing> {
  const local = await context.services.files.asLocalFile(file.key);
  try {
    const opened = await openSheets(local.path, { fileName: file.name });
    if (isProblem(opened)) refuse(opened);
    await using source = opened;
    const found: string[][] = [];
    for await (const rows of source.rows(0, { batchRows: MOST_ROWS })) {
      found.push(...rows.map((row) => row.cells.map((cell) => cellText(cell))));
      if (found.length >= MOST_ROWS) break;
    }
    return await trace(context, found.slice(0, MOST_ROWS));
  } finally {
    await local.release();
  }
}

/** Text as somebody copied it out of a table, a message or a picture: lines, cells apart by tabs, commas or spaces. */
export function traceLines(context: ActionContext, text: string): Promise<Tracing> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  return trace(
    context,
    lines.slice(0, MOST_ROWS).map((line) => line.split(/[\t,，;；|]|\s{1,}/)),
  );
}
