import { cellText } from "./cell-text.ts";
import type { Cell, CellRange, SheetRow } from "./cells.ts";

/** What the headers of a kind of table mean: its fields and the words under which offices send them, normalised by `normaliseHeader`. */
export interface HeaderWords<F extends string> {
  /** In this order a header that fits several is given. */
  readonly fields: readonly F[];
  readonly synonyms: Readonly<Partial<Record<F, readonly string[]>>>;
  /** What a lower header means together with the one above it, matched on the joined text: 「起」 below 「务工起止时间」. */
  readonly patterns?: Readonly<Partial<Record<F, RegExp>>>;
  /** Lower headers that say enough alone, whatever stands above them. */
  readonly alone: ReadonlySet<string>;
  /** Joined headers that mean something together. */
  readonly together?: readonly RegExp[];
  /** Only a synonym itself counts, not a header that contains one: nobody looks at the columns before they are read. */
  readonly exact?: boolean;
  /** Upper headers without which the lower ones would be misunderstood. */
  readonly apart?: RegExp;
}

/** How one sheet is laid out, as found in its first rows. Rows and columns are 1-based, as the sheet shows them. */
export interface TableLayout<F extends string> {
  readonly headerRows: readonly number[];
  readonly firstDataRow: number;
  readonly columns: readonly LayoutColumn<F>[];
}

export interface LayoutColumn<F extends string> {
  readonly column: number;
  readonly header: string;
  readonly samples: readonly string[];
  readonly field: F | null;
}

const LOOK_ROWS = 40;
const SAMPLES = 3;

/**
 * Finds the header among title lines and understands its columns by synonyms. Null when no row looks like one
 * (fewer than two known columns): such a sheet holds no table of this kind.
 */
export function findTableLayout<F extends string>(
  rows: readonly SheetRow[],
  merges: readonly CellRange[],
  words: HeaderWords<F>,
): TableLayout<F> | null {
  const head = rows.slice(0, LOOK_ROWS);
  let best: { at: number; rows: number; headers: string[]; known: number } | null = null;
  for (let at = 0; at < head.length; at++) {
    const single = headerTexts([head[at]!], merges, words);
    const next = head[at + 1];
    const candidates = [{ rows: 1, headers: single }];
    // A second header row must follow at once and may only fill columns that the first one spans.
    if (next && next.number === head[at]!.number + 1)
      candidates.push({ rows: 2, headers: headerTexts([head[at]!, next], merges, words) });
    for (const candidate of candidates) {
      const known = new Set(matchHeaders(candidate.headers, words).filter((field) => field !== null)).size;
      if (known >= 2 && known > (best?.known ?? 0)) best = { at, known, ...candidate };
    }
  }
  if (!best) return null;
  const last = head[best.at + best.rows - 1]!;
  const data = rows.filter((row) => row.number > last.number && !isColumnNumbers(row));
  const fields = matchHeaders(best.headers, words);
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
function headerTexts<F extends string>(
  rows: readonly SheetRow[],
  merges: readonly CellRange[],
  words: HeaderWords<F>,
): string[] {
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
    const together = normaliseHeader(joined);
    if (words.together?.some((pattern) => pattern.test(together)) || words.apart?.test(upper)) return joined;
    return words.alone.has(normaliseHeader(lower)) ? lower : joined;
  });
}

/**
 * One field (or none) per header; a field is given once, to the best fitting column. In a two-row header
 * 「务工地点」over 「省」「市」「县」 the joined text 「务工地点省」 decides before 「省」 alone could mean the home.
 */
function matchHeaders<F extends string>(headers: readonly string[], words: HeaderWords<F>): (F | null)[] {
  const scored: { column: number; field: F; score: number }[] = [];
  headers.forEach((header, column) => {
    const text = normaliseHeader(header);
    if (text === "" || text === "序号") return;
    for (const field of words.fields) {
      const score = Math.max(
        headerScore(text, words.synonyms[field] ?? [], words.exact ?? false),
        words.patterns?.[field]?.test(text) ? PATTERN_SCORE : 0,
      );
      if (score > 0) scored.push({ column, field, score });
    }
  });
  const result: (F | null)[] = headers.map(() => null);
  const taken = new Set<F>();
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
function headerScore(header: string, synonyms: readonly string[], exact: boolean): number {
  let score = 0;
  for (const [rank, synonym] of synonyms.entries()) {
    if (header === synonym) return 1000 - rank;
    // One-character synonyms (市、县、镇) are contained in too much else.
    if (!exact && synonym.length >= 2 && header.length <= synonym.length + 8 && header.includes(synonym))
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

/** Units, brackets, stars and spaces do not make another column: 「月工资（元）*」 = 「月工资」. */
export function normaliseHeader(text: string): string {
  return text
    .normalize("NFKC")
    .replaceAll(/[(（[【][^)）\]】]*[)）\]】]/gu, (inside) =>
      inside
        .replaceAll(/[()（）[\]【】]/gu, "")
        .replaceAll(/元|必填|选填|单选|下拉选择|年月日|精确到日|格式.*|如.*/gu, ""),
    )
    .replaceAll(/[\s*＊:：、/／·.,，;；"“”'‘’_-]+/gu, "")
    .trim();
}
