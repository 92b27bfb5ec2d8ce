const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

export function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replaceAll(
    /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/g,
    (whole, hex, decimal, name) => {
      if (name !== undefined) return named[name as string]!;
      const point = hex === undefined ? Number(decimal) : Number.parseInt(hex as string, 16);
      return point <= 0x10ffff ? printable(point) : (whole as string);
    },
  );
}

/** Office writes control characters as _x000D_ because XML cannot. */
export function decodeEscapes(text: string): string {
  if (!text.includes("_x")) return text;
  return text.replaceAll(/_x([0-9a-fA-F]{4})_/g, (_whole, hex: string) => printable(Number.parseInt(hex, 16)));
}

/** Control characters but tab and line ends carry no meaning in a cell and are dropped. */
function printable(point: number): string {
  return point < 32 && point !== 9 && point !== 10 && point !== 13 ? "" : String.fromCodePoint(point);
}

const unwritable = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu;
const special = /[&<>"\p{Cc}\ufffe\uffff]/u;

/** Drops what XML cannot hold and no cell means: control characters but tab and line ends. */
export function withoutControls(text: string): string {
  return text.replaceAll(unwritable, "");
}

/** Text for an XML file. */
export function encodeXml(text: string): string {
  if (!special.test(text)) return text;
  return withoutControls(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#13;")
    .replaceAll("\n", "&#10;")
    .replaceAll("\t", "&#9;");
}
