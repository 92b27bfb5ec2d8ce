/** A government document as the product ships it (`policies/texts/<id>.md`): what it is, and its articles word for word. */
export interface SourceText {
  readonly id: string;
  readonly file: string;
  /** 文号; some documents print none. */
  readonly number?: string;
  readonly title: string;
  readonly issuer: readonly string[];
  /** Six-digit code of the division that it binds. */
  readonly region: string;
  /** Day of signature; some documents print none. */
  readonly issued?: string;
  readonly inForce: {
    readonly from: string;
    /** Inclusive; open when absent. */
    readonly to?: string;
    /** Set where the document does not say the window itself. */
    readonly ambiguity?: string;
  };
  /** 规范性文件, 年度工作要点… */
  readonly nature: string;
  /** Prefix of its clauses in the catalogue: HN10 of HN10-04. */
  readonly clauses: string;
  /** Texts that it takes the place of from its first day. */
  readonly replaces: readonly string[];
  /** What it refers to and is not among the texts: without them some standards stay open. */
  readonly cites: readonly Citation[];
  readonly articles: readonly Article[];
}

export interface Citation {
  readonly article: string;
  readonly number?: string;
  readonly title: string;
  readonly neededFor: string;
}

export interface Article {
  /** Address within the text: （四）, 4.1, 1-3, N2-1, S2, 三; 文首 and 文尾 for what stands before and after. */
  readonly id: string;
  /** Ours, for tables of contents; the document's own heading stands in the paragraphs. */
  readonly title: string;
  /** 2 for the parts of the document, 3 and 4 for what lies within them. */
  readonly level: number;
  /** Verbatim; blanks as printed, page breaks joined. */
  readonly paragraphs: readonly string[];
  readonly line: number;
}

export const articleOf = (text: SourceText, id: string): Article | undefined =>
  text.articles.find((article) => article.id === id);

export const TEXT_STATUSES = ["not-yet", "in-force", "ended", "replaced"] as const;
export type TextStatus = (typeof TEXT_STATUSES)[number];
export const TEXT_STATUS_LABELS: Record<TextStatus, string> = {
  "not-yet": "尚未施行",
  "in-force": "施行中",
  ended: "执行期满",
  replaced: "已被替代",
};

/** How a text stands on a day. Replaced wins over ended: it tells the reader where to look instead. */
export function statusOfText(text: SourceText, date: string, library: readonly SourceText[] = []): TextStatus {
  const { from, to } = text.inForce;
  if (date < from) return "not-yet";
  if (library.some((other) => other.replaces.includes(text.id) && other.inForce.from <= date)) return "replaced";
  return to !== undefined && date > to ? "ended" : "in-force";
}
