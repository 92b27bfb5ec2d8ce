import type { Cell, CellRange, SheetRow } from "../../platform/sheets/index.ts";
import { cellText } from "../check/cell-text.ts";
import type { LedgerField } from "../contract.ts";
import type { LedgerKindDefinition } from "../kinds/kind.ts";
import { headerPatterns, headerSynonyms, normaliseHeader, OTHER_PLACE } from "./synonyms.ts";

/** How one sheet is laid out, as found in its first rows. Rows and columns are 1-based, as the sheet shows them. */
export interface SheetLayout {
  readonly headerRows: readonly number[];
  readonly firstDataRow: number;
  readonly columns: readonly LayoutColumn[];
}

export interface LayoutColumn {
  readonly column: number;
  readonly header: string;
  readonly samples: readonly string[];
  readonly field: LedgerField | null;
}

const LOOK_ROWS = 40;
const SAMPLES = 3;

/**
 * Finds the header among title lines and understands its columns by synonyms. Null when no row looks like one
 * (fewer than two known columns): such a sheet holds no table of this kind.
 */
export function findLayout(
  rows: readonly SheetRow[],
  merges: readonly CellRange[],
  definition: LedgerKindDefinition,
): SheetLayout | null {
  const head = rows.slice(0, LOOK_ROWS);
  let best: { at: number; rows: number; headers: string[]; known: number } | null = null;
  for (let at = 0; at < head.length; at++) {
    const single = headerTexts([head[at]!], merges);
    const next = head[at + 1];
    const candidates = [{ rows: 1, headers: single }];
    // A second header row must follow at once and may only fill columns that the first one spans.
    if (next && next.number === head[at]!.number + 1)
      candidates.push({ rows: 2, headers: headerTexts([head[at]!, next], merges) });
    for (const candidate of candidates) {
      const known = new Set(matchColumns(candidate.headers, definition).filter((field) => field !== null)).size;
      if (known >= 2 && known > (best?.known ?? 0)) best = { at, known, ...candidate };
    }
  }
  if (!best) return null;
  const last = head[best.at + best.rows - 1]!;
  const data = rows.filter((row) => row.number > last.number && !isColumnNumbers(row));
  const fields = matchColumns(best.headers, definition);
  return {
    headerRows: head.slice(best.at, best.at + best.rows).map((row) => row.number),
    firstDataRow: data[0]?.number ?? last.number + 1,
    columns: best.headers.map((header, index) => ({
      column: index + 1,
      header,
      samples: data
        .map((row) => cellText(row.cells[index] ?? null))
        .filter((text) => text !== "")
        .slice(0, SAMPLES),
      field: fields[index]!,
    })),
  };
}

/** One text per column: a lower header alone where it says enough, else with the upper (merged) one before it. */
function headerTexts(rows: readonly SheetRow[], merges: readonly CellRange[]): string[] {
  const width = Math.max(...rows.map((row) => row.cells.length));
  const at = (row: SheetRow, column: number): string => {
    const own = cellText(row.cells[column - 1] ?? null);
    if (own !== "") return own;
    const merge = merges.find(
      (range) => row.number >= range.top && row.number <= range.bottom && column >= range.left && column <= range.right,
    );
    if (!merge) return "";
    const origin = rows.find((candidate) => candidate.number === merge.top);
    return origin ? cellText(origin.cells[merge.left - 1] ?? null) : "";
  };
  return Array.from({ length: width }, (_, index) => {
    const texts = rows.map((row) => at(row, index + 1));
    const [upper, lower] = texts;
    if (texts.length === 1 || lower === "" || lower === undefined || lower === upper) return upper ?? "";
    if (upper === undefined || upper === "") return lower;
    const joined = `${upper}${lower}`;
    if (isKnownTogether(joined) || OTHER_PLACE.test(upper)) return joined;
    return isKnownHeader(lower) ? lower : joined;
  });
}

function isKnownTogether(header: string): boolean {
  const text = normaliseHeader(header);
  return Object.values(headerPatterns).some((pattern) => pattern.test(text));
}

const allSynonyms = new Set(Object.values(headerSynonyms).flat());

function isKnownHeader(header: string): boolean {
  return allSynonyms.has(normaliseHeader(header));
}

/**
 * One field (or none) per header; a field is given once, to the best fitting column. In a two-row header
 * 「务工地点」over 「省」「市」「县」 the joined text 「务工地点省」 decides before 「省」 alone could mean the home.
 */
export function matchColumns(headers: readonly string[], definition: LedgerKindDefinition): (LedgerField | null)[] {
  const fields = Object.keys(definition.fields) as LedgerField[];
  const scored: { column: number; field: LedgerField; score: number }[] = [];
  headers.forEach((header, column) => {
    const text = normaliseHeader(header);
    if (text === "" || text === "序号") return;
    for (const field of fields) {
      const score = Math.max(
        headerScore(text, headerSynonyms[field]),
        headerPatterns[field]?.test(text) ? PATTERN_SCORE : 0,
      );
      if (score > 0) scored.push({ column, field, score });
    }
  });
  const result: (LedgerField | null)[] = headers.map(() => null);
  const taken = new Set<LedgerField>();
  for (const { column, field } of scored.toSorted((a, b) => b.score - a.score || a.column - b.column)) {
    if (result[column] !== null || taken.has(field)) continue;
    result[column] = field;
    taken.add(field);
  }
  return result;
}

/** Less than any synonym itself, more than any header that only contains one. */
const PATTERN_SCORE = 900;

/** 1000 for a synonym itself, less for a header that contains one (longer is better), 0 for none. */
function headerScore(header: string, synonyms: readonly string[]): number {
  let score = 0;
  for (const [rank, synonym] of synonyms.entries()) {
    if (header === synonym) return 1000 - rank;
    // One-character synonyms (市、县、镇) are contained in too much else.
    if (synonym.length >= 2 && header.length <= synonym.length + 8 && header.includes(synonym))
      score = Math.max(score, synonym.length * 10 - (header.length - synonym.length));
  }
  return score;
}

const FOOTER =
  /^(合计|总计|小计|共计|本页小计|填表人|填报人|制表|制表人|审核|审核人|复核|负责人|单位负责人|经办人|填报单位|填报日期|填表日期|主管|盖章|单位[（(]?盖章|备注[:：]|注[:：]|说明[:：]|填表说明|第\d+页|共\d+页|以下空白|以下无正文|.{0,20}[（(]?(?:盖章|签章|签字))/;

/** 合计 and 填表人 lines: they name nobody and begin with such a word. */
export function isFooterLine(cells: readonly Cell[]): boolean {
  for (const cell of cells) {
    const text = cellText(cell);
    if (text === "") continue;
    return FOOTER.test(text.replaceAll(/\s/g, ""));
  }
  return true;
}

/** The line 1 2 3 4 … (or 甲 乙 1 2 …) that some forms print under the header. */
export function isColumnNumbers(row: SheetRow): boolean {
  const texts = row.cells.map((cell) => cellText(cell)).filter((text) => text !== "");
  if (texts.length < 3) return false;
  const numbers = texts
    .filter((text) => /^[（(]?\d{1,3}[）)]?$/.test(text))
    .map((text) => Number(text.replaceAll(/\D/g, "")));
  const signs = texts.filter((text) => /^[甲乙丙丁戊]$/.test(text)).length;
  return (
    numbers.length + signs === texts.length &&
    numbers.length >= 2 &&
    numbers.every((n, i) => i === 0 || n === numbers[i - 1]! + 1)
  );
}

/** Tells one form of table from another, so that a mapping confirmed once is used again. */
export function layoutSignature(layouts: readonly (SheetLayout | null)[]): string {
  const first = layouts.find((layout) => layout !== null);
  return first ? first.columns.map((column) => normaliseHeader(column.header)).join("|") : "";
}
