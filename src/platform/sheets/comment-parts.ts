import { cellName } from "./cells.ts";
import { encodeXml } from "./xml-text.ts";

/** A comment on one cell; 1-based. */
export interface CellNote {
  readonly row: number;
  readonly column: number;
  readonly text: string;
}

/** Who signs the comments: the mark by which a later round knows its own and takes them away. */
export const NOTE_AUTHOR = "稳岗核对";

export const commentsContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
export const vmlContentType = "application/vnd.openxmlformats-officedocument.vmlDrawing";
const relationshipTypes = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
export const commentsRelationship = `${relationshipTypes}/comments`;
export const vmlRelationship = `${relationshipTypes}/vmlDrawing`;

/** Excel numbers shapes in blocks of 1,024; blocks of one drawing are declared in its head. */
const SHAPES_PER_BLOCK = 1024;

export function commentElement(note: CellNote, authorId: number): string {
  return `<comment ref="${cellName(note.row, note.column)}" authorId="${authorId}"><text><r><rPr><sz val="9"/><rFont val="宋体"/><charset val="134"/></rPr><t xml:space="preserve">${encodeXml(note.text)}</t></r></text></comment>`;
}

export function* commentsXml(notes: Iterable<CellNote>): Generator<string> {
  yield `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors><author>${NOTE_AUTHOR}</author></authors><commentList>`;
  for (const note of notes) yield commentElement(note, 0);
  yield "</commentList></comments>";
}

/** The numbers of the shape blocks that `count` shapes need, from `firstBlock` on. */
export function shapeBlocks(count: number, firstBlock: number): number[] {
  return Array.from({ length: Math.max(1, Math.ceil(count / (SHAPES_PER_BLOCK - 1))) }, (_, i) => firstBlock + i);
}

/** Excel shows a comment only where a drawing has a box for it, in the markup it has used since 2000. */
export function* vmlXml(notes: Iterable<CellNote>, count: number, firstBlock: number): Generator<string> {
  const blocks = shapeBlocks(count, firstBlock).join(",");
  yield `<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="${blocks}"/></o:shapelayout>${shapeType}`;
  yield* vmlShapes(notes, firstBlock);
  yield "</xml>";
}

const shapeType =
  '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>';

export function* vmlShapes(notes: Iterable<CellNote>, firstBlock: number): Generator<string> {
  let shape = 0;
  for (const note of notes) {
    const id = (firstBlock + Math.floor(shape / (SHAPES_PER_BLOCK - 1))) * SHAPES_PER_BLOCK + 1;
    yield vmlShape(note, id + (shape % (SHAPES_PER_BLOCK - 1)));
    shape++;
  }
}

function vmlShape({ row, column, text }: CellNote, id: number): string {
  // About 15 Chinese characters a line; the box grows with the sentence so that nothing has to be dragged open.
  const lines = text.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 15)), 1);
  const top = Math.max(0, row - 2);
  const anchor = `${column},15,${top},10,${column + 3},15,${top + Math.max(3, lines)},4`;
  return `<v:shape id="_x0000_s${id}" type="#_x0000_t202" style="position:absolute;margin-left:59.25pt;margin-top:1.5pt;width:180pt;height:${lines * 15}pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"/><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>${anchor}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>${row - 1}</x:Row><x:Column>${column - 1}</x:Column></x:ClientData></v:shape>`;
}
