/** A table as every format prints it. Numbers are numbers, money is fen; null is "—". */
export interface PrintedTable {
  readonly title: string;
  /** Under the title: what is counted and of when. */
  readonly note: string;
  readonly columns: readonly PrintedColumn[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** The first row is a sum. */
  readonly sum: boolean;
}

export interface PrintedColumn {
  readonly label: string;
  readonly kind: "text" | "int" | "money";
  /** In characters of a workbook's column; on paper, its share of the page. */
  readonly width: number;
}

/** What an office prints: the heading in red, who and of when in two columns, tables, what the words mean, who signs, and lists behind. */
export interface PrintedDocument {
  readonly title: string;
  /** "填报单位：…", "数据时点：…". */
  readonly heads: readonly string[];
  readonly remarks: readonly string[];
  readonly tables: readonly PrintedTable[];
  /** Each after the report, the first on a page of its own. */
  readonly lists: readonly PrintedTable[];
  /** What stands below the tables, numbered; none where there is nothing to say. */
  readonly sources: readonly string[];
  readonly sourcesTitle: string;
  readonly signatures: readonly string[];
  /** Hung up on a wall, to be read standing: in larger type. */
  readonly posted?: true;
  /** At the foot of every page: who took this copy, or by which number and digest it can be checked. */
  readonly watermark: string;
}

export const text = (label: string, width: number): PrintedColumn => ({ label, kind: "text", width });
export const int = (label: string, width = 9): PrintedColumn => ({ label, kind: "int", width });
export const money = (label: string, width = 14): PrintedColumn => ({ label, kind: "money", width });
