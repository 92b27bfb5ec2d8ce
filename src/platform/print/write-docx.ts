import {
  AlignmentType,
  BorderStyle,
  Document,
  Footer,
  Packer,
  PageNumber,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  VerticalAlign,
  WidthType,
} from "docx";
import type { PrintedDocument, PrintedTable } from "./document.ts";
import { printed } from "./printed.ts";

const RED = "B3261E";
/** Names of fonts that office machines have: 方正小标宋 for headings where installed, else 宋体. */
const SONG = { ascii: "Times New Roman", hAnsi: "Times New Roman", eastAsia: "宋体" } as const;
const HEI = { ascii: "Times New Roman", hAnsi: "Times New Roman", eastAsia: "黑体" } as const;
const PAGE_TWIPS = 9_400;

/** A4 with the margins of official papers, to be worked on further in Word or WPS. */
export async function writeDocx(report: PrintedDocument): Promise<Buffer> {
  const line = (text: string, size = report.posted ? 24 : 21) =>
    new Paragraph({ spacing: { after: 60 }, children: [new TextRun({ text, size, font: SONG })] });
  const document = new Document({
    title: report.title,
    creator: "稳岗",
    styles: { default: { document: { run: { font: SONG, size: 21 } } } },
    sections: [
      {
        properties: {
          page: {
            size: { width: 11_906, height: 16_838 },
            margin: { top: 1_400, bottom: 1_300, left: 1_250, right: 1_250 },
          },
        },
        footers: { default: footerOf(report.watermark) },
        children: [
          new Paragraph({
            alignment: AlignmentType.CENTER,
            spacing: { after: 160 },
            border: { bottom: { style: BorderStyle.DOUBLE, size: 6, color: RED, space: 6 } },
            children: [new TextRun({ text: report.title, bold: true, size: 40, color: RED, font: SONG })],
          }),
          ...report.heads.map((text) => line(text)),
          ...report.remarks.map((text) => line(text)),
          ...report.tables.flatMap((table) => sectionOf(report, table)),
          ...(report.sources.length > 0 ? [heading(report.sourcesTitle)] : []),
          ...report.sources.map((text, index) => line(`${index + 1}. ${text}`, 18)),
          new Paragraph({
            spacing: { before: 400 },
            children: [new TextRun({ text: report.signatures.join("　　　　"), font: SONG })],
          }),
          ...report.lists.flatMap((list, index) => sectionOf(report, list, index === 0)),
        ],
      },
    ],
  });
  return Packer.toBuffer(document);
}

function heading(text: string, pageBreakBefore = false): Paragraph {
  return new Paragraph({
    keepNext: true,
    pageBreakBefore,
    spacing: { before: 240, after: 60 },
    children: [new TextRun({ text, bold: true, size: 26, font: HEI })],
  });
}

function sectionOf({ posted }: PrintedDocument, table: PrintedTable, pageBreakBefore = false): (Paragraph | Table)[] {
  const size = posted ? 21 : 17;
  const total = table.columns.reduce((sum, { width }) => sum + width, 0);
  const widths = table.columns.map(({ width }) => Math.round((width / total) * PAGE_TWIPS));
  const cell = (column: number, value: string | number | null, bold: boolean, shaded: boolean) =>
    new TableCell({
      width: { size: widths[column]!, type: WidthType.DXA },
      verticalAlign: VerticalAlign.CENTER,
      ...(shaded ? { shading: { fill: "F2F2F2" } } : {}),
      children: [
        new Paragraph({
          alignment: shaded
            ? AlignmentType.CENTER
            : table.columns[column]!.kind !== "text"
              ? AlignmentType.RIGHT
              : AlignmentType.LEFT,
          children: [new TextRun({ text: printed(value, table.columns[column]!.kind), bold, size, font: SONG })],
        }),
      ],
    });
  return [
    heading(table.title, pageBreakBefore),
    new Paragraph({
      keepNext: true,
      children: [new TextRun({ text: table.note, size, color: "555555", font: SONG })],
    }),
    new Table({
      width: { size: PAGE_TWIPS, type: WidthType.DXA },
      columnWidths: widths,
      rows: [
        new TableRow({
          tableHeader: true,
          cantSplit: true,
          children: table.columns.map(({ label }, column) => cell(column, label, true, true)),
        }),
        ...table.rows.map(
          (row, index) =>
            new TableRow({
              cantSplit: true,
              children: row.map((value, column) => cell(column, value, table.sum && index === 0, false)),
            }),
        ),
      ],
    }),
  ];
}

function footerOf(watermark: string): Footer {
  return new Footer({
    children: [
      new Paragraph({
        alignment: AlignmentType.LEFT,
        children: [new TextRun({ text: watermark, size: 16, color: "777777", font: SONG })],
      }),
      new Paragraph({
        alignment: AlignmentType.CENTER,
        children: [
          new TextRun({
            size: 18,
            font: SONG,
            children: ["第 ", PageNumber.CURRENT, " 页　共 ", PageNumber.TOTAL_PAGES, " 页"],
          }),
        ],
      }),
    ],
  });
}
