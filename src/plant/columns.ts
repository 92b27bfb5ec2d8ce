import type { Cell, SheetRow } from "../platform/sheets/index.ts";

/** Columns that errors are planted in. */
const roles = [
  "name",
  "identity",
  "sex",
  "birthDate",
  "county",
  "town",
  "village",
  "phone",
  "working",
  "start",
  "end",
  "wage",
  "employer",
] as const;
export type Role = (typeof roles)[number];

/** Headers without spaces, brackets and what stands in them. Not the ledger's own list: the program that is tested must not set its own questions. */
const HEADERS: Readonly<Record<Role, readonly string[]>> = {
  name: ["姓名"],
  identity: ["身份证号", "身份证号码", "公民身份号码", "证件号码"],
  sex: ["性别"],
  birthDate: ["出生日期", "出生年月日"],
  county: ["县市区", "县", "区县"],
  town: ["乡镇", "乡镇街道"],
  village: ["行政村", "村", "村居"],
  phone: ["联系电话", "电话", "手机号码", "联系方式"],
  working: ["是否务工"],
  start: ["开始务工时间", "务工开始时间", "上岗时间", "合同起始日期"],
  end: ["结束务工时间", "务工结束时间", "退岗时间", "合同终止日期"],
  wage: ["月工资", "月收入", "月补贴标准", "实发工资"],
  employer: ["务工单位", "用人单位", "参保单位", "单位名称"],
};

export interface TableLayout {
  /** Row number of the last header row. */
  readonly headerRow: number;
  /** Place of each column in the row, from 0. */
  readonly columns: Readonly<Partial<Record<Role, number>>>;
  /** Header text by place; of a header in two rows the lower text, or the upper where the lower is empty. */
  readonly headers: readonly string[];
}

/** Looks for a row with the headers of name and identity number; a row right below without a name belongs to the header. Null where there is no table. */
export function findTable(rows: readonly SheetRow[]): TableLayout | null {
  const at = rows.findIndex(({ cells }) => {
    const texts = cells.map((cell) => plainHeader(cellText(cell)));
    return HEADERS.name.some((name) => texts.includes(name)) && HEADERS.identity.some((name) => texts.includes(name));
  });
  if (at < 0) return null;
  const upper = rows[at]!;
  const upperTexts = upper.cells.map(cellText);
  const columns: Partial<Record<Role, number>> = {};
  for (const role of roles) {
    const place = upperTexts.findIndex((text) => HEADERS[role].includes(plainHeader(text)));
    if (place >= 0) columns[role] = place;
  }
  const below = rows[at + 1];
  const isSecond =
    below !== undefined &&
    cellText(below.cells[columns.name!] ?? null) === "" &&
    cellText(below.cells[columns.identity!] ?? null) === "";
  const width = Math.max(upper.cells.length, isSecond ? below.cells.length : 0);
  const headers = Array.from(
    { length: width },
    (_, i) => (isSecond ? cellText(below.cells[i] ?? null) : "") || (upperTexts[i] ?? ""),
  );
  return { headerRow: isSecond ? below.number : upper.number, columns, headers };
}

function plainHeader(text: string): string {
  return text.replaceAll(/[\s*]|[（(].*[）)]/g, "");
}

/** A cell as a person reads it; empty for nothing, and for what a sheet shows as an error. */
export function cellText(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell !== "object") return String(cell);
  switch (cell.kind) {
    case "date":
    case "error":
      return cell.text;
    case "number":
      return cell.text ?? String(cell.value);
    case "formula":
      return cellText(cell.value);
  }
}

/** Whether the row is about a person: lines of sums and signatures are not. */
export function isPersonRow(row: SheetRow, { headerRow, columns }: TableLayout): boolean {
  return (
    row.number > headerRow &&
    cellText(row.cells[columns.name!] ?? null) !== "" &&
    cellText(row.cells[columns.identity!] ?? null) !== ""
  );
}
