import { CELL_TEXT_LIMIT, cellName } from "./cells.ts";
import { serialOfIso } from "./number-formats.ts";
import type { WriteColumn, WriteKind, WriteValue } from "./write-workbook.ts";
import { encodeXml } from "./xml-text.ts";

export type MarkSeverity = "error" | "warning";

/** Colours of marked cells. Unusual on purpose: a later round knows its own marks by them and takes them away. */
export const markColours: Record<MarkSeverity, string> = { error: "FFFFC9C5", warning: "FFFFEDB5" };

const kinds: readonly WriteKind[] = ["text", "date", "money", "int"];
const FIRST_BODY_STYLE = 3;
const HEADER_STYLE = 1;
const TITLE_STYLE = 2;
const MONEY_FORMAT = 164;

const solid = (colour: string) =>
  `<fill><patternFill patternType="solid"><fgColor rgb="${colour}"/><bgColor indexed="64"/></patternFill></fill>`;
const formatOf: Record<WriteKind, number> = { text: 49, date: 165, money: MONEY_FORMAT, int: 1 };
const bodyStyles = [0, 3, 4].flatMap((fill) =>
  kinds.map(
    (kind) =>
      `<xf numFmtId="${formatOf[kind]}" fontId="0" fillId="${fill}" borderId="1" xfId="0" applyNumberFormat="1" applyFill="1" applyBorder="1"/>`,
  ),
);
const side = (name: string) => `<${name} style="thin"><color rgb="FFBFBFBF"/></${name}>`;

/** Styles by number: 0 plain, 1 header, 2 title, then each kind unmarked, as error and as warning. */
export const stylesXml = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="2"><numFmt numFmtId="${MONEY_FORMAT}" formatCode="#,##0.00"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="3"><font><sz val="11"/><name val="宋体"/><charset val="134"/></font><font><b/><sz val="11"/><name val="宋体"/><charset val="134"/></font><font><b/><sz val="14"/><name val="宋体"/><charset val="134"/></font></fonts><fills count="5"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>${solid("FFEDF1F7")}${solid(markColours.error)}${solid(markColours.warning)}</fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border>${["left", "right", "top", "bottom"].map(side).join("")}<diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${FIRST_BODY_STYLE + bodyStyles.length}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="1" fillId="2" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment horizontal="center" vertical="center" wrapText="1"/></xf><xf numFmtId="49" fontId="2" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyAlignment="1"><alignment horizontal="center" vertical="center"/></xf>${bodyStyles.join("")}</cellXfs><cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

export function cellXml(
  row: number,
  column: number,
  value: WriteValue,
  kind: WriteKind,
  severity: MarkSeverity | null,
): string {
  const block = severity === null ? 0 : severity === "error" ? 1 : 2;
  const styleOf = (shown: WriteKind) => FIRST_BODY_STYLE + block * kinds.length + kinds.indexOf(shown);
  const name = cellName(row, column);
  if (value === null || value === undefined || value === "") return `<c r="${name}" s="${styleOf(kind)}"/>`;
  const number = numberOf(value, kind);
  if (number !== null) return `<c r="${name}" s="${styleOf(kind)}"><v>${number}</v></c>`;
  const shown = typeof value === "boolean" ? (value ? "是" : "否") : String(value);
  return textCell(name, styleOf("text"), shown);
}

/** What the column's kind shows as a number; null where the value is to be text. */
function numberOf(value: WriteValue, kind: WriteKind): string | null {
  switch (kind) {
    case "text":
      return null;
    case "date":
      return typeof value === "string" ? (serialOfIso(value)?.toString() ?? null) : null;
    case "int":
    case "money": {
      if (typeof value !== "number" && typeof value !== "bigint") return null;
      const whole = Number(value);
      if (!Number.isSafeInteger(whole)) return null; // a number cell would lose digits
      return kind === "int" ? String(whole) : (whole / 100).toFixed(2);
    }
  }
}

function textCell(name: string, style: number, text: string): string {
  return `<c r="${name}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${encodeXml(text.slice(0, CELL_TEXT_LIMIT))}</t></is></c>`;
}

export function titleXml(title: string): string {
  return `<row r="1" ht="27" customHeight="1">${textCell("A1", TITLE_STYLE, title)}</row>`;
}

export function headingXml(row: number, columns: readonly WriteColumn[]): string {
  const cells = columns.map(({ header }, index) => textCell(cellName(row, index + 1), HEADER_STYLE, header));
  return `<row r="${row}" ht="21" customHeight="1">${cells.join("")}</row>`;
}

export function columnsXml(columns: readonly WriteColumn[]): string {
  if (columns.length === 0) return "";
  const widths = columns.map(({ width, header }, index) => {
    const chosen = width ?? Math.min(40, Math.max(10, header.length * 2 + 2));
    return `<col min="${index + 1}" max="${index + 1}" width="${chosen}" customWidth="1"/>`;
  });
  return `<cols>${widths.join("")}</cols>`;
}
