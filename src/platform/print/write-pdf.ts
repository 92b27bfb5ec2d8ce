import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import pdfmake, { type Content, type TableCell } from "pdfmake";
import type { PrintedDocument, PrintedTable } from "./document.ts";
import { printed } from "./printed.ts";

const FONT = "NotoSerifSC";
const fontFolder = dirname(createRequire(import.meta.url).resolve("@expo-google-fonts/noto-serif-sc/package.json"));
const regular = join(fontFolder, "400Regular", "NotoSerifSC_400Regular.ttf");
const bold = join(fontFolder, "700Bold", "NotoSerifSC_700Bold.ttf");

/** A file within the file, for programs: readers show it as a clip. */
export interface Attached {
  readonly name: string;
  readonly says: string;
  readonly content: string;
}

let ready = false;
/** The fonts lie beside the program; the document itself names no file and no address. */
function prepare(): void {
  if (ready) return;
  pdfmake.setFonts({ [FONT]: { normal: regular, bold, italics: regular, bolditalics: bold } });
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => path === regular || path === bold);
  ready = true;
}

const INK = "#1a1a1a";
const LINE = "#8c8c8c";
const RED = "#b3261e";

/** A4, upright, as offices print it: the heading in red over a double rule, tables with full lines, lists after the report. */
export async function writePdf(document: PrintedDocument, attached?: Attached): Promise<Buffer> {
  prepare();
  const definition: Parameters<typeof pdfmake.createPdf>[0] = {
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
    defaultStyle: { font: FONT, fontSize: 9, color: INK, lineHeight: 1.25 },
    styles: {
      title: { fontSize: 20, bold: true, color: RED, alignment: "center" },
      section: { fontSize: 12, bold: true, margin: [0, 14, 0, 2] },
      small: { fontSize: 8, color: "#555555" },
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
      heads(document.heads),
      ...document.remarks.map((text): Content => ({ text, margin: [0, 4, 0, 0] })),
      ...document.tables.flatMap(tableOf),
      ...(document.sources.length > 0 ? [{ text: document.sourcesTitle, style: "section" } satisfies Content] : []),
      { ol: document.sources.map((text) => ({ text, margin: [0, 0, 0, 2] })), style: "small" },
      { columns: document.signatures.map((text) => ({ text })), margin: [0, 26, 0, 0], fontSize: 10 },
      ...document.lists.flatMap((list, index) => [
        ...(index === 0 ? [{ text: "", pageBreak: "before" } satisfies Content] : []),
        ...tableOf(list),
      ]),
    ],
  };
  return pdfmake.createPdf(definition).getBuffer();
}

function rule(thickness: number, gap = 0): Content {
  return {
    canvas: [{ type: "line", x1: 0, y1: gap, x2: 499, y2: gap, lineWidth: thickness, lineColor: RED }],
    margin: [0, 0, 0, 1],
  };
}

function heads(lines: readonly string[]): Content {
  const cells = lines.map((text): TableCell => ({ text }));
  const rows = Array.from({ length: Math.ceil(cells.length / 2) }, (_, row) => [
    cells[row * 2]!,
    cells[row * 2 + 1] ?? { text: "" },
  ]);
  return { table: { widths: ["*", "*"], body: rows }, layout: "noBorders", margin: [0, 6, 0, 2], fontSize: 9 };
}

function tableOf(table: PrintedTable): Content[] {
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
      fontSize: 8,
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
