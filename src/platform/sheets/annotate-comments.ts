import { parseRange } from "./cells.ts";
import { type CellNote, commentElement, NOTE_AUTHOR, shapeBlocks, vmlShapes } from "./comment-parts.ts";
import { encodeXml } from "./xml-text.ts";

/** Sets our words off from those of a comment that somebody else has already put on the cell. */
const SIGN = "【核对】";

/**
 * The comments a sheet already has, with ours taken in. Comments of people stay; where one sits on a marked cell, our
 * sentence is added to it, and taken out again in the next round.
 */
export function mergeComments(
  xml: string,
  notes: readonly CellNote[],
): { xml: string; added: readonly CellNote[]; removed: readonly CellNote[] } {
  const p = /<((?:[\w.-]+:)?)comments[\s>]/.exec(xml)?.[1] ?? "";
  const wanted = new Map(notes.map((note) => [`${note.row},${note.column}`, note]));
  const authors = [...xml.matchAll(new RegExp(`<${p}author(?:\\s[^>]*)?(?:/>|>([\\s\\S]*?)</${p}author>)`, "g"))];
  const known = authors.findIndex((match) => match[1]?.trim() === NOTE_AUTHOR);
  const author = known < 0 ? authors.length : known;
  const removed: CellNote[] = [];
  const occupied = new Set<string>();
  let merged = xml.replaceAll(new RegExp(`<${p}comment\\s[\\s\\S]*?</${p}comment>`, "g"), (comment) => {
    const place = placeOf(comment);
    if (!place) return comment;
    const key = `${place.row},${place.column}`;
    if (known >= 0 && authorOf(comment) === known) {
      removed.push({ ...place, text: "" });
      return "";
    }
    occupied.add(key);
    const own = comment.replaceAll(new RegExp(`(?:\\n|&#10;)?${SIGN}[^<]*(?=</${p}t>)`, "g"), "");
    const note = wanted.get(key);
    if (!note) return own;
    const run = `<${p}r><${p}t xml:space="preserve">&#10;${SIGN}${encodeXml(note.text)}</${p}t></${p}r>`;
    return own.replace(`</${p}text>`, `${run}</${p}text>`);
  });
  const added = notes.filter((note) => !occupied.has(`${note.row},${note.column}`));
  const prefixed = (element: string) => (p === "" ? element : element.replaceAll(/<(\/?)(?=\w)/g, `<$1${p}`));
  if (known < 0 && added.length > 0)
    merged = merged.replace(`</${p}authors>`, `<${p}author>${NOTE_AUTHOR}</${p}author></${p}authors>`);
  const list = added.map((note) => prefixed(commentElement(note, author))).join("");
  const empty = new RegExp(`<${p}commentList\\s*/>`);
  merged = empty.test(merged)
    ? merged.replace(empty, () => `<${p}commentList>${list}</${p}commentList>`)
    : merged.replace(`</${p}commentList>`, () => `${list}</${p}commentList>`);
  return { xml: merged, added, removed };
}

/** The drawing of those comments: boxes of removed ones go, boxes of new ones come. */
export function mergeVml(
  vml: string,
  added: readonly CellNote[],
  removed: readonly CellNote[],
  firstBlock: number,
): string {
  const gone = new Set(removed.map(({ row, column }) => `${row - 1},${column - 1}`));
  const kept = vml.replaceAll(/<v:shape\s[\s\S]*?<\/v:shape>/g, (shape) => {
    const row = /<x:Row>\s*(\d+)\s*<\/x:Row>/.exec(shape)?.[1];
    const column = /<x:Column>\s*(\d+)\s*<\/x:Column>/.exec(shape)?.[1];
    return /ObjectType="Note"/.test(shape) && gone.has(`${row},${column}`) ? "" : shape;
  });
  if (added.length === 0) return kept;
  const blocks = shapeBlocks(added.length, firstBlock).join(",");
  const declared = kept.replace(
    /(<o:idmap[^>]*\sdata=")([^"]*)(")/,
    (_, head: string, data: string, tail: string) => `${head}${data},${blocks}${tail}`,
  );
  const end = declared.lastIndexOf("</xml>");
  return declared.slice(0, end) + [...vmlShapes(added, firstBlock)].join("") + declared.slice(end);
}

export function hasOwnComments(xml: string): boolean {
  return xml.includes(NOTE_AUTHOR) || xml.includes(SIGN);
}

function placeOf(comment: string): { row: number; column: number } | null {
  const reference = /\sref\s*=\s*["']([^"']+)["']/.exec(comment)?.[1];
  const range = reference === undefined ? null : parseRange(reference);
  return range && { row: range.top, column: range.left };
}

function authorOf(comment: string): number {
  return Number(/\sauthorId\s*=\s*["'](\d+)["']/.exec(comment)?.[1] ?? -1);
}
