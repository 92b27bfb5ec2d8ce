import { inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Deflater } from "./deflate.ts";

function deflate(chunks: readonly Uint8Array[]): Buffer {
  const deflater = new Deflater();
  return Buffer.concat([...chunks.map((chunk) => deflater.write(Buffer.from(chunk))), deflater.end()]);
}

describe("deflate", () => {
  test("what it writes is inflated to what it was given", () => {
    const repetitive = fc
      .array(fc.constantFrom("<c r=", "A1", '" s="3" t="s"><v>', "17", "</v></c>", "十八洞村"), { maxLength: 400 })
      .map((parts) => Buffer.from(parts.join("")));
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.uint8Array({ maxLength: 3000 }), repetitive), { maxLength: 4 }), (chunks) => {
        expect(inflateRawSync(deflate(chunks)).equals(Buffer.concat(chunks))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test("repetitions further back than the window and longer than a match are right", () => {
    const far = Buffer.concat([
      Buffer.from("十八洞村".repeat(5)),
      Buffer.alloc(40_000, "x"),
      Buffer.from("十八洞村".repeat(5)),
    ]);
    expect(inflateRawSync(deflate([far])).equals(far)).toBe(true);
    expect(deflate([far]).length).toBeLessThan(far.length / 20);
  });
});
