import { AlignmentType, BorderStyle, Document, Footer, Packer, PageNumber, Paragraph, TextRun } from "docx";
import type { LetterRow } from "./store.ts";
import { printedLetter } from "./printed.ts";

const RED = "B3261E";
const SONG = { ascii: "Times New Roman", hAnsi: "Times New Roman", eastAsia: "仿宋" } as const;
const HEAD = { ascii: "Times New Roman", hAnsi: "Times New Roman", eastAsia: "宋体" } as const;

/** A4 with the margins and the type of official papers (GB/T 9704): what was issued, and not to be worked on further. */
export async function writeLetterDocx(letter: LetterRow): Promise<Buffer> {
  const { head, number, title, addressee, paragraphs, signature, digest } = printedLetter(letter);
  const run = (text: string, size = 32) => new TextRun({ text, size, font: SONG });
  const document = new Document({
    title: `${title} ${number}`,
    creator: letter.office,
    styles: { default: { document: { run: { font: SONG, size: 32 } } } },
    sections: [
      {
        properties: {
          page: {
            size: { width: 11_906, height: 16_838 },
            margin: { top: 2_098, bottom: 1_985, left: 1_588, right: 1_474 },
          },
        },
        footers: {
          default: new Footer({
            children: [
              new Paragraph({
                alignment: AlignmentType.CENTER,
                children: [new TextRun({ size: 28, font: SONG, children: ["— ", PageNumber.CURRENT, " —"] })],
              }),
              new Paragraph({ children: [run(digest, 16)] }),
            ],
          }),
        },
        children: [
          new Paragraph({
            alignment: AlignmentType.CENTER,
            children: [new TextRun({ text: head, bold: true, size: 44, color: RED, font: HEAD })],
          }),
          new Paragraph({
            alignment: AlignmentType.CENTER,
            spacing: { before: 240, after: 360 },
            border: { bottom: { style: BorderStyle.SINGLE, size: 12, color: RED, space: 8 } },
            children: [run(number)],
          }),
          new Paragraph({
            alignment: AlignmentType.CENTER,
            spacing: { after: 320 },
            children: [new TextRun({ text: title, bold: true, size: 44, font: HEAD })],
          }),
          ...(addressee === null ? [] : [new Paragraph({ spacing: { line: 560 }, children: [run(addressee)] })]),
          ...paragraphs.map(
            (text) => new Paragraph({ spacing: { line: 560 }, indent: { firstLine: 640 }, children: [run(text)] }),
          ),
          ...signature.map(
            (text, index) =>
              new Paragraph({
                alignment: AlignmentType.RIGHT,
                spacing: { before: index === 0 ? 560 : 0, line: 560 },
                children: [run(text)],
              }),
          ),
        ],
      },
    ],
  });
  return Packer.toBuffer(document);
}
