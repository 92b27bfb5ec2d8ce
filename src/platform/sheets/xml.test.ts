import fc from "fast-check";
import { SaxesParser } from "saxes";
import { describe, expect, test } from "vitest";
import type { SheetRow } from "./cells.ts";
import { RowBatcher } from "./source.ts";
import { XlsxRowParser } from "./xlsx-rows.ts";
import { XmlReader } from "./xml.ts";
import { encodeXml } from "./xml-text.ts";

/** Feeds the bytes in pieces of the given lengths, over and over. */
function* pieces(bytes: Buffer, lengths: readonly number[]): Generator<Buffer> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length]!;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

/** Names, attributes and joined texts, in a form both tokenizers can give. */
function ourEvents(xml: string, lengths: readonly number[]): string[] {
  const reader = new XmlReader("a.xml");
  const events: string[] = [];
  const drain = () => {
    for (let token = reader.next(); token !== "more"; token = reader.next()) {
      if (token === "text") addText(events, reader.value());
      if (token === "open") events.push(`<${reader.name} ${reader.attribute("a") ?? ""}`);
      if (token === "open" && reader.selfClosing) events.push(`>${reader.name}`);
      if (token === "close") events.push(`>${reader.name}`);
    }
  };
  for (const piece of pieces(Buffer.from(xml), lengths)) {
    reader.feed(piece);
    drain();
  }
  reader.feed(null);
  drain();
  return events;
}

function saxesEvents(xml: string): string[] {
  const events: string[] = [];
  const parser = new SaxesParser();
  const local = (name: string) => name.slice(name.indexOf(":") + 1);
  parser.on("opentag", ({ name, attributes }) =>
    events.push(`<${local(name)} ${attributes["a"] ?? attributes["x:a"] ?? ""}`),
  );
  parser.on("closetag", ({ name }) => events.push(`>${local(name)}`));
  parser.on("text", (text) => addText(events, text));
  parser.on("cdata", (text) => addText(events, text));
  parser.write(xml).close();
  return events;
}

function addText(events: string[], text: string): void {
  const last = events.at(-1);
  if (last?.startsWith("#")) events[events.length - 1] = last + text;
  else if (events.length > 0 && text !== "") events.push(`#${text}`);
}

const word = fc.constantFrom(
  "甲",
  "𠮷",
  "&amp;",
  "&#x4e2d;",
  "&lt;",
  "x y",
  "1>0",
  "'",
  " ",
  "\n",
  "<!-- > < -->",
  "<![CDATA[<&]]>",
  "<?pi x?>",
);
const attribute = fc.constantFrom("", ' a="1"', " a='甲&quot;'", ' x:a="b>c"', '\n b="2"\ta = "3" ');
const tree: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
  node: fc
    .tuple(
      fc.constantFrom("c", "row", "x:v", "is"),
      attribute,
      fc.array(fc.oneof({ maxDepth: 4 }, word, tie("node")), { maxLength: 4 }),
    )
    .map(([name, attributes, inner]) =>
      inner.length === 0 ? `<${name}${attributes}/>` : `<${name}${attributes}>${inner.join("")}</${name} >`,
    ),
})).node;
const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

describe("the tokenizer", () => {
  test("finds what saxes finds, wherever the bytes are cut", () => {
    fc.assert(
      fc.property(tree, lengths, (xml, cuts) => {
        const document = `<?xml version="1.0"?><root xmlns:x="x">${xml}</root>`;
        expect(ourEvents(document, cuts)).toEqual(saxesEvents(document));
      }),
      { numRuns: 1000 },
    );
  });
});

/** The same cell in the shape of the fast lane and in shapes that must take the slow one. */
const cellShapes = fc.tuple(
  fc.constantFrom("n", "str", "inlineStr", "b", "empty"),
  fc.constantFrom("12", "甲乙", "0.5", " x ", "a&b", "_x000D_"),
  fc.integer({ min: 0, max: 3 }),
);

function cellMarkup([type, value, shape]: readonly [string, string, number], column: number): string {
  const reference = `${String.fromCharCode(65 + column)}1`;
  const text = encodeXml(value);
  const open = [
    `<c r="${reference}" s="1" t="${type}">`,
    `<c r='${reference}' s="1" t="${type}">`,
    `<c s="1" t="${type}" r="${reference}" >`,
    `<x:c r="${reference}" s="1" t="${type}">`,
  ][shape]!;
  const close = shape === 3 ? "</x:c>" : "</c>";
  if (type === "empty") return shape === 3 ? `<x:c r="${reference}"/>` : `<c r="${reference}" s="1"/>`;
  if (type === "inlineStr") return `${open}<is><t xml:space="preserve">${text}</t></is>${close}`;
  return `${open}<v>${text}</v>${close}`;
}

function rowsOf(xml: string, cuts: readonly number[]): SheetRow[] {
  const out = new RowBatcher({});
  const parser = new XlsxRowParser({ formats: [], date1904: false, strings: null, emptyRowLimit: 10 }, out);
  const reader = new XmlReader("a.xml");
  for (const piece of pieces(Buffer.from(xml), cuts)) {
    reader.feed(piece);
    parser.drain(reader);
  }
  return out.take();
}

test("the fast lane gives what the ordinary way gives, wherever the bytes are cut", () => {
  fc.assert(
    fc.property(fc.array(cellShapes, { minLength: 1, maxLength: 20 }), lengths, (cells, cuts) => {
      const sheet = (shapeOf: (shape: number) => number) =>
        `<worksheet><sheetData><row>${cells.map(([type, value, shape], i) => cellMarkup([type, value, shapeOf(shape)], i)).join("")}</row></sheetData></worksheet>`;
      const slow = rowsOf(
        sheet(() => 1),
        [100_000],
      );
      expect(
        rowsOf(
          sheet((shape) => shape),
          cuts,
        ),
      ).toEqual(slow);
      expect(
        rowsOf(
          sheet(() => 0),
          cuts,
        ),
      ).toEqual(slow);
    }),
    { numRuns: 1000 },
  );
});
