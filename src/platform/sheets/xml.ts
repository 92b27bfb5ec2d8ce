import { StringDecoder } from "node:string_decoder";
import { Refusal } from "../problem.ts";
import { sheetProblems } from "./problems.ts";
import { decodeEntities } from "./xml-text.ts";

/** What `next` found: `other` is a comment or an instruction, `more` asks for the next chunk. */
export type XmlToken = "open" | "close" | "text" | "other" | "more";

/** What `takePlainCell` fills in: one object for all cells. */
export interface PlainCell {
  column: number;
  style: number;
  type: string;
  /** As it stands in the file; null for a cell without value. */
  value: string | null;
}

/** A plain value longer than this goes the ordinary way, where its length is judged. */
const PLAIN_VALUE_LIMIT = 4096;
const UNPRESERVED = "><is><t>";
const PRESERVED = '><is><t xml:space="preserve">';

const LOWER_C = 99;
const LOWER_R = 114;
const LOWER_S = 115;
const LOWER_T = 116;
const AMPERSAND = 38;
const LT = 60;
const GT = 62;
const SLASH = 47;
const EQUALS = 61;
const COLON = 58;
const QUOTE = 34;
const APOSTROPHE = 39;

/** A tag or text longer than this is no spreadsheet: a cell holds 32,767 characters. */
const TOKEN_LIMIT = 4 * 2 ** 20;
const DEPTH_LIMIT = 200;

/**
 * A pull tokenizer for the XML of office files, fed chunk by chunk. Written by hand because it sits under every cell:
 * it makes no object per tag, and attributes are looked up in place (bench/sheets.ts puts saxes beside it). It takes
 * prefixes of any name, single quotes, comments, CDATA and processing instructions; a DOCTYPE is refused, so no entity
 * can be declared. Names are given without their prefix.
 */
export class XmlReader {
  /** Local name after `open` and `close`. */
  name = "";
  depth = 0;
  /** After `open`: the element has no content, and no `close` follows. */
  selfClosing = false;
  readonly #part: string;
  /** The decoder of a UTF-16 part; false for UTF-8, null before the first chunk. */
  #wide: StringDecoder | false | null = null;
  #carry: Buffer = Buffer.alloc(0);
  #text = "";
  #at = 0;
  #ended = false;
  #from = 0;
  #textStart = 0;
  #textEnd = 0;
  #cdata = false;
  /** Per attribute: name start, name end, value start, value end. */
  readonly #attributes: number[] = [];
  #attributeCount = 0;

  constructor(part: string) {
    this.#part = part;
  }

  /** Gives the next bytes; null at the end of the part. */
  feed(chunk: Buffer | null): void {
    if (chunk === null) {
      this.#ended = true;
      if (this.#carry.length > 0) this.#append(this.#decode(this.#carry, true));
      return;
    }
    if (this.#wide === null) this.#wide = chunk[0] === 0xff && chunk[1] === 0xfe ? new StringDecoder("utf16le") : false;
    // XML cannot hold NUL, and a database refuses it: such a part was not written by an office program.
    if (this.#wide === false && chunk.includes(0)) throw this.#damaged();
    this.#append(this.#decode(chunk, false));
  }

  /**
   * Cuts after the last `>`, which is never inside a UTF-8 character and nearly always ends a tag: so nothing is left over
   * in the text, each block is one flat string, and reading its characters is several times faster than in a joined one.
   */
  #decode(chunk: Buffer, last: boolean): string {
    if (this.#wide) return last ? this.#wide.end() : this.#wide.write(chunk);
    if (last) return chunk.toString("utf8");
    const cut = chunk.lastIndexOf(GT) + 1;
    if (cut === 0) {
      this.#carry = Buffer.concat([this.#carry, chunk]);
      if (this.#carry.length > TOKEN_LIMIT) throw this.#damaged();
      return "";
    }
    const whole =
      this.#carry.length === 0 ? chunk.subarray(0, cut) : Buffer.concat([this.#carry, chunk.subarray(0, cut)]);
    this.#carry = Buffer.from(chunk.subarray(cut));
    return whole.toString("utf8");
  }

  #append(added: string): void {
    this.#text = this.#at < this.#text.length ? this.#text.slice(this.#at) + added : added;
    this.#at = 0;
    if (this.#text.length > TOKEN_LIMIT + added.length) throw this.#damaged();
  }

  next(): XmlToken {
    const text = this.#text;
    const from = this.#at;
    this.#from = from;
    if (from >= text.length) return this.#more();
    if (text.charCodeAt(from) !== LT) {
      const tag = text.indexOf("<", from);
      if (tag < 0 && !this.#ended) return "more";
      this.#textStart = from;
      this.#textEnd = tag < 0 ? text.length : tag;
      this.#cdata = false;
      this.#at = this.#textEnd;
      return "text";
    }
    const second = text.charCodeAt(from + 1);
    if (second === SLASH) return this.#closeTag(from);
    if (second === 33 || second === 63) return this.#special(from, second === 63);
    return this.#openTag(from);
  }

  /**
   * The fast lane: takes a whole `<c r="B7" s="5" t="s"><v>12</v></c>`, an inline text, or an empty `<c r="B7" s="5"/>`, in
   * one walk and says so. That shape is nearly all of every sheet, and token by token it costs twice the time. Whatever else stands
   * here (a formula, a prefix, an entity, the end of the chunk) is left to `next`.
   */
  takePlainCell(cell: PlainCell): boolean {
    const text = this.#text;
    let at = this.#at;
    if (text.charCodeAt(at) !== LT || text.charCodeAt(at + 1) !== LOWER_C) return false;
    at += 2;
    cell.column = 0;
    cell.style = 0;
    cell.type = "";
    while (text.charCodeAt(at) === 32) {
      const name = text.charCodeAt(at + 1);
      if (text.charCodeAt(at + 2) !== EQUALS || text.charCodeAt(at + 3) !== QUOTE) return false;
      const start = at + 4;
      at = start;
      let code = text.charCodeAt(at);
      if (name === LOWER_R) {
        let column = 0;
        for (; code >= 65 && code <= 90; code = text.charCodeAt(++at)) column = column * 26 + code - 64;
        while (code >= 48 && code <= 57) code = text.charCodeAt(++at);
        cell.column = column;
      } else if (name === LOWER_S) {
        let style = 0;
        for (; code >= 48 && code <= 57; code = text.charCodeAt(++at)) style = style * 10 + code - 48;
        cell.style = style;
      } else if (name === LOWER_T) {
        while (code >= 65) code = text.charCodeAt(++at);
        cell.type = text.slice(start, at);
      } else return false;
      if (code !== QUOTE || at === start) return false;
      at++;
    }
    if (cell.column === 0) return false;
    if (text.charCodeAt(at) === SLASH && text.charCodeAt(at + 1) === GT) {
      cell.value = null;
      this.#at = at + 2;
      return true;
    }
    if (cell.type === "inlineStr") return this.#takePlainText(cell, at);
    if (!text.startsWith("><v>", at)) return false;
    const end = this.#plainEnd(at + 4);
    if (end < 0 || !text.startsWith("</v></c>", end)) return false;
    cell.value = text.slice(at + 4, end);
    this.#at = end + 8;
    return true;
  }

  #takePlainText(cell: PlainCell, from: number): boolean {
    const text = this.#text;
    const preserved = text.startsWith(PRESERVED, from);
    if (!preserved && !text.startsWith(UNPRESERVED, from)) return false;
    const start = from + (preserved ? PRESERVED : UNPRESERVED).length;
    const end = this.#plainEnd(start);
    if (end <= start || !text.startsWith("</t></is></c>", end)) return false;
    if (!preserved && (text.charCodeAt(start) <= 32 || text.charCodeAt(end - 1) <= 32)) return false;
    const value = text.slice(start, end);
    if (value.includes("_x")) return false;
    cell.value = value;
    this.#at = end + 13;
    return true;
  }

  /** Where a value without entities ends; -1 if it has one, is long, or goes on in the next chunk. */
  #plainEnd(start: number): number {
    const text = this.#text;
    for (let at = start; at - start < PLAIN_VALUE_LIMIT; at++) {
      const code = text.charCodeAt(at);
      if (code === LT) return at;
      if (code === AMPERSAND || Number.isNaN(code)) return -1;
    }
    return -1;
  }

  /** The source of the last token, for writing it on unchanged. */
  raw(): string {
    return this.#text.slice(this.#from, this.#at);
  }

  /** The text after `text`, entities resolved. */
  value(): string {
    const text = this.#text.slice(this.#textStart, this.#textEnd);
    return this.#cdata ? text : decodeEntities(text);
  }

  attribute(localName: string): string | undefined {
    const text = this.#text;
    const spots = this.#attributes;
    for (let i = 0; i < this.#attributeCount; i++) {
      const end = spots[i * 4 + 1]!;
      const start = end - localName.length;
      if (start < spots[i * 4]! || !text.startsWith(localName, start)) continue;
      if (start > spots[i * 4]! && text.charCodeAt(start - 1) !== COLON) continue;
      return decodeEntities(text.slice(spots[i * 4 + 2], spots[i * 4 + 3]));
    }
    return undefined;
  }

  #more(): XmlToken {
    if (this.#ended && this.depth !== 0) throw this.#damaged();
    return "more";
  }

  #closeTag(from: number): XmlToken {
    const text = this.#text;
    const length = text.length;
    let start = from + 2;
    let stop = 0;
    let at = start;
    for (; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code === GT) break;
      if (code === COLON) start = at + 1;
      if (code > 32) stop = at + 1;
    }
    if (at >= length) return this.#incomplete();
    this.name = text.slice(start, stop);
    this.#at = at + 1;
    if (--this.depth < 0) throw this.#damaged();
    return "close";
  }

  #openTag(from: number): XmlToken {
    const text = this.#text;
    const length = text.length;
    let at = from + 1;
    let nameStart = at;
    let code = 0;
    for (; at < length; at++) {
      code = text.charCodeAt(at);
      if (code <= 32 || code === GT || code === SLASH) break;
      if (code === COLON) nameStart = at + 1;
    }
    const nameEnd = at;
    this.#attributeCount = 0;
    for (;;) {
      while (at < length && text.charCodeAt(at) <= 32) at++;
      if (at >= length) return this.#incomplete();
      code = text.charCodeAt(at);
      if (code === GT) {
        this.selfClosing = false;
        break;
      }
      if (code === SLASH) {
        if (at + 1 >= length) return this.#incomplete();
        if (text.charCodeAt(at + 1) !== GT) throw this.#damaged();
        this.selfClosing = true;
        at++;
        break;
      }
      const next = this.#readAttribute(at);
      if (next < 0) return this.#incomplete();
      at = next;
    }
    this.name = text.slice(nameStart, nameEnd);
    if (this.name === "") throw this.#damaged();
    this.#at = at + 1;
    if (!this.selfClosing && ++this.depth > DEPTH_LIMIT) throw this.#damaged();
    return "open";
  }

  /** Records one attribute and returns where it ends; -1 if the chunk ends before. */
  #readAttribute(start: number): number {
    const text = this.#text;
    const length = text.length;
    let at = start;
    let code = 0;
    for (; at < length; at++) {
      code = text.charCodeAt(at);
      if (code === EQUALS || code <= 32) break;
      if (code === GT || code === LT) throw this.#damaged();
    }
    const nameEnd = at;
    while (at < length && text.charCodeAt(at) <= 32) at++;
    if (at >= length) return -1;
    if (text.charCodeAt(at) !== EQUALS) throw this.#damaged();
    at++;
    while (at < length && text.charCodeAt(at) <= 32) at++;
    if (at >= length) return -1;
    const quote = text.charCodeAt(at);
    if (quote !== QUOTE && quote !== APOSTROPHE) throw this.#damaged();
    const valueStart = ++at;
    // Short values are the rule (A1, s, 5): a loop beats a search.
    while (at < length && text.charCodeAt(at) !== quote) at++;
    if (at >= length) return -1;
    const spot = this.#attributeCount++ * 4;
    this.#attributes[spot] = start;
    this.#attributes[spot + 1] = nameEnd;
    this.#attributes[spot + 2] = valueStart;
    this.#attributes[spot + 3] = at;
    return at + 1;
  }

  #special(from: number, instruction: boolean): XmlToken {
    const text = this.#text;
    if (instruction) return this.#skipTo("?>", from + 2);
    if (text.length - from < 9 && !this.#ended) return "more";
    if (text.startsWith("<!--", from)) return this.#skipTo("-->", from + 4);
    if (!text.startsWith("<![CDATA[", from)) throw this.#damaged(); // DOCTYPE: entities could be declared
    const end = text.indexOf("]]>", from + 9);
    if (end < 0) return this.#incomplete();
    this.#textStart = from + 9;
    this.#textEnd = end;
    this.#cdata = true;
    this.#at = end + 3;
    return "text";
  }

  #skipTo(mark: string, from: number): XmlToken {
    const end = this.#text.indexOf(mark, from);
    if (end < 0) return this.#incomplete();
    this.#at = end + mark.length;
    return "other";
  }

  #incomplete(): XmlToken {
    if (this.#ended) throw this.#damaged();
    return "more";
  }

  #damaged(): Refusal {
    return new Refusal(sheetProblems.damaged(`部件 ${this.#part} 内容有误`));
  }
}

/** Runs a small part through the tokenizer, telling of each token. */
export async function eachToken(
  part: string,
  chunks: AsyncIterable<Buffer>,
  onToken: (token: "open" | "close" | "text", xml: XmlReader) => void,
): Promise<void> {
  const xml = new XmlReader(part);
  const drain = () => {
    for (let token = xml.next(); token !== "more"; token = xml.next()) {
      if (token !== "other") onToken(token, xml);
    }
  };
  for await (const chunk of chunks) {
    xml.feed(chunk);
    drain();
  }
  xml.feed(null);
  drain();
}
