import type { Content, TableCell } from "pdfmake";
import type { PrintedDocument, PrintedTable } from "./document.ts";
import { printPdf } from "./pdf.ts";
import { printed } from "./printed.ts";

/** A file within the file, for programs: readers show it as a clip. */
export interface Attached {
  readonly name: string;
  readonly says: string;
  readonly content: string;
}

const INK = "#1a1a1a";
const LINE = "#8c8c8c";
const RED = "#b3261e";

/** A4, upright, as offices print it: the heading in red over a double rule, tables with full lines, lists after the report. */
export function writePdf(document: PrintedDocument, attached?: Attached): Promise<Buffer> {
  return printPdf({
    pageSize: "A4",
    pageMargins: [48, 56, 48, 60],
    info: { title: document.title },
    ...(attached
      ? {
          files: {
            [attached.name]: {
              src: `data:text/plain;base64,${Buffer.from(attached.content).toString("base64")}`,
              name: attached.name,
              description: attached.says,
            },
          },
        }
      : {}),
    defaultStyle: { fontSize: document.posted ? 11 : 9, color: INK, lineHeight: 1.25 },
    styles: {
      title: { fontSize: 20, bold: true, color: RED, alignment: "center" },
      section: { fontSize: 12, bold: true, margin: [0, 14, 0, 2] },
      small: { fontSize: document.posted ? 9.5 : 8, color: "#555555" },
    },
    footer: (page: number, pages: number) => ({
      margin: [48, 12, 48, 0],
      columns: [
        { text: document.watermark, style: "small" },
        { text: `第 ${page} 页 共 ${pages} 页`, style: "small", alignment: "right", width: 90 },
      ],
    }),
    content: [
      { text: document.title, style: "title", margin: [0, 4, 0, 8] },
      rule(1.6),
      rule(0.6, 2),
      heads(document),
      ...document.remarks.map((text): Content => ({ text, margin: [0, 4, 0, 0] })),
      ...document.tables.flatMap((table) => tableOf(table, document.posted)),
      ...ending(document),
      ...document.lists.flatMap((list, index) => [
        ...(index === 0 ? [{ text: "", pageBreak: "before" } satisfies Content] : []),
        ...tableOf(list, document.posted),
      ]),
    ],
  });
}

/** More than so many sources may be parted from each other by the end of a page. */
const MOST_TOGETHER = 6;

/** What it stands on and who signs: a signature never stands alone on a page of its own. */
function ending({ sources, sourcesTitle, signatures, posted }: PrintedDocument): Content[] {
  const list = (some: readonly string[], start: number): Content => ({
    ol: some.map((text) => ({ text, margin: [0, 0, 0, 2] })),
    start,
    style: "small",
  });
  const signed: Content = {
    columns: signatures.map((text) => ({ text })),
    margin: [0, 26, 0, 0],
    fontSize: posted ? 12 : 10,
  };
  if (sources.length === 0) return [{ stack: [signed], unbreakable: true }];
  const title: Content = { text: sourcesTitle, style: "section" };
  if (sources.length <= MOST_TOGETHER) return [{ stack: [title, list(sources, 1), signed], unbreakable: true }];
  return [
    title,
    list(sources.slice(0, -1), 1),
    { stack: [list(sources.slice(-1), sources.length), signed], unbreakable: true },
  ];
}

function rule(thickness: number, gap = 0): Content {
  return {
    canvas: [{ type: "line", x1: 0, y1: gap, x2: 499, y2: gap, lineWidth: thickness, lineColor: RED }],
    margin: [0, 0, 0, 1],
  };
}

function heads({ heads: lines, posted }: PrintedDocument): Content {
  const cells = lines.map((text): TableCell => ({ text }));
  const rows = Array.from({ length: Math.ceil(cells.length / 2) }, (_, row) => [
    cells[row * 2]!,
    cells[row * 2 + 1] ?? { text: "" },
  ]);
  return {
    table: { widths: ["*", "*"], body: rows },
    layout: "noBorders",
    margin: [0, 6, 0, 2],
    fontSize: posted ? 11 : 9,
  };
}

function tableOf(table: PrintedTable, posted: boolean | undefined): Content[] {
  const header = table.columns.map(({ label }): TableCell => ({
    text: label,
    bold: true,
    alignment: "center",
    fillColor: "#f2f2f2",
  }));
  const rows = table.rows.map((row, index) =>
    row.map((cell, column): TableCell => ({
      text: printed(cell, table.columns[column]!.kind),
      alignment: table.columns[column]!.kind !== "text" ? "right" : "left",
      bold: table.sum && index === 0,
    })),
  );
  const total = table.columns.reduce((sum, { width }) => sum + width, 0);
  return [
    { text: table.title, style: "section", headlineLevel: 1 },
    { text: table.note, style: "small", margin: [0, 0, 0, 3] },
    {
      fontSize: posted ? 10.5 : 8,
      table: {
        headerRows: 1,
        dontBreakRows: true,
        // Lines and paddings of ten columns take a tenth of the page.
        widths: table.columns.map(({ width }) => (width / total) * (499 - table.columns.length * 7.5)),
        body: [header, ...rows],
      },
      layout: {
        hLineWidth: () => 0.5,
        vLineWidth: () => 0.5,
        hLineColor: () => LINE,
        vLineColor: () => LINE,
        paddingLeft: () => 3,
        paddingRight: () => 3,
        paddingTop: () => 2,
        paddingBottom: () => 2,
      },
    },
  ];
}
