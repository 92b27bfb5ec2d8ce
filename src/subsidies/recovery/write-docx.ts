import {
  AlignmentType,
  Document,
  Footer,
  Packer,
  PageNumber,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from "docx";
import type { RecoveryLetter } from "./letter.ts";

const SONG = { ascii: "Times New Roman", hAnsi: "Times New Roman", eastAsia: "仿宋" } as const;
const PAGE_TWIPS = 9_400;
const WIDTHS = [5, 10, 11, 11, 11, 12, 40] as const;
/** Half points: 三号 of official letters, and what tables take. */
const TEXT = 30;
const CELL = 19;

/** A4 with the margins of official letters, to be signed, stamped and worked on further in Word or WPS. */
export async function writeLetterDocx(letter: RecoveryLetter): Promise<Buffer> {
  const line = (text: string, more: { right?: boolean; indent?: boolean } = {}) =>
    new Paragraph({
      spacing: { line: 460, after: 60 },
      ...(more.right ? { alignment: AlignmentType.RIGHT } : {}),
      ...(more.indent === false ? {} : { indent: { firstLine: TEXT * 20 } }),
      children: [new TextRun({ text, size: TEXT, font: SONG })],
    });
  const document = new Document({
    title: `${letter.title} ${letter.number}`,
    creator: "稳岗",
    styles: { default: { document: { run: { font: SONG, size: TEXT } } } },
    sections: [
      {
        properties: {
          page: {
            size: { width: 11_906, height: 16_838 },
            margin: { top: 1_700, bottom: 1_500, left: 1_250, right: 1_250 },
          },
        },
        footers: {
          default: new Footer({
            children: [
              new Paragraph({
                alignment: AlignmentType.CENTER,
                children: [
                  new TextRun({
                    size: 18,
                    font: SONG,
                    children: ["— ", PageNumber.CURRENT, "/", PageNumber.TOTAL_PAGES, " —"],
                  }),
                ],
              }),
            ],
          }),
        },
        children: [
          new Paragraph({
            alignment: AlignmentType.CENTER,
            spacing: { after: 120 },
            children: [new TextRun({ text: letter.title, bold: true, size: 44, font: SONG })],
          }),
          line(letter.number, { right: true, indent: false }),
          line(`${letter.addressee}：`, { indent: false }),
          ...letter.paragraphs.map((text) => line(text)),
          ...(letter.table ? [tableOf(letter.table), line("", { indent: false })] : []),
          ...letter.basis.map((text) => line(`依据：${text}`)),
          ...letter.closing.map((text) => line(text)),
          line("", { indent: false }),
          line(letter.office, { right: true, indent: false }),
          line(letter.date, { right: true, indent: false }),
        ],
      },
    ],
  });
  return Packer.toBuffer(document);
}

function tableOf({ columns, rows }: NonNullable<RecoveryLetter["table"]>): Table {
  const total = WIDTHS.reduce((sum, width) => sum + width, 0);
  const widths = WIDTHS.map((width) => Math.round((width / total) * PAGE_TWIPS));
  const row = (cells: readonly string[], head: boolean) =>
    new TableRow({
      cantSplit: true,
      tableHeader: head,
      children: cells.map(
        (text, column) =>
          new TableCell({
            width: { size: widths[column]!, type: WidthType.DXA },
            children: [new Paragraph({ children: [new TextRun({ text, bold: head, size: CELL, font: SONG })] })],
          }),
      ),
    });
  return new Table({
    width: { size: PAGE_TWIPS, type: WidthType.DXA },
    columnWidths: widths,
    rows: [row(columns, true), ...rows.map((cells) => row(cells, false))],
  });
}
