/** Two-byte codes of the plane most text uses, by code unit; 0 where four bytes are needed. Built once, in 20 ms. */
let shortCodes: Uint16Array | null = null;
/** Four-byte codes of the rest of that plane, as their place in the linear order of the standard, plus 1. */
let longCodes: Uint16Array | null = null;

const LONG_CODES = 39_420;

/**
 * Text to GB18030, which WPS and older exchange programs expect. Node decodes it but does not encode, so the decoder is
 * asked once for every code and the answers are turned round. Characters beyond the first plane follow a formula.
 */
export function encodeGb18030(text: string): Buffer {
  if (!shortCodes || !longCodes) ({ shortCodes, longCodes } = buildTables());
  const out = Buffer.allocUnsafe(text.length * 4);
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      out[at++] = unit;
      continue;
    }
    const short = shortCodes[unit]!;
    if (short !== 0) {
      out[at++] = short >> 8;
      out[at++] = short & 0xff;
      continue;
    }
    const point = text.codePointAt(i)!;
    if (point > 0xffff) i++;
    // An unpaired surrogate is no character; the replacement sign is what every decoder would show for it.
    const linear = point > 0xffff ? point - 0x10000 + 189_000 : longCodes[unit]! - 1;
    at = writeLong(out, at, linear >= 0 ? linear : longCodes[0xfffd]! - 1);
  }
  return out.subarray(0, at);
}

function writeLong(out: Buffer, at: number, linear: number): number {
  out[at] = 0x81 + Math.floor(linear / 12_600);
  out[at + 1] = 0x30 + (Math.floor(linear / 1260) % 10);
  out[at + 2] = 0x81 + (Math.floor(linear / 10) % 126);
  out[at + 3] = 0x30 + (linear % 10);
  return at + 4;
}

function buildTables(): { shortCodes: Uint16Array; longCodes: Uint16Array } {
  const decoder = new TextDecoder("gb18030");
  const short = new Uint16Array(65_536);
  const long = new Uint16Array(65_536);
  const pair = Buffer.alloc(2);
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail === 0x7f) continue;
      pair[0] = lead;
      pair[1] = trail;
      const text = decoder.decode(pair);
      if (text.length === 1 && text !== "\ufffd") short[text.charCodeAt(0)] ||= (lead << 8) | trail;
    }
  }
  const four = Buffer.alloc(4);
  for (let linear = 0; linear < LONG_CODES; linear++) {
    writeLong(four, 0, linear);
    const text = decoder.decode(four);
    if (text.length === 1) long[text.charCodeAt(0)] ||= linear + 1;
  }
  return { shortCodes: short, longCodes: long };
}
