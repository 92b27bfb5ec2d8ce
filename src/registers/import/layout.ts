import { maskCell } from "#registry";
import {
  cellText,
  findTableLayout,
  headRows,
  normaliseHeader,
  type HeaderWords,
  type SheetRow,
  type SheetSource,
  type TableMapping,
} from "../../platform/sheets/index.ts";
import { refuse } from "../../platform/problem.ts";
import { registersProblems } from "../problems.ts";
import type { Shape } from "../shape.ts";

/** A column's name, or what else a table may say beside it. */
export type ImportField = string;
/** The name beside an identity number: compared with the registry's, never kept. */
export const NAME_FIELD = "*name";
/** The credit code beside an employer's name. */
export const CREDIT_FIELD = "*credit";
/** Sheet of our own template that is no table. */
export const GUIDE_SHEET = "填写说明";

export interface ImportSheet extends TableMapping<ImportField> {
  readonly name: string;
  readonly headerRow: number | null;
  readonly columns: readonly (TableMapping<ImportField>["columns"][number] & {
    /** What stands in the first rows, masked: enough to tell one column from another. */
    readonly samples: readonly string[];
  })[];
}

/** What an officer says of a sheet: whether it is read, and which column is which. */
export interface ChosenSheet {
  readonly sheet: number;
  readonly used: boolean;
  readonly columns: readonly { readonly column: number; readonly field: ImportField | null }[];
}

/** Everything that a column of a table may be taken for, in the register's own order. */
export function importFields(shape: Shape): { field: ImportField; label: string; required: boolean }[] {
  const person = onlyPerson(shape);
  const naming = namingColumns(shape);
  return [
    ...shape.columns.map((column) => ({
      field: column.column,
      label: column.label,
      required: naming.includes(column),
    })),
    ...(person ? [{ field: NAME_FIELD, label: `姓名（只与${person.label}核对）`, required: false }] : []),
    ...(onlyEmployer(shape)
      ? [{ field: CREDIT_FIELD, label: `${onlyEmployer(shape)!.label}的信用代码`, required: false }]
      : []),
  ];
}

const IDENTITY_HEADERS = ["身份证号", "身份证号码", "公民身份号码", "证件号码", "证件号", "身份证"];
const EMPLOYER_HEADERS = ["单位名称", "用人单位", "用人单位名称", "企业名称"];
const CREDIT_HEADERS = ["统一社会信用代码", "社会信用代码", "信用代码"];
const NAME_HEADERS = ["姓名", "人员姓名"];

/** The column whose cells name people, when there is exactly one: a column 姓名 then says who is meant. */
export function onlyPerson(shape: Shape) {
  const persons = shape.columns.filter(({ type }) => type === "person");
  return persons.length === 1 ? persons[0]! : null;
}

export function onlyEmployer(shape: Shape) {
  const employers = shape.columns.filter(({ type }) => type === "employer");
  return employers.length === 1 ? employers[0]! : null;
}

/** Headers that mean the register's columns: labels and synonyms, and what every office calls the usual ones. */
export function headerWords(shape: Shape): HeaderWords<ImportField> {
  const claimed = new Map<string, ImportField>();
  const claim = (field: ImportField, headers: readonly string[]) => {
    for (const header of headers) {
      const text = normaliseHeader(header);
      if (text !== "" && !claimed.has(text)) claimed.set(text, field);
    }
  };
  const person = onlyPerson(shape);
  const employer = onlyEmployer(shape);
  for (const { column, label } of shape.columns) claim(column, [label]);
  // Before the synonyms: many tables have an employer's name and its code side by side.
  if (employer) claim(CREDIT_FIELD, CREDIT_HEADERS);
  for (const { column, synonyms = [] } of shape.columns) claim(column, synonyms);
  for (const { column, label, type, synonyms = [] } of shape.columns)
    if (type === "fen")
      claim(
        column,
        [label, ...synonyms].flatMap((header) => [`${header}万`, `${header}万元`]),
      );
  if (person) {
    claim(person.column, IDENTITY_HEADERS);
    claim(NAME_FIELD, NAME_HEADERS);
  }
  if (employer) claim(employer.column, EMPLOYER_HEADERS);
  const synonyms: Record<ImportField, string[]> = {};
  for (const [header, field] of claimed) (synonyms[field] ??= []).push(header);
  return { fields: Object.keys(synonyms), synonyms, alone: new Set(claimed.keys()), exact: true };
}

/** Without these a line cannot be told from another. */
export function namingColumns(shape: Shape) {
  return shape.key.filter((column) => column.required || shape.key.length === 1);
}

/** How each sheet is laid out, by its headers or as its officer has said. Of a sheet in which nothing was recognised, the likeliest header. */
export async function readLayout(
  source: SheetSource,
  shape: Shape,
  chosen: readonly ChosenSheet[] | null,
): Promise<ImportSheet[]> {
  const words = headerWords(shape);
  const sheets: ImportSheet[] = [];
  for (const { index, name, hidden } of source.sheets) {
    const readable = !hidden && name !== GUIDE_SHEET;
    const head = readable ? await headRows(source, index) : [];
    const found = readable ? findTableLayout(head, await source.mergedRanges(index), words) : null;
    const layout = found ?? likelyLayout(head);
    const wanted = chosen?.find((one) => one.sheet === index);
    const fields = wanted && new Map(wanted.columns.map(({ column, field }) => [column, field]));
    sheets.push({
      sheet: index,
      name,
      used: wanted ? wanted.used : found !== null,
      headerRow: layout?.headerRows.at(-1) ?? null,
      firstDataRow: layout?.firstDataRow ?? 1,
      columns: (layout?.columns ?? []).map(({ column, header, field }) => ({
        column,
        header,
        field: fields ? (fields.get(column) ?? null) : field,
        samples: samplesOf(head, layout!.firstDataRow, column),
      })),
    });
  }
  return sheets;
}

const SAMPLES = 3;
const SAMPLE_CHARACTERS = 24;

function samplesOf(head: readonly SheetRow[], firstDataRow: number, column: number): string[] {
  return head
    .filter(({ number }) => number >= firstDataRow)
    .map(({ cells }) => maskCell(cellText(cells[column - 1] ?? null)).slice(0, SAMPLE_CHARACTERS))
    .filter((text) => text !== "")
    .slice(0, SAMPLES);
}

/** The first row as full as the fullest: titles stand above it in one cell or two. */
function likelyLayout(head: readonly SheetRow[]) {
  const filled = (row: SheetRow) => row.cells.filter((cell) => cellText(cell) !== "").length;
  const most = Math.max(...head.map(filled), 0);
  const header = head.find((row) => filled(row) > 1 && filled(row) >= most);
  return header
    ? {
        headerRows: [header.number],
        firstDataRow: header.number + 1,
        columns: header.cells.flatMap((cell, at) => {
          const text = cellText(cell);
          return text === "" ? [] : [{ column: at + 1, header: text, field: null }];
        }),
      }
    : null;
}

/** Refuses when no sheet holds the register's table, or one lacks a column that names its rows. */
export function requireLayout(shape: Shape, sheets: readonly ImportSheet[]): void {
  const used = sheets.filter((sheet) => sheet.used);
  const naming = namingColumns(shape);
  if (used.length === 0)
    refuse(
      registersProblems.noTable(
        shape.definition.title,
        shape.columns.filter((column) => column.required || naming.includes(column)).map(({ label }) => label),
      ),
    );
  for (const sheet of used) {
    const missing = naming.filter(({ column }) => !sheet.columns.some(({ field }) => fieldOf(shape, field) === column));
    if (missing.length > 0)
      refuse(
        registersProblems.missingColumns(
          sheet.name,
          missing.map(({ label }) => label),
        ),
      );
  }
}

/** A credit code alone names an employer. */
export function fieldOf(shape: Shape, field: ImportField | null): string | null {
  return field === CREDIT_FIELD ? (onlyEmployer(shape)?.column ?? null) : field;
}
