import { printPdf } from "../../platform/print/pdf.ts";
import type { LetterRow } from "./store.ts";
import { printedLetter } from "./printed.ts";

const RED = "#b3261e";
/** A4 without its margins, in points. */
const WIDTH = 435;

/** A4, upright, as offices print decisions: the office in red over a rule, the number, the text, the office and the day. */
export function writeLetterPdf(letter: LetterRow): Promise<Buffer> {
  const { head, number, title, addressee, paragraphs, signature, digest } = printedLetter(letter);
  return printPdf({
    pageSize: "A4",
    pageMargins: [80, 90, 80, 80],
    info: { title: `${title} ${number}` },
    defaultStyle: { fontSize: 14, lineHeight: 1.55 },
    footer: (page: number) => ({
      margin: [80, 16, 80, 0],
      stack: [
        { text: `— ${page} —`, fontSize: 11, alignment: "center" },
        { text: digest, fontSize: 7, color: "#666666", margin: [0, 6, 0, 0] },
      ],
    }),
    content: [
      { text: head, fontSize: 22, bold: true, color: RED, alignment: "center" },
      { text: number, alignment: "center", margin: [0, 8, 0, 4] },
      { canvas: [{ type: "line", x1: 0, y1: 0, x2: WIDTH, y2: 0, lineWidth: 1.6, lineColor: RED }] },
      { text: title, fontSize: 20, bold: true, alignment: "center", margin: [0, 26, 0, 16] },
      ...(addressee === null ? [] : [{ text: addressee }]),
      // Two characters in, as Chinese paragraphs begin.
      ...paragraphs.map((text) => ({ text, leadingIndent: 28 })),
      ...signature.map((text, index) => ({
        text,
        alignment: "right" as const,
        margin: [0, index === 0 ? 24 : 0, 0, 0] as [number, number, number, number],
      })),
    ],
  });
}
