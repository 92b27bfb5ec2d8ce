import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { kindOf, safeName } from "./files.ts";

/** The least that a ZIP file needs to have a directory: entries by name, each with what it says it unfolds to. */
function zipOf(entries: readonly (readonly [name: string, unfolded: number])[]): Buffer {
  const directory = entries.map(([name, unfolded]) => {
    const head = Buffer.alloc(46);
    head.writeUInt32LE(0x02014b50, 0);
    head.writeUInt32LE(unfolded, 24);
    head.writeUInt16LE(Buffer.byteLength(name), 28);
    return Buffer.concat([head, Buffer.from(name)]);
  });
  const body = Buffer.from("504b0304", "hex");
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(body.length, 16);
  return Buffer.concat([body, ...directory, end]);
}
const WORD = [
  ["[Content_Types].xml", 900],
  ["word/document.xml", 4000],
] as const;

describe("what a file is", () => {
  it("is told by its content and not by its name", () => {
    expect(kindOf(Buffer.from("ffd8ffe000104a46", "hex"))).toMatchObject({ extension: "jpg" });
    expect(kindOf(Buffer.from("89504e470d0a1a0a0000", "hex"))).toMatchObject({ extension: "png" });
    expect(kindOf(Buffer.from("%PDF-1.7\n"))).toMatchObject({ extension: "pdf" });
    expect(kindOf(zipOf(WORD))).toMatchObject({ extension: "docx" });
    expect(
      kindOf(
        zipOf([
          ["[Content_Types].xml", 900],
          ["xl/workbook.xml", 10],
        ]),
      ),
    ).toMatchObject({ extension: "xlsx" });
    for (const other of [
      "MZ\u0090 program",
      "<html><script>",
      "#!/bin/sh",
      "{\\rtf1",
      "GIF89a",
      "<svg onload=alert(1)>",
      "=cmd|'/c calc'!A1",
    ])
      expect(kindOf(Buffer.from(other, "latin1"))).toBeNull();
  });

  it("is nothing that unfolds into too much, runs, or reaches out of its folder", () => {
    expect(kindOf(zipOf([...WORD, ["word/media/image1.png", 4_000_000_000]]))).toBe("trap");
    expect(kindOf(zipOf([...WORD, ["word/vbaProject.bin", 10]]))).toBe("trap");
    expect(kindOf(zipOf([...WORD, ["word/embeddings/oleObject1.bin", 10]]))).toBe("trap");
    expect(kindOf(zipOf([...WORD, ["../../etc/passwd", 10]]))).toBe("trap");
    expect(kindOf(zipOf([["payload.exe", 10]]))).toBeNull();
    expect(kindOf(Buffer.from("504b0304ffff", "hex"))).toBeNull();
  });

  it("is told of any bytes without falling over", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, zipped) => {
        kindOf(
          Buffer.concat([
            zipped ? Buffer.from("504b0304", "hex") : Buffer.alloc(0),
            bytes,
            zipped ? zipOf(WORD).subarray(4, 90) : Buffer.alloc(0),
          ]),
        );
      }),
    );
  });
});

describe("a file's name", () => {
  const png = { mediaType: "image/png", extension: "png" };
  it("leaves no folder, no formula and no ending that lies", () => {
    expect(safeName("../../../etc/车票.png", png)).toBe("车票.png");
    expect(safeName("C:\\Users\\a\\车票.exe", png)).toBe("车票.png");
    expect(safeName("=HYPERLINK(1).xlsx", png)).toBe("HYPERLINK(1).png");
    expect(safeName("...", png)).toBe("材料.png");
  });
  it("is safe whatever was sent", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (name) => {
        const safe = safeName(name, png);
        expect(safe).toMatch(/^[^\\/:*?"<>|\p{C}=+@.\s-][^\\/:*?"<>|\p{C}]*\.png$/u);
        expect(safe.length).toBeLessThanOrEqual(84);
      }),
    );
  });
});
